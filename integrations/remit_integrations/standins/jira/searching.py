"""Answers of the search: token pages, bound to their query, sometimes shorter than asked for."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from random import Random
from typing import Any

import orjson

from remit_integrations.standins.jira.asked import Asked
from remit_integrations.standins.jira.jql import EVER, Row, Unacceptable, parse
from remit_integrations.standins.jira.kept import Paging
from remit_integrations.standins.jira.rows import field_row
from remit_integrations.standins.jira.shapes import CLOUD, SERVER, issue_head, shown_fields
from remit_integrations.standins.jira.site import Flavour, Site

Json = dict[str, Any]

LARGEST_PAGE, LARGEST_BARE_PAGE = 100, 5000
BARE = frozenset({"id", "key"})
MOST_ENCODED = 20_000
"""Sets of fields whose encoding is kept; few are needed where recorded issues are cycled under new ids."""


class Searching:
    """Searches of one site. Encoded fields, rows and results are kept while they hold.

    What is kept is found by the identity of an issue's `fields`, which are replaced and never changed; holding on to
    them keeps the identity theirs. So a hundred thousand issues that share a thousand sets of fields cost a thousand.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._style = CLOUD if site.flavour is Flavour.CLOUD else SERVER
        self._asked = 0
        self._encoded: dict[tuple[int, frozenset[str]], tuple[Json, bytes]] = {}
        self._rows: dict[int, tuple[Json, Row]] = {}
        self._by_creation: tuple[int, list[Row]] = (-1, [])
        self._found: dict[tuple[int, str, datetime], list[str]] = {}

    def page(self, told: Json, base: str) -> bytes:
        """One page; raises Unacceptable for what is answered 400."""
        asked, quirks = Asked.of(told), self._site.quirks
        paging = self._paging(asked)
        size = min(asked.most, LARGEST_BARE_PAGE if asked.fields <= BARE else LARGEST_PAGE)
        if quirks.short_every and paging.pages % quirks.short_every == quirks.short_every - 1:
            size = max(1, size * 3 // 5)
        end = paging.start + size
        seen = (self._site.indexed_one(id_, asked.also) for id_ in paging.ids[paging.start : end])
        shown = b",".join(self.encoded(one[0], asked.fields, base) for one in seen if one is not None)
        last = end >= len(paging.ids)
        token = b""
        if last and quirks.loops and paging.first is not None:
            token = paging.first.encode()
        elif not last:
            token = self._site.token_for(replace(paging, start=end, pages=paging.pages + 1)).encode()
        says = last if quirks.last is None else quirks.last
        follows = b'"nextPageToken":"%s",' % token if token else b""
        return b'{"issues":[%s],%s"isLast":%s}' % (shown, follows, b"true" if says else b"false")

    @property
    def encodings(self) -> int:
        """How many sets of fields are kept encoded."""
        return len(self._encoded)

    def count(self, jql: str) -> int:
        return len(self.results(jql))

    def encoded(self, record: Json, fields: frozenset[str], base: str) -> bytes:
        """An issue as it is shown, in bytes."""
        told = record["fields"]
        key = (id(told), fields)
        if key not in self._encoded:
            if len(self._encoded) >= MOST_ENCODED:
                self._encoded.clear()
            self._encoded[key] = (told, orjson.dumps(shown_fields(told, fields, self._site.zone, self._style)))
        return orjson.dumps(issue_head(record, base, self._style))[:-1] + b',"fields":' + self._encoded[key][1] + b"}"

    def results(
        self, jql: str, also: frozenset[str] = frozenset(), *, bounded: bool = True, strict: bool = True
    ) -> list[str]:
        """The ids of what fits, sorted as asked for. A `strict` search refuses to name issues that cannot be seen."""
        now = self._site.clock()
        key = (self._site.version, jql, now.replace(second=0, microsecond=0))  # JQL may say `-5m`
        restless = self._site.quirks.restless
        settled = not (self._site.index_lag or self._site.unindexed or also or restless)
        if settled and strict and key in self._found:
            return self._found[key]
        search = parse(jql, self._site.zone, now, bounded=bounded)
        for name in sorted(search.named):
            if strict and self._site.found(name) is None:
                raise Unacceptable(f"An issue with key or id '{name}' does not exist, or may not be seen.")
        rows = self._created_within(search.created) if settled else self._rows_of(self._site.indexed(also))
        fitting = [one for one in rows if search.fits(one)]
        if restless:
            self._asked += 1
            Random(self._asked).shuffle(fitting)
        found = [one["id"] for one in search.sorted(fitting)]
        if settled and strict:
            if len(self._found) >= 8 or next(iter(self._found), key)[0] != self._site.version:
                self._found.clear()
            self._found[key] = found
        return found

    def _paging(self, asked: Asked) -> Paging:
        if asked.token is None:
            return Paging(asked.digest, self.results(asked.jql, asked.also))
        kept = self._site.paging_of(asked.token)
        if kept is None or kept.asked != asked.digest:
            raise Unacceptable("The provided next page token is invalid or expired.")
        return kept

    def _created_within(self, span: tuple[datetime, datetime]) -> Sequence[Row]:
        """Rows by creation, cut to a span: large backlogs are read in parts of it."""
        if self._by_creation[0] != self._site.version:
            rows = sorted(self._rows_of(self._site.indexed()), key=_created)
            self._by_creation = (self._site.version, rows)
        rows = self._by_creation[1]
        if span == EVER:
            return rows
        return rows[bisect_left(rows, span[0], key=_created) : bisect_left(rows, span[1], key=_created)]

    def _rows_of(self, seen: list[tuple[Json, int]]) -> list[Row]:
        return [{**self._row(record["fields"]), "id": record["id"], "key": record["key"]} for record, _ in seen]

    def _row(self, fields: Json) -> Row:
        kept = self._rows.get(id(fields))
        if kept is None:
            if len(self._rows) >= MOST_ENCODED:
                self._rows.clear()
            kept = self._rows[id(fields)] = (fields, field_row(fields))
        return kept[1]


def _created(row: Row) -> datetime:
    created: datetime = row["created"]
    return created
