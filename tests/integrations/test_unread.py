"""A source most of whose records can no longer be read is in trouble, though each of its runs comes to an end."""

import json
from pathlib import Path

from remit.usecases.desk import Desk
from remit_integrations.sources.drop import DropSettings, drop
from remit_integrations.sync import MANY, UNREAD, synchronise
from support.desks import a_desk

GOOD = {"created": "2026-10-01T08:00:00Z", "state": "new"}
CHANGED = {"made": "2026-10-01T08:00:00Z", "state": "new"}


async def trouble(desk: Desk) -> str | None:
    (state,) = await desk.mirror.sources()
    return state.trouble


def put(folder: Path, name: str, count: int, told: dict[str, str]) -> None:
    lines = [json.dumps({"id": f"{name}-{number}", **told}) for number in range(count)]
    (folder / f"{name}.jsonl").write_text("\n".join(lines))


async def test_a_changed_api_is_the_trouble_of_its_source_until_the_records_can_be_read(tmp_path: Path) -> None:
    desk, source = await a_desk(model=None, synchronised=False), drop(DropSettings(directory=str(tmp_path)))
    put(tmp_path, "before", MANY, GOOD)
    await synchronise(desk, source)
    assert await trouble(desk) is None
    put(tmp_path, "after", MANY, CHANGED)
    await synchronise(desk, source)
    assert await trouble(desk) == f"of {MANY} records that drop told, {MANY} {UNREAD}"
    await synchronise(desk, source)  # nothing is new, and nothing is better
    assert await trouble(desk) == f"of {MANY} records that drop told, {MANY} {UNREAD}"
    put(tmp_path, "after", MANY, {**GOOD, "text": "mended"})
    await synchronise(desk, source)
    await synchronise(desk, source)
    assert await trouble(desk) is None


async def test_a_few_records_that_cannot_be_read_are_no_trouble_of_their_source(tmp_path: Path) -> None:
    desk, source = await a_desk(model=None, synchronised=False), drop(DropSettings(directory=str(tmp_path)))
    put(tmp_path, "few", MANY - 1, CHANGED)
    await synchronise(desk, source)
    assert await trouble(desk) is None
    put(tmp_path, "most", MANY + 1, GOOD)
    put(tmp_path, "some", MANY, CHANGED)
    await synchronise(desk, source)
    assert await trouble(desk) is None
