"""`POST /webhooks/{source}` over real HTTP: what is proved is kept before it is acknowledged, and nothing else is."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import chain

import httpx
import pytest
from structlog.testing import capture_logs

from remit.domain.arrivals import Arrival
from remit.domain.errors import Broken
from remit_integrations.gathering import Gathering
from remit_integrations.sources.drop import DropSettings, drop
from remit_integrations.webhooks import LARGEST_BODY_BYTES, Room
from support.delivering import a_body, a_jira, received, signed
from support.desks import JIRA, AClock
from support.memory_inbox import MemoryInbox

BODY = a_body()
PATH = "/webhooks/jira"


@pytest.fixture
def inbox() -> MemoryInbox:
    return MemoryInbox(AClock())


@pytest.fixture
async def door(inbox: MemoryInbox) -> AsyncIterator[httpx.AsyncClient]:
    async with received(inbox, a_jira()) as client:
        yield client


def ids(inbox: MemoryInbox) -> list[str]:
    return sorted(id_ for _, id_ in inbox.kept)


async def test_a_signed_delivery_is_kept_and_acknowledged_with_nothing(
    door: httpx.AsyncClient, inbox: MemoryInbox
) -> None:
    answer = await door.post(PATH, content=BODY, headers=signed(BODY))
    assert (answer.status_code, answer.content) == (204, b"")
    assert ids(inbox) == ["d-1"]
    assert inbox.kept[JIRA, "d-1"].waiting.hint.concerns == ("10001",)


async def test_one_that_is_repeated_is_acknowledged_and_kept_once(door: httpx.AsyncClient, inbox: MemoryInbox) -> None:
    answers = [await door.post(PATH, content=BODY, headers=signed(BODY)) for _ in range(3)]
    assert [one.status_code for one in answers] == [204] * 3
    assert ids(inbox) == ["d-1"]


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (BODY, {}, 401, "UNAUTHORIZED"),
        (BODY, signed(BODY, secret="another"), 401, "UNAUTHORIZED"),
        (BODY + b" ", signed(BODY), 401, "UNAUTHORIZED"),
        (b"no JSON", {}, 401, "UNAUTHORIZED"),
        (b"no JSON", signed(b"no JSON"), 400, "BAD_REQUEST"),
        (b"[1]", signed(b"[1]"), 400, "BAD_REQUEST"),
        (b"", signed(b""), 400, "BAD_REQUEST"),
        (b'{"a": "\xff"}', signed(b'{"a": "\xff"}'), 400, "BAD_REQUEST"),
        (b'{"a":' * 100_000, signed(b'{"a":' * 100_000), 400, "BAD_REQUEST"),
    ],
    ids=["unsigned", "another secret", "another body", "unsigned nonsense", "text", "a list", "empty", "bytes", "deep"],
)
async def test_what_is_not_proved_or_not_readable_is_a_problem_and_is_not_kept(
    door: httpx.AsyncClient, inbox: MemoryInbox, body: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    with capture_logs() as logs:
        answer = await door.post(PATH, content=body, headers=headers)
    told = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert (told["status"], told["code"], len(told["detail"]) > 20) == (status, code, True)
    assert ids(inbox) == []
    (refused,) = [one for one in logs if one["event"] == "inbox.refused"]
    assert (refused["source"], refused["status"], refused["reason"]) == ("jira", status, told["detail"])


async def test_what_nobody_knows_but_is_signed_is_kept(door: httpx.AsyncClient, inbox: MemoryInbox) -> None:
    body = b'{"webhookEvent": "what_nobody_knows"}'
    assert (await door.post(PATH, content=body, headers=signed(body))).status_code == 204
    assert inbox.kept[JIRA, "d-1"].waiting.hint.event == "what_nobody_knows"


async def test_a_source_that_is_not_configured_is_not_found(door: httpx.AsyncClient, inbox: MemoryInbox) -> None:
    answer = await door.post("/webhooks/forum", content=BODY, headers=signed(BODY))
    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")
    assert ids(inbox) == []


async def test_a_source_that_takes_no_deliveries_asks_for_no_secret(inbox: MemoryInbox) -> None:
    async with received(inbox, drop(DropSettings(directory="."))) as door:
        answer = await door.post("/webhooks/drop", content=BODY)
    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")
    assert answer.json()["detail"] == "no deliveries are taken for drop, which is read all the same; remove the webhook"


async def test_without_a_secret_everything_is_refused(inbox: MemoryInbox) -> None:
    async with received(inbox, a_jira(secret=None)) as door:
        answer = await door.post(PATH, content=BODY, headers=signed(BODY, secret=""))
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Signature")
    assert answer.json()["detail"] == "jira has no webhook secret here; set it and give the webhook the same"
    assert ids(inbox) == []


async def test_the_largest_body_is_taken(door: httpx.AsyncClient, inbox: MemoryInbox) -> None:
    body = a_body(text="")
    largest = a_body(text="x" * (LARGEST_BODY_BYTES - len(body)))
    assert len(largest) == LARGEST_BODY_BYTES
    assert (await door.post(PATH, content=largest, headers=signed(largest))).status_code == 204
    assert ids(inbox) == ["d-1"]


async def test_a_larger_one_is_refused_by_its_length(door: httpx.AsyncClient, inbox: MemoryInbox) -> None:
    body = b"x" * (LARGEST_BODY_BYTES + 1)
    answer = await door.post(PATH, content=body, headers=signed(body))
    assert (answer.status_code, answer.json()["code"]) == (413, HTTPStatus(413).name)
    assert ids(inbox) == []


async def test_a_larger_one_in_chunks_is_refused_as_soon_as_it_is_too_large(
    door: httpx.AsyncClient, inbox: MemoryInbox
) -> None:
    answer = await door.post(PATH, content=endless(), headers=signed(BODY))
    assert (answer.status_code, answer.json()["code"]) == (413, HTTPStatus(413).name)
    assert ids(inbox) == []
    assert (await door.post(PATH, content=BODY, headers=signed(BODY))).status_code == 204


async def endless() -> AsyncIterator[bytes]:
    """More than is read before it is refused; not so much that nobody would hear the answer."""
    chunk = b"x" * 1_000_000
    for _ in range(LARGEST_BODY_BYTES // len(chunk) + 2):
        yield chunk


async def test_a_length_that_is_a_lie_is_refused_unread(door: httpx.AsyncClient, inbox: MemoryInbox) -> None:
    headers = "\r\n".join(f"{name}: {value}" for name, value in signed(BODY).items())
    reader, writer = await asyncio.open_connection(door.base_url.host, door.base_url.port)
    writer.write(f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n{headers}\r\n\r\n".encode() + BODY)
    status = await reader.readline()
    writer.close()
    await writer.wait_closed()
    assert status.startswith(b"HTTP/1.1 413 ")
    assert ids(inbox) == []


async def test_a_sender_who_hangs_up_in_the_midst_leaves_nothing_behind(
    door: httpx.AsyncClient, inbox: MemoryInbox
) -> None:
    headers = "\r\n".join(f"{name}: {value}" for name, value in signed(BODY).items())
    with capture_logs() as logs:
        _, writer = await asyncio.open_connection(door.base_url.host, door.base_url.port)
        writer.write(f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n{headers}\r\n\r\n".encode() + BODY)
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        while not logs:  # noqa: ASYNC110 - no event tells that the server has noticed
            await asyncio.sleep(0.01)
    assert [(one["event"], one["status"]) for one in logs] == [("inbox.refused", 400)]
    assert ids(inbox) == []


async def test_too_much_at_once_is_to_be_sent_again(inbox: MemoryInbox) -> None:
    go = asyncio.Event()

    async def slow() -> AsyncIterator[bytes]:
        yield BODY[:20]
        await go.wait()
        yield BODY[20:]

    async with received(inbox, a_jira(), room=Room(most=30)) as door:
        with capture_logs() as logs:
            posts = [asyncio.create_task(door.post(PATH, content=slow(), headers=signed(BODY))) for _ in range(2)]
            while not logs:  # noqa: ASYNC110 - the client hears an answer only when it has sent everything
                await asyncio.sleep(0.01)
        go.set()
        answers = await asyncio.gather(*posts)
    assert {one.status_code for one in answers} == {503}
    assert {one.headers["retry-after"] for one in answers} == {"10"}
    assert ids(inbox) == []


async def test_room_is_given_back_however_a_delivery_ended(inbox: MemoryInbox) -> None:
    room = Room(most=len(BODY))
    async with received(inbox, a_jira(), room=room) as door:
        answers = [await door.post(PATH, content=BODY, headers=headers) for headers in ({}, signed(BODY), {})]
        more = await door.post(PATH, content=BODY + b" ")
    assert [one.status_code for one in (*answers, more)] == [401, 204, 401, 503]
    assert room.held == 0


@dataclass(slots=True)
class Halting:
    """An inbox whose transactions wait until they are let go, and fail as a test says."""

    go: asyncio.Event = field(default_factory=asyncio.Event)
    batches: list[list[str]] = field(default_factory=list)
    trouble: Exception | None = None

    async def put(self, arrivals: Sequence[Arrival]) -> int:
        self.batches.append([one.id for one in arrivals])
        await self.go.wait()
        if self.trouble is not None:
            raise self.trouble
        return len(arrivals)


async def posted(door: httpx.AsyncClient, id_: str) -> int:
    return (await door.post(PATH, content=BODY, headers=signed(BODY, id_))).status_code


async def test_deliveries_that_come_meanwhile_share_the_next_transaction() -> None:
    inbox = Halting()
    keeping = Gathering(inbox)  # type: ignore[arg-type]
    tasks = [asyncio.create_task(keeping.keep(an_arrival(str(n)))) for n in range(4)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    inbox.go.set()
    await asyncio.gather(*tasks)
    await keeping.keep(an_arrival("4"))
    assert [*chain(*inbox.batches)] == ["0", "1", "2", "3", "4"]
    assert len(inbox.batches) < 5


async def test_a_sender_who_hangs_up_does_not_undo_what_others_wait_for() -> None:
    inbox = Halting()
    keeping = Gathering(inbox)  # type: ignore[arg-type]
    first, second = (asyncio.create_task(keeping.keep(an_arrival(id_))) for id_ in ("a", "b"))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.wait([first])
    inbox.go.set()
    await second
    assert sorted(chain(*inbox.batches)) == ["a", "b"]


async def test_a_database_that_is_away_is_answered_so_that_the_sender_repeats() -> None:
    inbox = Halting(trouble=Broken("the database db.internal cannot be reached"))
    inbox.go.set()
    async with received(inbox, a_jira()) as door:  # type: ignore[arg-type]
        answer = await door.post(PATH, content=BODY, headers=signed(BODY))
        assert (answer.status_code, answer.json()["code"]) == (503, "BROKEN")
        assert "db.internal" not in answer.text
        inbox.trouble = None
        assert await posted(door, "d-2") == 204


async def test_what_nobody_foresaw_is_answered_too_and_those_who_come_after_are_served() -> None:
    inbox = Halting(trouble=ValueError("unforeseen"))
    keeping = Gathering(inbox)  # type: ignore[arg-type]
    first = asyncio.create_task(keeping.keep(an_arrival("a")))
    while not inbox.batches:  # noqa: ASYNC110 - until the transaction has begun
        await asyncio.sleep(0)
    second = asyncio.create_task(keeping.keep(an_arrival("b")))
    await asyncio.sleep(0)
    writing = keeping._writing
    inbox.go.set()
    outcomes = await asyncio.gather(first, second, return_exceptions=True)
    assert [str(one) for one in outcomes] == ["deliveries could not be kept; the log says more"] * 2
    assert writing is not None
    assert isinstance(writing.exception(), ValueError)
    inbox.trouble = None
    await asyncio.wait([keeping._writing] if keeping._writing is not None else [])
    assert keeping._writing is not None
    assert isinstance(keeping._writing.exception(), ValueError)
    await keeping.keep(an_arrival("c"))
    assert inbox.batches[-1] == ["c"]


def an_arrival(id_: str) -> Arrival:
    arrival = a_jira().read
    assert arrival is not None
    return arrival({name.lower(): told for name, told in signed(BODY, id_).items()}, BODY)
