"""`remit sync`: one synchronisation, told as it goes; interrupted, refused and repeated."""

import signal
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.ids import SourceName
from remit.storage.leases import PostgresLeases
from remit_integrations.standins.jira.faults import Fault, Faults
from support.asking_commands import Ended, Shell, end, heard
from support.asking_jira import a_recorded_site, connected

SEARCH = "POST /rest/api/3/search/jql"


@dataclass
class Slow(Faults):
    """Every page after the first takes a second, so that there is time to interrupt."""

    pages: int = 0

    def take(self, call: str) -> Fault | None:
        if call != SEARCH:
            return None
        self.pages += 1
        return Fault(delay_s=1.0) if self.pages > 1 else None


async def test_lines_tell_how_it_goes_where_there_is_no_terminal(shell: Shell) -> None:
    async with connected(shell, a_recorded_site(150)) as commands:
        first, again = await commands.remit("sync"), await commands.remit("sync", "jira")
    assert (first.code, first.out) == (0, "jira: 150 records read, 150 new or changed, 0 parked.\n")
    assert first.err.startswith("jira: about 150 records to read\njira: 100 read, 100 new or changed, 0 parked\n")
    assert again.code == 0
    assert ", 0 new or changed, 0 parked.\n" in again.out


async def test_what_is_gone_is_told(shell: Shell) -> None:
    site = a_recorded_site(150)
    async with connected(shell, site) as commands:
        await commands.remit("sync")
        site.delete(next(iter(site.issues)))
        told = await commands.remit("sync", "--full")
    assert (told.code, told.out) == (0, "jira: 149 records read, 0 new or changed, 0 parked, 1 gone.\n")


async def test_what_cannot_be_believed_to_be_gone_is_told_and_the_run_went_well(shell: Shell) -> None:
    site = a_recorded_site(150)
    async with connected(shell, site) as commands:
        await commands.remit("sync")
        for id_ in list(site.issues)[:60]:
            site.hide(id_)
        told = await commands.remit("sync", "--full")
    assert (told.code, told.out) == (0, "jira: 90 records read, 0 new or changed, 0 parked.\n")
    last = told.err.splitlines()[-1]
    assert last.startswith("jira no longer shows a great part of the 150 records it showed before; they are kept until")
    assert last.endswith(": check the permissions of the account and the site's address.")


async def test_ctrl_c_ends_it_after_the_page_and_the_next_run_goes_on(shell: Shell) -> None:
    async with connected(shell, a_recorded_site(350, Slow())) as commands:
        async with commands.remit_running("sync") as process:
            await heard(process, "jira: 100 read")
            interrupted = await end(process, signal.SIGINT)
        finished = await commands.remit("sync")
    assert interrupted.code == 130
    assert interrupted.err.endswith("Stopped; the next run goes on from here.\n")
    stored, rest = int(interrupted.out.split()[1]), int(finished.out.split()[4])
    assert 100 <= stored < 350
    assert (finished.code, stored + rest) == (0, 350)


async def test_a_second_one_is_refused_while_the_first_runs(shell: Shell, engine: AsyncEngine) -> None:
    async with (
        connected(shell, a_recorded_site(1)) as commands,
        PostgresLeases(engine).lease(SourceName("jira")) as free,
    ):
        assert free
        refused = await commands.remit("sync")
    assert refused == Ended(1, "", "remit: jira is being synchronised by another process; let it finish\n")


async def test_a_dead_token_is_one_sentence_and_changes_nothing(shell: Shell) -> None:
    async with connected(shell, a_recorded_site(1)) as commands:
        refused = await commands.having(REMIT_JIRA_TOKEN="hush").remit("sync")
    assert (refused.code, refused.out, refused.err.count("\n")) == (1, "", 1)
    assert "REMIT_JIRA_TOKEN" in refused.err
    assert "hush" not in refused.err


async def test_trouble_of_one_source_does_not_keep_it_from_the_others(shell: Shell) -> None:
    async with connected(shell, a_recorded_site(3)) as commands:
        told = await commands.having(REMIT_DROP_DIRECTORY=str(shell.home / "nowhere")).remit("sync")
    assert (told.code, told.out) == (1, "jira: 3 records read, 3 new or changed, 0 parked.\n")
    assert told.err.startswith("remit: the folder of REMIT_DROP_DIRECTORY cannot be read (No such file or directory); ")
