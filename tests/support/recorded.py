"""The recorded issues that ship with the stand-in, as the product's own reader reads them."""

from collections.abc import Iterator
from functools import cache
from zoneinfo import ZoneInfo

import orjson

from remit.domain.records import BacklogItem, Pulled
from remit_integrations.jira.payloads import FIELDS, IssueReader
from remit_integrations.standins.jira.recorded import default_data, records
from remit_integrations.standins.jira.shapes import issue
from support.desks import JIRA


@cache
def recorded_items() -> tuple[BacklogItem, ...]:
    """All 1,499 issues of the project ALOY."""
    return tuple(_items())


def _items() -> Iterator[BacklogItem]:
    reader = IssueReader(JIRA)
    for record in records(default_data()):
        shown = issue(record, "http://jira.example", frozenset(FIELDS), ZoneInfo("UTC"))
        read = reader.read(orjson.dumps(shown))
        assert isinstance(read, Pulled), read
        yield read.item
