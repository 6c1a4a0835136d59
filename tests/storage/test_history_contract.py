"""What every store promises of the history of nodes, in memory and in PostgreSQL."""

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.areas import Area
from remit.domain.catalogue import Driver
from remit.domain.facts import Body, Fact, FactKind
from remit.domain.history import Edit, Entry, Excerpt, Node, Past, Place
from remit.domain.ids import AreaKey
from remit.domain.intervals import Interval
from remit.domain.people import Team
from remit.domain.policy import Confirmation
from remit.domain.workload import Wish
from remit.ports import Head, ModelStore, Recording
from remit.storage.models import PostgresModels
from support.desks import NOW, AClock
from support.memory_models import MemoryModels
from support.models import (
    BLURRY,
    PM,
    PO,
    a_delegation,
    a_fact,
    a_function,
    a_lens,
    a_person,
    a_preference,
    a_responsibility,
    a_rule,
    a_split,
    a_stage_rule,
    a_team,
    an_absence,
    an_agreement,
    an_area,
    an_assignment,
    some_limits,
    some_minutes,
    the_root,
)

WEEK = timedelta(days=7)
LATER = Interval(NOW + WEEK, None)
SHOP, ANA = Node(FactKind.AREA, "shop"), Node(FactKind.PERSON, "ana")


async def record(
    models: ModelStore, *opens: Fact[Body], closes: Collection[Fact[Body]] = (), actor: str = "ana", reason: str = ""
) -> Edit:
    """Record a change after whatever there is."""
    head = await models.head()
    new = await models.record(Recording(actor, reason, opens, tuple(closes), "digest", head))
    assert new.recorded_at is not None
    return Edit(new.recorded_at, actor, reason, is_first=head == Head(0, "", None))


async def past(models: ModelStore, node: Node, first: int = 50, after: Place | None = None) -> Past:
    excerpt = Excerpt(node, first, after)
    return (await models.pasts([excerpt]))[excerpt]


async def rows(models: ModelStore, kind: FactKind, key: str) -> list[tuple[str, str]]:
    """The kind and key of every row in a node's history."""
    return [(entry.kind.value, entry.key) for entry in (await past(models, Node(kind, key))).entries]


def bare(fact: Fact[Body]) -> Fact[Body]:
    """A fact as history has it: who recorded it and when is told by the entry."""
    return replace(fact, recorded=None)


