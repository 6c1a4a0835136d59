"""`remit drift`: a table for people, JSON of the GraphQL type for scripts."""

import orjson
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from support.asking_commands import Shell
from support.drifting import a_drifting_desk

THEN = "2026-11-23T12:00:00Z"


@pytest.fixture(autouse=True)
async def _drifting(engine: AsyncEngine) -> None:
    await a_drifting_desk(models=PostgresModels(engine), mirror=PostgresMirror(engine))


async def test_a_drift_has_a_row_for_each_function_and_its_traces_below(shell: Shell) -> None:
    told = await shell.remit("drift", "--as-of", THEN)
    assert told.code == 0, told.err
    lines = told.out.splitlines()
    assert [" ".join(line.split()) for line in lines[1:3]] == [
        "acme backlog_management product_management 0% 80% 63% to 90% 24 of 30",
        "product_operations 100% 20% 10% to 37% 6 of 30",
    ]
    assert "    24 x status at checkout by Ana (product_management)" in lines
    assert "    3 x status at checkout by the jira account a-stranger, which nobody has" in lines


async def test_json_is_a_list_of_the_graphql_type(shell: Shell) -> None:
    (told,) = orjson.loads((await shell.remit("drift", "--json", "--under", "checkout", "--as-of", THEN)).out)
    assert (told["area"]["key"], told["responsibility"]["key"], told["sample"]) == (
        "checkout",
        "backlog_management",
        30,
    )


async def test_a_window_without_any_says_so(shell: Shell) -> None:
    told = await shell.remit("drift", "--as-of", THEN, "--days", "1")
    assert told.out == "No drift.\n"
