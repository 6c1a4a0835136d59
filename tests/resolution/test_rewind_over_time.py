"""Whatever happened to issues: rewound to any instant each is what it was, and below what it was below."""

from dataclasses import replace

from hypothesis import event, given, settings
from hypothesis import strategies as st

from remit.domain.records import BacklogEvent, BacklogItem, History, SeenEvent
from remit.resolution.rewind import View, as_it_was
from support.desks import JIRA, NOW, an_issue
from support.lives import BEGINNING, HOUR, TEAM, Life, ancestors, lives


def history(life: Life, shuffled: tuple[BacklogEvent, ...] | None = None) -> History:
    """Read at last, all at once, in any order."""
    events = life.events if shuffled is None else shuffled
    keys = tuple(sorted(life.keys(NOW)))
    return History(life.at(NOW), keys, NOW, tuple(SeenEvent(one, NOW) for one in events))


def plainly(item: BacklogItem) -> BacklogItem:
    """Without what rewinding does not promise: the order of components, and when something last changed."""
    return replace(item, components=tuple(sorted(item.components)), updated=item.created)


@settings(max_examples=200)
@given(lives(), st.data())
def test_an_issue_is_what_it_was_at_every_instant(lived: tuple[Life], data: st.DataObject) -> None:
    (life,) = lived
    told = history(life, tuple(data.draw(st.permutations(life.events))))
    event(f"{len(life.states)} states")
    for since, _ in life.states:
        for instant in (since, since + HOUR / 2):
            then = as_it_was([told], View(instant, team_field=TEAM))[told.item.id]
            assert (plainly(then.item), then.odd) == (plainly(life.at(instant)), ())


@settings(max_examples=150)
@given(lives(4), st.integers(0, 300))
def test_an_issue_is_below_what_it_was_below(whole: tuple[Life, ...], hours: int) -> None:
    at = BEGINNING + hours * HOUR
    then = as_it_was([history(life) for life in whole], View(at, team_field=TEAM))
    for life in whole:
        if life.created <= at:
            was, expected = then[life.states[0][1].id], ancestors(whole, life.at(at), at, NOW)
            event(f"{len(expected)} above")
            assert set(was.keys) == life.keys(NOW)
            assert sorted(was.lineage) == sorted(key for keys in expected for key in keys)


TEXTS = st.none() | st.sampled_from(["", "SHOP-1", "SHOP-2", "a b", "Cart", "[1, 2]", "1", "-"]) | st.text(max_size=5)
FIELDS = st.sampled_from(
    ["Key", "Component", "labels", "issuetype", "status", "priority", "assignee", "summary", "Epic Link", "Parent",
     "IssueParentAssociation", "Team", "Rank", "resolution", ""]
)  # fmt: skip
ANYTHING = st.builds(
    BacklogEvent, st.just(JIRA), st.just("1"), TEXTS.map(str), st.integers(0, 3),
    st.integers(0, 50).map(lambda hours: BEGINNING + hours * HOUR), FIELDS, TEXTS, st.none() | st.just(TEAM),
    TEXTS, TEXTS, TEXTS, TEXTS,
)  # fmt: skip


@settings(max_examples=300)
@given(st.lists(ANYTHING, max_size=12), st.integers(0, 60), st.none() | st.integers(0, 60))
def test_histories_that_contradict_everything_still_give_an_issue(
    changes: list[BacklogEvent], as_of: int, known_at: int | None
) -> None:
    issues = [an_issue("SHOP-1", id="1", parent="SHOP-2"), an_issue("SHOP-2", id="2", parent="SHOP-1")]
    seen = tuple(SeenEvent(change, change.at + HOUR) for change in changes)
    told = [History(issue, (issue.key,), BEGINNING, seen) for issue in issues]
    known = None if known_at is None else BEGINNING + known_at * HOUR
    then = as_it_was(told, View(BEGINNING + as_of * HOUR, known, TEAM))
    assert [(was.item.id, was.item.created) for was in then.values()] == [(one.id, one.created) for one in issues]
    assert all(was.item.key and was.item.project and was.keys[0] for was in then.values())
