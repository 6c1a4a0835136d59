"""How a key stands in the path of a request: whole, with whatever characters it has."""

from starlette.convertors import Convertor, register_url_convertor


class _WholeKey(Convertor[str]):
    """Also slashes and line breaks, which a client writes as `%2F` and `%0A`: the server decodes a path first.

    The framework's own `path` stops at a line break and takes nothing at all for a key.
    """

    regex = "(?s:.+)"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


def know_keys() -> None:
    """Let routes have `{key:key}` in their path."""
    register_url_convertor("key", _WholeKey())
