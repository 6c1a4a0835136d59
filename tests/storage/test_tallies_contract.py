"""What every mirror promises to count: open issues alike to selectors, accounts in issues, the names in use."""

import random
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.areas import Criterion
from remit.domain.ids import SourceName
from remit.domain.records import Reference, StatusCategory, criteria_of
from remit.domain.tallies import Account, Tally
from remit.ports import MirrorStore
from remit.storage.mirror import PostgresMirror
from support.counting import count_statements
from support.desks import JIRA, a_move, a_page, an_issue
from support.memory_mirror import MemoryMirror

EPIC = an_issue("SHOP-1", type="Epic")
STORY = an_issue("SHOP-2", type="Story", parent="SHOP-1")
TASK = an_issue("SHOP-3", type="Task", parent="SHOP-2")


def a_tally(count: int, **said: Any) -> Tally:
    tally = Tally(JIRA, "SHOP", "Bug", (), (), (), (), count)
    return replace(tally, **said)


class TalliesContract:
    async def test_issues_alike_are_counted_together_whatever_the_order_of_their_values(
        self, mirror: MirrorStore
    ) -> None:
        ab = an_issue("SHOP-1", components=("A", "B"), labels=("x", "y"), team=("17", "Blue"))
        ba = an_issue("SHOP-2", components=("B", "A"), labels=("y", "x"), team=("17", "Blue"))
        await mirror.take(a_page(ab, ba, an_issue("SHOP-3"), an_issue("PAY-4", type="Story")))
        assert set(await mirror.tallies([])) == {
            a_tally(2, components=("A", "B"), labels=("x", "y"), team=("17", "Blue")),
            a_tally(1),
            a_tally(1, project="PAY", type="Story"),
        }

    async def test_what_is_done_is_not_counted_and_what_has_no_category_is(self, mirror: MirrorStore) -> None:
        categories = list(StatusCategory)
        await mirror.take(a_page(*(an_issue(f"SHOP-{n}", category=one) for n, one in enumerate(categories))))
        assert await mirror.tallies([]) == (a_tally(len(categories) - 1),)

    async def test_the_epics_asked_for_are_told_of_themselves_and_of_all_below(self, mirror: MirrorStore) -> None:
        await mirror.take(a_page(EPIC, STORY, TASK, an_issue("SHOP-4")))
        assert set(await mirror.tallies(["SHOP-1", "SHOP-2", "NONE-1"])) == {
            a_tally(1, type="Epic", epics=("SHOP-1",)),
            a_tally(1, type="Story", epics=("SHOP-1", "SHOP-2")),
            a_tally(1, type="Task", epics=("SHOP-1", "SHOP-2")),
            a_tally(1),
        }

    async def test_an_epic_that_was_never_read_counts_by_what_its_children_say(self, mirror: MirrorStore) -> None:
        await mirror.take(a_page(STORY, TASK))
        assert {tally.epics for tally in await mirror.tallies(["SHOP-1"])} == {("SHOP-1",)}

    async def test_a_moved_epic_counts_by_both_its_keys(self, mirror: MirrorStore) -> None:
        moved = replace(EPIC, key="PAY-9", project="PAY")
        late = an_issue("SHOP-7", type="Late", parent="PAY-9")
        await mirror.take(a_page(moved, STORY, late, events=(a_move(EPIC.id, "SHOP-1", "PAY-9"),)))
        told = {tally.type: tally.epics for tally in await mirror.tallies(["SHOP-1", "PAY-9"])}
        assert told == dict.fromkeys(["Epic", "Story", "Late"], ("PAY-9", "SHOP-1"))

    async def test_a_loop_of_parents_is_counted_once(self, mirror: MirrorStore) -> None:
        await mirror.take(a_page(replace(EPIC, parent="SHOP-2"), STORY))
        assert {tally.count for tally in await mirror.tallies(["SHOP-1"])} == {1}

    async def test_epics_of_another_source_are_others(self, mirror: MirrorStore) -> None:
        await mirror.take(a_page(EPIC))
        await mirror.take(replace(a_page(replace(STORY, source=SourceName("other"))), source=SourceName("other")))
        told = {tally.source: tally.epics for tally in await mirror.tallies(["SHOP-1"])}
        assert told == {JIRA: ("SHOP-1",), "other": ("SHOP-1",)}

    async def test_what_a_tally_offers_is_what_its_issue_offers(self, mirror: MirrorStore) -> None:
        """Whatever the shape of the hierarchy: loops, gaps, parents that were never read."""
        keys = [f"H{shape}-{number}" for shape in range(40) for number in range(6)]
        dice = random.Random(7)
        above = [dice.choice([None, f"H{n // 6}-99", *(f"H{n // 6}-{i}" for i in range(6))]) for n in range(len(keys))]
        items = [an_issue(key, id=key, type=key, parent=up) for key, up in zip(keys, above, strict=True)]
        await mirror.take(a_page(*items))
        epics = [*keys, *(f"H{shape}-99" for shape in range(40))]
        told = {tally.type: tally.criteria for tally in await mirror.tallies(epics)}
        mirrored = await mirror.by_keys(keys)
        assert told == {key: criteria_of(one.item, (*one.former, *one.lineage)) for key, one in mirrored.items()}

    async def test_accounts_are_told_with_their_name_and_how_often_they_appear(self, mirror: MirrorStore) -> None:
        issues = [
            an_issue("SHOP-1", assignee="a-1", reporter="a-2"),
            an_issue("SHOP-2", assignee="a-1", reporter="a-1", category=StatusCategory.DONE),
            an_issue("SHOP-3"),
        ]
        await mirror.take(a_page(*issues))
        await mirror.refer(JIRA, [Reference(JIRA, "user", "a-1", "Ana", b"{}"), Reference(JIRA, "x", "a-2", "X", b"")])
        assert await mirror.accounts() == (Account(JIRA, "a-1", "Ana", 2, 2, 1), Account(JIRA, "a-2", None, 1, 0, 1))

    async def test_an_account_is_told_with_its_e_mail_address_where_the_source_shows_it(
        self, mirror: MirrorStore
    ) -> None:
        await mirror.take(a_page(an_issue("SHOP-1", assignee="a-1", reporter="a-2")))
        users = [
            Reference(JIRA, "user", f"a-{one}", "", b"{}", email=told) for one, told in ((1, "a@b.example"), (2, None))
        ]
        await mirror.refer(JIRA, [*users, Reference(JIRA, "project", "a-3", "", b"{}", email="no@user.example")])
        assert [account.email for account in await mirror.accounts()] == ["a@b.example", None]
        asked = [(JIRA, "a-1"), (JIRA, "a-2"), (JIRA, "a-3"), (SourceName("other"), "a-1"), (JIRA, "a\0")]
        assert await mirror.emails(asked) == {(JIRA, "a-1"): "a@b.example"}
        assert await mirror.emails([]) == {}

    async def test_accounts_are_found_by_their_e_mail_address_whatever_letters_are_capital(
        self, mirror: MirrorStore
    ) -> None:
        told = [("user", "a-1", "Ana@B.example"), ("user", "a-2", None), ("user", "a-3", "c@b.example")]
        users = [Reference(JIRA, kind, id_, "", b"{}", email=email) for kind, id_, email in told]
        await mirror.refer(JIRA, [*users, Reference(JIRA, "project", "a-4", "", b"{}", email="ana@b.example")])
        assert await mirror.addressed(["ANA@b.example", "no@b.example", "a\0"]) == {(JIRA, "a-1"): "Ana@B.example"}
        assert await mirror.addressed([]) == {}

    async def test_the_vocabulary_holds_what_issues_carry_and_what_the_source_tells(self, mirror: MirrorStore) -> None:
        await mirror.take(
            a_page(
                an_issue("SHOP-1", components=(" Cart ",), labels=("x", "e\u0301"), team=("17", "Blue"), parent="UP-1")
            )
        )
        await mirror.refer(
            JIRA,
            [
                Reference(JIRA, "project", "1", "Payments", b"{}", key="PAY"),
                Reference(JIRA, "component", "2", "Basket", b"{}"),
                Reference(JIRA, "status", "3", "Open", b"{}"),
            ],
        )
        assert await mirror.vocabulary(["UP-1", "SHOP-1", "NONE-1"]) == {
            Criterion.EPIC: {"UP-1", "SHOP-1"},
            Criterion.COMPONENT: {"Cart", "Basket"},
            Criterion.TEAM: {"17", "Blue"},
            Criterion.LABEL: {"x", "\u00e9"},
            Criterion.TYPE: {"Bug"},
            Criterion.PROJECT: {"SHOP", "PAY"},
        }

    async def test_an_empty_mirror_counts_nothing(self, mirror: MirrorStore) -> None:
        assert (await mirror.tallies(["SHOP-1"]), await mirror.accounts()) == ((), ())
        assert await mirror.vocabulary(["SHOP-\0"]) == dict.fromkeys(Criterion, frozenset())


