"""`remit advice`: proposals in a sentence each, with everybody's hours before and after, and what is said of them."""

import orjson
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from typer.testing import CliRunner

from remit.entrypoints.cli.main import app
from remit.entrypoints.wiring import now
from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from remit.usecases.desk import Desk
from support.advised import an_advised_desk
from support.asking_commands import Shell


@pytest.fixture
async def desk(engine: AsyncEngine) -> Desk:
    return await an_advised_desk(clock=now, models=PostgresModels(engine), mirror=PostgresMirror(engine))


async def ids(shell: Shell) -> list[str]:
    return [one["id"] for one in orjson.loads((await shell.remit("advice", "--json")).out)]


async def test_a_proposal_has_a_sentence_and_a_row_for_everybody_touched(shell: Shell, desk: Desk) -> None:
    told = await shell.remit("advice")
    assert told.code == 0, told.err
    lines = [" ".join(line.split()) for line in told.out.splitlines()]
    assert "Ana 16.2 h -> 14.0 h 135% OVERLOADED -> 117% OVERLOADED" in lines
    assert "Pat 3.4 h -> 5.7 h 9% OK -> 14% OK" in lines
    shaped = orjson.loads((await shell.remit("advice", "--json")).out)
    assert [one["responsibility"]["key"] for one in shaped] == ["team_meetings", "market_research"]
    assert f"relief of 2.2 h a week for 2 rows; id {shaped[0]['id']}" in lines
    assert (await shell.remit("advice", "--person", "pat")).out == "No advice.\n"


async def test_a_proposal_is_shown_as_a_plan_and_made_so_only_when_told_to(shell: Shell, desk: Desk) -> None:
    first, head = (await ids(shell))[0], await desk.models.head()
    shown = await shell.remit("advice", "accept", first)
    assert (shown.code, await desk.models.head()) == (2, head)
    assert shown.out.endswith("2 to add, 0 to change, 0 to end.\n")
    made = await shell.remit("advice", "accept", first, "--apply", "--actor", "ana")
    assert (made.code, made.out.splitlines()[-2:]) == (0, ["2 to add, 0 to change, 0 to end.", "Applied."])
    facts = await desk.models.facts(await desk.models.head())
    assert sorted(fact.key for fact in facts if fact.recorded and fact.recorded.by == "ana") == [
        "shop/team_meetings", "shop/team_meetings/product_operations/pat",
    ]  # fmt: skip
    again = await shell.remit("advice", "accept", first, "--apply")
    assert (again.code, again.out, again.err) == (
        1, "", "remit: product_operations leads team_meetings at shop, with pat accountable, already; "
        "nothing is left to do\n",
    )  # fmt: skip


async def test_a_dismissed_move_is_listed_until_it_is_restored(shell: Shell, desk: Desk) -> None:
    first, second = await ids(shell)
    move = "let product_operations lead team_meetings at shop, with pat accountable."
    done = await shell.remit("advice", "dismiss", first, "--until", "2099-01-31", "--reason", "busy", "--actor", "ana")
    assert (done.code, done.out) == (0, f"Not proposed until 2099-01-31T00:00:00Z: {move}\n")
    listed = (await shell.remit("advice", "--dismissed")).out
    key = listed.partition("\t")[0]
    assert listed == f"{key}\tNot proposed until 2099-01-31T00:00:00Z: {move}\tana\tbusy\n"
    (shaped,) = orjson.loads((await shell.remit("advice", "--dismissed", "--json")).out)
    assert (shaped["id"], shaped["actor"], shaped["owner"]["name"]) == (key, "ana", "Pat")
    assert first not in await ids(shell)
    restored = await shell.remit("advice", "restore", key)
    assert (restored.code, restored.out) == (
        0, "That product_operations leads team_meetings at shop, with pat accountable, may be proposed again.\n"
    )  # fmt: skip
    assert (await shell.remit("advice", "--dismissed")).out == "Nothing is dismissed.\n"
    assert await ids(shell) == [first, second]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["accept", "none"], "'none' is no id of a proposal; ask for advice and take the `id` of one that is told"),
        (["dismiss", "0" * 24, "--until", "2020-01-01"], "`until` must be later than now, and have an offset"),
    ],
    ids=["accept", "dismiss"],
)
async def test_what_cannot_be_says_what_to_do(shell: Shell, desk: Desk, words: list[str], sentence: str) -> None:
    told = await shell.remit("advice", *words)
    assert (told.code, told.out, told.err) == (1, "", f"remit: {sentence}\n")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["dismiss", "0" * 24], "Missing option '--until'"),
        (["--person", "ana", "accept", "0" * 24], "these options are for the list; `accept` takes its own"),
        (["--dismissed", "--under", "shop"], "--dismissed lists all that is dismissed"),
        (["except"], "No such command 'except'"),
    ],
    ids=["no end", "options of the list", "narrowed", "unknown"],
)
def test_wrong_usage_ends_with_2(words: list[str], sentence: str) -> None:
    told = CliRunner().invoke(app, ["advice", *words])
    assert (told.exit_code, told.stdout) == (2, "")
    assert sentence in " ".join(told.stderr.replace("│", " ").split())
