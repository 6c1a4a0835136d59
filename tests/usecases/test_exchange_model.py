"""Importing adds or replaces what a file names, wholly or not at all; every export but Markdown comes back."""

import pytest
from inline_snapshot import snapshot

from remit.domain.errors import Invalid, Stale
from remit.domain.ids import FunctionKey
from remit.ports import Head, Recording
from remit.usecases.apply_model import prepare
from remit.usecases.desk import Desk
from remit.usecases.exchange_model import ExportFormat, ImportFormat, apply_import, export_as, prepare_import
from support.desks import AClock, a_desk
from support.memory_models import MemoryModels

RACI, CODEOWNERS, BACKSTAGE = ImportFormat
MATRIX = b"area,responsibility,ana,pat\nshop,documentation,C,A\n"
LIST = b"/checkout @pat @ana\n"
CATALOG = b"kind: Component\nmetadata: {name: cart}\nspec: {system: checkout, owner: ana}\n"
FILES = [(RACI, MATRIX), (CODEOWNERS, LIST), (BACKSTAGE, CATALOG)]
NO_CHANGES = ("No changes: the model is what the file says.",)


async def believed(desk: Desk) -> tuple[Head, frozenset[str]]:
    head = await desk.models.head()
    return head, frozenset(map(str, await desk.models.facts(head)))


@pytest.mark.parametrize(("form", "data"), FILES)
async def test_a_plan_changes_nothing(form: ImportFormat, data: bytes) -> None:
    desk = await a_desk()
    before = await believed(desk)
    assert not (await prepare_import(desk, form, data)).plan.is_empty
    assert await believed(desk) == before


@pytest.mark.parametrize(("form", "data"), FILES)
async def test_what_is_imported_is_what_was_planned_and_again_it_changes_nothing(
    form: ImportFormat, data: bytes
) -> None:
    clock = AClock()
    desk = await a_desk(clock=clock)
    planned = await prepare_import(desk, form, data)
    applied = await apply_import(desk, form, data, actor="ada", reason="moved")
    clock.goes_on(days=1)
    head = await desk.models.head()
    again = await apply_import(desk, form, data, actor="ada", reason="once more")
    assert (applied.lines, again.lines) == (planned.lines, NO_CHANGES)
    assert await desk.models.head() == head
    recorded = {fact.recorded.by for fact in await desk.models.facts(head) if fact.recorded is not None}
    assert recorded == {"test", "ada"}


async def test_a_plan_is_shown_like_that_of_a_model_file() -> None:
    desk = await a_desk()
    assert (await prepare_import(desk, CODEOWNERS, b"shop @ana @pat\n")).lines == snapshot(
        (
            "+ assignment shop/all/product_operations/pat (area: shop, responsibility: all,"
            " function: product_operations, owner: pat, letter: accountable) from 2026-11-23T12:00:00Z",
            "1 to add, 0 to change, 0 to end.",
        )
    )


async def test_nothing_that_a_file_does_not_name_is_ended() -> None:
    desk = await a_desk()
    planned = (await prepare_import(desk, BACKSTAGE, CATALOG)).plan
    assert planned.closes == ()


BAD = [
    (RACI, b"", "EMPTY_FILE"),
    (RACI, b"\xff\xfea\0", "ENCODING"),
    (RACI, MATRIX + b"nowhere,all,A,\n", "UNKNOWN_AREA"),
    (RACI, MATRIX + b"shop,all,Z,\n", "UNKNOWN_LETTER"),
    (CODEOWNERS, LIST + b"/shop @nobody\n", "UNKNOWN_OWNER"),
    (CODEOWNERS, LIST + LIST, "DUPLICATE_ROW"),
    (BACKSTAGE, CATALOG + b"---\nkind: System\nmetadata: {name: x}\nspec: {owner: nobody}\n", "UNKNOWN_OWNER"),
    (BACKSTAGE, CATALOG + b"---\nkind: Group\nmetadata: {name: ana}\n", "NAME_TAKEN"),
    (BACKSTAGE, b"kind: Domain\nmetadata: {name: shop}\nspec: {subdomainOf: shop}\n", "CYCLE"),
]


