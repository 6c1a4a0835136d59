"""Whoever subscribes hears of every change of who owns what, in order; over one protocol, with a token, and no more."""

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.requests import HTTPConnection

from remit.domain.changes import Change, EndRow, SetAssignment, SetPerson
from remit.domain.facts import FactKind
from remit.domain.viewer import STRANGER, Viewer
from remit.entrypoints.wiring import now
from remit.storage.models import PostgresModels
from remit.storage.outbox import PostgresOutbox
from remit.usecases.change_model import change_model
from remit.usecases.desk import Desk
from remit.usecases.follow_changes import Feed
from remit.usecases.follow_loads import LoadFeed
from remit.usecases.tell_changes import tell_next
from remit_graphql.router import graphql_router
from support.asking_http import client_of
from support.desks import a_desk
from support.sockets import Socket, a_socket

CHANGED = """
subscription Changed($under: String) {
  ownershipChanged(under: $under) {
    reason cellCount
    cells {
      area { key name } responsibility { key } lost { ... on Person { name } } gained { ... on Person { name } }
      before { outcome } after { outcome lead { key } accountable { ... on Person { key } } }
      informed { ... on Person { key } }
    }
  }
}
"""
BESIDES = """
subscription {
  ownershipChanged {
    cells { area { ownership(responsibilities: ["innovation"]) { accountable { ... on Person { key } } } } }
  }
}
"""
FROM_PAT = EndRow(kind=FactKind.ASSIGNMENT, key="checkout/innovation/product_management/pat")
OPENING = {"authorization": "Bearer right"}


class Watched(PostgresOutbox):
    """Tells when somebody has looked for the newest event, from which on he follows."""

    def __init__(self, engine: AsyncEngine) -> None:
        super().__init__(engine)
        self.looked = asyncio.Event()

    async def newest(self) -> int:
        found = await super().newest()
        self.looked.set()
        return found


@dataclass
class Live:
    """A graph with a socket, and a worker that tells what was changed."""

    app: FastAPI
    desk: Desk
    outbox: Watched
    revoked: bool = False

    async def changed(self, change: Change, reason: str = "a test") -> None:
        await change_model(self.desk, [change], actor="ana", reason=reason)
        while await tell_next(self.desk, self.outbox):
            pass

    async def admit(self, connection: HTTPConnection, parameters: object) -> Viewer | None:
        return STRANGER if parameters == OPENING and not self.revoked else None


@pytest.fixture
async def live(engine: AsyncEngine) -> Live:
    desk, outbox = await a_desk(models=PostgresModels(engine), clock=now), Watched(engine)
    while await tell_next(desk, outbox):
        pass
    told = Live(FastAPI(), desk, outbox)
    feed, load_feed = Feed(outbox, every_s=0.01), LoadFeed(desk)
    told.app.include_router(
        graphql_router(lambda: desk, feed=lambda: feed, load_feed=lambda: load_feed, admit=told.admit)
    )
    return told


def to(owner: str, area: str = "checkout") -> Change:
    return SetAssignment(area=area, responsibility="innovation", function="product_management", owner=owner)


async def opened(socket: Socket) -> None:
    assert (await socket.heard())["type"] == "websocket.accept"
    await socket.opened(**OPENING)


async def following(socket: Socket, live: Live, **variables: Any) -> None:
    """Opened and subscribed: hears of whatever is changed from now on."""
    await opened(socket)
    await socket.subscribe(CHANGED, **variables)
    await live.outbox.looked.wait()


def owners(message: Any) -> list[tuple[str, str | None, str | None]]:
    cells = message["payload"]["data"]["ownershipChanged"]["cells"]
    names = [(cell["area"]["key"], cell["lost"], cell["gained"]) for cell in cells]
    return [(area, lost and lost["name"], gained and gained["name"]) for area, lost, gained in names]


async def test_a_change_is_heard_with_who_lost_who_gained_and_who_is_informed(live: Live) -> None:
    async with a_socket(live.app) as socket:
        await following(socket, live)
        await live.changed(to("pat"), "Ana is away")
        assert await socket.heard() == {
            "id": "1",
            "type": "next",
            "payload": {
                "data": {
                    "ownershipChanged": {
                        "reason": "Ana is away",
                        "cellCount": 1,
                        "cells": [
                            {
                                "area": {"key": "checkout", "name": "Checkout"},
                                "responsibility": {"key": "innovation"},
                                "lost": {"name": "Ana"},
                                "gained": {"name": "Pat"},
                                "before": {"outcome": "INHERITED"},
                                "after": {
                                    "outcome": "OWNED",
                                    "lead": {"key": "product_management"},
                                    "accountable": {"key": "pat"},
                                },
                                "informed": [{"key": "ana"}, {"key": "pat"}],
                            }
                        ],
                    }
                }
            },
        }


async def test_each_change_is_heard_in_order(live: Live) -> None:
    async with a_socket(live.app) as socket:
        await following(socket, live)
        await live.changed(to("pat"))
        await live.changed(SetPerson(key="ana", name="Anastasia"))
        await live.changed(FROM_PAT)
        heard = [owners(await socket.heard()) for _ in range(2)]
    assert heard == [[("checkout", "Ana", "Pat")], [("checkout", "Pat", "Anastasia")]]


