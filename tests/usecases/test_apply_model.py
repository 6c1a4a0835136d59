"""Applying a model file: wholly or not at all, and nothing when nothing changes."""

import pytest

from remit.domain.errors import Invalid, Stale
from remit.domain.facts import Facts
from remit.ports import Head, Recording
from remit.usecases.apply_model import apply, export, prepare
from remit.usecases.desk import Desk
from support.desks import A_MODEL, AClock, a_desk
from support.memory_models import MemoryModels

CHANGED = A_MODEL.replace("owner: pat", "owner: ana")


async def believed(desk: Desk) -> tuple[Head, frozenset[str]]:
    head = await desk.models.head()
    return head, frozenset(map(str, await desk.models.facts(head)))


async def test_what_is_applied_is_believed_under_the_digest_of_all_of_it() -> None:
    desk = await a_desk()
    head = await desk.models.head()
    facts = await desk.models.facts(head)
    assert {fact.key for fact in facts} >= {"acme", "shop", "checkout", "ana", "pat"}
    assert head.digest == Facts(desk.catalogue, facts).digest


async def test_applied_again_it_records_nothing() -> None:
    desk = await a_desk()
    before = await believed(desk)
    again = await apply(desk, A_MODEL, actor="other", reason="again")
    assert again.plan.is_empty
    assert await believed(desk) == before


async def test_the_order_of_rows_does_not_matter() -> None:
    desk = await a_desk()
    head, *rows = A_MODEL.partition("people:\n")[0], *A_MODEL.partition("people:\n")[2].splitlines()
    people, rest = rows[:2], rows[2:]
    shuffled = "\n".join([f"{head}people:", *reversed(people), *rest])
    assert (await prepare(desk, shuffled)).plan.is_empty


async def test_what_is_exported_changes_nothing_when_applied() -> None:
    desk = await a_desk()
    assert (await prepare(desk, await export(desk))).plan.is_empty


async def test_a_plan_changes_nothing() -> None:
    desk = await a_desk()
    before = await believed(desk)
    prepared = await prepare(desk, CHANGED)
    assert not prepared.plan.is_empty
    assert await believed(desk) == before


async def test_a_file_with_mistakes_names_each_with_its_line_and_is_not_applied_in_part() -> None:
    desk = await a_desk()
    before = await believed(desk)
    wrong = CHANGED.replace("parent: acme", "parent: nowhere").replace("owner: ana}", "owner: nobody}", 1)
    with pytest.raises(Invalid, match="the model file is not right; nothing was applied") as caught:
        await apply(desk, wrong, actor="test", reason="")
    assert [problem.line for problem in caught.value.problems] == [8, 11]
    assert ["nowhere" in str(caught.value.problems[0]), "nobody" in str(caught.value.problems[1])] == [True, True]
    assert await believed(desk) == before


class Overtaken(MemoryModels):
    """A store in which somebody else is always quicker."""

    quicker: str | None = None

    async def record(self, recording: Recording) -> Head:
        if self.quicker is not None:
            name, self.quicker = self.quicker, None
            await super().record(Recording(name, "quicker", (), (), "another-digest", await self.head()))
        return await super().record(recording)


async def test_a_change_prepared_before_somebody_elses_is_refused() -> None:
    models = Overtaken(AClock())
    desk = await a_desk(models=models)
    _, before = await believed(desk)
    models.quicker = "eve"
    with pytest.raises(Stale, match="look at it again and repeat"):
        await apply(desk, CHANGED, actor="test", reason="")
    head, after = await believed(desk)
    assert (head.digest, after) == ("another-digest", before)
