"""One row to one statement, in the words of the domain."""

from collections.abc import Iterable, Mapping
from datetime import date

from remit.domain.areas import STRENGTH, Area, FeedbackSelector, Selector
from remit.domain.catalogue import Function, Lens, Minutes, Responsibility, Split
from remit.domain.ids import AreaKey, FunctionKey, OwnerKey, ResponsibilityKey
from remit.domain.people import Person, Team
from remit.domain.policy import Agreement, Assignment, Delegation, Inheritance, Rule
from remit.domain.records import normalised
from remit.domain.workload import Absence, Limits, Preference
from remit.modelfile import rows


class Wrong(ValueError):
    """A row says something that cannot be; `path` leads to it from the row, empty for the row as a whole."""

    def __init__(self, code: str, message: str, *path: str | int) -> None:
        super().__init__(message)
        self.code, self.message, self.path = code, message, path


def function(row: rows.FunctionRow) -> Function:
    return Function(FunctionKey(row.key), row.name, _lenses(row.lenses))


def lens(row: rows.LensRow) -> Lens:
    return Lens(row.key, row.name, row.description)


def person(row: rows.PersonRow) -> Person:
    identities = {(source, one) for source, told in row.identities.items() for one in told}
    return Person(
        key=OwnerKey(row.key),
        name=row.name,
        email=row.email,
        function=FunctionKey(row.function) if row.function is not None else None,
        capacity_hours=row.capacity_hours,
        identities=tuple(sorted(identities)),
        skills=tuple(sorted((ResponsibilityKey(name), level) for name, level in row.skills.items())),
        active=row.active,
    )


def team(row: rows.TeamRow) -> Team:
    members = tuple(OwnerKey(key) for key in sorted(set(row.members)))
    return Team(OwnerKey(row.key), row.name, FunctionKey(row.function) if row.function else None, members)


def organisation(row: rows.OrganisationRow) -> Area:
    """The root of the tree; its kind is `organisation`."""
    return Area(
        key=AreaKey(row.key),
        name=row.name,
        kind="organisation",
        parent=None,
        stage=row.stage,
        jira=_selectors(row.jira),
        feedback=_feedback(row.feedback),
        timezone=row.timezone,
    )


def area(row: rows.AreaRow) -> Area:
    return Area(
        key=AreaKey(row.key),
        name=row.name,
        kind=row.kind,
        parent=AreaKey(row.parent),
        stage=row.stage,
        jira=_selectors(row.jira),
        feedback=_feedback(row.feedback),
    )


def rule(row: rows.RuleRow) -> Rule:
    if (row.area is None) == (row.stage is None):
        raise Wrong("SCOPE", "a rule has exactly one of `area` and `stage` (R7)")
    if row.issue is not None and row.area is None:
        raise Wrong("SCOPE", "`issue` needs an `area`: rules on issues apply to an area and below (R12)", "issue")
    if row.unowned == ("lead" in row.model_fields_set):
        raise Wrong("SPLIT", "a rule states exactly one of `lead` and `unowned: true` (R9)")
    if row.unowned and row.support:
        raise Wrong("SPLIT", "what nobody owns has no `support`", "support")
    return Rule(
        responsibility=ResponsibilityKey(row.responsibility),
        split=None if row.unowned else split(row.lead, row.support),
        area=AreaKey(row.area) if row.area is not None else None,
        stage=row.stage,
        predicate=selector(row.issue, "issue") if row.issue is not None else None,
        reason=row.reason,
    )


def responsibility(row: rows.ResponsibilityRow) -> Responsibility:
    return Responsibility(
        key=ResponsibilityKey(row.key),
        name=row.name,
        description=row.description,
        split=split(row.lead, row.support),
        transferable=row.transferable,
        lenses=_lenses(row.lenses),
    )


def minutes(row: rows.MinutesRow) -> Minutes:
    return Minutes(ResponsibilityKey(row.responsibility), row.driver, row.minutes, row.reason)


def threshold(row: rows.ThresholdRow) -> Limits:
    if row.area is not None and row.person is not None:
        raise Wrong("SCOPE", "a threshold has at most one of `area` and `person`; with neither it is for everybody")
    if not {"watch", "overloaded"} & row.model_fields_set:
        raise Wrong("THRESHOLD", "say `watch`, `overloaded` or both; `watch: null` is never reached")
    return Limits(
        signal=row.signal,
        watch=row.watch,
        overloaded=row.overloaded,
        area=AreaKey(row.area) if row.area is not None else None,
        person=OwnerKey(row.person) if row.person is not None else None,
        reason=row.reason,
    )


