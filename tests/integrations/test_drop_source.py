"""A folder of CSV and JSON Lines as a source of feedback."""

import json
import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from remit.domain.errors import Rejected
from remit.domain.feedback import FeedbackState, offering
from remit.domain.ids import AreaKey
from remit.ports import Counts
from remit.usecases.take_records import Page
from remit_integrations.sources.drop import NAME, ROWS, DropSettings, drop
from remit_integrations.sync import Synchronised, synchronise
from support.desks import A_MODEL, NOW, a_desk

HEADER = "id,created,updated,state,tags,text\n"
ROW = "7,2026-10-01T08:00:00Z,2026-10-02T08:00:00Z,answered,payments; cards,It fails.\n"


async def run(folder: Path, cursor: bytes | None = None, **told: Any) -> list[Page]:
    async with drop(DropSettings(directory=str(folder), **told)).open() as feed:
        await feed.greet()
        return [page async for page in feed.pages(cursor)]


def ids(pages: list[Page]) -> list[str]:
    return [pulled.item.id for page in pages for pulled in page.feedback]


async def test_a_row_of_a_csv_is_an_item(tmp_path: Path) -> None:
    (tmp_path / "wishes.csv").write_text("\ufeff" + HEADER + ROW, encoding="utf-8")
    page, end = await run(tmp_path)
    (pulled,) = page.feedback
    assert (pulled.item.id, pulled.item.state, pulled.item.excerpt) == ("7", FeedbackState.ANSWERED, "It fails.")
    assert pulled.item.offers == offering(tags=["cards", "payments"])
    assert (end.feedback, page.parked) == ((), ())


async def test_files_are_read_once_and_again_when_they_change(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(HEADER + ROW)
    (tmp_path / "b.csv").write_text(HEADER + ROW.replace("7,", "8,", 1))
    (tmp_path / "notes.txt").write_text("not for us")
    cursor = (await run(tmp_path))[-1].cursor
    assert ids(await run(tmp_path, cursor)) == []
    (tmp_path / "b.csv").write_text(HEADER + ROW.replace("7,", "9,", 1))
    os.utime(tmp_path / "b.csv", ns=(1, 1))
    assert ids(await run(tmp_path, cursor)) == ["9"]


async def test_a_long_file_goes_on_where_it_was_cut_off(tmp_path: Path) -> None:
    lines = [json.dumps({"id": number, "created": "2026-10-01T08:00:00Z"}) for number in range(ROWS + 10)]
    (tmp_path / "long.jsonl").write_text("\n".join(lines))
    first, *_ = await run(tmp_path)
    assert len(first.feedback) == ROWS
    assert ids(await run(tmp_path, first.cursor)) == [str(number) for number in range(ROWS, ROWS + 10)]


async def test_every_row_of_a_long_file_is_read(tmp_path: Path) -> None:
    numbers = range(ROWS * 2 + 3)
    (tmp_path / "long.csv").write_text("id,created\n" + "".join(f"{one},2026-10-01T08:00:00Z\n" for one in numbers))
    assert ids(await run(tmp_path)) == [str(number) for number in numbers]


async def test_only_cells_that_selectors_ask_for_hold_several_values(tmp_path: Path) -> None:
    (tmp_path / "wishes.csv").write_text(HEADER + ROW.replace("It fails.", "It fails; always."))
    page, _ = await run(tmp_path)
    (pulled,) = page.feedback
    assert pulled.item.excerpt == "It fails; always."
    assert pulled.item.offers == offering(tags=["cards", "payments"])


@pytest.mark.parametrize("told", ["1790841600", "1790841600000", "1790841600.0", "2026-10-01T08:00:00Z"])
async def test_a_time_in_a_cell_may_be_a_number(tmp_path: Path, told: str) -> None:
    (tmp_path / "wishes.csv").write_text(f"id,created\n7,{told}\n")
    page, _ = await run(tmp_path)
    assert [pulled.item.created for pulled in page.feedback] == [datetime(2026, 10, 1, 8, tzinfo=UTC)]


async def test_what_is_taken_away_meanwhile_and_what_is_no_file_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(HEADER + ROW)
    (tmp_path / "b.csv").write_text(HEADER + ROW)
    (tmp_path / "c.csv").mkdir()
    (tmp_path / "d.csv").symlink_to(tmp_path / "nowhere")
    async with drop(DropSettings(directory=str(tmp_path))).open() as feed:
        pages = feed.pages(None)
        assert ids([await anext(pages)]) == ["7"]
        (tmp_path / "b.csv").unlink()
        assert ids([page async for page in pages]) == []


async def test_what_cannot_be_read_is_parked_and_the_rest_goes_on(tmp_path: Path) -> None:
    good = json.dumps({"id": 1, "created": "2026-10-01T08:00:00Z"})
    (tmp_path / "a.jsonl").write_text(f'{{"id": 2}}\n{{broken\n\n{good}\n')
    page, _ = await run(tmp_path)
    assert ids([page]) == ["1"]
    assert [record.reason.partition(":")[0] for record in page.parked] == [
        "there is no time at created",
        "JSON is malformed",
    ]
    assert page.parked[0].id == "2"


async def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Rejected, match="the folder of REMIT_DROP_DIRECTORY cannot be read"):
        await run(tmp_path / "nowhere")


async def test_a_folder_is_synchronised_like_any_source(tmp_path: Path) -> None:
    (tmp_path / "wishes.csv").write_text(HEADER + ROW)
    model = A_MODEL.replace("jira: [{project: SHOP}]", "feedback: [{source: drop, tags: [cards]}]")
    desk = await a_desk(model=model, synchronised=False)
    done = await synchronise(desk, drop(DropSettings(directory=str(tmp_path))))
    assert done == Synchronised(NAME, seen=1, changed=1, parked=0)
    assert (await desk.mirror.feedback.by_ids(NAME, ["7"]))["7"].item.excerpt == "It fails."
    assert await desk.mirror.watermarks([AreaKey("shop")]) == {"shop": 1}
    again = await synchronise(desk, drop(DropSettings(directory=str(tmp_path))))
    assert again == Synchronised(NAME, seen=0, changed=0, parked=0)


async def test_a_whole_reading_forgets_what_could_not_be_read_and_is_no_longer_there(tmp_path: Path) -> None:
    desk, source = await a_desk(model=None, synchronised=False), drop(DropSettings(directory=str(tmp_path)))
    (tmp_path / "half.jsonl").write_text('{"id": "1", "created": "2026-10-0')
    (tmp_path / "broken.jsonl").write_text("nothing")
    await synchronise(desk, source)
    (tmp_path / "half.jsonl").write_text('{"id": "1", "created": "2026-10-01T08:00:00Z"}\n')
    later = replace(desk, clock=lambda: NOW + timedelta(minutes=5))
    await synchronise(later, source)
    assert (await desk.mirror.counts())[NAME] == Counts(records=1, parked=2)
    await synchronise(later, source, full=True)
    assert (await desk.mirror.counts())[NAME] == Counts(records=1, parked=1)
