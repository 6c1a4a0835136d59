"""What can be wrong with a row by itself, told with its line."""

# ruff: noqa: E501 - a row of a model file is one line

import pytest

from remit.domain.errors import Invalid
from remit.modelfile.read import read
from support.model_files import HEAD, NEXT_LINE, mistakes, told

RULES, ASSIGNED = "rules:\n  - ", "assignments:\n  - "
AREA = "  - {key: x, name: X, kind: team, parent: acme"


def only(text: str) -> str:
    """The one mistake of a file: its distance from the head's end, its code and its message."""
    problems = mistakes(text)
    assert len(problems) == 1, problems
    problem = problems[0]
    return f"+{(problem.line or 0) - NEXT_LINE} {problem.code}: {problem.message}"


MISTAKES = [
    ("R6 an unknown key", RULES + "{area: payments, responsibility: leadership, leader: ana, unowned: true}\n",
     "+1 UNKNOWN_FIELD: 'leader' is not known here; check the spelling"),
    ("R6 an unknown section", "rulez: []\n", "+0 UNKNOWN_FIELD: 'rulez' is not known here; check the spelling"),
    ("a missing key", RULES + "{area: payments, unowned: true}\n", "+1 MISSING_FIELD: 'responsibility' is missing"),
    ("a row that is no mapping", RULES + "leadership\n",
     "+1 WRONG_VALUE: rules: write a mapping of keys to values here"),
    ("a section that is no list", "rules: {}\n", "+0 WRONG_VALUE: rules: write a list here"),
    ("a stage that does not exist", AREA + ", stage: old}\n",
     "+0 WRONG_VALUE: stage: input should be 'startup', 'scale_up' or 'enterprise'"),
    ("a number for a text", AREA + ", jira: [{project: 12}]}\n",
     "+0 WRONG_VALUE: project: write a text here, in quotes if it looks like a number, or a list of texts"),
    ("a number for a name", "teams:\n  - {key: x, name: 12}\n",
     "+1 WRONG_VALUE: name: write a text here, in quotes if it looks like a number or like true, false or null"),
    ("R7 a rule with area and stage", RULES + "{area: payments, stage: startup, responsibility: leadership, unowned: true}\n",
     "+1 SCOPE: a rule has exactly one of `area` and `stage` (R7)"),
    ("R7 a rule without a scope", RULES + "{responsibility: leadership, unowned: true}\n",
     "+1 SCOPE: a rule has exactly one of `area` and `stage` (R7)"),
    ("R7 a rule for everything", RULES + "{area: payments, responsibility: all, unowned: true}\n",
     "+1 RESERVED: a rule or agreement names one responsibility, not `all` (R7)"),
    ("R9 a rule with lead and unowned",
     RULES + "{area: payments, responsibility: leadership, lead: product_management, unowned: true}\n",
     "+1 SPLIT: a rule states exactly one of `lead` and `unowned: true` (R9)"),
    ("R9 a rule with neither", RULES + "{area: payments, responsibility: leadership}\n",
     "+1 SPLIT: a rule states exactly one of `lead` and `unowned: true` (R9)"),
    ("R9 a blurry rule without support", RULES + "{area: payments, responsibility: leadership, lead: null}\n",
     "+1 SPLIT: `lead: null` is a blurry line and needs at least one supporting function (R9)"),
    ("nobody with support",
     RULES + "{area: payments, responsibility: leadership, unowned: true,\n"
             "     support: [{function: product_operations, letter: consulted}]}\n",
     "+2 SPLIT: what nobody owns has no `support`"),
    ("R10 a supporting function without a letter",
     RULES + "{area: payments, responsibility: leadership, lead: product_management,\n"
             "     support: [{function: product_operations}]}\n", "+2 MISSING_FIELD: 'letter' is missing"),
    ("R10 an accountable supporting function",
     RULES + "{area: payments, responsibility: leadership, lead: product_management,\n"
             "     support: [{function: product_operations, letter: accountable}]}\n",
     "+2 WRONG_VALUE: letter: a supporting function is never accountable; only the lead is (R10)"),
    ("R10 the lead in its own support",
     RULES + "{area: payments, responsibility: leadership, lead: product_management,\n"
             "     support: [{function: product_management, letter: consulted}]}\n",
     "+2 SPLIT: product_management leads and cannot also support (R10)"),
    ("R12 a rule for the issues of a stage", RULES + "{stage: startup, issue: {type: Bug}, responsibility: leadership, unowned: true}\n",
     "+1 SCOPE: `issue` needs an `area`: rules on issues apply to an area and below (R12)"),
    ("R28 an empty selector", AREA + ",\n     jira: [{project: P}, {}]}\n",
     "+1 SELECTOR: an empty selector would match every issue; say which (R28)"),
    ("an empty feedback selector", AREA + ",\n     feedback: [{source: zendesk}]}\n",
     "+1 SELECTOR: an empty selector would match everything; say which"),
    ("a feedback criterion that is no text", AREA + ",\n     feedback: [{source: zendesk,\n       tags: [1]}]}\n",
     "+2 SELECTOR: tags: write one text or a list of texts"),
    ("R25 an assignment without an owner", ASSIGNED + "{area: payments, responsibility: all, function: product_management}\n",
     "+1 OWNER: only an assignment with `inherit: block` may be without `owner` (R25)"),
    ("R3 a time without an offset",
     ASSIGNED + "{area: payments, responsibility: all, function: product_management, owner: ana, from: 2026-01-01T10:00}\n",
     "+1 TIME: '2026-01-01T10:00' has no offset; write for example 2026-01-01T10:00Z or 2026-01-01T10:00+01:00 (R3)"),
    ("R3 a day that does not exist",
     ASSIGNED + "{area: payments, responsibility: all, function: product_management, owner: ana, from: 2026-02-30}\n",
     "+1 TIME: '2026-02-30' is no date or instant such as 2026-12-21T00:00:00Z"),
    ("an instant before all time",
     ASSIGNED + '{area: payments, responsibility: all, function: product_management, owner: ana, from: "0001-01-01T00:00+10:00"}\n',
     "+1 TIME: '0001-01-01T00:00+10:00' is no date or instant such as 2026-12-21T00:00:00Z"),
    ("an instant that the database would take for ever",
     ASSIGNED + "{area: payments, responsibility: all, function: product_management, owner: ana, from: 0001-01-01}\n",
     "+1 TIME: '0001-01-01' is at the edge of the calendar; leave it out to say for ever"),
    ("R4 an end that is not later",
     ASSIGNED + "{area: payments, responsibility: all, function: product_management, owner: ana, from: 2026-02-01,\n"
                "     to: 2026-02-01}\n", "+2 WINDOW: `to` must be later than `from` (R4)"),
    ("R10 a lead that is consulted",
     "agreements:\n  - {area: payments, responsibility: leadership, lead: product_management, consulted: [product_management]}\n",
     "+1 SPLIT: product_management leads and cannot also be consulted (R10)"),
    ("a review date that is none",
     "agreements:\n  - {area: payments, responsibility: leadership, lead: product_management, review: soon}\n",
     "+1 TIME: 'soon' is not a date such as 2027-03-01"),
    ("R43 a delegation to oneself", "delegations:\n  - {from_person: ana, to_person: ana, to: 2027-01-01}\n",
     "+1 DELEGATION: nobody can delegate to himself or herself (R43)"),
    ("a delegation without an end", "delegations:\n  - {from_person: ana, to_person: omar}\n",
     "+1 MISSING_FIELD: 'to' is missing"),
    ("minutes by a driver nobody knows", "minutes:\n  - {responsibility: innovation, driver: weather, minutes: 1}\n",
     "+1 WRONG_VALUE: driver: input should be 'open_items', 'wip', 'arrivals', 'completions', 'feedback_arrivals' or 'areas'"),
    ("minutes below nought", "minutes:\n  - {responsibility: innovation, driver: wip, minutes: -0.5}\n",
     "+1 WRONG_VALUE: minutes: input should be greater than or equal to 0"),
    ("minutes beyond a week", "minutes:\n  - {responsibility: innovation, driver: wip, minutes: 10080.5}\n",
     "+1 WRONG_VALUE: minutes: input should be less than or equal to 10080"),
    ("minutes that are no number", "minutes:\n  - {responsibility: innovation, driver: wip, minutes: .nan}\n",
     "+1 WRONG_VALUE: minutes: input should be a finite number"),
    ("endless minutes", "minutes:\n  - {responsibility: innovation, driver: wip, minutes: .inf}\n",
     "+1 WRONG_VALUE: minutes: input should be a finite number"),
    ("minutes in words", "minutes:\n  - {responsibility: innovation, driver: wip, minutes: true}\n",
     "+1 WRONG_VALUE: minutes: input should be a valid number"),
    ("minutes of nothing", "minutes:\n  - {driver: wip, minutes: 1}\n", "+1 MISSING_FIELD: 'responsibility' is missing"),
    ("a threshold of two places", "thresholds:\n  - {signal: wip, area: payments, person: ana, watch: 1}\n",
     "+1 SCOPE: a threshold has at most one of `area` and `person`; with neither it is for everybody"),
    ("a threshold that says nothing", "thresholds:\n  - {signal: wip, reason: because}\n",
     "+1 THRESHOLD: say `watch`, `overloaded` or both; `watch: null` is never reached"),
    ("an endless threshold", "thresholds:\n  - {signal: wip, watch: .inf}\n",
     "+1 WRONG_VALUE: watch: input should be a finite number"),
    ("an absence without an end", "absences:\n  - {person: ana}\n", "+1 MISSING_FIELD: 'to' is missing"),
    ("an absence of none of the time", "absences:\n  - {person: ana, share: 0, to: 2027-01-01}\n",
     "+1 WRONG_VALUE: share: input should be greater than 0"),
    ("an absence of more than all", "absences:\n  - {person: ana, share: 1.5, to: 2027-01-01}\n",
     "+1 WRONG_VALUE: share: input should be less than or equal to 1"),
    ("a wish nobody has", "preferences:\n  - {person: ana, responsibility: innovation, wish: love}\n",
     "+1 WRONG_VALUE: wish: input should be 'avoid' or 'like'"),
    ("a lens without a name", "lenses:\n  - {key: rhythm}\n", "+1 MISSING_FIELD: 'name' is missing"),
    ("a value on a lens that is no text", "functions:\n  - {key: x, name: X, lenses: {focus: [a]}}\n",
     "+1 WRONG_VALUE: focus: write a text here, in quotes if it looks like a number or like true, false or null"),
    ("a responsibility without a lead", "responsibilities:\n  - {key: x, name: X}\n",
     "+1 MISSING_FIELD: 'lead' is missing"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "mistake"), [case[1:] for case in MISTAKES], ids=[case[0] for case in MISTAKES])
