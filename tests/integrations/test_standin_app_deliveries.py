"""The stand-in sends an app the deliveries it registered for, each with a token that the app's secret has signed."""

import base64
import hmac
from datetime import timedelta
from hashlib import sha256
from random import Random
from typing import Any

import orjson

from remit_integrations.standins.jira.registered import Registered
from remit_integrations.standins.jira.sender import Sender
from remit_integrations.standins.jira.words import fields
from support.desks import NOW, AClock
from support.jira_receiver import receiving
from support.jira_site import a_record, a_site


async def test_an_apps_webhook_gets_what_it_registered_for_with_a_token_of_the_apps_secret() -> None:
    clock = AClock()
    site = a_site(a_record(1), a_record(1, "PAY") | {"id": "20001"}, clock=clock)
    async with receiving() as receiver:
        sender = Sender(site, client_id="app", client_secret="app secret", chance=Random(1), at_once=1)
        until = NOW + timedelta(days=30)
        updates = ("jira:issue_updated",)
        site.registrations = {
            1: Registered(1, receiver.url, updates, "project = SHOP", until),
            2: Registered(2, receiver.url, updates, "project in (SHOP, PAY)", until, field_ids=("status",)),
            3: Registered(3, receiver.url, updates, "project = SHOP", NOW),
        }
        site.edit("10001", summary="New")
        site.edit("10001", **fields({"status": "Done"}, NOW))
        site.edit("20001", summary="New")
        site.delete("10001")
        await sender.deliver()
        clock.goes_on(days=30)
        site.edit("20001", **fields({"status": "Done"}, NOW))
    assert [one.told["matchedWebhookIds"] for one in receiver.came] == [[1], [1, 2]]
    assert sender.waiting == []
    came = receiver.came[0]
    scheme, _, token = came.headers["authorization"].partition(" ")
    head, claims, proof = token.split(".")
    signed = hmac.new(b"app secret", f"{head}.{claims}".encode(), sha256).digest()
    assert (scheme, part(head), decoded(proof)) == ("Bearer", {"alg": "HS256", "typ": "JWT"}, signed)
    told = part(claims)
    assert (told["iss"], told["iat"], told["exp"] > told["iat"]) == ("app", round(NOW.timestamp()), True)
    assert "x-hub-signature" not in came.headers


def decoded(told: str) -> bytes:
    return base64.urlsafe_b64decode(told + "=" * (-len(told) % 4))


def part(told: str) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(decoded(told))
    return found