class TestInMemory(TalliesContract):
    @pytest.fixture
    def mirror(self) -> MirrorStore:
        return MemoryMirror()


class TestInPostgres(TalliesContract):
    @pytest.fixture
    def mirror(self, engine: AsyncEngine) -> MirrorStore:
        return PostgresMirror(engine)

    async def test_each_count_is_one_statement(self, mirror: MirrorStore, engine: AsyncEngine) -> None:
        await mirror.take(a_page(*(an_issue(f"SHOP-{n}", parent=f"SHOP-{n // 2}") for n in range(1, 200))))
        with count_statements(engine) as statements:
            assert sum(tally.count for tally in await mirror.tallies(["SHOP-1", "SHOP-2"])) == 199
            await mirror.accounts()
            await mirror.vocabulary(["SHOP-1"])
        assert len(statements) == 3

    async def test_an_issue_that_is_gone_is_counted_nowhere(self, mirror: MirrorStore, engine: AsyncEngine) -> None:
        await mirror.take(a_page(an_issue("SHOP-1", assignee="a-1")))
        async with engine.begin() as connection:
            await connection.exec_driver_sql("UPDATE backlog_item SET gone_at = now(), gone_how = 'deleted'")
        assert (await mirror.tallies([]), await mirror.accounts()) == ((), ())