def test_a_mistake_is_told_with_its_line(text: str, mistake: str) -> None:
    assert only(HEAD + text) == mistake


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", ["None MISSING_FIELD", "None MISSING_FIELD"]),
        ("- a\n", ["1 WRONG_VALUE"]),
        ("version: 2\norganisation: {key: acme, name: Acme, stage: startup}\n", ["1 WRONG_VALUE"]),
        ("version: 1\norganisation: {key: acme, name: Acme}\n", ["2 MISSING_FIELD"]),
        ("version: 1\norganisation:\n  {key: acme, name: Acme, stage: startup, timezone: Mars/Olympus}\n", ["3 TIMEZONE"]),
        ("version: 1\norganisation:\n  {key: acme, name: Acme, stage: startup, timezone: Europe}\n", ["3 TIMEZONE"]),
        ("version: 1\norganisation: {key: a, name: A, stage: startup, jira: [{}]}\n", ["2 SELECTOR"]),
    ],
)  # fmt: skip
def test_a_mistake_of_the_file_as_a_whole(text: str, problems: list[str]) -> None:
    assert told(mistakes(text)) == problems


def test_r53_the_root_has_a_stage_and_every_other_area_a_parent() -> None:
    text = "version: 1\norganisation: {key: acme, name: Acme}\nareas:\n  - {key: a, name: A, kind: team}\n"
    assert [str(problem) for problem in mistakes(text)] == [
        "line 2: organisation: 'stage' is missing [MISSING_FIELD]",
        "line 4: areas[0]: 'parent' is missing [MISSING_FIELD]",
    ]


