"""Thresholds, absences and preferences in a model file: read, planned, written again."""

from datetime import UTC, datetime

from remit.domain.facts import Facts
from remit.domain.ids import AreaKey, OwnerKey, ResponsibilityKey
from remit.domain.workload import Absence, Limits, Preference, Wish
from remit.modelfile.read import read
from remit.modelfile.show import shown
from remit.modelfile.write import write
from remit.usecases.shipped import shipped_catalogue
from support.model_files import HEAD, JULY, JUNE, NEXT_LINE, after, mistakes, planned

SAID = """\
thresholds:
  - {signal: utilisation, person: omar, overloaded: 0.9}
  - {key: few, signal: wip, area: payments, watch: 5, overloaded: 8, reason: a small team}
  - {signal: service_ratio, watch: null}
absences:
  - {person: ana, from: 2026-08-01, to: 2026-08-15, reason: leave}
  - {key: course, person: ana, share: 0.2, from: 2026-07-01, to: 2026-10-01}
preferences:
  - {person: ana, responsibility: documentation, wish: avoid, reason: asked in May}
"""
WRITTEN = """\
thresholds:
  - {key: "few", signal: "wip", area: "payments", watch: 5.0, overloaded: 8.0, reason: "a small team"}
  - {signal: "service_ratio", watch: null, overloaded: null}
  - {signal: "utilisation", person: "omar", watch: null, overloaded: 0.9}
absences:
  - {person: "ana", reason: "leave", from: "2026-08-01T00:00:00Z", to: "2026-08-15T00:00:00Z"}
  - {key: "course", person: "ana", share: 0.2, from: "2026-07-01T00:00:00Z", to: "2026-10-01T00:00:00Z"}
preferences:
  - {person: "ana", responsibility: "documentation", wish: "avoid", reason: "asked in May"}
"""
ANA = OwnerKey("ana")


def test_the_rows_are_read_as_what_they_say() -> None:
    august, end = datetime(2026, 8, 1, tzinfo=UTC), datetime(2026, 8, 15, tzinfo=UTC)
    rows = [row for row in read(HEAD + SAID) if (row.line or 0) >= NEXT_LINE]
    assert [(row.key, row.body) for row in rows] == [
        ("utilisation/-/omar", Limits("utilisation", None, 0.9, person=OwnerKey("omar"))),
        ("few", Limits("wip", 5, 8, AreaKey("payments"), reason="a small team")),
        ("service_ratio/-/-", Limits("service_ratio", None, None)),
        ("ana", Absence(ANA, reason="leave")),
        ("course", Absence(ANA, 0.2)),
        ("ana/documentation", Preference(ANA, ResponsibilityKey("documentation"), Wish.AVOID, "asked in May")),
    ]
    assert [(row.start, row.end) for row in rows if row.key == "ana"] == [(august, end)]
    assert mistakes(HEAD + SAID) == []


def test_they_are_written_on_a_line_each_and_come_back() -> None:
    beliefs = after(HEAD + SAID)
    exported = write(beliefs, JUNE)
    begins = exported.index("thresholds:")
    assert exported[begins : begins + len(WRITTEN)] == WRITTEN
    assert planned(exported, beliefs, JULY).is_empty
    assert Facts(shipped_catalogue(), after(exported)).digest == Facts(shipped_catalogue(), beliefs).digest


def test_a_plan_tells_them_in_the_files_words() -> None:
    changed = HEAD + SAID.replace("watch: 5,", "watch: 6,").replace("wish: avoid", "wish: like").replace(
        "  - {signal: service_ratio, watch: null}\n", ""
    )
    assert list(shown(planned(changed, after(HEAD + SAID), JULY))) == [
        "~ preference ana/documentation: wish avoid -> like from 2026-07-01T00:00:00Z",
        "~ threshold few: watch 5.0 -> 6.0 from 2026-07-01T00:00:00Z",
        "- threshold service_ratio/-/- ends at 2026-07-01T00:00:00Z",
        "0 to add, 2 to change, 1 to end.",
    ]


def test_r49_what_is_said_of_load_is_part_of_the_digest() -> None:
    said = [HEAD, HEAD + SAID, *(HEAD + SAID.replace(old, new) for old, new in (
        ("watch: 5,", "watch: 6,"), ("share: 0.2", "share: 0.3"), ("wish: avoid", "wish: like")
    ))]  # fmt: skip
    assert len({Facts(shipped_catalogue(), after(text)).digest for text in said}) == len(said)
