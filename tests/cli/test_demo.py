"""`remit demo`: the main job on recorded data, whatever else is configured on the machine."""

import re
import signal

import httpx

from support.asking_commands import Shell, end

A_USERS_OWN = {
    "REMIT_JIRA_URL": "http://127.0.0.1:1",
    "REMIT_JIRA_EMAIL": "me@example.com",
    "REMIT_JIRA_TOKEN": "hush",
    "REMIT_JIRA_JQL": "project = MINE",
    "REMIT_AUTH": "token",
}


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
    assert re.search(r"^Ivo Ash +OVERLOADED +\d+\.\d +40\.0 ", told.out, re.M)
    assert re.search(r"^Ivo Ash: \d+\.\d\d h \w+ at alloy", told.out, re.M)
    assert re.search(
        r"^appworks +backlog_management +product_management +0% +92% +86% to 95% +124 of 135$", told.out, re.M
    )
    assert re.search(
        r"^Let product_operations lead team_meetings at alloy, with eva accountable: ivo goes", told.out, re.M
    )
    assert re.search(r"^ +Ivo Ash +\d+\.\d h +-> \d+\.\d h +\d+% OVERLOADED -> ", told.out, re.M)
    assert "hush" not in told.out + told.err


async def test_it_stays_until_ctrl_c_and_leaves_the_database_it_was_given_as_it_was(shell: Shell) -> None:
    async with shell.having(**A_USERS_OWN).remit_running("demo") as process:
        assert process.stdout is not None
        while (line := (await process.stdout.readline()).decode()) and not line.startswith("GraphQL at"):
            pass
        url = line.split()[2].rstrip(",")
        async with httpx.AsyncClient() as client:
            answer = await client.get(url, params={"query": '{ issueOwnership(issueKey: "ALOY-108") { known } }'})
        ended = await end(process, signal.SIGINT)
    assert answer.json() == {"data": {"issueOwnership": {"known": True}}}
    assert ended.code == 0
    untouched = await shell.remit("model", "export")
    assert untouched.err == "remit: there is no model yet; write one with the organisation and `remit model apply` it\n"