@pytest.mark.parametrize(("form", "data", "code"), BAD)
async def test_a_file_with_a_mistake_is_not_applied_in_part(form: ImportFormat, data: bytes, code: str) -> None:
    desk = await a_desk()
    before = await believed(desk)
    with pytest.raises(Invalid, match="nothing was applied") as caught:
        await apply_import(desk, form, data, actor="ada", reason="")
    assert {problem.code for problem in caught.value.problems} == {code}
    assert await believed(desk) == before


async def test_a_function_nobody_has_heard_of_is_refused() -> None:
    desk = await a_desk()
    for call in (
        prepare_import(desk, BACKSTAGE, CATALOG, function=FunctionKey("cooking")),
        export_as(desk, ExportFormat.BACKSTAGE, function=FunctionKey("cooking")),
    ):
        with pytest.raises(Invalid) as caught:
            await call
        assert [problem.code for problem in caught.value.problems] == ["UNKNOWN_FUNCTION"]


@pytest.mark.parametrize(("form", "data"), FILES)
async def test_without_an_organisation_there_is_nothing_to_import_into(form: ImportFormat, data: bytes) -> None:
    desk = await a_desk(model=None)
    with pytest.raises(Invalid, match="there is no model yet"):
        await apply_import(desk, form, data, actor="ada", reason="")
    assert await desk.models.head() == await (await a_desk(model=None)).models.head()


@pytest.mark.parametrize("form", ExportFormat)
async def test_without_an_organisation_there_is_nothing_to_export(form: ExportFormat) -> None:
    with pytest.raises(Invalid, match="there is no model yet"):
        await export_as(await a_desk(model=None), form)


async def test_every_export_but_markdown_changes_nothing_when_it_comes_back() -> None:
    desk = await a_desk()
    await apply_import(desk, RACI, MATRIX, actor="ada", reason="")
    yaml, matrix, _, catalog = [(await export_as(desk, form)).text for form in ExportFormat]
    assert (await prepare(desk, yaml)).lines == NO_CHANGES
    assert (await prepare_import(desk, RACI, matrix.encode())).lines == NO_CHANGES
    assert (await prepare_import(desk, BACKSTAGE, catalog.encode())).lines == NO_CHANGES


async def test_yaml_loses_nothing_and_the_others_say_what_they_lose() -> None:
    desk = await a_desk()
    lost = {form: (await export_as(desk, form)).warnings for form in ExportFormat}
    assert (lost[ExportFormat.YAML], lost[ExportFormat.MARKDOWN]) == ((), ())
    assert {problem.code for problem in (*lost[ExportFormat.CSV], *lost[ExportFormat.BACKSTAGE])} == {"LEFT_OUT"}


async def test_markdown_tells_who_holds_what_and_what_it_comes_to() -> None:
    desk = await a_desk()
    lines = (await export_as(desk, ExportFormat.MARKDOWN)).text.splitlines()
    assert lines[2] == f"As of 2026-11-23T12:00:00Z, by the model {(await desk.models.head()).digest[:12]}."
    assert [line for line in lines if line.startswith(("## ", "| Data"))] == [
        "## Acme",
        "| Data analytics | `UNOWNED` |  |  |  |  |",
        "## Acme / Shop",
        "| Data analytics | `UNOWNED` |  |  | Ana |  |",
        "## Acme / Shop / Checkout",
        "| Data analytics | `OWNED` | Pat |  | Ana |  |",
    ]


class Overtaken(MemoryModels):
    """A store in which somebody else is always quicker."""

    quicker: str | None = None

    async def record(self, recording: Recording) -> Head:
        if self.quicker is not None:
            name, self.quicker = self.quicker, None
            await super().record(Recording(name, "quicker", (), (), "another-digest", await self.head()))
        return await super().record(recording)


async def test_an_import_prepared_before_somebody_elses_change_is_refused() -> None:
    models = Overtaken(AClock())
    desk = await a_desk(models=models)
    _, before = await believed(desk)
    models.quicker = "eve"
    with pytest.raises(Stale, match="look at it again and repeat"):
        await apply_import(desk, RACI, MATRIX, actor="ada", reason="")
    head, after = await believed(desk)
    assert (head.digest, after) == ("another-digest", before)
