"""`remit demo`: the main job on recorded data, whatever else is configured on the machine."""

import re
import signal

import httpx
import pytest

from support.asking_commands import Shell, end

A_USERS_OWN = {
    "REMIT_JIRA_URL": "http://127.0.0.1:1",
    "REMIT_JIRA_EMAIL": "me@example.com",
    "REMIT_JIRA_TOKEN": "hush",
    "REMIT_JIRA_JQL": "project = MINE",
    "REMIT_AUTH": "token",
}
HEARD = ("alloy-markup", "alloy-runtime", "alloy-tooling", "alloy-models", "alloy-styling", "alloy-docs")
"""Areas that each have the tickets of a tag; every drawn ticket has one of these tags."""


async def test_once_answers_three_questions_and_ends(shell: Shell) -> None:
    told = await shell.having(**A_USERS_OWN).remit("demo", "--once")
    assert told.code == 0, told.err
    assert "Synchronised: 1532 issues read, 1532 new, 0 parked." in told.out
    asked = re.findall(r"remit who (\S+) -r (\S+) --why", told.out)
    outcomes = [re.search(rf"^\s*{responsibility}: ([A-Z]+), because$", told.out, re.M) for _, responsibility in asked]
    assert asked == [
        ("ALOY-108", "backlog_management"), ("ALOY-108", "leadership"), ("ALOY-113", "roadmap_ownership"),
    ]  # fmt: skip
    assert [outcome[1] for outcome in outcomes if outcome is not None] == ["INHERITED", "BLURRY", "UNMATCHED"]
    assert re.search(
        r"^400 tickets read, 400 new, 0 parked\. Runtime: [1-9]\d* came in 28 days, [1-9]\d* are untriaged, "
        r"the oldest for [1-9]\d* days\.$",
        told.out,
        re.M,
    )
    assert re.search(r"^Ivo Ash +OVERLOADED +\d+\.\d +40\.0 ", told.out, re.M)
    assert re.search(r"^Ivo Ash: \d+\.\d\d h roadmap_ownership in 6 areas$", told.out, re.M)
    recorded = re.search(
        r"^Ivo Ash: (\d+\.\d) h of the (\d+\.\d) h come from recorded issues and feedback\. "
        r"Without any it would be (\d+\.\d) h, (\d+)% of the time there is\.$",
        told.out,
        re.M,
    )
    assert recorded is not None
    assert (float(recorded[1]) > 8, float(recorded[2]) > 40, float(recorded[3]) < 0.85 * 40) == (True, True, True)
    assert re.search(
        r"^appworks +backlog_management +product_management +0% +92% +86% to 95% +124 of 135$", told.out, re.M
    )
    assert re.search(
        r"^Let product_operations lead team_meetings at alloy, with eva accountable: ivo goes", told.out, re.M
    )
    assert re.search(r"^ +Ivo Ash +\d+\.\d h +-> \d+\.\d h +\d+% OVERLOADED -> ", told.out, re.M)
    assert "hush" not in told.out + told.err


async def test_ctrl_c_ends_all_of_it_and_leaves_the_database_it_was_given_as_it_was(shell: Shell) -> None:
    async with shell.having(**A_USERS_OWN).remit_running("demo") as process:
        assert process.stdout is not None
        said = ""
        while (line := (await process.stdout.readline()).decode()) and not line.startswith("GraphQL at"):
            said += line
        url = line.split()[2].rstrip(",")
        async with httpx.AsyncClient() as client:
            answer = await client.get(url, params={"query": '{ issueOwnership(issueKey: "ALOY-108") { known } }'})
            heard = [await feedback_of(client, url.replace("/graphql", f"/v1/areas/{area}/signals")) for area in HEARD]
        ended = await end(process, signal.SIGINT)
    assert answer.json() == {"data": {"issueOwnership": {"known": True}}}
    assert (sum(heard), min(heard) > 0) == (400, True)
    assert ended.code == 0
    standins = re.findall(r"^A stand-in .* at (http://127\.0\.0\.1:\d+)\.$", said, re.M)
    assert len(standins) == 2
    async with httpx.AsyncClient() as client:
        for gone in (*standins, url):
            with pytest.raises(httpx.ConnectError):
                await client.get(gone)
    untouched = await shell.remit("model", "export")
    assert untouched.err == "remit: there is no model yet; write one with the organisation and `remit model apply` it\n"


async def feedback_of(client: httpx.AsyncClient, url: str) -> int:
    """How many pieces of feedback an area has, whatever became of them."""
    told = (await client.get(url, params={"name": "feedback_untriaged"})).json()
    (signal_told,) = [one for one in told["signals"] if one["name"] == "feedback_untriaged"]
    return int(signal_told["sampleSize"])
