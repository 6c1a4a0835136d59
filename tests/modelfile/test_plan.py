"""What applying a file changes, over several applies: windows, nothing lost, nothing changed twice (R1, R5)."""

import random
from datetime import datetime

import pytest

from remit.domain.catalogue import Split
from remit.domain.facts import Facts
from remit.domain.intervals import instant_text
from remit.domain.policy import Rule
from remit.usecases.shipped import shipped_catalogue
from support.model_files import AUGUST, HEAD, JULY, JUNE, Beliefs, after, mistakes, planned

PM, PO = "product_management", "product_operations"


def a_file(*rows: str) -> str:
    return HEAD + ("rules:\n" + "".join(f"  - {{{row}}}\n" for row in rows) if rows else "")


def leads(function: str, more: str = "") -> str:
    return f"area: payments, responsibility: leadership, lead: {function}{more}"


def over(*files: str, at: tuple[datetime, ...] = (JUNE, JULY, AUGUST)) -> Beliefs:
    """What is believed when the files have been applied one after the other, a month apart."""
    beliefs: Beliefs = ()
    for text, now in zip(files, at, strict=False):
        beliefs = after(text, beliefs, now)
    return beliefs


def history(beliefs: Beliefs) -> list[str]:
    """Of the rule alone: `function from..to`, with the months only."""
    told = []
    for fact in sorted(beliefs, key=lambda f: instant_text(f.valid.start) if f.valid.start else ""):
        if isinstance(fact.body, Rule):
            split = fact.body.split if isinstance(fact.body.split, Split) else Split(None)
            start, end = (bound.strftime("%m-%d") if bound else "" for bound in (fact.valid.start, fact.valid.end))
            told.append(f"{split.lead or 'nobody'} {start}..{end}")
    return told


HISTORIES = [
    ("R5 in the first apply a row without `from` holds from the beginning of time", [a_file(leads(PM))], [f"{PM} .."]),
    ("R5 a row with `from` holds from then", [a_file(leads(PM, ", from: 2026-03-01"))], [f"{PM} 03-01.."]),
    ("R5 a row with `to` ends then", [a_file(leads(PM, ", to: 2026-03-01"))], [f"{PM} ..03-01"]),
    ("R5 later, a new row without `from` starts at that apply", [a_file(), a_file(leads(PM))], [f"{PM} 07-01.."]),
    ("R5 later, a new row with `from` holds from then, even in the past",
     [a_file(), a_file(leads(PM, ", from: 2026-03-01"))], [f"{PM} 03-01.."]),
    ("R5 an unchanged row stays as it is", [a_file(leads(PM))] * 3, [f"{PM} .."]),
    ("R5 an unchanged row that omits `from` matches any start",
     [a_file(leads(PM, ", from: 2026-03-01")), a_file(leads(PM))], [f"{PM} 03-01.."]),
    ("R5 a changed row without `from` starts at that apply, and what it replaces ends then",
     [a_file(leads(PM)), a_file(leads(PO))], [f"{PM} ..07-01", f"{PO} 07-01.."]),
    ("R5 changed twice", [a_file(leads(PM)), a_file(leads(PO)), a_file(leads(PM))],
     [f"{PM} ..07-01", f"{PO} 07-01..08-01", f"{PM} 08-01.."]),
    ("R5 a change with `from` in the past rewrites what was true since",
     [a_file(leads(PM)), a_file(leads(PO, ", from: 2026-03-01"))], [f"{PM} ..03-01", f"{PO} 03-01.."]),
    ("R5 a change with `from` in the future lets the present be, when the file says so",
     [a_file(leads(PM)), a_file(leads(PM, ", to: 2026-09-01"), leads(PO, ", from: 2026-09-01"))],
     [f"{PM} ..09-01", f"{PO} 09-01.."]),
    ("a row that disappears ends at that apply", [a_file(leads(PM)), a_file()], [f"{PM} ..07-01"]),
    ("a row that disappears and comes back leaves a gap", [a_file(leads(PM)), a_file(), a_file(leads(PM))],
     [f"{PM} ..07-01", f"{PM} 08-01.."]),
    ("a row that had not begun is withdrawn", [a_file(leads(PM, ", from: 2026-09-01")), a_file()], []),
    ("a window that has closed stays when its row disappears",
     [a_file(leads(PM, ", to: 2026-03-01")), a_file()], [f"{PM} ..03-01"]),
    ("a row that is given an end keeps its start", [a_file(leads(PM)), a_file(leads(PM, ", to: 2026-12-01"))],
     [f"{PM} ..12-01"]),
    ("R1 an end in the past corrects the same row", [a_file(leads(PM)), a_file(leads(PM, ", to: 2026-03-01"))],
     [f"{PM} ..03-01"]),
    ("an end that is taken back leaves the row open", [a_file(leads(PM, ", to: 2026-12-01")), a_file(leads(PM))],
     [f"{PM} .."]),
    ("R1 two rows of one key tell two windows apart",
     [a_file(leads(PM, ", to: 2026-03-01"), leads(PO, ", from: 2026-03-01"))] * 2, [f"{PM} ..03-01", f"{PO} 03-01.."]),
]  # fmt: skip


@pytest.mark.parametrize(("files", "told"), [case[1:] for case in HISTORIES], ids=[case[0] for case in HISTORIES])
def test_when_a_row_holds_after_several_applies(files: list[str], told: list[str]) -> None:
    beliefs = over(*files)
    assert history(beliefs) == told
    assert planned(files[-1], beliefs, AUGUST).is_empty, "applying the last file again changes something"


def test_a_new_row_that_ends_in_the_past_is_refused() -> None:
    text = a_file(leads(PM, ", to: 2026-03-01"))
    assert [(p.line, p.code) for p in mistakes(text, over(a_file()), JULY)] == [(9, "WINDOW")]


def test_the_organisation_too_changes_from_an_apply_on() -> None:
    beliefs = over(HEAD, HEAD.replace("scale_up", "enterprise"))
    told = [(fact.body.stage, fact.valid.start, fact.valid.end) for fact in beliefs if fact.key == "acme"]  # type: ignore[union-attr]
    assert sorted(told, key=str) == [("enterprise", JULY, None), ("scale_up", None, JULY)]


def test_a_plan_says_what_begins_and_what_ceases_to_be_believed() -> None:
    before = over(a_file(leads(PM)))
    change = planned(a_file(leads(PO)), before, JULY)
    assert [(f.valid.start, f.valid.end, change.line_of(f)) for f in change.opens] == [
        (JULY, None, 9),
        (None, JULY, None),
    ]
    assert list(change.closes) == [fact for fact in before if isinstance(fact.body, Rule)]
    assert set(change.result) == {*before, *change.opens} - set(change.closes)


def test_r1_the_order_of_a_file_never_matters() -> None:
    rows = [
        leads(PM),
        f"area: payments, responsibility: innovation, lead: {PO}",
        "area: acme, responsibility: innovation, unowned: true",
    ]
    digests = set()
    for seed in range(6):
        random.Random(seed).shuffle(rows)
        digests.add(Facts(shipped_catalogue(), after(a_file(*rows))).digest)
    assert len(digests) == 1


def test_r1_a_row_with_a_key_is_the_same_row_when_everything_else_changes() -> None:
    before = over(a_file(leads(PM, ", key: the-line")))
    change = planned(a_file(f"key: the-line, area: acme, responsibility: innovation, lead: {PO}"), before, JULY)
    assert {fact.key for fact in (*change.opens, *change.closes)} == {"the-line"}
