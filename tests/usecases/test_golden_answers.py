"""The answers for recorded issues under the shipped example model: some checked by hand, all of them as they were.

A change that is meant writes them anew, to be read in the difference before it is committed:

    REMIT_WRITE_GOLDEN=1 ./dev test tests/usecases/test_golden_answers.py
"""

import json
import os
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from remit.domain.answers import Candidate, Holder, Ownership
from remit.domain.people import OwnerRef
from remit.usecases.ask_ownership import issue_ownership
from remit.usecases.snapshot import Moment, snapshot
from support.desks import a_desk
from support.recorded import recorded_items

GOLDEN = Path(__file__).with_name("golden") / "answers.json"
# fmt: off
ISSUES = [f"ALOY-{number}" for number in (
    1, 110, 111, 108, 109, 125, 126, 218, 105, 101, 141, 679, 577, 115, 113, 707, 588, 134, 440, 124, 351, 805, 659,
    224, 1059, 269, 419, 138, 620, 742, 927, 1207, 502, 496, 503, 574, 661, 1099, 245, 300, 404404,
)]
# fmt: on
"""At least one of every area, of every kind of tie, of no area, with a parent, of each type; and one that never was."""


async def told() -> dict[str, Any]:
    model = files("remit.data").joinpath("demo-model.yaml").read_text(encoding="utf-8")
    desk = await a_desk(model=model, items=recorded_items())
    answers = await issue_ownership(desk, await snapshot(desk, Moment()), ISSUES)
    return {
        key: {"area": issue.area, "answers": {cell.responsibility: _cell(cell) for cell in issue.ownership}}
        for key, issue in answers.items()
    }


def _cell(cell: Ownership) -> dict[str, Any]:
    """What an answer says, in codes; sentences may change freely."""
    return {
        "outcome": cell.outcome,
        "area": cell.area,
        "lead": cell.lead,
        "accountable": _owner(cell.accountable),
        "holders": [_holder(holder) for holder in cell.holders],
        "trace": [_candidate(candidate) for candidate in cell.trace],
    }


def _owner(owner: OwnerRef | None) -> str | None:
    return f"{owner.kind} {owner.key}" if owner is not None else None


def _holder(holder: Holder) -> str:
    original = f" for {holder.delegated_from.key}" if holder.delegated_from is not None else ""
    return f"{_owner(holder.owner)} {holder.letter} by {holder.function}{original}"


def _candidate(candidate: Candidate) -> str:
    return f"{candidate.step} {candidate.layer} {candidate.scope}: {candidate.verdict} {candidate.reason}"


def written(answers: Mapping[str, Any]) -> str:
    """A line for each answer, so that a difference can be read."""
    parts = []
    for key, issue in answers.items():
        cells = ",\n".join(f"  {json.dumps(name)}: {json.dumps(cell)}" for name, cell in issue["answers"].items())
        parts.append(f'{json.dumps(key)}: {{"area": {json.dumps(issue["area"])}, "answers": {{\n{cells}\n}}}}')
    return "{\n" + ",\n".join(parts) + "\n}\n"


@pytest.fixture(scope="module")
async def answers() -> dict[str, Any]:
    return await told()


@pytest.mark.skipif("REMIT_WRITE_GOLDEN" not in os.environ, reason="only when the answers are meant to change")
def test_write_the_answers_anew(answers: dict[str, Any]) -> None:
    GOLDEN.write_text(written(answers), encoding="utf-8")
    assert json.loads(GOLDEN.read_text(encoding="utf-8")) == answers


@pytest.mark.parametrize("key", ISSUES)
def test_an_issue_is_answered_as_it_was(answers: dict[str, Any], key: str) -> None:
    assert answers[key] == json.loads(GOLDEN.read_text(encoding="utf-8"))[key]


def test_the_file_holds_the_chosen_issues() -> None:
    assert list(json.loads(GOLDEN.read_text(encoding="utf-8"))) == ISSUES


@pytest.mark.parametrize(
    ("key", "responsibility", "area", "outcome", "accountable"),
    [
        pytest.param("ALOY-1", "backlog_management", "alloy-runtime", "OWNED", "Person rae", id="R37: all, here"),
        pytest.param("ALOY-108", "backlog_management", "alloy-markup", "INHERITED", "Person eva", id="from the parent"),
        pytest.param("ALOY-110", "mvp_development", "alloy-runtime", "INHERITED", "Person eva", id="R11: a story"),
        pytest.param("ALOY-1", "mvp_development", "alloy-runtime", "OWNED", "Person rae", id="R12: no story"),
        pytest.param("ALOY-577", "market_research", "alloy-styling", "DELIBERATELY_UNOWNED", None, id="R20"),
        pytest.param("ALOY-115", "documentation", "alloy-docs", "OWNED", "Team docs-desk", id="R41: a team"),
        pytest.param("ALOY-115", "communication", "alloy-docs", "INHERITED", "Person eva", id="R17: an agreement"),
        pytest.param("ALOY-115", "leadership", "alloy-docs", "BLURRY", None, id="R39: nothing agreed"),
        pytest.param("ALOY-218", "data_analytics", "alloy-tooling", "OWNER_INACTIVE", None, id="R40: no climb on"),
        pytest.param("ALOY-105", "data_analytics", "titanium", "OWNED", "Person rae", id="R15: unstaffed startup"),
        pytest.param("ALOY-101", "innovation", "alloy", "CONFLICT", None, id="R32: two components, two areas"),
        pytest.param("ALOY-125", "innovation", None, "UNMATCHED", None, id="R33: no component"),
        pytest.param("ALOY-404404", "innovation", None, "UNKNOWN", None, id="never was"),
    ],
)
def test_an_answer_is_right_by_hand(
    answers: dict[str, Any], key: str, responsibility: str, area: str | None, outcome: str, accountable: str | None
) -> None:
    found = answers[key]["answers"][responsibility]
    assert (found["area"], found["outcome"], found["accountable"]) == (area, outcome, accountable)
