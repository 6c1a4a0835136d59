"""Advice over GraphQL: asked, accepted, dismissed; what is refused is data."""

from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from remit.domain.advice import Dismissal, move_key
from remit.domain.ids import AreaKey, FunctionKey, OwnerKey, ResponsibilityKey
from remit.domain.viewer import Scope, Viewer
from remit_graphql.kit.limits import MOST_WINDOWS
from support.advised import an_advised_desk
from support.asking_http import ask, asking, refusal

WRITER = Viewer("writer", Scope.WRITE)
ADVICE = """query($under: String, $person: String, $first: Int) {
  advice(under: $under, person: $person, first: $first) { totalCount doubt edges { node {
    id area { key } responsibility { key } leadBefore { key } leadAfter { key } owner { key } changes reliefHours
    message expires
    effects { person { key } hoursBefore hoursAfter capacityHours verdictBefore verdictAfter } } } } }"""
ACCEPT = """mutation($id: ID!, $dryRun: Boolean! = false, $key: String) {
  acceptAdvice(id: $id, dryRun: $dryRun, idempotencyKey: $key) {
    changed repeated plan rows { key } errors { code } } }"""
DISMISS = """mutation($id: ID!, $until: DateTime!, $key: String) {
  dismissAdvice(id: $id, until: $until, reason: "not now", idempotencyKey: $key) {
    dismissed repeated until errors { code } } }"""
DISMISSED = """{ dismissedAdvice { totalCount edges { node {
  id area { key } responsibility { key } leadAfter { key } owner { key } until reason actor } } } }"""
RESTORE = "mutation($id: ID!) { restoreAdvice(id: $id) { restored errors { code message } } }"


async def proposals(client: httpx.AsyncClient, **asked: Any) -> list[dict[str, Any]]:
    return [edge["node"] for edge in (await ask(client, ADVICE, **asked))["advice"]["edges"]]


async def test_a_proposal_is_told_with_its_before_and_after() -> None:
    async with asking(await an_advised_desk()) as client:
        (found,) = await proposals(client, first=1)
    assert len(found.pop("id")) == 24
    assert found.pop("message").startswith("Let product_operations lead team_meetings at shop, with pat accountable")
    hours = [(one.pop("hoursBefore"), one.pop("hoursAfter")) for one in found["effects"]]
    assert [round(after - before, 2) for before, after in hours] == [-2.25, 2.25]
    assert found == {
        "area": {"key": "shop"},
        "responsibility": {"key": "team_meetings"},
        "leadBefore": None,
        "leadAfter": {"key": "product_operations"},
        "owner": {"key": "pat"},
        "changes": 2,
        "reliefHours": 2.25,
        "effects": [
            {"person": {"key": "ana"}, "capacityHours": 12.0, "verdictBefore": "OVERLOADED",
             "verdictAfter": "OVERLOADED"},
            {"person": {"key": "pat"}, "capacityHours": 40.0, "verdictBefore": "OK", "verdictAfter": "OK"},
        ],
        "expires": "2026-11-24T00:00:00Z",
    }  # fmt: skip


async def test_accepting_changes_the_model_once() -> None:
    async with asking(await an_advised_desk(), viewer=WRITER) as client:
        first, second = await proposals(client)
        dry = (await ask(client, ACCEPT, id=first["id"], dryRun=True))["acceptAdvice"]
        done = (await ask(client, ACCEPT, id=first["id"]))["acceptAdvice"]
        again = (await ask(client, ACCEPT, id=first["id"]))["acceptAdvice"]
        left = await proposals(client)
    assert (dry["changed"], dry["plan"]) == (False, done["plan"])
    assert (done["changed"], done["errors"]) == (True, [])
    assert [row["key"] for row in done["rows"]] == ["shop/team_meetings/product_operations/pat", "shop/team_meetings"]
    assert (again["changed"], again["errors"]) == (False, [{"code": "STALE"}])
    assert [one["responsibility"] for one in left] == [second["responsibility"]]


async def test_a_dismissed_proposal_is_not_told_again() -> None:
    until = "2026-12-01T00:00:00Z"
    async with asking(await an_advised_desk(), viewer=WRITER) as client:
        first, second = await proposals(client)
        late = (await ask(client, DISMISS, id=first["id"], until="2020-01-01T00:00:00Z"))["dismissAdvice"]
        kept = (await ask(client, DISMISS, id=first["id"], until=until))["dismissAdvice"]
        left = await proposals(client)
    assert late == {"dismissed": False, "repeated": False, "until": None, "errors": [{"code": "INVALID"}]}
    assert kept == {"dismissed": True, "repeated": False, "until": until, "errors": []}
    assert first["id"] not in [one["id"] for one in left]
    assert left[0] == second


