"""The stand-in sends webhooks as the vendor does: signed, at least once, in any order; it knows what became of each."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import Any

import orjson
import pytest

from remit_integrations.jira.deliveries import hint
from remit_integrations.standins.jira.proofs import signature
from remit_integrations.standins.jira.sender import NO_ANSWER, TRIES, Sender, Sent
from remit_integrations.standins.jira.site import Flavour, Site
from remit_integrations.standins.jira.words import fields
from support.desks import NOW, AClock
from support.jira_receiver import receiving
from support.jira_site import a_record, a_site, many

SECRET = "s3cret"
PAY = {"id": "77", "key": "PAY", "name": "Pay"}


def test_the_signature_is_that_of_the_published_example() -> None:
    assert signature("It's a Secret to Everybody", b"Hello World!") == (
        "sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"
    )


def a_sender(site: Site, url: str, seed: int = 7) -> Sender:
    return Sender(site, url, SECRET, chance=Random(seed), at_once=1)


async def test_a_delivery_is_signed_over_its_bytes_and_names_itself() -> None:
    site = a_site(a_record(1))
    async with receiving() as receiver:
        sender = a_sender(site, receiver.url)
        site.edit("10001", summary="New")
        await sender.deliver()
    (came,) = receiver.came
    (sent,) = sender.ledger.values()
    assert (came.signed_with(SECRET), came.signed_with("another"), came.id) == (True, False, sent.id)
    told = {name: value for name, value in came.headers.items() if name.startswith("x-atlassian-webhook-")}
    assert told == {
        "x-atlassian-webhook-identifier": sent.id,
        "x-atlassian-webhook-flow": "Primary",
        "x-atlassian-webhook-timestamp": str(round(NOW.timestamp() * 1000)),
    }
    assert (sent.statuses, sent.acknowledged, sender.waiting) == ([204], True, [])


def create(site: Site) -> None:
    site.create(a_record(2))


def edit(site: Site) -> None:
    site.edit("10001", **fields({"status": "Done"}, NOW))


def assign(site: Site) -> None:
    site.edit("10001", **fields({"assignee": "Ana"}, NOW))


def comment(site: Site) -> None:
    site.comment("10001", "Yes")


def move(site: Site) -> None:
    site.move("10001", "PAY-1", PAY)


def delete(site: Site) -> None:
    site.delete("10001")


@pytest.mark.parametrize(
    ("happens", "event", "type_", "key", "changed"),
    [
        (create, "jira:issue_created", "issue_created", "SHOP-2", ["summary", "project", "issuetype", "status"]),
        (edit, "jira:issue_updated", "issue_generic", "SHOP-1", ["status", "resolution"]),
        (assign, "jira:issue_updated", "issue_assigned", "SHOP-1", ["assignee"]),
        (move, "jira:issue_updated", "issue_moved", "PAY-1", ["project", "Key"]),
        (delete, "jira:issue_deleted", None, "SHOP-1", None),
    ],
)
async def test_what_happens_is_told_in_the_recorded_shape(
    happens: Callable[[Site], None], event: str, type_: str | None, key: str, changed: list[str] | None
) -> None:
    site = a_site(a_record(1, description="Wiki *text*", assignee=None))
    async with receiving() as receiver:
        sender = a_sender(site, receiver.url)
        happens(site)
        await sender.deliver()
    (came,) = receiver.came
    told = came.told
    assert (told["webhookEvent"], told.get("issue_event_type_name"), told["issue"]["key"]) == (event, type_, key)
    assert told["timestamp"] == round(NOW.timestamp() * 1000)
    assert "accountId" in told["user"]
    items = told["changelog"]["items"] if "changelog" in told else None
    assert (items and [item["field"] for item in items]) == changed
    assert "/rest/api/2/issue/" in told["issue"]["self"]


async def test_texts_in_a_body_are_wiki_text_as_in_the_second_version_of_the_api() -> None:
    site = a_site(a_record(1, description="Wiki *text*"))
    async with receiving() as receiver:
        sender = a_sender(site, receiver.url)
        site.edit("10001", summary="New")
        await sender.deliver()
    assert receiver.came[0].told["issue"]["fields"]["description"] == "Wiki *text*"


async def test_a_comment_tells_little_of_its_issue_and_on_a_data_center_nothing() -> None:
    told: dict[Flavour, dict[str, Any]] = {}
    for flavour in Flavour:
        site = a_site(a_record(1), flavour=flavour)
        async with receiving() as receiver:
            sender = a_sender(site, receiver.url)
            site.comment("10001", "Yes")
            await sender.deliver()
        told[flavour] = receiver.came[0].told
    cloud, datacenter = told[Flavour.CLOUD], told[Flavour.DATACENTER]
    assert (set(cloud), set(datacenter)) == (
        {"timestamp", "webhookEvent", "comment", "issue"},
        {"timestamp", "webhookEvent", "comment", "user"},
    )
    assert set(cloud["issue"]["fields"]) == {"summary", "issuetype", "project", "status"}
    assert (cloud["comment"]["body"], datacenter["comment"]["author"]["key"]) == ("Yes", "JIRAUSER10100")


@pytest.mark.parametrize("flavour", Flavour)
async def test_every_body_tells_a_reader_which_issue_it_is_about(flavour: Flavour) -> None:
    site = a_site(a_record(1), flavour=flavour)
    sender = a_sender(site, "http://127.0.0.1:9/")
    for happens in (create, edit, assign, comment, move, delete):
        happens(site)
    told = [hint(sent.body) for sent in sender.ledger.values()]
    assert [(one.event, one.concerns, one.deleted) for one in told] == [
        ("jira:issue_created", ("10002",), ()),
        ("jira:issue_updated", ("10001",), ()),
        ("jira:issue_updated", ("10001",), ()),
        ("comment_created", ("10001",), ()),
        ("jira:issue_updated", ("10001",), ()),
        ("jira:issue_deleted", ("10001",), ("10001",)),
    ]


async def test_a_data_centers_changes_name_no_field_ids() -> None:
    site = a_site(a_record(1), flavour=Flavour.DATACENTER)
    async with receiving() as receiver:
        sender = a_sender(site, receiver.url)
        site.edit("10001", summary="New")
        await sender.deliver()
    told = receiver.came[0].told
    assert ["fieldId" in item for item in told["changelog"]["items"]] == [False]
    assert ("accountId" in told["user"], told["user"]["name"]) == (False, "casey")


async def test_hiding_is_told_to_nobody() -> None:
    site = a_site(a_record(1))
    sender = a_sender(site, "http://127.0.0.1:9/")
    site.hide("10001")
    assert sender.ledger == {}


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 503])
async def test_a_failed_delivery_comes_again_later_under_the_same_name(status: int) -> None:
    clock = AClock()
    site = a_site(a_record(1), clock=clock)
    async with receiving(status) as receiver:
        sender = a_sender(site, receiver.url)
        site.edit("10001", summary="New")
        await sender.deliver()
        await sender.deliver()
        assert len(receiver.came) == 1
        (sent,) = sender.waiting
        assert timedelta(minutes=5) <= sent.due - clock() <= timedelta(minutes=15)
        clock.now = sent.due
        await sender.deliver()
    first, second = receiver.came
    assert (second.id, second.body) == (first.id, first.body)
    assert (second.headers["x-atlassian-webhook-retry"], second.headers["x-atlassian-webhook-flow"]) == (
        "1",
        "Secondary",
    )
    assert (sent.statuses, sent.acknowledged) == ([status, 204], True)


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 413])
async def test_any_other_refusal_loses_the_delivery(status: int) -> None:
    site = a_site(a_record(1))
    async with receiving(status) as receiver:
        sender = a_sender(site, receiver.url)
        site.edit("10001", summary="New")
        await sender.deliver_all()
    (sent,) = sender.ledger.values()
    assert (sent.statuses, sent.acknowledged, sent.waits) == ([status], False, False)


async def test_a_delivery_that_is_never_taken_is_given_up_after_five_more() -> None:
    site = a_site(a_record(1))
    async with receiving(*[503] * 10) as receiver:
        sender = a_sender(site, receiver.url)
        site.edit("10001", summary="New")
        await sender.deliver_all(pause_s=0.001)
    (sent,) = sender.ledger.values()
    assert (sent.statuses, sent.acknowledged, len(receiver.came)) == ([503] * TRIES, False, 6)


async def test_a_receiver_that_is_away_gets_it_when_it_is_back() -> None:
    site = a_site(a_record(1))
    async with receiving() as gone:
        sender = a_sender(site, gone.url)
    site.edit("10001", summary="New")
    await sender.deliver()
    (sent,) = sender.waiting
    assert sent.statuses == [NO_ANSWER]
    async with receiving() as receiver:
        sent.url = receiver.url
        await sender.deliver_all()
    assert (sent.statuses, [one.id for one in receiver.came]) == ([NO_ANSWER, 204], [sent.id])


async def ten(seed: int = 7, **how: Any) -> tuple[list[str], Sender]:
    """The keys as they came of ten edits delivered in one round."""
    site = a_site(*many(10))
    async with receiving() as receiver:
        sender = a_sender(site, receiver.url, seed)
        for number in range(1, 11):
            site.edit(str(10_000 + number), summary="New")
        await sender.deliver(**how)
    return receiver.keys(), sender


IN_ORDER = [f"SHOP-{number}" for number in range(1, 11)]


async def test_deliveries_come_in_order_once_unless_something_goes_wrong() -> None:
    assert (await ten())[0] == IN_ORDER


async def test_deliveries_may_be_shuffled() -> None:
    came, sender = await ten(shuffled=True)
    assert (sorted(came) == sorted(IN_ORDER), came != IN_ORDER, sender.waiting) == (True, True, [])


async def test_deliveries_may_come_twice_under_one_name() -> None:
    came, sender = await ten(twice=1.0)
    assert came == [key for key in IN_ORDER for _ in range(2)]
    assert [sent.statuses for sent in sender.ledger.values()] == [[204, 204]] * 10


async def test_deliveries_may_be_lost_on_the_way_and_the_ledger_knows_which() -> None:
    came, sender = await ten(drops=0.5)
    lost = [key_of(sent) for sent in sender.ledger.values() if sent.dropped]
    assert (sorted(came + lost), 0 < len(lost) < 10, sender.waiting) == (sorted(IN_ORDER), True, [])


async def test_deliveries_may_stay_behind_for_a_later_round() -> None:
    came, sender = await ten(late=0.5)
    behind = [key_of(sent) for sent in sender.waiting]
    assert (sorted(came + behind), 0 < len(behind) < 10) == (sorted(IN_ORDER), True)


async def test_the_same_chance_makes_the_same_trouble() -> None:
    how = {"shuffled": True, "drops": 0.3, "twice": 0.3, "late": 0.3}
    (first, one), (again, other), (another, _) = await ten(1, **how), await ten(1, **how), await ten(2, **how)
    assert (first, list(one.ledger)) == (again, list(other.ledger))
    assert first != another


def key_of(sent: Sent) -> str:
    """The issue a delivery tells of."""
    key: str = orjson.loads(sent.body)["issue"]["key"]
    return key
