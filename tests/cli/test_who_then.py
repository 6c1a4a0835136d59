"""`remit who` at another instant: an issue's own history, from the site to the table."""

from datetime import timedelta

from remit_integrations.standins.jira.site import Site
from support.asking_commands import Shell
from support.asking_jira import connected
from support.desks import NOW
from support.jira_site import a_change, a_record

TEAM = "customfield_10001"
MODEL = """
version: 1
organisation: {key: acme, name: Acme, stage: scale_up, timezone: UTC}
areas:
  - {key: shop, name: Shop, kind: product, parent: acme, jira: [{project: SHOP}]}
  - {key: blue, name: Blue, kind: team, parent: shop, jira: [{team: Blue}]}
"""


def a_site_with_a_past() -> Site:
    """SHOP-1 left team Blue five days before NOW."""
    site = Site()
    site.load([a_record(1, **{TEAM: {"id": "7", "value": "Red"}})])
    left = {"field": "Team", "fieldId": TEAM, "from": "8", "fromString": "Blue", "to": "7", "toString": "Red"}
    site.histories["10001"] = [a_change("1", NOW - timedelta(days=5), **left)]
    return site


async def test_an_issue_is_of_the_team_it_was_in(shell: Shell) -> None:
    (shell.home / "model.yaml").write_text(MODEL)
    async with connected(shell, a_site_with_a_past()) as connected_shell:
        known = connected_shell.having(REMIT_JIRA_TEAM_FIELD=TEAM)
        for command in (["model", "apply", "model.yaml"], ["sync"]):
            done = await known.remit(*command)
            assert done.code == 0, done.err
        asked = ("who", "SHOP-1", "-r", "innovation")
        now = await known.remit(*asked)
        then = await known.remit(*asked, "--as-of", f"{NOW - timedelta(days=6):%FT%TZ}", "--why")
        before = await known.remit(*asked, "--known-at", f"{NOW - timedelta(days=6):%FT%TZ}")
    assert [told.out.splitlines()[0] for told in (now, then, before)] == [
        "SHOP-1 belongs to Shop (shop)",
        "SHOP-1 belongs to Blue (blue)",
        "SHOP-1 is not known here",
    ]
    assert "SHOP-1 is taken as it was then; what changed later is undone: Team." in then.out