async def test_what_is_sent_again_with_the_same_key_is_answered_again_and_written_once() -> None:
    until = "2026-12-01T00:00:00Z"
    async with asking(await an_advised_desk(), viewer=WRITER) as client:
        first, second = await proposals(client)
        dismissed = [(await ask(client, DISMISS, id=second["id"], until=until, key="a"))["dismissAdvice"]
                     for _ in range(2)]  # fmt: skip
        accepted = [(await ask(client, ACCEPT, id=first["id"], key="b"))["acceptAdvice"] for _ in range(2)]
        other = (await ask(client, ACCEPT, id=first["id"], key="a"))["acceptAdvice"]
    assert [one.pop("repeated") for one in (*dismissed, *accepted)] == [False, True, False, True]
    assert (dismissed[0], accepted[0]) == (dismissed[1], accepted[1])
    assert (accepted[0]["changed"], other["errors"]) == (True, [{"code": "CONFLICT"}])


async def test_what_is_dismissed_is_listed_with_who_and_why_and_can_be_restored() -> None:
    until = "2026-12-01T00:00:00Z"
    async with asking(await an_advised_desk(), viewer=WRITER) as client:
        first, second = await proposals(client)
        await ask(client, DISMISS, id=first["id"], until=until)
        listed = (await ask(client, DISMISSED))["dismissedAdvice"]
        (id_,) = [edge["node"].pop("id") for edge in listed["edges"]]
        restored = (await ask(client, RESTORE, id=id_))["restoreAdvice"]
        again = (await ask(client, RESTORE, id=id_))["restoreAdvice"]
        left = (await ask(client, DISMISSED))["dismissedAdvice"]
        assert await proposals(client) == [first, second]
    assert listed == {"totalCount": 1, "edges": [{"node": {
        "area": {"key": "shop"}, "responsibility": {"key": "team_meetings"}, "leadAfter": {"key": "product_operations"},
        "owner": {"key": "pat"}, "until": until, "reason": "not now", "actor": "writer",
    }}]}  # fmt: skip
    assert (restored, left) == ({"restored": True, "errors": []}, {"totalCount": 0, "edges": []})
    assert (again["restored"], [one["code"] for one in again["errors"]]) == (False, ["NOT_FOUND"])


async def test_a_dismissal_of_an_area_that_is_no_more_is_still_listed() -> None:
    desk = await an_advised_desk()
    gone = Dismissal(move_key(AreaKey("gone"), ResponsibilityKey("x"), FunctionKey("y"), OwnerKey("z")),
                     datetime(2026, 12, 1, tzinfo=UTC), "", "ana")  # fmt: skip
    await desk.models.dismissals.dismiss(gone)
    async with asking(desk) as client:
        (edge,) = (await ask(client, DISMISSED))["dismissedAdvice"]["edges"]
    assert (edge["node"]["area"], edge["node"]["owner"]) == (None, {"key": "z"})


async def test_whoever_may_not_write_changes_nothing() -> None:
    async with asking(await an_advised_desk()) as client:
        before = await proposals(client)
        accepted = (await ask(client, ACCEPT, id=before[0]["id"]))["acceptAdvice"]
        dismissed = (await ask(client, DISMISS, id=before[0]["id"], until="2026-12-01T00:00:00Z"))["dismissAdvice"]
        restored = (await ask(client, RESTORE, id=before[0]["id"]))["restoreAdvice"]
        told = [error["code"] for one in (accepted, dismissed, restored) for error in one["errors"]]
        assert told == ["FORBIDDEN", "FORBIDDEN", "FORBIDDEN"]
        assert await proposals(client) == before


@pytest.mark.parametrize("asked", [{"under": "nowhere"}, {"person": "nobody"}], ids=str)
async def test_what_is_not_there_is_not_found(asked: dict[str, str]) -> None:
    async with asking(await an_advised_desk()) as client:
        assert (await refusal(client, ADVICE, **asked))[0] == "NOT_FOUND"


async def test_it_is_not_asked_for_over_and_over_in_one_request() -> None:
    many = " ".join(f"a{number}: advice {{ totalCount }}" for number in range(MOST_WINDOWS + 1))
    async with asking(await an_advised_desk()) as client:
        assert (await refusal(client, f"{{ {many} }}"))[1] == f"ask for advice at most {MOST_WINDOWS} times at once"
