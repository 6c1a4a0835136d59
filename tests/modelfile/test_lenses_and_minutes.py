"""Lenses and minutes per unit in a model file: read, planned, written again."""

from remit.domain.catalogue import Driver, Function, Lens, Minutes, Responsibility
from remit.domain.facts import Facts
from remit.domain.ids import FunctionKey, ResponsibilityKey
from remit.modelfile.read import read
from remit.modelfile.show import shown
from remit.modelfile.write import write
from remit.usecases.shipped import shipped_catalogue
from support.model_files import HEAD, JULY, JUNE, NEXT_LINE, after, mistakes, planned
from support.models import PM, a_split

SAID = """\
lenses:
  - {key: rhythm, name: Rhythm, description: How often it comes round}
  - {key: focus, name: Object, from: 2026-02-01, to: 2026-12-01}
functions:
  - {key: design, name: Design, lenses: {rhythm: daily, focus: people}}
responsibilities:
  - {key: notes, name: Notes, lead: product_management, lenses: {rhythm: release}}
minutes:
  - {responsibility: notes, driver: completions, minutes: 3}
  - {key: triage, responsibility: backlog_management, driver: arrivals, minutes: 0.25, reason: measured}
"""
WRITTEN = """\
lenses:
  - {key: "focus", name: "Object", from: "2026-02-01T00:00:00Z", to: "2026-12-01T00:00:00Z"}
  - {key: "rhythm", name: "Rhythm", description: "How often it comes round"}
functions:
  - {key: "design", name: "Design", lenses: {focus: "people", rhythm: "daily"}}
responsibilities:
  - {key: "notes", name: "Notes", lead: "product_management", transferable: false, lenses: {rhythm: "release"}}
minutes:
  - {responsibility: "notes", driver: "completions", minutes: 3.0}
  - {key: "triage", responsibility: "backlog_management", driver: "arrivals", minutes: 0.25, reason: "measured"}
"""


def sections(text: str) -> str:
    """What a written file says beyond the head's rows."""
    kept, keep = [], False
    for line in text.splitlines(keepends=True):
        if not line.startswith(" "):
            keep = line.rstrip() in ("lenses:", "functions:", "responsibilities:", "minutes:")
        kept += [line] if keep else []
    return "".join(kept)


def test_the_rows_are_read_as_what_they_say() -> None:
    told = {row.key: (row.body, (row.line or 0) - NEXT_LINE) for row in read(HEAD + SAID)}
    notes = ResponsibilityKey("notes")
    ours = {key: row for key, row in told.items() if key not in ("acme", "ana", "omar", "payments")}
    assert ours == {
        "rhythm": (Lens("rhythm", "Rhythm", "How often it comes round"), 1),
        "focus": (Lens("focus", "Object"), 2),
        "design": (Function(FunctionKey("design"), "Design", (("focus", "people"), ("rhythm", "daily"))), 4),
        "notes": (Responsibility(notes, "Notes", "", a_split(PM), lenses=(("rhythm", "release"),)), 6),
        "notes/completions": (Minutes(notes, Driver.COMPLETIONS, 3), 8),
        "triage": (Minutes(ResponsibilityKey("backlog_management"), Driver.ARRIVALS, 0.25, "measured"), 9),
    }
    assert mistakes(HEAD + SAID) == []


def test_they_are_written_on_a_line_each_and_come_back() -> None:
    beliefs = after(HEAD + SAID)
    exported = write(beliefs, JUNE)
    assert sections(exported) == WRITTEN
    assert planned(exported, beliefs, JULY).is_empty
    assert Facts(shipped_catalogue(), after(exported)).digest == Facts(shipped_catalogue(), beliefs).digest


def test_a_plan_tells_them_in_the_files_words() -> None:
    before = after(HEAD + SAID)
    changed = HEAD + SAID.replace("0.25", "4").replace("How often it comes round", "Its beat").replace(
        "  - {responsibility: notes, driver: completions, minutes: 3}\n",
        "  - {responsibility: notes, driver: areas, minutes: 3}\n",
    ).replace("rhythm: daily, ", "")  # fmt: skip
    assert list(shown(planned(changed, before, JULY))) == [
        "~ function design: lenses {focus: people, rhythm: daily} -> {focus: people} from 2026-07-01T00:00:00Z",
        "~ lens rhythm: description How often it comes round -> Its beat from 2026-07-01T00:00:00Z",
        "+ minutes notes/areas (responsibility: notes, driver: areas, minutes: 3.0) from 2026-07-01T00:00:00Z",
        "- minutes notes/completions ends at 2026-07-01T00:00:00Z",
        "~ minutes triage: minutes 0.25 -> 4.0 from 2026-07-01T00:00:00Z",
        "1 to add, 3 to change, 1 to end.",
    ]


def test_r49_what_is_said_of_lenses_and_minutes_is_part_of_the_digest() -> None:
    said = [HEAD, HEAD + SAID, HEAD + SAID.replace("0.25", "0.5"), HEAD + SAID.replace("Rhythm", "Beat"),
            HEAD + SAID.replace("rhythm: daily", "rhythm: weekly")]  # fmt: skip
    assert len({Facts(shipped_catalogue(), after(text)).digest for text in said}) == len(said)


def test_a_lens_that_is_still_named_cannot_be_taken_out() -> None:
    before = after(HEAD + SAID)
    without = HEAD + SAID.replace("  - {key: rhythm, name: Rhythm, description: How often it comes round}\n", "")
    assert {(problem.code, problem.where) for problem in mistakes(without, before, JULY)} == {
        ("UNKNOWN_KEY", "function design"),
        ("UNKNOWN_KEY", "responsibility notes"),
    }
