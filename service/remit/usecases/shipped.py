"""The catalogue that ships with Remit, read from its data files."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from remit.domain.areas import Stage
from remit.domain.catalogue import Catalogue, Driver, Function, Lens, Letter, Minutes, ProfileRow, Responsibility, Split
from remit.domain.ids import FunctionKey, ResponsibilityKey
from remit.domain.workload import Scale, Worse


@cache
def shipped_catalogue() -> Catalogue:
    """Functions, lenses, responsibilities, stage profiles, minutes per unit, and scales of signals."""
    data = files("remit.data")
    told = catalogue(data.joinpath("catalogue.yaml").read_text(encoding="utf-8"))
    return replace(
        told,
        minutes=minutes(data.joinpath("minutes.yaml").read_text(encoding="utf-8")),
        scales=scales(data.joinpath("thresholds.yaml").read_text(encoding="utf-8")),
        shares=shares(data.joinpath("shares.yaml").read_text(encoding="utf-8")),
    )


def catalogue(text: str) -> Catalogue:
    """A catalogue from text of the shipped file's form; a KeyError or ValueError names what is wrong with it."""
    told = yaml.safe_load(text)
    return Catalogue(
        functions=tuple(Function(FunctionKey(row["key"]), row["name"], _lenses(row)) for row in told["functions"]),
        responsibilities=tuple(_responsibility(row) for row in told["responsibilities"]),
        profiles=tuple(_profile(row) for row in told["stages"]),
        lenses=tuple(Lens(row["key"], row["name"], row["description"]) for row in told["lenses"]),
    )


def minutes(text: str) -> tuple[Minutes, ...]:
    """The rows of text of the second shipped file's form; a KeyError or ValueError names what is wrong with it."""
    return tuple(
        Minutes(ResponsibilityKey(row["responsibility"]), Driver(row["driver"]), float(row["minutes"]), row["reason"])
        for row in yaml.safe_load(text)["minutes"]
    )


def scales(text: str) -> tuple[Scale, ...]:
    """The rows of text of the third shipped file's form; a KeyError or ValueError names what is wrong with it."""
    return tuple(
        Scale(row["signal"], Worse(row["worse"]), _number(row["watch"]), _number(row["overloaded"]), row["source"])
        for row in yaml.safe_load(text)["thresholds"]
    )


def _number(told: float | None) -> float | None:
    return float(told) if told is not None else None


def shares(text: str) -> tuple[tuple[Letter, int], ...]:
    """The weights of letters, from text of that file's form; a KeyError or ValueError names what is wrong with it."""
    return tuple((Letter(row["letter"]), int(row["weight"])) for row in yaml.safe_load(text)["shares"])


def _responsibility(row: Mapping[str, Any]) -> Responsibility:
    return Responsibility(
        key=ResponsibilityKey(row["key"]),
        name=row["name"],
        description=row["description"],
        split=_split(row),
        transferable=row["transferable"],
        lenses=_lenses(row),
    )


def _lenses(row: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(row.get("lenses", {}).items()))


def _profile(row: Mapping[str, Any]) -> ProfileRow:
    unstaffed = _split(row["unstaffed"]) if "unstaffed" in row else None
    return ProfileRow(Stage(row["stage"]), ResponsibilityKey(row["responsibility"]), _split(row), unstaffed)


def _split(row: Mapping[str, Any]) -> Split:
    support: Sequence[Mapping[str, str]] = row.get("support", ())
    lead = row["lead"]
    return Split(
        FunctionKey(lead) if lead is not None else None,
        tuple((FunctionKey(part["function"]), Letter(part["letter"])) for part in support),
    )
