"""What subscribers are sent is what docs/events.md shows, and never more than a thousand cells."""

import json
from dataclasses import replace

import orjson
import pytest

from remit.domain.changes import Change, SetAssignment, SetPerson
from remit.domain.events import ChangeEvent, Delivery, Shift, Subscriber, rows_touched
from remit.domain.ids import AreaKey, ResponsibilityKey
from remit.usecases.change_model import change_model
from remit.usecases.tell_changes import consequence_of
from remit_integrations.event_payload import MOST_CELLS, body_of
from support.desks import NOW, AClock, a_desk
from support.repository import fenced

NEW_OWNER = SetAssignment(area="checkout", responsibility="innovation", function="product_management", owner="pat")
NEW_NAME = SetPerson(key="pat", name="Patricia")
ALL = Subscriber("chat", "https://hooks.example/", "whsec_AAAA")


async def a_delivery(change: Change, reason: str) -> Delivery:
    """Of a change made a day after the model was there."""
    clock = AClock()
    desk = await a_desk(clock=clock)
    clock.goes_on(days=1)
    before = set(await desk.models.facts(await desk.models.head()))
    head = (await change_model(desk, [change], actor="ana", reason=reason)).head
    after = set(await desk.models.facts(head))
    event = ChangeEvent(head.id, clock.now, "ana", reason, rows_touched(before - after, after - before))
    return Delivery(ALL, "msg_1", 0, event, await consequence_of(desk, event))


def documented(kind: str) -> object:
    (example,) = (
        told
        for name, text in fenced("json")
        if name == "docs/events.md"
        for told in (json.loads(text),)
        if told["type"] == kind
    )
    return example


@pytest.mark.parametrize(
    ("kind", "change", "reason"),
    [("ownership.changed", NEW_OWNER, "Ana is away for good"), ("model.changed", NEW_NAME, "a full name")],
)
async def test_the_documented_example_is_what_is_sent(kind: str, change: Change, reason: str) -> None:
    assert orjson.loads(body_of(await a_delivery(change, reason))) == documented(kind)


def large(areas: int) -> Delivery:
    shifts = tuple(
        Shift(
            AreaKey(f"a{number}"), ResponsibilityKey("innovation"), (AreaKey(f"a{number}"), AreaKey("acme")), None, None
        )
        for number in range(areas)
    )
    return Delivery(ALL, "msg_1", 0, ChangeEvent(1, NOW, "ana", "", ()), shifts)


def test_a_change_of_very_many_cells_lists_the_first_and_counts_them_all() -> None:
    data = orjson.loads(body_of(large(MOST_CELLS + 1)))["data"]
    assert (len(data["cells"]), data["cellCount"]) == (MOST_CELLS, MOST_CELLS + 1)


def test_a_subscriber_to_an_area_gets_its_cells_however_many_there_are_elsewhere() -> None:
    last = Subscriber("one", "https://hooks.example/", "whsec_AAAA", AreaKey(f"a{MOST_CELLS + 5}"))
    data = orjson.loads(body_of(replace(large(MOST_CELLS + 9), subscriber=last)))["data"]
    assert ([cell["area"] for cell in data["cells"]], data["cellCount"]) == ([last.area], 1)


def test_neither_secret_nor_address_is_in_the_words_for_a_subscriber() -> None:
    assert repr(large(1).subscriber) == "Subscriber('chat')"
