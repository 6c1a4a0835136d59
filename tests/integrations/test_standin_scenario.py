"""A scenario is a few readable lines, and what it says happens on the site."""

from datetime import timedelta
from random import Random
from typing import Any

import httpx
import pytest

from remit_integrations.standins.jira.drawn import VERBS, drawn
from remit_integrations.standins.jira.faults import RESET
from remit_integrations.standins.jira.scenario import Scenario, Stage
from remit_integrations.standins.jira.sender import Sender
from remit_integrations.standins.jira.server import jira_server
from remit_integrations.standins.jira.site import Site
from support.desks import NOW, AClock
from support.jira_receiver import receiving
from support.jira_site import MYSELF, SEARCH, a_record, a_site, keys, many, served


class Played:
    """A stage on which time stands still unless a scenario lets it pass."""

    def __init__(self, *records: dict[str, Any], url: str | None = None) -> None:
        self.clock = AClock()
        self.site = a_site(*records, clock=self.clock)
        self.sender = None if url is None else Sender(self.site, url, "s3cret", chance=Random(1), at_once=1)
        self.stage = Stage(self.site, self.sender, lambda by: self.clock.goes_on(seconds=by.total_seconds()))

    async def of(self, scenario: Scenario) -> "Played":
        await scenario.play(self.stage)
        return self

    def state(self) -> dict[str, tuple[str, str, bool]]:
        """Every issue's id, status and whether it is hidden, by key."""
        return {
            kept.record["key"]: (kept.record["id"], kept.record["fields"]["status"]["name"], kept.hidden)
            for kept in self.site.issues.values()
        }


async def test_a_few_lines_tell_what_happens() -> None:
    scenario = (
        Scenario()
        .create(3)
        .edit("SHOP-1", status="Done")
        .move("SHOP-2", to="PAY")
        .delete("SHOP-3")
        .create(project="PAY", status="In Progress")
        .hide("SHOP-2")
    )
    played = await Played().of(scenario)
    assert played.state() == {
        "SHOP-1": ("10001", "Done", False),
        "PAY-1": ("10002", "Open", True),
        "PAY-2": ("10004", "In Progress", False),
    }


async def test_a_scenario_prints_as_it_is_written() -> None:
    text = (
        "Scenario().create(2, 'SHOP', status='Done').edit('SHOP-1', labels=['a']).move('SHOP-1', to='PAY')"
        ".comment('PAY-1', 'Yes').hide().restore('PAY-1').wait(hours=1).lag(minutes=2).storm(5, 30)"
        ".deliver(shuffled=True, twice=1.0).delete('PAY-1').revoke().shut_out().let_in().calm().quirk(loops=True)"
    )
    assert str(eval(text, {"Scenario": Scenario})) == text


async def test_names_stand_for_the_fields_values() -> None:
    said = {"assignee": "Ana Lee", "components": ["Cart"], "points": 3.0, "sprints": ["Sprint 1"], "priority": "High"}
    played = await Played().of(Scenario().create(1, **said))
    fields = played.site.issues["10001"].record["fields"]
    assert (fields["assignee"]["displayName"], fields["assignee"]["emailAddress"]) == ("Ana Lee", "ana.lee@example.com")
    assert ([one["name"] for one in fields["components"]], fields["priority"]["name"]) == (["Cart"], "High")
    assert (fields["customfield_10024"], fields["customfield_10020"][0]["name"]) == (3.0, "Sprint 1")


async def test_an_issue_that_is_done_is_resolved_and_one_that_is_opened_again_is_not() -> None:
    played = await Played().of(Scenario().create().edit("SHOP-1", status="Done"))
    fields = played.site.issues["10001"].record["fields"]
    assert (fields["status"]["statusCategory"], fields["resolution"]["name"]) == ({"key": "done"}, "Done")
    assert fields["resolutiondate"] == NOW.isoformat()
    await played.of(Scenario().edit("SHOP-1", status="Open"))
    fields = played.site.issues["10001"].record["fields"]
    assert (fields["status"]["statusCategory"], fields["resolution"], fields["resolutiondate"]) == (
        {"key": "new"},
        None,
        None,
    )


async def test_an_issue_is_named_by_any_key_it_ever_had() -> None:
    played = await Played().of(Scenario().create().move("SHOP-1", to="PAY").edit("SHOP-1", status="Done"))
    assert played.state() == {"PAY-1": ("10001", "Done", False)}
    with pytest.raises(KeyError):
        await played.of(Scenario().edit("SHOP-9", status="Done"))


async def test_permission_may_be_lost_for_some_or_all_and_come_back() -> None:
    played = await Played(*many(3)).of(Scenario().hide("SHOP-1"))
    assert [hidden for _, _, hidden in played.state().values()] == [True, False, False]
    await played.of(Scenario().hide())
    assert [hidden for _, _, hidden in played.state().values()] == [True, True, True]
    await played.of(Scenario().restore("SHOP-1"))
    assert [hidden for _, _, hidden in played.state().values()] == [False, True, True]
    await played.of(Scenario().restore())
    assert [hidden for _, _, hidden in played.state().values()] == [False, False, False]


