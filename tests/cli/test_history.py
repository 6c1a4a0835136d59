"""`remit history`: a readable list, and JSON with cursors."""

import orjson
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.history import NODES
from remit.entrypoints.cli.history import Kind
from remit.entrypoints.wiring import now
from remit.storage.models import PostgresModels
from remit.usecases.apply_model import apply
from remit.usecases.ask_history import excerpt, history, node_of
from remit.usecases.desk import Desk
from support.asking_commands import Shell
from support.desks import A_MODEL, a_desk


@pytest.fixture
async def desk(engine: AsyncEngine) -> Desk:
    """Two changes in the database of the shell: a model, and that Pat left the checkout."""
    desk = await a_desk(clock=now, models=PostgresModels(engine))
    without = "\n".join(line for line in A_MODEL.splitlines() if "owner: pat" not in line)
    await apply(desk, without, actor="eva", reason="Pat moved on")
    return desk


async def test_the_list_has_a_heading_for_each_change_and_a_line_for_each_row(shell: Shell, desk: Desk) -> None:
    ended, _, __ = (await history(desk, excerpt(node_of("area", "checkout")))).changes
    told = await shell.remit("history", "area", "checkout")
    headings = [line for line in told.out.splitlines() if not line.startswith(" ")]
    rows = [line.strip() for line in told.out.splitlines() if line.startswith(" ")]
    assert (told.code, told.err) == (0, "")
    assert [heading.partition(" ")[2] for heading in headings] == ["by eva: Pat moved on", "by test: to begin with"]
    assert rows == [
        ended.message,
        "area checkout declared: holds at all times (name: Checkout, kind: team, parent: shop, "
        "jira: [{component: Checkout, project: SHOP}])",
        "assignment checkout/all/product_operations/pat declared: holds at all times (area: checkout, "
        "responsibility: all, function: product_operations, owner: pat)",
    ]
    assert ended.message.startswith("assignment checkout/all/product_operations/pat ended at 20")


async def test_a_limit_says_what_is_left_out(shell: Shell, desk: Desk) -> None:
    told = await shell.remit("history", "person", "pat", "--limit", "1")
    assert told.code == 0
    assert [line[:2] for line in told.out.splitlines()] == ["20", "  ", "3 "]
    assert told.out.splitlines()[-1] == "3 in all; --limit shows more, at most 200; --json has a cursor to go on from."


async def test_json_goes_on_from_its_cursor(shell: Shell, desk: Desk) -> None:
    first = orjson.loads((await shell.remit("history", "person", "pat", "--limit", "2", "--json")).out)
    rest = await shell.remit("history", "person", "pat", "--json", "--after", first["pageInfo"]["endCursor"])
    assert [edge["node"]["kind"] for edge in first["edges"]] == ["ASSIGNMENT", "ASSIGNMENT"]
    assert [edge["node"]["kind"] for edge in orjson.loads(rest.out)["edges"]] == ["PERSON"]


async def test_what_ships_and_was_never_changed_says_so(shell: Shell, desk: Desk) -> None:
    told = await shell.remit("history", "responsibility", "innovation")
    assert (told.code, told.out) == (0, "Nothing was declared about it yet.\n")


async def test_everything_that_has_a_history_can_be_typed(shell: Shell, desk: Desk) -> None:
    assert [kind.value for kind in Kind] == [kind.value for kind in NODES]
    told = await shell.remit("history", "lens", "focus")
    assert (told.code, told.out) == (0, "Nothing was declared about it yet.\n")


async def test_what_never_was_is_a_failure_and_no_empty_list(shell: Shell, desk: Desk) -> None:
    told = await shell.remit("history", "area", "nowhere")
    assert (told.code, told.out, told.err) == (1, "", "remit: there never was an area 'nowhere'\n")


async def test_a_kind_without_a_history_is_wrong_usage(shell: Shell) -> None:
    told = await shell.remit("history", "issue", "SHOP-1")
    assert (told.code, told.out) == (2, "")