async def test_what_is_asked_besides_is_answered_anew_with_every_change(live: Live) -> None:
    async with a_socket(live.app) as socket:
        await opened(socket)
        await socket.subscribe(BESIDES)
        await live.outbox.looked.wait()
        heard = []
        for change in (to("pat"), FROM_PAT):
            await live.changed(change)
            (cell,) = (await socket.heard())["payload"]["data"]["ownershipChanged"]["cells"]
            heard += [one["accountable"]["key"] for one in cell["area"]["ownership"]]
    assert heard == ["pat", "ana"]


async def test_whoever_follows_an_area_hears_of_it_and_of_those_below_alone(live: Live) -> None:
    async with a_socket(live.app) as socket:
        await following(socket, live, under="checkout")
        await live.changed(to("pat", "acme"))
        await live.changed(to("pat", "shop"))
        assert owners(await socket.heard()) == [("checkout", "Ana", "Pat")]


async def test_an_area_that_is_not_there_is_refused_and_the_socket_stays(live: Live) -> None:
    async with a_socket(live.app) as socket:
        await opened(socket)
        await socket.subscribe(CHANGED, under="moon")
        told = await socket.heard()
        await socket.send(type="ping")
        assert await socket.heard() in ({"type": "pong"}, {"type": "complete", "id": "1"})
    errors = told["payload"] if told["type"] == "error" else told["payload"]["errors"]
    assert [(one["message"], one["extensions"]["code"]) for one in errors] == [
        ("there is no area 'moon' now", "NOT_FOUND")
    ]


@pytest.mark.parametrize("parameters", [{}, {"authorization": "Bearer wrong"}, {"token": "right"}])
async def test_without_a_token_that_opens_the_socket_is_closed(live: Live, parameters: dict[str, str]) -> None:
    async with a_socket(live.app) as socket:
        await socket.heard()
        await socket.send(type="connection_init", payload=parameters)
        ended = await socket.heard()
    assert (ended["type"], ended["code"]) == ("websocket.close", 4403)


async def test_nothing_can_be_subscribed_to_before_the_token_was_told(live: Live) -> None:
    async with a_socket(live.app) as socket:
        await socket.heard()
        await socket.subscribe(CHANGED)
        ended = await socket.heard()
    assert (ended["type"], ended["code"]) == ("websocket.close", 4401)


async def test_a_token_that_was_revoked_hears_no_more(live: Live) -> None:
    async with a_socket(live.app) as socket:
        await following(socket, live)
        live.revoked = True
        await live.changed(to("pat"))
        assert await socket.heard() == {"id": "1", "type": "complete"}


async def test_the_older_protocol_is_not_spoken(live: Live) -> None:
    async with a_socket(live.app, protocols=("graphql-ws",)) as socket:
        assert (await socket.heard())["subprotocol"] is None
        ended = await socket.heard()
    assert (ended["type"], ended["code"]) == ("websocket.close", 4406)


async def test_a_page_of_another_site_is_refused(live: Live) -> None:
    async with a_socket(live.app, headers={"Origin": "https://elsewhere.example"}) as socket:
        assert (await socket.heard())["type"] == "websocket.close"


@pytest.mark.parametrize("document", ["{ __typename }", "mutation { __typename }"])
async def test_questions_and_changes_are_not_for_sockets(live: Live, document: str) -> None:
    async with a_socket(live.app) as socket:
        await opened(socket)
        await socket.subscribe(document)
        told = await socket.heard()
    assert (told["type"], [one["message"] for one in told["payload"]]) == (
        "error",
        ["a socket is for subscriptions; ask questions and make changes over HTTP"],
    )


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ("subscription {", "Syntax Error"),
        ("subscription { nothing }", "Cannot query field"),
        ("subscription { ownershipChanged { cells { area { ownership { trace { step message scope layer reason verdict } holders { letter } } } } } }", "may cost"),  # noqa: E501
    ],
)  # fmt: skip
async def test_a_document_that_is_wrong_or_dear_is_refused_and_the_socket_stays(
    live: Live, document: str, words: str
) -> None:
    async with a_socket(live.app) as socket:
        await opened(socket)
        await socket.subscribe(document)
        told = await socket.heard()
        await socket.send(type="ping")
        assert await socket.heard() == {"type": "pong"}
    assert (told["type"], words in told["payload"][0]["message"]) == ("error", True)


@pytest.mark.parametrize("text", ["[]", "7", '{"type": 1}', '{"type": "subscribe", "id": [], "payload": {}}',
    '{"type": "subscribe", "id": "1", "payload": "x"}', '{"type": "complete"}', "{"])  # fmt: skip
async def test_a_message_of_another_form_ends_the_socket_in_order(live: Live, text: str) -> None:
    async with a_socket(live.app) as socket:
        await opened(socket)
        await socket.send_text(text)
        ended = await socket.heard()
    assert (ended["type"], ended["code"]) == ("websocket.close", 4400)


async def test_a_subscription_that_comes_as_a_request_is_told_where_to_go(live: Live) -> None:
    async with client_of(live.app) as client:
        told = await client.post("/graphql", json={"query": CHANGED})
    assert [one["message"] for one in told.json()["errors"]] == [
        "subscribe over a WebSocket in the protocol graphql-transport-ws, on the same path"
    ]
