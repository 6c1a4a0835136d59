"""Changing the model as every door does: whole or not at all, by whom and why, once, against a known version."""

import asyncio
from collections.abc import Iterable

import pytest

from remit.domain.changes import Change, ConfirmOwner, EndRow, HandOver, SetArea, SetAssignment, SetPerson, SetStage
from remit.domain.errors import Invalid, Stale
from remit.domain.facts import Body, Fact, FactKind, Facts
from remit.domain.ids import AreaKey, ResponsibilityKey
from remit.modelfile.write import statement
from remit.ports import Head, Recording
from remit.usecases.apply_model import export, prepare
from remit.usecases.ask_ownership import area_ownership, cell
from remit.usecases.change_model import MOST_TRIES, Changed, change_model
from remit.usecases.desk import Desk
from remit.usecases.exchange_model import ImportFormat, apply_import
from remit.usecases.snapshot import Moment, snapshot
from support.desks import NOW, AClock, a_desk
from support.memory_models import MemoryModels

STARTUP = SetStage(area="shop", stage="startup")
PAT = "checkout/all/product_operations/pat"
ANA = "shop/all/product_management/ana"
EVE = SetPerson(key="eve", name="Eve")
NOBODY = SetAssignment(area="shop", responsibility="all", function="product_management", owner="nobody")


async def change(desk: Desk, *changes: Change, actor: str = "boss", **how: str | bool | None) -> Changed:
    return await change_model(desk, changes, actor=actor, reason="because", **how)  # type: ignore[arg-type]


async def believed(desk: Desk) -> tuple[Head, frozenset[Fact[Body]]]:
    head = await desk.models.head()
    return head, frozenset(await desk.models.facts(head))


async def stages(desk: Desk) -> list[tuple[str, str | None]]:
    """Of the shop, whoever said it."""
    _, facts = await believed(desk)
    told = [(fact.recorded.by, fact.body.stage) for fact in facts if fact.key == "shop" and fact.recorded]  # type: ignore[union-attr]
    return sorted(told, key=str)


async def test_a_change_is_recorded_with_who_and_why_and_tells_what_it_was() -> None:
    desk = await a_desk()
    changed = await change(desk, STARTUP, EVE)
    head, facts = await believed(desk)
    assert changed == Changed(
        head=head,
        version=Facts(desk.catalogue, tuple(facts)).digest,
        lines=(
            "~ area shop: stage nothing -> startup from 2026-11-23T12:00:00Z",
            "+ person eve (name: Eve) from 2026-11-23T12:00:00Z",
            "1 to add, 1 to change, 0 to end.",
        ),
        warnings=(),
        rows=((FactKind.AREA, "shop"), (FactKind.PERSON, "eve")),
        is_recorded=True,
    )
    assert await stages(desk) == [("boss", "startup"), ("boss", None)]


async def test_what_changed_is_answered_from_then_on() -> None:
    desk = await a_desk()
    await change(desk, HandOver(person="ana", to="pat"))
    shop, innovation = AreaKey("shop"), ResponsibilityKey("innovation")
    snap = await snapshot(desk, Moment())
    found = cell(snap, await area_ownership(desk, snap, [shop]), shop, innovation)
    assert found.accountable is not None
    assert found.accountable.key == "pat"


async def test_changes_that_change_nothing_record_nothing() -> None:
    desk = await a_desk()
    before = await believed(desk)
    changed = await change(desk, SetPerson(key="ana", name="Ana"))
    assert (changed.is_recorded, changed.rows, changed.head) == (False, (), before[0])
    assert changed.lines == ("No changes: the model says all of this already.",)
    assert await believed(desk) == before


