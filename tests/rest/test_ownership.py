"""Who is responsible, over plain HTTP."""

from http import HTTPStatus
from typing import Any

import httpx
import pytest
from inline_snapshot import snapshot

from remit.domain.ids import node_id


async def told(client: httpx.AsyncClient, path: str, **asked: Any) -> Any:
    answer = await client.get(path, params=asked)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json"), answer.text
    return answer.json()


def outcomes(answer: Any) -> dict[str, str]:
    return {one["responsibility"]["key"]: one["outcome"] for one in answer["ownership"]}


CHECKOUT = {
    "id": node_id("Area", "checkout"), "key": "checkout", "name": "Checkout", "kind": "team", "stage": "SCALE_UP",
}  # fmt: skip
MANAGEMENT = {
    "id": node_id("Function", "product_management"), "key": "product_management", "name": "Product management",
}  # fmt: skip
ANA = {"__typename": "Person", "key": "ana", "name": "Ana"}


async def test_an_issue_tells_its_area_owner_and_age(open_api: httpx.AsyncClient) -> None:
    answer = await told(open_api, "/v1/issues/SHOP-1/ownership", responsibility="innovation")
    (ownership,) = answer.pop("ownership")
    assert answer == {"issueKey": "SHOP-1", "known": True, "currentKey": "SHOP-1", "area": CHECKOUT}
    assert (ownership["area"], ownership["responsibility"]["key"]) == (CHECKOUT, "innovation")
    assert (ownership["outcome"], ownership["lead"], ownership["accountable"]) == ("INHERITED", MANAGEMENT, ANA)
    assert ownership["holders"] == [
        {"owner": ANA, "function": MANAGEMENT, "letter": "ACCOUNTABLE", "delegatedFrom": None}
    ]
    assert ownership["freshness"].pop("modelVersion")
    assert ownership["freshness"] == {"dataAsOf": "2026-11-23T12:00:00Z", "lagSeconds": 0, "degraded": []}


async def test_an_issue_tells_why(open_api: httpx.AsyncClient) -> None:
    answer = await told(open_api, "/v1/issues/SHOP-1/ownership", responsibility="innovation")
    trace = answer["ownership"][0]["trace"]
    assert [(candidate["step"], candidate["layer"], candidate["verdict"]) for candidate in trace] == snapshot(
        [
            ("match", "selector", "CHOSEN"),
            ("match", "selector", "REJECTED"),
            ("split", "stage", "SKIPPED"),
            ("split", "catalogue", "CHOSEN"),
            ("holders", "ancestor", "CHOSEN"),
        ]
    )
    assert {candidate["recordedBy"] for candidate in trace if candidate["recordedAt"]} == {"test"}


async def test_an_area_tells_all_responsibilities_unless_some_are_named(open_api: httpx.AsyncClient) -> None:
    everything = await told(open_api, "/v1/areas/checkout/ownership")
    some = await told(open_api, "/v1/areas/checkout/ownership", responsibility=["leadership", "magic", "leadership"])
    assert everything["area"]["key"] == "checkout"
    assert len(everything["ownership"]) == 17
    assert outcomes(some) == {"leadership": "BLURRY", "magic": "UNKNOWN"}
    assert len(some["ownership"]) == 2


async def test_an_unknown_area_is_an_answer(open_api: httpx.AsyncClient) -> None:
    answer = await told(open_api, "/v1/areas/nowhere/ownership", responsibility="innovation")
    assert (answer["area"], outcomes(answer)) == (None, {"innovation": "UNKNOWN"})


@pytest.mark.parametrize(
    "key", ["NO-1", "SHOP-1%00", "%F0%9F%92%A5", "%27%20OR%201%3D1", "a%3Fb%23c", "%FF", "x" * 5000]
)
async def test_an_unknown_issue_is_an_answer(open_api: httpx.AsyncClient, key: str) -> None:
    answer = await told(open_api, f"/v1/issues/{key}/ownership", responsibility="innovation")
    assert (answer["known"], answer["area"], outcomes(answer)) == (False, None, {"innovation": "UNKNOWN"})


async def test_an_empty_responsibility_is_one_nobody_knows(open_api: httpx.AsyncClient) -> None:
    answer = await told(open_api, "/v1/issues/SHOP-1/ownership", responsibility="")
    assert outcomes(answer) == {"": "UNKNOWN"}
    assert answer["ownership"][0]["responsibility"]["id"] == node_id("Responsibility", "")


async def test_both_times_can_be_asked_about(open_api: httpx.AsyncClient) -> None:
    path = "/v1/areas/shop/ownership"
    believed_then = await told(open_api, path, responsibility="innovation", knownAt="2020-01-01T00:00:00Z")
    true_then = await told(open_api, path, responsibility="innovation", asOf="2020-01-01T02:00:00+02:00")
    assert (outcomes(believed_then), outcomes(true_then)) == ({"innovation": "UNKNOWN"}, {"innovation": "OWNED"})


@pytest.mark.parametrize(
    ("at", "detail"),
    [
        ("2026-11-23T12:00:00", "asOf needs an offset; write for example 2026-11-23T12:00:00Z"),
        ("2026-11-23", "asOf needs an offset; write for example 2026-11-23T12:00:00Z"),
        ("1700000000", "asOf is no instant; write for example 2026-11-23T12:00:00Z, with + as %2B"),
        ("", "asOf is no instant; write for example 2026-11-23T12:00:00Z, with + as %2B"),
        ("0001-01-01T00:00:00+14:00", "asOf is no instant; write for example 2026-11-23T12:00:00Z, with + as %2B"),
    ],
)
async def test_an_instant_without_an_offset_is_refused(open_api: httpx.AsyncClient, at: str, detail: str) -> None:
    answer = await open_api.get("/v1/issues/SHOP-1/ownership", params={"asOf": at})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json() == {
        "type": "about:blank", "title": HTTPStatus(422).phrase, "status": 422, "detail": detail, "code": "INVALID",
    }  # fmt: skip
