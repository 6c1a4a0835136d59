"""The part of JQL that clients of a backlog use, read as Jira reads it: times to the minute, in the account's zone."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]
"""An issue's searchable values by field; each is a text, an instant or a list of texts."""
Test = Callable[[Row], bool]

_TOKEN = re.compile(r"""\s*(?:("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(>=|<=|!=|[=<>(),])|([^\s=<>!(),"']+))""")
_FIELDS = {
    "project": "project", "key": "key", "issuekey": "key", "id": "id", "issuetype": "issuetype", "type": "issuetype",
    "status": "status", "component": "component", "labels": "labels", "updated": "updated", "updateddate": "updated",
    "created": "created", "createddate": "created", "assignee": "assignee", "reporter": "reporter",
}  # fmt: skip
_TIMES = ("updated", "created")
_FORMS = ("%Y/%m/%d %H:%M", "%Y-%m-%d %H:%M", "%Y/%m/%d", "%Y-%m-%d")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


EVER = (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC))


class Unacceptable(ValueError):
    """What Jira answers 400 to."""


@dataclass(frozen=True, slots=True)
class Search:
    """A parsed query: does a row fit, by what is sorted, as (field, descending), and the (field, operator) `used`.

    What fits was created within `created`: from the first instant on, before the second. `named` are the issues that it
    names by id or key, which have to exist.
    """

    fits: Test
    order: tuple[tuple[str, bool], ...]
    used: frozenset[tuple[str, str]] = frozenset()
    created: tuple[datetime, datetime] = EVER
    named: frozenset[str] = frozenset()

    def sorted(self, rows: Sequence[Row]) -> list[Row]:
        found = list(rows)
        for field, descending in reversed(self.order or (("created", True),)):
            found.sort(key=lambda row: _sort_key(row, field), reverse=descending)
        return found


def parse(jql: str, zone: ZoneInfo, now: datetime, *, bounded: bool = True) -> Search:
    """Raises Unacceptable for what Jira refuses; where it is `bounded`, a query without any restriction among it."""
    clause, _, order = _split_order(jql)
    tokens = _tokens(clause)
    parser = _Parser(list(tokens), zone, now)
    if not parser.tokens and not bounded:
        return Search(lambda row: True, _order(order))
    if not parser.tokens:
        raise Unacceptable("Unbounded JQL queries are not allowed here. Please add a search restriction to your query.")
    fits = parser.either()
    if parser.tokens:
        raise Unacceptable(f"Error in the JQL Query: expecting operator before the end but got '{parser.tokens[0]}'.")
    all_hold = not {"or", "not"} & {token.lower() for token in tokens}
    created = parser.created if all_hold else EVER
    return Search(fits, _order(order), frozenset(parser.used), created, frozenset(parser.named))


def _split_order(jql: str) -> tuple[str, str, str]:
    found = re.search(r"\border\s+by\b", jql, re.IGNORECASE)
    return (jql[: found.start()], "order by", jql[found.end() :]) if found else (jql, "", "")


def _order(text: str) -> tuple[tuple[str, bool], ...]:
    parts = [part.split() for part in text.split(",") if part.strip()]
    if len(parts) > 7:
        raise Unacceptable("The maximum of 7 sort fields is exceeded.")
    order = []
    for name, *direction in parts:
        if name.lower() not in _FIELDS or [word.lower() for word in direction] not in ([], ["asc"], ["desc"]):
            raise Unacceptable(f"Not able to sort using field '{name}'.")
        order.append((_FIELDS[name.lower()], direction == ["DESC"] or direction == ["desc"]))
    return tuple(order)


def _tokens(text: str) -> list[str]:
    tokens, position = [], 0
    text = text.rstrip()
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            raise Unacceptable(f"Error in the JQL Query: unexpected character at {position}.")
        tokens.append(next(part for part in found.groups() if part is not None))
        position = found.end()
    return tokens