def absence(row: rows.AbsenceRow) -> Absence:
    return Absence(OwnerKey(row.person), row.share, row.reason)


def preference(row: rows.PreferenceRow) -> Preference:
    return Preference(OwnerKey(row.person), ResponsibilityKey(row.responsibility), row.wish, row.reason)


def assignment(row: rows.AssignmentRow) -> Assignment:
    if row.owner is None and row.inherit is not Inheritance.BLOCK:
        raise Wrong("OWNER", "only an assignment with `inherit: block` may be without `owner` (R25)")
    return Assignment(
        area=AreaKey(row.area),
        responsibility=ResponsibilityKey(row.responsibility),
        function=FunctionKey(row.function),
        owner=OwnerKey(row.owner) if row.owner is not None else None,
        letter=row.letter,
        inherit=row.inherit,
        reason=row.reason,
    )


def agreement(row: rows.AgreementRow) -> Agreement:
    if row.lead in row.consulted:
        raise Wrong("SPLIT", f"{row.lead} leads and cannot also be consulted (R10)", "consulted")
    try:
        review = date.fromisoformat(row.review) if row.review is not None else None
    except ValueError:
        raise Wrong("TIME", f"{row.review!r} is not a date such as 2027-03-01", "review") from None
    return Agreement(
        area=AreaKey(row.area),
        responsibility=ResponsibilityKey(row.responsibility),
        lead=FunctionKey(row.lead),
        consulted=tuple(FunctionKey(key) for key in sorted(set(row.consulted))),
        review=review,
        note=row.note,
    )


def delegation(row: rows.DelegationRow) -> Delegation:
    if row.from_person == row.to_person:
        raise Wrong("DELEGATION", "nobody can delegate to himself or herself (R43)", "to_person")
    return Delegation(
        from_person=OwnerKey(row.from_person),
        to_person=OwnerKey(row.to_person),
        area=AreaKey(row.area) if row.area is not None else None,
        responsibilities=tuple(ResponsibilityKey(key) for key in sorted(set(row.responsibilities))),
        reason=row.reason,
    )


def split(lead: str | None, support: Iterable[rows.SupportRow]) -> Split:
    """A whole split (R8); support in the order of its functions, so that the order of writing never matters."""
    supporting = tuple(sorted((FunctionKey(one.function), one.letter) for one in support))
    functions = [function for function, _ in supporting]
    if len(set(functions)) < len(functions):
        raise Wrong("SPLIT", "a function stands twice in `support`; keep one letter for each", "support")
    if lead in functions:
        raise Wrong("SPLIT", f"{lead} leads and cannot also support (R10)", "support")
    if lead is None and not supporting:
        raise Wrong("SPLIT", "`lead: null` is a blurry line and needs at least one supporting function (R9)", "lead")
    return Split(FunctionKey(lead) if lead is not None else None, supporting)


def _lenses(told: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(told.items()))


def _selectors(told: Iterable[rows.SelectorRow]) -> tuple[Selector, ...]:
    """In one order and each once, so that the order of writing never matters."""
    return tuple(sorted({selector(row, "jira", index) for index, row in enumerate(told)}, key=str))


def selector(row: rows.SelectorRow, *path: str | int) -> Selector:
    told = {name: getattr(row, name) for name in STRENGTH}
    criteria = tuple(
        (name, tuple(sorted({normalised(value) for value in values})))
        for name, values in told.items()
        if values is not None
    )
    if not criteria:
        raise Wrong("SELECTOR", "an empty selector would match every issue; say which (R28)", *path)
    return Selector(criteria)


def _feedback(told: Iterable[rows.FeedbackRow]) -> tuple[FeedbackSelector, ...]:
    return tuple(sorted({_feedback_selector(row, index) for index, row in enumerate(told)}, key=str))


def _feedback_selector(row: rows.FeedbackRow, index: int) -> FeedbackSelector:
    told = row.model_extra or {}
    if not told:
        raise Wrong("SELECTOR", "an empty selector would match everything; say which", "feedback", index)
    criteria = []
    for name, values in sorted(told.items()):
        if not rows.is_text(name):
            raise Wrong("SELECTOR", "a criterion's name holds what is no character; take it out", "feedback", index)
        given = values if isinstance(values, list) else [values]
        if not given or not all(isinstance(value, str) and value.strip() and rows.is_text(value) for value in given):
            raise Wrong("SELECTOR", f"{name}: write one text or a list of texts", "feedback", index, name)
        criteria.append((name, tuple(sorted({normalised(value) for value in given}))))
    return FeedbackSelector(row.source, tuple(criteria))
