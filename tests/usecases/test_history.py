"""What happened to a node, in words: actions, fields, sentences, pages, and nodes that never were."""

from base64 import urlsafe_b64encode
from collections.abc import Sequence

import pytest

from remit.domain.errors import Invalid, NotFound
from remit.domain.facts import FactKind
from remit.domain.history import Action, Node
from remit.domain.intervals import ALWAYS, Interval
from remit.usecases.apply_model import apply
from remit.usecases.ask_history import MOST, Change, Difference, excerpt, histories, history, node_of
from remit.usecases.desk import Desk
from support.desks import AClock, a_desk

ROW = "  - {key: till, area: checkout, responsibility: documentation, function: product_operations, owner: %s}\n"
MODEL = """
version: 1
organisation: {key: acme, name: Acme, stage: scale_up, timezone: UTC}
people: [{key: ana, name: Ana}, {key: pat, name: Pat}]
areas: [{key: checkout, name: Checkout, kind: team, parent: acme}]
assignments:
"""
TILL = f"{MODEL}{ROW % 'ana'}"
CHECKOUT = Node(FactKind.AREA, "checkout")


async def changes(desk: Desk, kind: FactKind, key: str) -> Sequence[Change]:
    return (await history(desk, excerpt(Node(kind, key)))).changes


async def messages(desk: Desk, kind: FactKind, key: str) -> list[str]:
    return [change.message for change in await changes(desk, kind, key)]


@pytest.fixture
def clock() -> AClock:
    return AClock()


@pytest.fixture
async def desk(clock: AClock) -> Desk:
    """Ana documents the checkout, as of the first change."""
    return await a_desk(clock=clock, model=TILL)


async def test_an_entry_says_what_who_when_and_why(desk: Desk, clock: AClock) -> None:
    monday = clock.goes_on(days=7)
    await apply(desk, MODEL + ROW % "pat", actor="eva", reason="Ana moved on")
    newest, *_ = await changes(desk, FactKind.AREA, "checkout")
    assert newest == Change(
        kind=FactKind.ASSIGNMENT,
        key="till",
        action=Action.CHANGED,
        recorded_at=monday,
        actor="eva",
        reason="Ana moved on",
        before=(ALWAYS,),
        after=(Interval(None, monday), Interval(monday, None)),
        differences=(Difference("owner", "ana", "pat", Interval(monday, None)),),
        message="assignment till changed: owner ana -> pat from 2026-11-30T12:00:00Z",
        cursor=newest.cursor,
    )


async def test_the_sentences_of_a_row_from_its_beginning_to_its_end(desk: Desk, clock: AClock) -> None:
    clock.goes_on(days=1)
    await apply(desk, TILL.replace("owner: ana", "owner: pat, letter: accountable"), actor="a", reason="")
    clock.goes_on(days=1)
    await apply(desk, TILL.replace("owner: ana", "owner: ana, from: 2026-11-24T00:00:00Z"), actor="a", reason="")
    clock.goes_on(days=1)
    await apply(desk, MODEL.removesuffix("assignments:\n"), actor="a", reason="")
    assert await messages(desk, FactKind.RESPONSIBILITY, "documentation") == [
        "assignment till ended at 2026-11-26T12:00:00Z",
        "assignment till corrected: owner pat -> ana, letter accountable -> nothing from 2026-11-24T12:00:00Z",
        "assignment till changed: owner ana -> pat, letter nothing -> accountable from 2026-11-24T12:00:00Z",
        "assignment till declared: holds at all times (area: checkout, responsibility: documentation, "
        "function: product_operations, owner: ana)",
    ]


async def test_what_was_to_begin_later_and_will_not_is_withdrawn(desk: Desk, clock: AClock) -> None:
    await apply(
        desk,
        TILL + "  - {area: acme, responsibility: all, function: product_management, owner: pat, from: 2026-12-24}\n",
        actor="a",
        reason="",
    )
    clock.goes_on(days=1)
    await apply(desk, TILL, actor="a", reason="")
    assert await messages(desk, FactKind.AREA, "acme") == [
        "assignment acme/all/product_management/pat withdrawn: no longer holds from 2026-12-24T00:00:00Z",
        "assignment acme/all/product_management/pat declared: holds from 2026-12-24T00:00:00Z (area: acme, "
        "responsibility: all, function: product_management, owner: pat)",
        "area acme declared: holds at all times (name: Acme, stage: scale_up, timezone: UTC)",
    ]


async def test_a_row_about_last_month_is_a_correction(desk: Desk) -> None:
    await apply(
        desk,
        f"{TILL}delegations: [{{from_person: ana, to_person: pat, from: 2026-10-01, to: 2026-11-01}}]\n",
        actor="a",
        reason="",
    )
    newest, *_ = await changes(desk, FactKind.PERSON, "pat")
    assert (newest.action, newest.message) == (
        Action.CORRECTED,
        "delegation ana/pat/-/all corrected: holds from 2026-10-01T00:00:00Z until 2026-11-01T00:00:00Z "
        "(from_person: ana, to_person: pat)",
    )