async def test_time_passes_and_the_index_lags_behind_when_the_scenario_says_so() -> None:
    lagging = Scenario().lag(minutes=5).edit("SHOP-1", summary="New").delete("SHOP-2")
    played = await Played(*many(2)).of(lagging)
    before = [record["fields"]["summary"] for record, _ in played.site.indexed()]
    await played.of(Scenario().wait(minutes=5))
    after = [record["fields"]["summary"] for record, _ in played.site.indexed()]
    assert (before, after, played.clock() - NOW) == (["Issue 1", "Issue 2"], ["New"], timedelta(minutes=5))


async def asked(site: Site, *paths: str) -> list[int]:
    """The statuses of GETs with the site's first token."""
    async with (
        jira_server(site) as jira,
        httpx.AsyncClient(base_url=jira.url, auth=(site.email, "stand-in-token"), trust_env=False) as client,
    ):
        return [(await client.get(path)).status_code for path in paths]


async def test_a_storm_refuses_the_next_requests_and_is_over() -> None:
    played = await Played(a_record(1)).of(Scenario().storm(2, 0))
    path = "/rest/api/3/myself"
    assert await asked(played.site, path, "/rest/api/3/field", path) == [429, 429, 200]


async def test_a_trouble_meets_one_call_and_calm_ends_it() -> None:
    played = await Played(a_record(1)).of(Scenario().meet(RESET, on=MYSELF, times=9).calm())
    assert await asked(played.site, "/rest/api/3/myself") == [200]


async def test_a_revoked_token_is_refused_until_it_is_renewed() -> None:
    played = await Played(a_record(1)).of(Scenario().revoke())
    path = "/rest/api/3/myself"
    assert await asked(played.site, path) == [401]
    await played.of(Scenario().renew("stand-in-token"))
    assert await asked(played.site, path) == [200]


async def test_an_account_that_is_shut_out_is_known_and_sees_an_empty_site() -> None:
    played = await Played(a_record(1)).of(Scenario().shut_out())
    paths = ("/rest/api/3/myself", "/rest/api/3/project/SHOP/component", "/rest/api/3/issue/SHOP-1")
    assert await asked(played.site, *paths) == [200, 404, 404]
    await played.of(Scenario().let_in())
    assert await asked(played.site, *paths) == [200, 200, 200]


async def test_things_happen_in_the_midst_of_a_reading() -> None:
    played = Played(*many(250))
    await played.of(Scenario().during(SEARCH, Scenario().delete("SHOP-250").edit("SHOP-1", summary="New"), after=1))
    async with served(played.site) as jira:
        pages = await jira.pages()
    read = set(keys(pages))
    assert read == {f"SHOP-{number}" for number in range(1, 250)}


async def test_deliveries_go_out_when_the_scenario_says_so() -> None:
    async with receiving() as receiver:
        played = Played(*many(2), url=receiver.url)
        await played.of(Scenario().edit("SHOP-1", summary="a").edit("SHOP-2", summary="b").deliver(twice=True))
        assert receiver.keys() == ["SHOP-1", "SHOP-1", "SHOP-2", "SHOP-2"]
        await played.of(Scenario().delete("SHOP-1").deliver(drops=1.0))
    assert [one.dropped for one in played.sender.ledger.values()] == [False, False, True]  # type: ignore[union-attr]


async def test_what_cannot_be_played_is_said() -> None:
    with pytest.raises(ValueError, match="give the stage a sender"):
        await Played().of(Scenario().deliver())
    with pytest.raises(ValueError, match="leave out wait"):
        await Scenario().wait(hours=1).play(Stage(a_site()))
    with pytest.raises(ValueError, match="play them, not at once"):
        Scenario().deliver().play_at_once(Stage(a_site()))


async def test_a_drawn_scenario_can_always_be_played_and_keeps_its_keys_right() -> None:
    seen: set[str] = set()
    async with receiving() as receiver:
        for seed in range(15):
            scenario = drawn(Random(seed), 60, [f"SHOP-{number}" for number in range(1, 6)])
            await Played(*many(5), url=receiver.url).of(scenario)
            seen |= {step.line.partition("(")[0].removeprefix(".") for step in scenario.steps}
    assert seen == set(VERBS)


def test_the_same_chance_draws_the_same_scenario() -> None:
    assert str(drawn(Random(5), 40)) == str(drawn(Random(5), 40))
    assert str(drawn(Random(5), 40)) != str(drawn(Random(6), 40))


async def test_a_drawn_scenario_leaves_some_issues_hidden_deleted_and_moved() -> None:
    played = await Played(*many(20)).of(
        Scenario(tuple(step for step in drawn(Random(3), 200, IN_SHOP).steps if step.deliver is None))
    )
    there = {kept.record["key"] for kept in played.site.issues.values()}
    assert any(kept.hidden for kept in played.site.issues.values())
    assert played.site.former_keys
    assert {str(10_000 + number) for number in range(1, 21)} - set(played.site.issues)
    assert {key.partition("-")[0] for key in there} == {"SHOP", "PAY", "WEB"}


IN_SHOP = [f"SHOP-{number}" for number in range(1, 21)]
