"""Whoever subscribes to load hears whose is another, over a real socket: what it was, what it is, and by what."""

from dataclasses import dataclass
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import HTTPConnection

from remit.domain.changes import EndRow, SetAssignment, SetPerson
from remit.domain.errors import Broken
from remit.domain.facts import FactKind
from remit.domain.viewer import STRANGER, Viewer
from remit.storage.outbox import PostgresOutbox
from remit.usecases.change_model import change_model
from remit.usecases.follow_changes import Feed
from remit.usecases.follow_loads import LoadFeed
from remit_graphql.router import graphql_router
from remit_graphql.subscription_load import MOST_SHIFTS
from support.following import MODEL, Followed, followed
from support.sockets import Socket, a_socket

CHANGED = """
subscription Changed($under: String) {
  loadChanged(under: $under) {
    since at shiftCount
    shifts {
      person { key }
      before { verdict demandHours capacityHours utilisation operationalShare }
      load { person { name } verdict demandHours capacityHours utilisation operationalShare
             contributions { area { key } responsibility { key } demandHours drivers { name value } }
             freshness { degraded } }
    }
  }
}
"""
BRIEFLY = "subscription($under: String) { loadChanged(under: $under) { shiftCount shifts { person { key } load { verdict } } } }"  # noqa: E501


@dataclass
class Live:
    """A graph with a socket over a desk whose looks are counted."""

    app: FastAPI
    here: Followed
    is_revoked: bool = False

    async def admit(self, connection: HTTPConnection, parameters: object) -> Viewer | None:
        return STRANGER if not self.is_revoked else None


async def a_live_graph(engine: AsyncEngine, model: str = MODEL) -> Live:
    here = await followed(model)
    told = Live(FastAPI(), here)
    feed, load_feed = Feed(PostgresOutbox(engine)), LoadFeed(here.desk, every_s=0.005)
    told.app.include_router(
        graphql_router(lambda: here.desk, feed=lambda: feed, load_feed=lambda: load_feed, admit=told.admit)
    )
    return told


@pytest.fixture
async def live(engine: AsyncEngine) -> Live:
    return await a_live_graph(engine)


async def following(socket: Socket, live: Live, query: str = BRIEFLY, **variables: Any) -> None:
    """Opened, subscribed, and had the first look."""
    await opened(socket)
    await socket.subscribe(query, **variables)
    await live.here.mirror.looked(3)  # one for the area that is named, one to begin with, and another


async def opened(socket: Socket) -> None:
    assert (await socket.heard())["type"] == "websocket.accept"
    await socket.opened()


async def heard(socket: Socket) -> Any:
    message = await socket.heard()
    assert "errors" not in message["payload"], message
    return message["payload"]["data"]["loadChanged"]


def people(told: Any) -> list[str]:
    return [one["person"]["key"] for one in told["shifts"]]


async def test_a_record_is_heard_of_whom_it_gives_work_with_what_it_was_and_what_it_is_and_by_what(live: Live) -> None:
    async with a_socket(live.app) as socket:
        await following(socket, live, CHANGED)
        live.here.clock.goes_on(seconds=30)
        await live.here.came(100)
        told = await heard(socket)
    (shift,) = told.pop("shifts")
    assert told == {"since": "2026-11-23T12:00:00Z", "at": "2026-11-23T12:00:30Z", "shiftCount": 1}
    before, load = shift["before"], shift["load"]
    assert (shift["person"], load["person"]) == ({"key": "pat"}, {"name": "Pat"})
    assert (before["verdict"], load["verdict"]) == ("OK", "WATCH")
    assert (before["capacityHours"], load["capacityHours"]) == (10.0, 10.0)
    assert before["utilisation"] == before["demandHours"] / 10 < load["utilisation"] == load["demandHours"] / 10
    assert before["operationalShare"] < load["operationalShare"]
    assert sum(one["demandHours"] for one in load["contributions"]) == load["demandHours"]
    arrivals = [one["value"] for row in load["contributions"] for one in row["drivers"] if one["name"] == "arrivals"]
    assert set(arrivals) == {140.0}
    assert load["freshness"] == {"degraded": []}


