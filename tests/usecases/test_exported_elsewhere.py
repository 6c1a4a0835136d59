"""A model changed over time, exported and applied where there was none, gives the same answers about every instant."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from remit.domain.answers import Ownership
from remit.domain.changes import EndRow, SetAgreement, SetArea, SetAssignment, SetPerson, SetStage
from remit.domain.facts import FactKind
from remit.usecases.apply_model import apply, export
from remit.usecases.ask_ownership import area_ownership
from remit.usecases.change_model import change_model
from remit.usecases.desk import Desk
from remit.usecases.snapshot import Moment, snapshot
from support.desks import NOW, AClock, a_desk

CORRECTED = NOW - timedelta(days=30)
CHANGES = (
    SetPerson(key="ana", name="Ana Ruiz"),
    SetPerson(key="eve", name="Eve", function="product_management", start=CORRECTED),
    SetAssignment(area="shop", responsibility="all", function="product_management", owner="eve", start=CORRECTED),
    EndRow(kind=FactKind.ASSIGNMENT, key="shop/all/product_management/ana", at=NOW + timedelta(days=3)),
    SetStage(area="acme", stage="startup"),
    SetArea(key="till", name="Till", kind="team", parent="checkout"),
    SetAgreement(area="shop", responsibility="leadership", lead="product_operations"),
    EndRow(kind=FactKind.AREA, key="till", at=NOW + timedelta(days=40)),
    SetPerson(key="pat", active=False, start=NOW + timedelta(days=20)),
)
INSTANTS = tuple(NOW + timedelta(days=days) for days in (-400, -31, -29, 0, 1, 2, 3, 4, 5, 9, 21, 39, 41, 400))


async def test_what_was_changed_over_time_gives_the_same_answers_elsewhere() -> None:
    clock = AClock()
    here = await a_desk(clock=clock)
    for change in CHANGES:
        clock.goes_on(days=1)
        await change_model(here, [change], actor="ana", reason="it changed")
    there = await a_desk(clock=clock, model=None)
    await apply(there, await export(here), actor="ana", reason="moved")
    assert await told(there) == await told(here)


async def told(desk: Desk) -> Mapping[datetime, Mapping[str, object]]:
    """What every area is answered at each of the instants, without who recorded it."""
    answers = {}
    for instant in INSTANTS:
        snap = await snapshot(desk, Moment(as_of=instant))
        found = await area_ownership(desk, snap, snap.model.areas)
        answers[instant] = {
            f"{area} {responsibility}": essence(one)
            for area, row in found.items()
            for responsibility, one in row.items()
        }
    return answers


def essence(answer: Ownership) -> tuple[object, ...]:
    trace = tuple((one.step, one.layer, one.scope, one.verdict, one.reason, one.names) for one in answer.trace)
    return answer.outcome, answer.lead, answer.accountable, answer.holders, trace
