"""Which row a change is about: by its key, or by what it says (R1)."""

from remit.changing.draft import Draft
from remit.domain.areas import Stage
from remit.domain.catalogue import Driver, Minutes
from remit.domain.changes import SetRow, SetStatement
from remit.domain.facts import FactKind, natural_key
from remit.domain.ids import AreaKey, FunctionKey, OwnerKey, ResponsibilityKey
from remit.domain.intervals import Interval
from remit.domain.policy import Agreement, Assignment, Delegation, Rule
from remit.domain.workload import Absence, Limits, Preference, Wish
from remit.modelfile.one_row import Row, selector
from remit.modelfile.plan import Name
from remit.modelfile.rows import is_text

NEEDED = {
    FactKind.RULE: ("responsibility",),
    FactKind.ASSIGNMENT: ("area", "responsibility", "function"),
    FactKind.AGREEMENT: ("area", "responsibility"),
    FactKind.DELEGATION: ("from_person", "to_person"),
    FactKind.MINUTES: ("responsibility", "driver"),
    FactKind.THRESHOLD: ("signal",),
    FactKind.ABSENCE: ("person",),
    FactKind.PREFERENCE: ("person", "responsibility"),
}
"""What a change must say of a row that it does not name."""

LONGEST = 200


def name_of(draft: Draft, index: int, change: SetRow, kind: FactKind, told: Row, window: Interval) -> Name | None:
    """The name of the row, new or there; None, with the mistakes noted, where that cannot be told."""
    if not isinstance(change, SetStatement):
        return kind, str(told["key"]).strip()
    if change.row is not None:
        row = change.row.strip()
        if not can_be_key(row):
            draft.refuse(index, "row", "WRONG_VALUE", f"row: leave it out, or give a key of 1 to {LONGEST} characters")
            return None
        return kind, row
    missing = [field for field in NEEDED[kind] if told.get(field) is None]
    for field in missing:
        draft.refuse(index, field, "MISSING_FIELD", f"{field!r} is missing; say it, or name the row by its `row`")
    if missing:
        return None
    said = row_saying(draft, kind, told, window)
    return kind, said if said is not None else draft.free_key(kind, statement_key(kind, told), window)


def can_be_key(key: str) -> bool:
    return 0 < len(key) <= LONGEST and is_text(key)


def row_saying(draft: Draft, kind: FactKind, told: Row, window: Interval) -> str | None:
    """The key of the row that says this within the window, if there is one."""
    return next(iter(draft.rows_saying(kind, statement_key(kind, told), window)), None)


def statement_key(kind: FactKind, told: Row) -> str:
    """The natural key of a row that says this (R1); what need not be said may be absent."""
    area, stage, owner = _text(told, "area"), _text(told, "stage"), _text(told, "owner")
    responsibility = ResponsibilityKey(_text(told, "responsibility") or "")
    function = FunctionKey(_text(told, "function") or "")
    place = AreaKey(area) if area is not None else None
    match kind:
        case FactKind.RULE:
            issue = told.get("issue")
            predicate = selector(issue) if isinstance(issue, dict) else None
            when = Stage(stage) if stage in set(Stage) else None
            return natural_key(Rule(responsibility, None, place, when, predicate))
        case FactKind.ASSIGNMENT:
            holder = OwnerKey(owner) if owner is not None else None
            return natural_key(Assignment(AreaKey(area or ""), responsibility, function, holder))
        case FactKind.AGREEMENT:
            return natural_key(Agreement(AreaKey(area or ""), responsibility, function))
        case FactKind.MINUTES:
            driver = next((one for one in Driver if one == _text(told, "driver")), Driver.AREAS)
            return natural_key(Minutes(responsibility, driver, 0))
        case FactKind.THRESHOLD | FactKind.ABSENCE | FactKind.PREFERENCE:
            return natural_key(_workload(kind, told))
        case _:
            listed = told.get("responsibilities")
            named = {str(one).strip() for one in listed} if isinstance(listed, list) else set()
            away, instead = (OwnerKey(_text(told, name) or "") for name in ("from_person", "to_person"))
            return natural_key(Delegation(away, instead, place, tuple(map(ResponsibilityKey, sorted(named)))))


def _workload(kind: FactKind, told: Row) -> Limits | Absence | Preference:
    """A statement of this kind that is about the same, whatever it says of it."""
    area, person = _text(told, "area"), _text(told, "person")
    if kind is FactKind.THRESHOLD:
        place, whose = (AreaKey(area) if area else None), (OwnerKey(person) if person else None)
        return Limits(_text(told, "signal") or "", None, None, place, whose)
    if kind is FactKind.ABSENCE:
        return Absence(OwnerKey(person or ""))
    return Preference(OwnerKey(person or ""), ResponsibilityKey(_text(told, "responsibility") or ""), Wish.LIKE)


def _text(told: Row, field: str) -> str | None:
    value = told.get(field)
    return value.strip() if isinstance(value, str) else None
