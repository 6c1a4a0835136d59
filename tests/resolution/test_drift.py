"""Drift: whose traces count, when it is told, where, and when nothing can be said."""

from datetime import timedelta
from fractions import Fraction

import pytest

from remit.domain.catalogue import Letter, Split
from remit.domain.drift import Drift, FunctionShare, Traces
from remit.domain.facts import Body, Fact
from remit.domain.gaps import Gap, GapKind
from remit.domain.ids import AreaKey, FunctionKey, OwnerKey, ResponsibilityKey, SourceName
from remit.domain.load import Window
from remit.resolution.drift import LEAST, TRACES, declared, drifts
from remit.resolution.drift_gaps import drifting
from remit.resolution.wilson import wilson
from support.findings import findings
from support.models import BLURRY, NOON, PM, PO, UNOWNED, C, R, a_rule, a_split, an_area, the_root

JIRA = SourceName("jira")
ENGINEERING = FunctionKey("engineering")
WINDOW = Window(NOON - timedelta(days=28), NOON)
WEIGHTS = {Letter.ACCOUNTABLE: 2, Letter.RESPONSIBLE: 1, Letter.CONSULTED: 0, Letter.INFORMED: 0}
TREE = (the_root(), an_area("shop"), an_area("checkout", "shop"), an_area("search", "shop"))


def left(
    count: int, function: str | None, area: str = "checkout", trace: str = "status", account: str | None = None
) -> Traces:
    """So many traces by the one account of a function; None is an account of nobody."""
    name = account or function or "stranger"
    person = OwnerKey(name) if function is not None else None
    known = FunctionKey(function) if function is not None else None
    return Traces(AreaKey(area), JIRA, name, trace, count, person, known)


def found(*traces: Traces, facts: tuple[Fact[Body], ...] = (), under: str | None = None) -> tuple[Drift, ...]:
    told = findings(*TREE, *facts)
    return drifts(told.model, told.cells, traces, WEIGHTS, WINDOW, AreaKey(under) if under is not None else None)


def brief(*traces: Traces, facts: tuple[Fact[Body], ...] = (), under: str | None = None) -> list[str]:
    """`shop backlog_management: product_management 30 of 40`."""
    return [
        f"{one.area} {one.responsibility}: {one.shares[0].function} {one.shares[0].count} of {one.sample}"
        for one in found(*traces, facts=facts, under=under)
    ]


def test_a_drift_tells_every_share_its_interval_the_sample_and_the_traces() -> None:
    traces = (left(30, PM), left(10, PO), left(5, None), left(4, ENGINEERING), left(99, PM, trace="attachment"))
    assert found(*traces) == (
        Drift(
            area=AreaKey("acme"),
            responsibility=ResponsibilityKey("backlog_management"),
            shares=(
                FunctionShare(PM, 0.0, 0.75, *wilson(30, 40), 30),
                FunctionShare(PO, 1.0, 0.25, *wilson(10, 40), 10),
            ),
            sample=40,
            unattributed=5,
            elsewhere=4,
            evidence=(left(30, PM), left(10, PO), left(5, None), left(4, ENGINEERING)),
            window=WINDOW,
        ),
    )


@pytest.mark.parametrize(
    ("trace", "responsibility"),
    [(trace, responsibility) for responsibility, traces in sorted(TRACES.items()) for trace in sorted(traces)],
)
def test_every_trace_of_the_table_is_work_on_its_responsibility(trace: str, responsibility: str) -> None:
    wrong = PO if responsibility == "roadmap_ownership" else PM
    assert brief(left(LEAST, wrong, trace=trace)) == [f"acme {responsibility}: {wrong} {LEAST} of {LEAST}"]


@pytest.mark.parametrize(
    ("pm", "po", "is_told"),
    [
        (LEAST, 0, True),
        (LEAST - 1, 0, False),  # too thin, however clear
        (40, 160, True),  # just 20 points
        (39, 161, False),  # less than 20 points, though surely off
        (0, 200, False),
    ],
)
def test_it_is_told_from_twenty_points_and_twenty_traces_on(pm: int, po: int, is_told: bool) -> None:
    assert bool(found(left(pm, PM), left(po, PO))) is is_told


