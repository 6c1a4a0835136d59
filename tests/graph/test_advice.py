"""Advice over GraphQL: asked, accepted, dismissed; what is refused is data."""

from typing import Any

import httpx
import pytest

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
ACCEPT = """mutation($id: ID!, $dryRun: Boolean! = false) { acceptAdvice(id: $id, dryRun: $dryRun) {
  changed plan rows { key } errors { code } } }"""
DISMISS = """mutation($id: ID!, $until: DateTime!) { dismissAdvice(id: $id, until: $until, reason: "not now") {
  dismissed until errors { code } } }"""


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
    assert late == {"dismissed": False, "until": None, "errors": [{"code": "INVALID"}]}
    assert kept == {"dismissed": True, "until": until, "errors": []}
    assert first["id"] not in [one["id"] for one in left]
    assert left[0] == second


async def test_whoever_may_not_write_changes_nothing() -> None:
    async with asking(await an_advised_desk()) as client:
        before = await proposals(client)
        accepted = (await ask(client, ACCEPT, id=before[0]["id"]))["acceptAdvice"]
        dismissed = (await ask(client, DISMISS, id=before[0]["id"], until="2026-12-01T00:00:00Z"))["dismissAdvice"]
        assert [one["errors"] for one in (accepted, dismissed)] == [[{"code": "FORBIDDEN"}], [{"code": "FORBIDDEN"}]]
        assert await proposals(client) == before


@pytest.mark.parametrize("asked", [{"under": "nowhere"}, {"person": "nobody"}], ids=str)
async def test_what_is_not_there_is_not_found(asked: dict[str, str]) -> None:
    async with asking(await an_advised_desk()) as client:
        assert (await refusal(client, ADVICE, **asked))[0] == "NOT_FOUND"


async def test_it_is_not_asked_for_over_and_over_in_one_request() -> None:
    many = " ".join(f"a{number}: advice {{ totalCount }}" for number in range(MOST_WINDOWS + 1))
    async with asking(await an_advised_desk()) as client:
        assert (await refusal(client, f"{{ {many} }}"))[1] == f"ask for advice at most {MOST_WINDOWS} times at once"