async def test_whoever_follows_an_area_hears_of_those_with_a_part_in_it_alone(live: Live) -> None:
    async with a_socket(live.app) as socket:
        await following(socket, live, under="shop")
        await live.here.came(project="BILL", component="Any")
        await live.here.mirror.looked(3)
        await live.here.came()
        assert people(await heard(socket)) == ["pat"]


async def test_a_change_of_the_model_is_heard_and_somebody_who_is_no_more_has_no_load(live: Live) -> None:
    async with a_socket(live.app) as socket:
        await following(socket, live, CHANGED)
        await change_model(live.here.desk, [SetPerson(key="kim", name="Kim")], actor="ana", reason="a test")
        (new,) = (await heard(socket))["shifts"]
        live.here.clock.goes_on(seconds=1)
        gone = EndRow(kind=FactKind.PERSON, key="kim")
        to_ana = SetAssignment(area="checkout", responsibility="all", function="product_operations", owner="ana")
        await change_model(live.here.desk, [gone, to_ana], actor="ana", reason="a test")
        told = await heard(socket)
    assert (new["person"]["key"], new["before"], new["load"]["demandHours"]) == ("kim", None, 0.0)
    assert {one["person"]["key"]: one["load"] is None for one in told["shifts"]} == {
        "kim": True, "ana": False, "pat": False,
    }  # fmt: skip


async def test_everybody_is_heard_of_in_as_many_messages_as_it_takes(engine: AsyncEngine) -> None:
    crowd = "".join(f"  - {{key: p{number:03}, name: P, capacity_hours: 8}}\n" for number in range(MOST_SHIFTS))
    live = await a_live_graph(engine, MODEL.replace("areas:\n", f"{crowd}areas:\n", 1))
    async with a_socket(live.app) as socket:
        await following(socket, live)
        live.here.clock.goes_on(minutes=16)  # the source falls behind, and nothing is known of anybody
        first, second = await heard(socket), await heard(socket)
    assert [told["shiftCount"] for told in (first, second)] == [MOST_SHIFTS + 2] * 2
    assert [len(told["shifts"]) for told in (first, second)] == [MOST_SHIFTS, 2]
    assert {one["load"]["verdict"] for told in (first, second) for one in told["shifts"]} == {"UNKNOWN"}
    assert len({*people(first), *people(second)}) == MOST_SHIFTS + 2


async def test_an_area_that_is_not_there_is_refused_in_a_sentence_and_the_socket_stays(live: Live) -> None:
    async with a_socket(live.app) as socket:
        await opened(socket)
        await socket.subscribe(BRIEFLY, under="moon")
        told = await socket.heard()
        await socket.send(type="ping")
        assert await socket.heard() in ({"type": "pong"}, {"type": "complete", "id": "1"})
    errors = told["payload"] if told["type"] == "error" else told["payload"]["errors"]
    assert [(one["message"], one["extensions"]["code"]) for one in errors] == [
        ("there is no area 'moon' now", "NOT_FOUND")
    ]


async def test_a_token_that_was_revoked_hears_no_more(live: Live) -> None:
    async with a_socket(live.app) as socket:
        await following(socket, live)
        live.is_revoked = True
        await live.here.came()
        assert await socket.heard() == {"id": "1", "type": "complete"}


async def test_trouble_ends_a_subscription_with_a_sentence(live: Live) -> None:
    async with a_socket(live.app) as socket:
        await following(socket, live)
        live.here.mirror.trouble = Broken("the database does not answer")
        told = await socket.heard()
    errors = told["payload"] if told["type"] == "error" else told["payload"]["errors"]
    assert [(one["message"], one["extensions"]["code"]) for one in errors] == [
        ("Remit cannot answer now; its log and /readyz say why", "BROKEN")
    ]


async def test_subscriptions_of_several_sockets_share_each_look(live: Live) -> None:
    before = live.here.evidence.evaluations
    async with a_socket(live.app) as one, a_socket(live.app) as other:
        await following(one, live)
        await following(other, live, under="checkout")
        assert live.here.evidence.evaluations == before + 1
        await live.here.came()
        assert people(await heard(one)) == people(await heard(other)) == ["pat"]