def test_it_is_not_told_where_the_declared_share_may_still_be_the_true_one() -> None:
    shared = (a_rule("acme", "backlog_management", BLURRY),)
    assert brief(left(14, PM), left(6, PO), facts=shared) == []  # 70 %, from 48 % to 85 %
    assert brief(left(140, PM), left(60, PO), facts=shared) == [
        "acme backlog_management: product_management 140 of 200"
    ]


def test_accounts_of_nobody_are_no_part_of_the_sample_and_silence_it_where_they_are_the_more() -> None:
    assert brief(left(30, PM), left(30, None)) == ["acme backlog_management: product_management 30 of 30"]
    assert brief(left(30, PM), left(31, None)) == []


def test_functions_that_hold_nothing_of_what_leaves_traces_are_no_part_of_it_until_they_do() -> None:
    traces = left(30, PO), left(500, ENGINEERING)
    assert brief(*traces) == []
    helped = a_rule("search", "documentation", a_split(PO, {ENGINEERING: C}))
    assert brief(*traces, facts=(helped,)) == ["acme backlog_management: engineering 500 of 530"]


def test_it_is_told_once_at_the_topmost_area_at_which_it_shows() -> None:
    assert brief(left(30, PM, "checkout"), left(30, PM, "search")) == [
        "acme backlog_management: product_management 60 of 60"
    ]


def test_below_an_area_without_it_each_is_looked_at_by_itself() -> None:
    balanced = left(500, PO, "search"), left(30, PM, "checkout")
    assert brief(*balanced) == ["checkout backlog_management: product_management 30 of 30"]


def test_an_area_that_declares_otherwise_is_looked_at_by_itself() -> None:
    own = (a_rule("checkout", "backlog_management", a_split(PM)),)
    assert brief(left(30, PM, "checkout"), left(30, PO, "search"), facts=own) == []
    assert brief(left(30, PO, "checkout"), left(30, PM, "search"), facts=own) == [
        "acme backlog_management: product_management 30 of 30",
        "checkout backlog_management: product_operations 30 of 30",
    ]


def test_asked_about_a_subtree_only_its_own_traces_count() -> None:
    traces = left(30, PM, "checkout"), left(500, PO, "search")
    assert brief(*traces, under="checkout") == ["checkout backlog_management: product_management 30 of 30"]
    assert brief(*traces, under="search") == []


def test_where_nobody_is_to_do_it_nothing_drifts() -> None:
    assert brief(left(30, PM), facts=(a_rule("acme", "backlog_management", UNOWNED),)) == []


@pytest.mark.parametrize(
    ("split", "parts"),
    [
        (a_split(PO, {PM: C}), {PO: Fraction(1)}),
        (a_split(PO, {PM: R}), {PO: Fraction(2, 3), PM: Fraction(1, 3)}),
        (BLURRY, {PM: Fraction(1, 2), PO: Fraction(1, 2)}),
        (a_split(None, {PM: C}), {}),
        (None, {}),
    ],
)
def test_the_declared_share_is_by_the_weight_of_the_letters(split: Split | None, parts: dict[str, Fraction]) -> None:
    assert declared(split, WEIGHTS) == parts


def test_as_a_gap_it_says_how_sure_it_is_and_what_to_do() -> None:
    (gap,) = drifting(found(left(30, PM), left(10, PO)))
    assert gap == Gap(
        GapKind.DRIFT,
        AreaKey("acme"),
        ResponsibilityKey("backlog_management"),
        None,
        40,
        "product_management left 75 % of the 40 traces of backlog_management at acme and below (95 % interval 60 to "
        "86 %), and 0 % is declared: let a rule there say what is done, or let the others do it.",
    )