class _Parser:
    def __init__(self, tokens: list[str], zone: ZoneInfo, now: datetime) -> None:
        self.tokens, self._zone, self._now = tokens, zone, now
        self.used: set[tuple[str, str]] = set()
        self.named: set[str] = set()
        self.created = EVER
        """If every clause has to hold."""

    def either(self) -> Test:
        tests = [self._both()]
        while self._take("or"):
            tests.append(self._both())
        return tests[0] if len(tests) == 1 else lambda row: any(test(row) for test in tests)

    def _both(self) -> Test:
        tests = [self._one()]
        while self._take("and"):
            tests.append(self._one())
        return tests[0] if len(tests) == 1 else lambda row: all(test(row) for test in tests)

    def _one(self) -> Test:
        if self._take("not"):
            inner = self._one()
            return lambda row: not inner(row)
        if self._take("("):
            within = self.either()
            self._expect(")")
            return within
        name = self._next().lower()
        if name not in _FIELDS:
            raise Unacceptable(f"Field '{name}' does not exist or you do not have permission to view it.")
        return self._clause(_FIELDS[name])

    def _clause(self, field: str) -> Test:
        operator = self._next().lower()
        negated = operator == "not"
        if negated:
            self._expect("in")
            operator = "in"
        self.used.add((field, operator))
        if operator == "in":
            self._expect("(")
            values = [self._value()]
            while self._take(","):
                values.append(self._value())
            self._expect(")")
            self._name(field, *values)
            wanted = {value.lower() for value in values}
            return lambda row: bool(wanted & _folded(row[field])) != negated
        if operator == "is":
            wants_none = not self._take("not")
            if self._next().lower() not in ("empty", "null"):
                raise Unacceptable("Error in the JQL Query: expecting EMPTY after IS.")
            return lambda row: (not row[field]) == wants_none
        if operator not in ("=", "!=", ">", "<", ">=", "<="):
            raise Unacceptable(f"Error in the JQL Query: '{operator}' is no operator.")
        value = self._value()
        if field in _TIMES:
            instant = self._instant(value)
            if field == "created":
                self.created = _narrowed(self.created, operator, instant)
            return _compared(field, operator, instant)
        self._name(field, value)
        if operator not in ("=", "!="):
            raise Unacceptable(f"The operator '{operator}' is not supported by the '{field}' field.")
        return lambda row: (value.lower() in _folded(row[field])) == (operator == "=")

    def _name(self, field: str, *values: str) -> None:
        if field in ("key", "id"):
            self.named.update(values)

    def _instant(self, told: str) -> datetime:
        if re.fullmatch(r"[0-9]{11,14}", told):
            return datetime.fromtimestamp(int(told) / 1000, UTC)
        if (ago := re.fullmatch(r"([-+]?[0-9]{1,5})([mhdw])", told)) is not None:
            return self._now + timedelta(**{_UNITS[ago[2]]: int(ago[1])})
        for form in _FORMS:
            try:
                return datetime.strptime(told, form).replace(tzinfo=self._zone).astimezone(UTC)
            except (ValueError, OverflowError):
                continue
        raise Unacceptable(f"Date value '{told}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm'.")

    def _value(self) -> str:
        token = self._next()
        return re.sub(r"\\(.)", r"\1", token[1:-1]) if token[:1] in "\"'" else token

    def _next(self) -> str:
        if not self.tokens:
            raise Unacceptable("Error in the JQL Query: expecting a value but reached the end.")
        return self.tokens.pop(0)

    def _take(self, word: str) -> bool:
        if self.tokens and self.tokens[0].lower() == word:
            self.tokens.pop(0)
            return True
        return False

    def _expect(self, word: str) -> None:
        if not self._take(word):
            raise Unacceptable(f"Error in the JQL Query: expecting '{word}'.")


def _compared(field: str, operator: str, instant: datetime) -> Test:
    """Issues' times are compared to the minute, as the literals are: their seconds do not count."""
    minute, start, after = _around(instant)
    tests: dict[str, Test] = {
        "=": lambda row: instant == minute and minute <= row[field] < after,
        "!=": lambda row: instant != minute or not minute <= row[field] < after,
        ">": lambda row: row[field] >= after,
        "<": lambda row: row[field] < start,
        ">=": lambda row: row[field] >= start,
        "<=": lambda row: row[field] < after,
    }
    return tests[operator]


def _narrowed(within: tuple[datetime, datetime], operator: str, instant: datetime) -> tuple[datetime, datetime]:
    _, start, after = _around(instant)
    (first, end), lower, upper = (
        within,
        {">": after, ">=": start}.get(operator),
        {"<": start, "<=": after}.get(operator),
    )
    return max(first, lower or first), min(end, upper or end)


def _around(instant: datetime) -> tuple[datetime, datetime, datetime]:
    """The minute of an instant, the first minute that is not before it, and the first that is after its own."""
    minute = instant.replace(second=0, microsecond=0)
    after = _later(minute)
    return minute, minute if instant == minute else after, after


def _later(minute: datetime) -> datetime:
    """The minute after; the last of the calendar has none."""
    try:
        return minute + timedelta(minutes=1)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


def _folded(value: Any) -> set[str]:
    return {str(one).lower() for one in (value if isinstance(value, list | tuple) else [value])}


def _sort_key(row: Row, field: str) -> Any:
    if field in ("key", "id"):
        project, _, number = row["key"].rpartition("-")
        return (project, int(number)) if number.isdecimal() else (row["key"], 0)
    value = row[field]
    return sorted(_folded(value)) if isinstance(value, list | tuple) else value
