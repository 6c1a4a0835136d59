"""Which kinds of source there are: the files of `sources/`."""

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules

from remit_integrations import sources
from remit_integrations.source import SourceKind


def source_kinds() -> Mapping[str, SourceKind]:
    """Every kind by name."""
    names = sorted(module.name for module in iter_modules(sources.__path__))
    return {name: import_module(f"{sources.__name__}.{name}").SOURCE for name in names}
