"""Answers of the search: token pages, bound to their query, sometimes shorter than asked for."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson

from remit_integrations.standins.jira.asked import Asked
from remit_integrations.standins.jira.jql import Unacceptable, parse
from remit_integrations.standins.jira.shapes import issue
from remit_integrations.standins.jira.site import Paging, Site, row

Json = dict[str, Any]

LARGEST_PAGE, LARGEST_BARE_PAGE = 100, 5000
BARE = frozenset({"id", "key"})
SHORT_EVERY = 3
"""Every third page holds fewer issues than asked for, as the vendor's may."""


class Searching:
    """Searches of one site. Encoded issues and sorted results are kept while the site does not change."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._encoded: dict[tuple[str, int, frozenset[str]], bytes] = {}
        self._sorted: dict[tuple[int, str, datetime], list[str]] = {}

    def page(self, told: Json, base: str) -> bytes:
        """One page; raises Unacceptable for what is answered 400."""
        asked = Asked.of(told)
        paging = self._paging(asked)
        size = min(asked.most, LARGEST_BARE_PAGE if asked.fields <= BARE else LARGEST_PAGE)
        if paging.pages % SHORT_EVERY == SHORT_EVERY - 1:
            size = max(1, size * 3 // 5)
        end = paging.start + size
        seen = (self._site.indexed_one(id_, asked.also) for id_ in paging.ids[paging.start : end])
        shown = b",".join(self._issue(*one, asked.fields, base) for one in seen if one is not None)
        if end >= len(paging.ids):
            return b'{"issues":[%s],"isLast":true}' % shown
        token = self._site.token_for(replace(paging, start=end, pages=paging.pages + 1)).encode()
        return b'{"issues":[%s],"nextPageToken":"%s","isLast":false}' % (shown, token)

    def count(self, jql: str) -> int:
        return len(self._results(jql, frozenset()))

    def _paging(self, asked: Asked) -> Paging:
        if asked.token is None:
            return Paging(asked.digest, self._results(asked.jql, asked.also))
        kept = self._site.paging_of(asked.token)
        if kept is None or kept.asked != asked.digest:
            raise Unacceptable("The provided next page token is invalid or expired.")
        return kept

    def _results(self, jql: str, also: frozenset[str]) -> list[str]:
        now = self._site.clock()
        search = parse(jql, self._site.zone, now)
        key = (self._site.version, jql, now.replace(second=0, microsecond=0))  # JQL may say `-5m`
        settled = not self._site.index_lag and not also
        if settled and key in self._sorted:
            return self._sorted[key]
        rows = (row(record) for record, _ in self._site.indexed(also))
        found = [one["id"] for one in search.sorted([one for one in rows if search.fits(one)])]
        if settled:
            self._sorted = {key: found}
        return found

    def _issue(self, record: Json, version: int, fields: frozenset[str], base: str) -> bytes:
        key = (record["id"], version, fields)
        if key not in self._encoded:
            self._encoded[key] = orjson.dumps(issue(record, base, fields, self._site.zone))
        return self._encoded[key]