def test_every_mistake_of_shape_and_of_meaning_is_told_at_once() -> None:
    text = HEAD + (
        "rules:\n"
        "  - {area: payments, responsibility: leadership}\n"
        "  - {area: payments, responsibility: innovation, lead: product_management, because: x}\n"
        "assignments:\n"
        "  - {area: payments, responsibility: all, function: product_management, from: soon, to: later}\n"
    )
    with pytest.raises(Invalid, match="nothing was applied") as refused:
        read(text)
    assert told(refused.value.problems) == ["9 SPLIT", "10 UNKNOWN_FIELD", "12 TIME", "12 TIME", "12 OWNER"]


def test_r33_the_root_takes_selectors() -> None:
    text = "version: 1\norganisation: {key: a, name: A, stage: startup, jira: [{project: P}], feedback: [{source: z, tags: t}]}\n"
    root = read(text)[0].body
    assert [str(selector) for selector in root.jira] == ["project P"]  # type: ignore[union-attr]


def test_r34_selector_values_are_trimmed_and_counted_once() -> None:
    text = HEAD + AREA + ", jira: [{label: [' b', a, 'a ']}, {label: [a, b]}]}\n"
    area = next(row.body for row in read(text) if row.key == "x")
    assert [str(selector) for selector in area.jira] == ["label a or b"]  # type: ignore[union-attr]