async def test_a_dry_run_tells_what_a_hand_over_would_move_and_moves_nothing() -> None:
    desk = await a_desk()
    before = await believed(desk)
    told = await change(desk, HandOver(person="ana", to="pat", leaves=True), dry_run=True, idempotency_key="k")
    assert told.lines == (
        "- assignment shop/all/product_management/ana ends at 2026-11-23T12:00:00Z",
        "+ assignment shop/all/product_management/pat (area: shop, responsibility: all, function: product_management,"
        " owner: pat) from 2026-11-23T12:00:00Z",
        "~ person ana: active nothing -> false from 2026-11-23T12:00:00Z",
        "1 to add, 1 to change, 1 to end.",
    )
    assert [str(warning) for warning in told.warnings] == [
        "changes[0].to: pat belongs to product_operations, not product_management (R52) [OTHER_FUNCTION]"
    ]
    assert (told.is_recorded, told.version, await believed(desk)) == (False, before[0].digest, before)
    assert (await change(desk, HandOver(person="ana", to="pat", leaves=True), idempotency_key="k")).lines == told.lines


async def test_what_a_dry_run_showed_is_made_when_its_version_is_expected() -> None:
    desk = await a_desk()
    shown = await change(desk, STARTUP, dry_run=True)
    made = await change(desk, STARTUP, expected_version=shown.version)
    assert (made.is_recorded, made.lines) == (True, shown.lines)


async def test_what_a_dry_run_showed_is_stale_when_somebody_else_was_quicker() -> None:
    desk = await a_desk()
    shown = await change(desk, STARTUP, dry_run=True)
    await change(desk, EVE)
    before = await believed(desk)
    with pytest.raises(Stale):
        await change(desk, STARTUP, expected_version=shown.version)
    assert await believed(desk) == before


async def test_one_wrong_change_refuses_all_of_them() -> None:
    desk = await a_desk()
    before = await believed(desk)
    with pytest.raises(Invalid, match="nothing was changed") as refused:
        await change(desk, STARTUP, NOBODY)
    assert [problem.where for problem in refused.value.problems] == ["changes[1].owner"]
    assert await believed(desk) == before


async def test_a_change_of_an_older_version_is_stale() -> None:
    desk = await a_desk()
    version = (await change(desk, EVE)).version
    assert (await change(desk, STARTUP, expected_version=version)).is_recorded
    before = await believed(desk)
    with pytest.raises(Stale, match=f"not {version}; look at what has changed and repeat") as refused:
        await change(desk, SetStage(area="shop", stage=None), expected_version=version)
    assert refused.value.facts == {"version": before[0].digest}
    assert await believed(desk) == before


async def test_an_empty_model_has_a_version_too() -> None:
    desk = await a_desk(model=None)
    version = Facts(desk.catalogue).digest
    root = SetArea(key="acme", name="Acme", parent=None, stage="startup")
    assert (await change(desk, root, expected_version=version)).is_recorded


@pytest.mark.parametrize("actor", ["", " "])
async def test_a_change_by_nobody_is_refused(actor: str) -> None:
    desk = await a_desk()
    before = await believed(desk)
    with pytest.raises(Invalid, match="say who changes the model"):
        await change(desk, STARTUP, actor=actor)
    assert await believed(desk) == before


@pytest.mark.parametrize("reason", ["\0", "x" * 5001])
async def test_a_reason_that_cannot_be_recorded_is_refused(reason: str) -> None:
    desk = await a_desk()
    before = await believed(desk)
    with pytest.raises(Invalid, match="a reason has at most 5000 characters"):
        await change_model(desk, [STARTUP], actor="boss", reason=reason)
    assert await believed(desk) == before


@pytest.mark.parametrize("key", ["", "x" * 201, "\0"])
async def test_an_idempotency_key_has_a_length(key: str) -> None:
    with pytest.raises(Invalid, match="between 1 and 200 characters"):
        await change(await a_desk(), STARTUP, idempotency_key=key)


class Overtaken(MemoryModels):
    """A store in which somebody else is quicker, so many times."""

    quicker = 0

    async def record(self, recording: Recording) -> Head:
        if self.quicker:
            self.quicker -= 1
            await super().record(Recording("somebody", "quicker", (), (), "another-digest", await self.head()))
        return await super().record(recording)


