"""Whatever selectors are changed to: loads are foreseen as they are told once the change is made."""

from datetime import timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from remit.domain.changes import Change, EndRow, SetArea, SetFeedbackSelectors, SetJiraSelectors
from remit.domain.errors import Invalid
from remit.domain.facts import FactKind
from remit.domain.ids import OwnerKey
from remit.domain.load import Load
from remit.domain.records import BacklogItem
from remit.usecases.ask_load import survey
from remit.usecases.change_model import change_model
from remit.usecases.compare_loads import load_changes
from remit.usecases.desk import Desk
from remit.usecases.simulate import simulate
from remit.usecases.snapshot import Moment, snapshot
from remit.usecases.take_records import Page, take_records
from support.desks import A_MODEL, JIRA, NOW, a_desk, an_issue, pulled
from support.feedback import DESK, an_item, said

MODEL = A_MODEL.replace("function: product_operations}", "function: product_operations, capacity_hours: 4}").replace(
    "jira: [{project: SHOP}]}", "jira: [{project: SHOP}], feedback: [{source: zendesk, tags: [cards]}]}"
)
EPICS = ("SHOP-0", "PB-0")
CRITERIA = st.sampled_from(
    (
        (("project", ("SHOP",)),),
        (("project", ("PB",)),),
        (("project", ("PB",)), ("type", ("Task",))),
        (("component", ("Checkout",)),),
        *((("epic", (epic,)),) for epic in EPICS),
    )
)
SELECTORS = st.lists(CRITERIA, max_size=2).map(tuple)
TAGS = st.sampled_from(("cards", "cart", "other"))
ISSUES = st.builds(
    lambda number, project, days, **what: an_issue(
        f"{project}-{number}", created=NOW - timedelta(days=days), updated=NOW - timedelta(days=days), **what
    ),
    st.integers(1, 99),
    st.sampled_from(("SHOP", "PB")),
    st.integers(1, 90),
    type=st.sampled_from(("Bug", "Task")),
    components=st.sampled_from(((), ("Checkout",))),
    parent=st.sampled_from((None, *EPICS)),
)
CHANGES: st.SearchStrategy[Change] = st.one_of(
    st.builds(SetJiraSelectors, area=st.sampled_from(("shop", "checkout")), jira=SELECTORS),
    st.builds(
        SetFeedbackSelectors,
        area=st.sampled_from(("shop", "checkout")),
        feedback=st.lists(TAGS.map(lambda tag: ("zendesk", (("tags", (tag,)),))), max_size=1).map(tuple),
    ),
    st.builds(
        SetArea,
        key=st.just("cart"),
        name=st.just("Cart"),
        kind=st.just("team"),
        parent=st.sampled_from(("acme", "shop", "checkout")),
        jira=SELECTORS,
    ),
    st.just(SetArea(key="checkout", parent="acme")),
    st.just(EndRow(kind=FactKind.AREA, key="checkout")),
)


async def a_read_desk(issues: list[BacklogItem], tags: list[str], *, is_fresh: bool) -> Desk:
    """Whose help desk was read lately, or never whole."""
    desk = await a_desk(model=MODEL, sources=((JIRA, "jira"), (DESK, "zendesk")))
    if is_fresh:
        await desk.mirror.succeeded(DESK, NOW, b"a cursor")
    there = [*(an_issue(epic, type="Epic") for epic in EPICS), *issues]
    await take_records(desk, JIRA, Page(tuple(map(pulled, there))))
    await take_records(desk, DESK, said(*(an_item(str(number), tags=(tag,)) for number, tag in enumerate(tags))))
    return desk


def told(load: Load | None) -> object:
    assert load is not None
    contributions = [(one.area, one.responsibility, one.demand_hours) for one in load.contributions]
    return (
        load.capacity_hours,
        load.verdict,
        contributions,
        [(one.name, one.value, one.baseline) for one in load.signals],
    )


@settings(max_examples=60)
@given(
    st.lists(ISSUES, max_size=12, unique_by=lambda issue: issue.key),
    st.lists(TAGS, max_size=4),
    st.lists(CHANGES, min_size=1, max_size=3, unique_by=lambda one: (type(one), getattr(one, "area", None))),
    st.booleans(),
)
async def test_loads_are_foreseen_as_they_are_told_once_the_change_is_made(
    issues: list[BacklogItem], tags: list[str], changes: list[Change], is_fresh: bool
) -> None:
    desk = await a_read_desk(issues, tags, is_fresh=is_fresh)
    try:
        worlds = await simulate(desk, changes)
    except Invalid:
        assume(False)
    before = await survey(desk, worlds.before)
    foreseen = {one.person: one.after for one in await load_changes(desk, worlds.before, worlds.after)}
    await change_model(desk, changes, actor="test", reason="made")
    after = await survey(desk, await snapshot(desk, Moment()))
    for person in map(OwnerKey, ("ana", "pat")):
        if person in foreseen:
            assert told(foreseen[person]) == told(after.load(person))
        else:
            was, now = before.load(person), after.load(person)
            assert (was.demand_hours, was.capacity_hours, was.verdict) == (
                now.demand_hours,
                now.capacity_hours,
                now.verdict,
            )