class HistoryContract:
    """The rows that name a node, in entries of one change each, newest first, a page at a time."""

    async def test_a_node_that_never_was_has_no_history(self, models: ModelStore) -> None:
        await record(models, an_area("pay"))
        assert await past(models, SHOP) == Past(False, 0, (), False)

    async def test_tells_what_ceased_and_what_began_with_each_change_and_by_whom(self, models: ModelStore) -> None:
        shop = an_area("shop")
        early, late = (
            replace(shop, valid=Interval(None, NOW)),
            a_fact(Area(AreaKey("shop"), "Store", "team", None), LATER),
        )
        first = await record(models, shop, reason="to begin with")
        second = await record(models, early, late, closes=[shop], actor="pat", reason="a new name")
        assert first.is_first
        assert not second.is_first
        assert await past(models, SHOP) == Past(
            declared=True,
            total=2,
            entries=(
                Entry(second, FactKind.AREA, "shop", (bare(shop),), (bare(early), bare(late))),
                Entry(first, FactKind.AREA, "shop", (), (bare(shop),)),
            ),
            more=False,
        )

    async def test_what_ended_long_ago_still_has_its_history(self, models: ModelStore) -> None:
        shop = an_area("shop")
        ended = replace(shop, valid=Interval(None, NOW))
        first = await record(models, shop)
        second = await record(models, ended, closes=[shop])
        third = await record(models, closes=[ended])
        assert (await past(models, SHOP)).entries == (
            Entry(third, FactKind.AREA, "shop", (bare(ended),), ()),
            Entry(second, FactKind.AREA, "shop", (bare(shop),), (bare(ended),)),
            Entry(first, FactKind.AREA, "shop", (), (bare(shop),)),
        )

    async def test_an_area_has_what_is_placed_at_it_and_nothing_of_those_above_and_below(
        self, models: ModelStore
    ) -> None:
        here = [
            an_area("shop"),
            a_rule("shop", "coordination", None),
            an_assignment("shop", "ana"),
            an_agreement("shop", "leadership", PM),
            a_delegation("ana", "pat", "shop"),
        ]
        elsewhere = [the_root(), an_area("till", "shop"), an_assignment("till", "ana"), a_delegation("ana", "pat")]
        await record(models, *here, *elsewhere)
        assert await rows(models, FactKind.AREA, "shop") == sorted((fact.kind.value, fact.key) for fact in here)

    async def test_a_delegation_without_an_area_belongs_to_the_root(self, models: ModelStore) -> None:
        everywhere = a_delegation("ana", "pat")
        await record(models, the_root(), everywhere)
        assert await rows(models, FactKind.AREA, "acme") == [("area", "acme"), ("delegation", everywhere.key)]

    async def test_a_person_has_assignments_memberships_and_delegations_both_ways(self, models: ModelStore) -> None:
        about = [
            a_person("ana"),
            a_team("desk", "ana", "pat"),
            an_assignment("shop", "ana"),
            a_delegation("ana", "pat"),
            a_delegation("eva", "ana"),
        ]
        await record(models, *about, a_person("pat"), a_team("crew", "pat"), an_assignment("shop", "desk"))
        assert await rows(models, FactKind.PERSON, "ana") == sorted((fact.kind.value, fact.key) for fact in about)

    async def test_who_left_a_team_or_lost_an_assignment_has_that_change(self, models: ModelStore) -> None:
        before = [a_team("desk", "ana", "pat"), an_assignment("shop", "ana", key="row")]
        after = [a_team("desk", "pat"), an_assignment("shop", "pat", key="row")]
        first = await record(models, a_person("ana"), *before)
        second = await record(models, *after, closes=before)
        assert [(one.edit, one.key, one.after) for one in (await past(models, ANA)).entries] == [
            (second, "row", (bare(after[1]),)),
            (second, "desk", (bare(after[0]),)),
            (first, "row", (bare(before[1]),)),
            (first, "ana", (bare(a_person("ana")),)),
            (first, "desk", (bare(before[0]),)),
        ]

    async def test_a_responsibility_has_what_names_it(self, models: ModelStore) -> None:
        about = [
            a_responsibility("ops", a_split(PO)),
            a_rule("shop", "ops", None),
            an_assignment("shop", "ana", responsibility="ops"),
            an_agreement("shop", "ops", PM),
            a_delegation("ana", "pat", "shop", "docs", "ops"),
        ]
        await record(
            models, *about, a_rule("shop", "docs", None), an_assignment("shop", "ana"), a_delegation("ana", "eva")
        )
        assert await rows(models, FactKind.RESPONSIBILITY, "ops") == sorted((f.kind.value, f.key) for f in about)

    async def test_that_an_owner_still_holds_is_told_of_the_area_the_responsibility_and_the_owner(
        self, models: ModelStore
    ) -> None:
        held, moved = (an_assignment(area, "ana", responsibility="ops", key="row") for area in ("shop", "till"))
        early, late = replace(held, valid=Interval(None, NOW)), replace(moved, valid=LATER)
        confirmed = a_fact(Confirmation("row", ANA.key, "eva"), Interval(NOW - WEEK, NOW), "row")  # type: ignore[arg-type]
        other = a_fact(Confirmation("other", ANA.key, "eva"), key="other")  # type: ignore[arg-type]
        await record(models, an_area("shop"), an_area("till"), held)
        await record(models, early, late, closes=[held])
        await record(models, confirmed, other)
        await record(models, closes=[confirmed])
        told = {
            node: [entry.key for entry in (await past(models, node)).entries if entry.kind is FactKind.CONFIRMATION]
            for node in (SHOP, Node(FactKind.AREA, "till"), Node(FactKind.RESPONSIBILITY, "ops"), ANA)
        }
        assert list(told.values()) == [["row", "row"], [], ["row", "row"], ["row", "other", "row"]]

    async def test_a_team_has_what_it_owns_and_its_members(self, models: ModelStore) -> None:
        owned = an_assignment("shop", "desk")
        await record(models, a_team("desk", "ana"), owned, an_assignment("shop", "ana"))
        assert await rows(models, FactKind.TEAM, "desk") == [("assignment", owned.key), ("team", "desk")]

    async def test_a_function_has_the_splits_that_name_it(self, models: ModelStore) -> None:
        about = [
            a_function("design"),
            a_responsibility("looks", a_split("design")),
            a_rule("shop", "looks", a_split(PM, {"design": BLURRY.support[0][1]})),
            an_agreement("shop", "leadership", PM, "design"),
            an_agreement("till", "leadership", "design"),
        ]
        await record(
            models, *about, an_assignment("shop", "ana", function="design"), a_stage_rule("startup", "x", BLURRY)
        )
        assert await rows(models, FactKind.FUNCTION, "design") == sorted((fact.kind.value, fact.key) for fact in about)

    async def test_a_responsibility_has_its_minutes(self, models: ModelStore) -> None:
        about = [some_minutes("ops", Driver.WIP, 5), some_minutes("ops", Driver.AREAS, 30)]
        await record(models, *about, some_minutes("looks", Driver.WIP, 1), a_lens("ops"), a_function("ops", ops="x"))
        assert await rows(models, FactKind.RESPONSIBILITY, "ops") == sorted((f.kind.value, f.key) for f in about)

    async def test_thresholds_absences_and_preferences_belong_to_whom_they_are_about(self, models: ModelStore) -> None:
        about = [
            some_limits("wip", 1, 2, person="ana"),
            an_absence("ana", LATER),
            a_preference("ana", "ops", Wish.LIKE),
        ]
        others = [some_limits("wip", 1, 2), some_limits("wip", 1, 2, area="ana"), a_preference("pat", "x", Wish.AVOID)]
        await record(models, the_root(), *about, *others)
        assert await rows(models, FactKind.PERSON, "ana") == sorted((f.kind.value, f.key) for f in about)
        assert await rows(models, FactKind.RESPONSIBILITY, "ops") == [("preference", "ana/ops")]
        assert await rows(models, FactKind.AREA, "ana") == [("threshold", "wip/ana/-")]
        assert await rows(models, FactKind.AREA, "acme") == [("area", "acme"), ("threshold", "wip/-/-")]

    async def test_a_lens_has_whatever_stands_on_it(self, models: ModelStore) -> None:
        about = [a_lens("ops"), a_function("design", ops="x")]
        await record(models, *about, a_lens("looks"), a_function("ops", looks="x"), some_minutes("ops", Driver.WIP, 1))
        assert await rows(models, FactKind.LENS, "ops") == sorted((f.kind.value, f.key) for f in about)

    async def test_pages_follow_each_other_without_a_gap(self, models: ModelStore) -> None:
        for number in range(3):
            closes = (
                [replace(an_area("shop"), valid=Interval(NOW + timedelta(days=number - 1), None))] if number else []
            )
            shop = replace(an_area("shop"), valid=Interval(NOW + timedelta(days=number), None))
            row, rule = an_assignment("shop", "Zoe", key=f"B{number}"), a_rule("shop", f"a{number}", None)
            await record(models, shop, row, rule, closes=closes)
        whole = (await past(models, SHOP)).entries
        assert len(whole) == 9
        for first in (1, 2, 4, 9):
            told: list[Entry] = []
            while len(told) < len(whole):
                page = await past(models, SHOP, first, told[-1].place if told else None)
                assert (page.total, page.more) == (9, len(told) + first < 9)
                told += page.entries
            assert tuple(told) == whole

    async def test_a_page_of_none_still_tells_how_many_there_are(self, models: ModelStore) -> None:
        await record(models, an_area("shop"))
        assert await past(models, SHOP, 0) == Past(True, 1, (), True)

    async def test_after_the_last_there_is_nothing(self, models: ModelStore) -> None:
        edit = await record(models, an_area("shop"))
        assert await past(models, SHOP, 5, Place(edit.at, "area", "shop")) == Past(True, 1, (), False)

    async def test_a_change_recorded_meanwhile_moves_no_later_page(self, models: ModelStore) -> None:
        await record(models, an_area("shop"), an_assignment("shop", "ana"))
        page = await past(models, SHOP, 1)
        await record(models, an_assignment("shop", "pat"))
        rest = await past(models, SHOP, 9, page.entries[-1].place)
        assert [entry.kind.value for entry in (*page.entries, *rest.entries)] == ["area", "assignment"]

    async def test_answers_many_nodes_each_with_its_own_page(self, models: ModelStore) -> None:
        await record(models, an_area("shop"), an_area("pay"), an_assignment("shop", "ana"))
        asked = [Excerpt(SHOP, 1), Excerpt(SHOP, 2), Excerpt(Node(FactKind.AREA, "pay"), 9), Excerpt(ANA, 9)]
        found = await models.pasts(asked)
        assert [(found[one].declared, found[one].total, len(found[one].entries)) for one in asked] == [
            (True, 2, 1),
            (True, 2, 2),
            (True, 1, 1),
            (False, 1, 1),
        ]

    async def test_asked_for_nothing_it_answers_nothing(self, models: ModelStore) -> None:
        assert await models.pasts([]) == {}

    @pytest.mark.parametrize("key", ["", "sh\0op", "sh\udcffop", "root", "' OR true --", "*"])
    async def test_a_key_nothing_can_have_is_that_of_nothing(self, models: ModelStore, key: str) -> None:
        await record(models, the_root(), an_area("shop"), a_delegation("ana", "pat"))
        assert await past(models, Node(FactKind.AREA, key)) == Past(False, 0, (), False)

    async def test_a_key_of_any_characters_finds_its_node(self, models: ModelStore) -> None:
        odd = 'a:b/c,"d" {e}\\ ü'
        await record(models, a_fact(Team(odd, "Odd")), an_assignment("shop", odd, key=odd))  # type: ignore[arg-type]
        assert await rows(models, FactKind.TEAM, odd) == [("assignment", odd), ("team", odd)]


class TestInMemory(HistoryContract):
    @pytest.fixture
    def models(self) -> ModelStore:
        return MemoryModels(AClock())


class TestInPostgres(HistoryContract):
    @pytest.fixture
    def models(self, engine: AsyncEngine) -> ModelStore:
        return PostgresModels(engine)