async def test_what_is_stated_to_be_null_is_not_what_is_left_out(desk: Desk, clock: AClock) -> None:
    rule = "rules: [{key: r, area: checkout, responsibility: documentation, %s}]\n"
    blurry = "lead: null, support: [{function: product_management, letter: responsible}]"
    await apply(desk, TILL + rule % blurry, actor="a", reason="")
    clock.goes_on(days=1)
    await apply(desk, TILL + rule % "unowned: true", actor="a", reason="")
    newest, *_ = await changes(desk, FactKind.AREA, "checkout")
    assert [(one.field, one.before, one.after) for one in newest.differences] == [
        ("lead", "null", None),
        ("support", "[{function: product_management, letter: responsible}]", None),
        ("unowned", None, "true"),
    ]


async def test_who_joins_and_leaves_a_team_has_it_in_the_history(desk: Desk, clock: AClock) -> None:
    for members in ("pat", "ana, pat", "pat"):
        clock.goes_on(days=1)
        await apply(desk, f"{TILL}teams: [{{key: desk, name: Desk, members: [{members}]}}]\n", actor="a", reason="")
    assert (await messages(desk, FactKind.PERSON, "ana"))[:2] == [
        "team desk changed: members [ana, pat] -> [pat] from 2026-11-26T12:00:00Z",
        "team desk changed: members [pat] -> [ana, pat] from 2026-11-25T12:00:00Z",
    ]


async def test_pages_are_walked_by_cursors(desk: Desk, clock: AClock) -> None:
    clock.goes_on(days=1)
    await apply(desk, MODEL + ROW % "pat", actor="eva", reason="")
    whole = await history(desk, excerpt(CHECKOUT))
    first = await history(desk, excerpt(CHECKOUT, 2))
    second = await history(desk, excerpt(CHECKOUT, 2, first.changes[-1].cursor))
    assert (whole.total, whole.more) == (3, False)
    assert [(page.total, page.more) for page in (first, second)] == [(3, True), (3, False)]
    assert (*first.changes, *second.changes) == whole.changes


async def test_a_node_that_never_was_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFound, match="there never was an area 'nowhere'"):
        await history(desk, excerpt(Node(FactKind.AREA, "nowhere")))


async def test_a_person_and_a_team_are_two_nodes(desk: Desk) -> None:
    with pytest.raises(NotFound, match="there never was a team 'ana'"):
        await history(desk, excerpt(Node(FactKind.TEAM, "ana")))


@pytest.mark.parametrize(
    ("kind", "key"), [(FactKind.RESPONSIBILITY, "innovation"), (FactKind.FUNCTION, "product_management")]
)
async def test_what_ships_is_there_without_a_change(desk: Desk, kind: FactKind, key: str) -> None:
    found = await history(desk, excerpt(Node(kind, key)))
    assert (found.changes, found.total, found.more) == ((), 0, False)


async def test_many_are_asked_at_once_and_one_that_never_was_hides_no_other(desk: Desk) -> None:
    there, lost = excerpt(CHECKOUT), excerpt(Node(FactKind.PERSON, "nobody"))
    found = await histories(desk, [there, lost])
    assert found == {there: await history(desk, there), lost: None}


@pytest.mark.parametrize("first", [-1, MOST + 1])
def test_a_page_out_of_bounds_is_refused(first: int) -> None:
    with pytest.raises(Invalid, match="`first` must be between 0 and 200"):
        excerpt(CHECKOUT, first)


@pytest.mark.parametrize("after", ["", "x", "é", "YXJlYQ"])
def test_what_is_no_cursor_is_refused(after: str) -> None:
    with pytest.raises(Invalid, match="`after` is no cursor of a history"):
        excerpt(CHECKOUT, after=after)


@pytest.mark.parametrize(
    "place",
    [
        "area",
        "2026-11-23T12:00:00Z|area",
        "2026-11-23T12:00:00Z|wish|shop",
        "2026-11-23T12:00:00|area|shop",
        "now|area|shop",
        "0001-01-01T00:00:00+14:00|area|shop",
    ],
)
def test_a_cursor_to_no_place_is_refused(place: str) -> None:
    with pytest.raises(Invalid, match="`after` is no cursor of a history"):
        excerpt(CHECKOUT, after=urlsafe_b64encode(place.encode()).decode())


def test_a_node_is_named_by_its_kind_in_any_case() -> None:
    assert node_of("Area", "checkout") == CHECKOUT


@pytest.mark.parametrize("kind", ["assignment", "nothing", ""])
def test_only_nodes_have_a_history(kind: str) -> None:
    with pytest.raises(NotFound, match="has no history; these have: area, person, team, function, responsibility"):
        node_of(kind, "x")
