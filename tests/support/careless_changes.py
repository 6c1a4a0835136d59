"""Changes of the small model whose every field may say anything that the graph lets through, most of it wrong."""

from collections.abc import Collection
from dataclasses import fields
from datetime import date, timedelta
from enum import StrEnum

from hypothesis import strategies as st

from remit.domain.areas import Criterion, Stage
from remit.domain.catalogue import Driver, Letter
from remit.domain.changes import KEPT, Change, EndRow
from remit.domain.facts import FactKind
from remit.domain.policy import Inheritance
from remit.domain.workload import Wish
from support.changing import JULY

Said = st.SearchStrategy[object]
WORDS = ("", "\0", "ana", "omar", "desk", "nobody", "all", "acme", "payments", "checkout", "innovation", "coordination",
         "product_management", "focus", "ops", "the-line", "ana@acme.example", "ana/omar/payments/all")  # fmt: skip
words = st.sampled_from(WORDS)
numbers = st.sampled_from([-1.0, 0.0, 5.0, 1e9])
instants = st.integers(-60, 120).map(lambda days: JULY + timedelta(days=days)) | st.just(JULY.replace(tzinfo=None))


def lists(entries: Said) -> Said:
    return st.lists(entries, max_size=3).map(tuple)


def values(enumeration: type[StrEnum]) -> st.SearchStrategy[str]:
    return st.sampled_from([one.value for one in enumeration])


issues = st.dictionaries(values(Criterion), lists(words), max_size=2).map(lambda told: tuple(told.items()))
BY_NAME: dict[str, Said] = {
    **dict.fromkeys(["lenses", "identities"], lists(st.tuples(words, words))),
    **dict.fromkeys(["members", "consulted", "responsibilities"], lists(words)),
    **dict.fromkeys(["capacity_hours", "minutes", "watch", "overloaded", "share"], numbers),
    **dict.fromkeys(["active", "unowned", "transferable", "leaves"], st.booleans()),
    **dict.fromkeys(["start", "end", "at", "due"], instants),
    "skills": lists(st.tuples(words, st.integers(-1, 4))),
    "support": lists(st.tuples(words, values(Letter))),
    "jira": lists(issues),
    "issue": issues,
    "feedback": lists(st.tuples(words, lists(st.tuples(words | st.just("source"), lists(words))))),
    "stage": values(Stage),
    "letter": values(Letter),
    "driver": values(Driver),
    "inherit": values(Inheritance),
    "wish": values(Wish),
    "signal": words | st.sampled_from(["wip", "service_ratio"]),
    "review": st.sampled_from([date(2026, 6, 1), date(2027, 1, 1)]),
}
"""What a field may say; one that is not named here says a word."""


def careless(change: type[Change], nullable: Collection[str]) -> st.SearchStrategy[Change]:
    """A change of this kind; `nullable` are the fields that a client may say null of."""
    told = {}
    for field in fields(change):
        said = BY_NAME.get(field.name, words)
        if change is EndRow and field.name == "kind":
            said = st.sampled_from(FactKind)
        said = said | st.none() if field.name in nullable else said
        told[field.name] = said | st.just(KEPT) if field.default is KEPT else said
    return st.fixed_dictionaries(told).map(lambda values: change(**values))
