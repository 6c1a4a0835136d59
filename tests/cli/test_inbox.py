"""`remit inbox`: what is parked, why, and what came of another try; a worker that applies what Jira sends."""

import json
import signal

from sqlalchemy import text

from remit.domain.arrivals import Arrival, Hint
from remit.storage.engine import connect, reading, writing
from remit.storage.inbox import PostgresInbox
from remit_integrations.standins.jira.site import Site
from support.asking_commands import Ended, Shell, end, heard
from support.asking_jira import a_recorded_site, connected
from support.desks import JIRA
from support.jira_site import BY_ID, answering

NOTHING_READABLE = b'{"issues": [{"id": "%s", "key": "X-1", "fields": {"created": "whenever"}}]}'


async def park(database: str, record: str, delivery: str, concerns: str) -> None:
    """A record that could not be read, and a delivery that could not be applied."""
    engine = connect(database)
    inbox = PostgresInbox(engine)
    await inbox.put([Arrival(JIRA, delivery, Hint("jira:issue_updated", (concerns,)), b"{}")])
    async with inbox.due(JIRA, 10) as batch:
        await batch.aside([delivery], "Jira refused it")
    async with writing(engine) as connection:
        at = "2026-11-23T12:00:00Z"
        sql = f"INSERT INTO parked (source, id, reason, raw, at) VALUES ('jira', :id, 'no summary', '', '{at}')"
        await connection.execute(text(sql), {"id": record})
    await engine.dispose()


def ids(site: Site) -> list[str]:
    return sorted(site.issues)


async def test_what_is_parked_is_listed_and_tried_again(shell: Shell, database: str) -> None:
    site = a_recorded_site(5)
    first, second, *_ = ids(site)
    await park(database, f"{first}/changelog/7", "d-1", second)
    async with connected(shell, site) as commands:
        listed = await commands.remit("inbox", "list")
        replayed = await commands.remit("inbox", "replay")
        after = await commands.remit("inbox", "list")
    record, delivery = (line.split("\t") for line in listed.out.splitlines())
    assert record == ["jira", f"{first}/changelog/7", "record", "no summary", "since 2026-11-23T12:00:00Z"]
    assert delivery[:4] == ["jira", "d-1", "delivery jira:issue_updated", "Jira refused it"]
    done = f"jira\t{first}/changelog/7\trecord\tread\njira\td-1\tdelivery jira:issue_updated\tapplied\n"
    assert replayed == Ended(0, done, "")
    assert after == Ended(0, "", "")


async def test_what_still_waits_says_why_and_the_others_are_left_alone(shell: Shell, database: str) -> None:
    site = a_recorded_site(5)
    first, second, *_ = ids(site)
    await park(database, first, "d-1", second)
    site.faults.next(BY_ID, answering(NOTHING_READABLE % first.encode()))
    async with connected(shell, site) as commands:
        replayed = await commands.remit("inbox", "replay", first)
        unknown = await commands.remit("inbox", "replay", "d-2")
        listed = await commands.remit("inbox", "list")
    assert replayed.code == 1
    assert replayed.out.startswith(f"jira\t{first}\trecord\tstill parked: ")
    assert len(replayed.out.splitlines()) == 1
    assert unknown == Ended(1, "", "remit: nothing is parked as 'd-2'; see `remit inbox list`\n")
    assert {line.split("\t")[1] for line in listed.out.splitlines()} == {first, "d-1"}


async def test_what_its_source_no_longer_has_is_told_as_gone(shell: Shell, database: str) -> None:
    site = a_recorded_site(5)
    first, *_ = ids(site)
    await park(database, first, "d-1", first)
    site.hide(first)
    async with connected(shell, site) as commands:
        replayed = await commands.remit("inbox", "replay", first)
        listed = await commands.remit("inbox", "list")
    assert replayed == Ended(0, f"jira\t{first}\trecord\tgone\n", "")
    assert [line.split("\t")[1] for line in listed.out.splitlines()] == ["d-1"]


async def test_without_its_source_nothing_can_be_tried(shell: Shell, database: str) -> None:
    await park(database, "1", "d-1", "2")
    told = await shell.remit("inbox", "replay", "d-1")
    assert told == Ended(1, "", "remit: the source jira is not configured; set its variables and try again\n")


async def test_a_worker_applies_what_came_and_ends_when_told(shell: Shell, database: str) -> None:
    site = a_recorded_site(5)
    first, *_ = ids(site)
    engine = connect(database)
    await PostgresInbox(engine).put([Arrival(JIRA, "d-1", Hint("jira:issue_updated", (first,)), b"{}")])
    async with connected(shell, site) as commands, commands.remit_running("worker") as process:
        await heard(process, "inbox.applied")
        ended = await end(process, signal.SIGTERM)
    async with reading(engine) as connection:
        done = (await connection.execute(text("SELECT count(*) FROM inbox WHERE done_at IS NOT NULL"))).scalar_one()
    await engine.dispose()
    assert (ended.code, done) == (0, 1)


async def test_what_is_given_up_waits_no_longer_and_the_log_tells_who_did_so_and_why(
    shell: Shell, database: str
) -> None:
    await park(database, "unreadable-0123", "d-1", "2")
    refused = await shell.remit("inbox", "discard", "unreadable-0123", "d-2", "--reason", "the file is gone")
    given_up = await shell.having(REMIT_LOG="json").remit(
        "inbox", "discard", "unreadable-0123", "d-1", "--reason", "the file is gone", "--actor", "ana"
    )
    listed = await shell.remit("inbox", "list")
    assert refused == Ended(1, "", "remit: nothing is parked as 'd-2'; see `remit inbox list`\n")
    assert (given_up.code, given_up.out) == (
        0,
        "jira\tunreadable-0123\trecord\tdiscarded\njira\td-1\tdelivery jira:issue_updated\tdiscarded\n",
    )
    said = [json.loads(line) for line in given_up.err.splitlines()]
    assert [(one["event"], one["id"], one["actor"], one["reason"]) for one in said] == [
        ("inbox.discarded", "unreadable-0123", "ana", "the file is gone"),
        ("inbox.discarded", "d-1", "ana", "the file is gone"),
    ]
    assert listed == Ended(0, "", "")