async def overtaken(times: int) -> Desk:
    models = Overtaken(AClock())
    desk = await a_desk(models=models)
    models.quicker = times
    return desk


async def test_a_change_overtaken_is_prepared_anew() -> None:
    desk = await overtaken(MOST_TRIES - 1)
    assert (await change(desk, STARTUP)).head.id == MOST_TRIES + 1


async def test_of_many_who_change_at_once_all_are_heard() -> None:
    desk = await a_desk()
    before = (await desk.models.head()).id
    people = [SetPerson(key=f"p{number}", name="P") for number in range(24)]
    changed = await asyncio.gather(*(change(desk, person) for person in people))
    assert sorted(one.head.id for one in changed) == [before + number for number in range(1, 25)]
    _, facts = await believed(desk)
    assert {person.key for person in people} <= {fact.key for fact in facts if fact.kind is FactKind.PERSON}


async def test_a_change_overtaken_again_and_again_gives_up() -> None:
    desk = await overtaken(MOST_TRIES)
    _, before = await believed(desk)
    with pytest.raises(Stale, match="changed 10 times while this was prepared"):
        await change(desk, STARTUP)
    assert (await believed(desk))[1] == before


async def test_a_change_of_a_version_is_not_prepared_anew() -> None:
    desk = await overtaken(1)
    version = (await snapshot(desk, Moment())).model.version
    _, before = await believed(desk)
    with pytest.raises(Stale, match="the model has changed since this change was prepared"):
        await change(desk, STARTUP, expected_version=version)
    assert (await believed(desk))[1] == before


async def test_what_was_changed_exports_as_a_file_that_changes_nothing() -> None:
    desk = await a_desk()
    confirm = ConfirmOwner(
        area="shop", responsibility="all", function="product_management", owner="ana", by="pat",
        due=NOW.replace(year=2027),
    )  # fmt: skip
    await change(desk, STARTUP, EVE, confirm, EndRow(kind=FactKind.ASSIGNMENT, key=PAT))
    text = await export(desk)
    assert "confirm" not in text
    assert (await prepare(desk, text)).plan.is_empty


async def test_an_owner_is_confirmed_in_the_name_of_whoever_asks_or_of_a_person() -> None:
    desk = await a_desk()
    due = NOW.replace(year=2027)
    await change(desk, ConfirmOwner(row=PAT, due=due), ConfirmOwner(row=ANA, by="pat", due=due))
    found = {fact.key: statement(fact.body) for fact in confirmations((await believed(desk))[1])}
    assert found == {PAT: {"owner": "pat", "by": "boss"}, ANA: {"owner": "ana", "by": "pat"}}


async def test_nobody_unknown_confirms() -> None:
    desk = await a_desk()
    before = await believed(desk)
    with pytest.raises(Invalid) as refused:
        await change(desk, ConfirmOwner(row=PAT, by="boss", due=NOW.replace(year=2027)))
    assert [str(problem) for problem in refused.value.problems] == [
        "changes[0].by: there is no person 'boss' then; give a person's key, or leave it out to confirm in your own"
        " name [UNKNOWN_KEY]"
    ]
    assert await believed(desk) == before


async def test_an_import_leaves_confirmations_as_they_are() -> None:
    desk = await a_desk()
    await change(desk, ConfirmOwner(row=PAT, by="ana", due=NOW.replace(year=2027)))
    before = confirmations((await believed(desk))[1])
    await apply_import(desk, ImportFormat.CODEOWNERS, b"shop @pat\n", actor="boss", reason="")
    assert confirmations((await believed(desk))[1]) == before != set()


def confirmations(facts: Iterable[Fact[Body]]) -> set[Fact[Body]]:
    return {fact for fact in facts if fact.kind is FactKind.CONFIRMATION}
