"""The reference documents list exactly what the code has: settings, log events, codes, kinds."""

import ast
import importlib
import pkgutil
import re
from enum import Enum

import pytest
from prometheus_client.metrics import MetricWrapperBase

import remit.domain
from remit.domain.answers import Layer, Outcome, Reason, Standing, Step
from remit.domain.facts import FactKind
from remit.domain.history import Action
from remit.entrypoints.metrics import Metrics
from remit.entrypoints.settings import known_settings, read_settings
from remit_integrations.catalogue import source_kinds
from support.repository import ROOT, calls, code, documents, dotted, production, table, text_files

REFERENCES = {
    "docs/answers.md": ("Outcomes", "Steps", "Layers", "Reason codes", "Verdicts"),
    "docs/history.md": ("What belongs to it", "Actions"),
    "docs/settings.md": ("Everywhere", "Sources"),
    "docs/telemetry.md": ("Log events", "Metrics"),
}
LEVELS = ("debug", "info", "warning", "error", "critical", "exception")


def test_every_setting_is_listed_and_every_listed_setting_is_read() -> None:
    listed = [code(row[0])[0] for section in ("Everywhere", "Sources") for row in table("docs/settings.md", section)]
    assert sorted(listed) == sorted(known_settings())


def test_every_documented_default_is_the_one_in_force() -> None:
    rows = {code(row[0])[0]: row[1] for row in table("docs/settings.md", "Everywhere")}
    told = {name: cell.strip("`") for name, cell in rows.items() if re.fullmatch(r"`[^`]+`", cell)}
    assert set(told) == {
        "REMIT_UNKNOWN_AFTER",
        "REMIT_STALE_AFTER",
        "REMIT_POLL_SECONDS",
        "REMIT_GRAPHIQL",
        "REMIT_WEBHOOKS_ALLOW_PRIVATE",
        "REMIT_FEEDBACK_TEXT",
        "REMIT_DAYS_KEPT_FOR",
    }
    assert read_settings(told, None) == read_settings({}, None)


def test_every_setting_named_anywhere_is_read() -> None:
    known = known_settings()
    prefixes = {f"REMIT_{name.upper()}" for name in source_kinds()}
    named = {
        (str(path.relative_to(ROOT)), word)
        for path in text_files()
        if path.suffix in (".md", ".yml") or path.name == "Dockerfile"
        for word in re.findall(r"REMIT_[A-Z][A-Z_]*[A-Z]", path.read_text(encoding="utf-8"))
    }
    assert [f"{name}: {word}" for name, word in sorted(named) if word not in known | prefixes] == []


def test_every_setting_of_a_source_is_explained_with_the_source() -> None:
    text = documents()["docs/sources.md"]
    names = [
        f"REMIT_{name}_{field}".upper() for name, kind in source_kinds().items() for field in kind.settings.model_fields
    ]
    assert [name for name in names if f"`{name}`" not in text] == []


def test_every_log_event_is_listed_with_its_level_and_fields_and_no_other() -> None:
    rows = table("docs/telemetry.md", "Log events")
    listed = {(code(event)[0], level, tuple(sorted(code(fields)))) for event, level, fields, _ in rows}
    assert listed == _logged()


def test_every_metric_is_listed_with_its_kind_and_labels_and_no_other() -> None:
    rows = table("docs/telemetry.md", "Metrics")
    listed = {(code(name)[0], kind, tuple(code(labels))) for name, kind, labels, _ in rows}
    assert listed == {
        (metric._name, metric._type, metric._labelnames)
        for metric in vars(Metrics()).values()
        if isinstance(metric, MetricWrapperBase)
    }


def _logged() -> set[tuple[str, str, tuple[str, ...]]]:
    events = set()
    for module in production():
        for call in calls(module.tree):
            owner, _, level = dotted(call.func).rpartition(".")
            if owner == "log" and level in LEVELS:
                (name,) = call.args
                assert isinstance(name, ast.Constant), f"{module.at(call)}: an event's name is written out"
                events.add((name.value, level, tuple(sorted(keyword.arg or "**" for keyword in call.keywords))))
    return events


@pytest.mark.parametrize(
    ("heading", "listed"),
    [("Outcomes", Outcome), ("Steps", Step), ("Layers", Layer), ("Reason codes", Reason), ("Verdicts", Standing)],
)
def test_the_closed_lists_of_answers_are_documented_in_order(heading: str, listed: type[Enum]) -> None:
    documented = [code(row[0])[0] for row in table("docs/answers.md", heading)]
    assert documented == [member.value for member in listed]


def test_the_closed_list_of_what_a_change_does_is_documented_in_order() -> None:
    documented = [code(row[0])[0] for row in table("docs/history.md", "Actions")]
    assert documented == [action.value for action in Action]


def test_every_row_of_a_reference_says_something() -> None:
    silent = [
        f"{document}, {heading}: {row[0]}"
        for document, headings in REFERENCES.items()
        for heading in headings
        for row in table(document, heading)
        if len(row[-1]) < len("a word")
    ]
    assert silent == []


def test_every_kind_of_row_of_a_model_file_is_explained() -> None:
    sections = {
        "area": "areas", "lens": "lenses", "minutes": "minutes", "person": "people",
        "responsibility": "responsibilities",
    }  # fmt: skip
    listed = {code(row[0])[0] for row in table("docs/model.md", "Sections")} - {"version", "organisation"}
    told = [kind for kind in FactKind if kind is not FactKind.CONFIRMATION]  # a file says nothing of these
    assert listed == {sections.get(kind, f"{kind}s") for kind in told}


def test_every_value_of_every_enum_of_the_domain_is_documented() -> None:
    words = {word for text in documents().values() for word in re.findall(r"`([^`\n]+)`", text)}
    enums = {
        found
        for module in pkgutil.iter_modules(remit.domain.__path__)
        for found in vars(importlib.import_module(f"remit.domain.{module.name}")).values()
        if isinstance(found, type) and issubclass(found, Enum) and found.__module__.startswith("remit.domain")
    }
    missing = [
        f"{found.__name__}.{member.name}: {member.value}"
        for found in enums
        for member in found
        if member.value not in words
    ]
    assert sorted(missing) == []
