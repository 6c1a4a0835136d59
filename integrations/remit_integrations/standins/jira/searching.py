"""Answers of the search: token pages, bound to their query, sometimes shorter than asked for."""

import hashlib
from typing import Any

import orjson

from remit_integrations.standins.jira.jql import Unacceptable, parse
from remit_integrations.standins.jira.shapes import issue
from remit_integrations.standins.jira.site import Paging, Site, row

Json = dict[str, Any]

ASKED_FOR = frozenset({
    "jql", "nextPageToken", "maxResults", "fields", "expand", "properties", "fieldsByKeys", "failFast",
    "reconcileIssues",
})  # fmt: skip
DEFAULT_PAGE, LARGEST_PAGE, LARGEST_BARE_PAGE = 50, 100, 5000
BARE = frozenset({"id", "key"})
SHORT_EVERY = 3
"""Every third page holds fewer issues than asked for, as the vendor's may."""


class Searching:
    """Searches of one site. Encoded issues and sorted results are kept while the site does not change."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._encoded: dict[tuple[str, int, frozenset[str]], bytes] = {}
        self._sorted: dict[tuple[int, str], list[str]] = {}

    def page(self, body: Json, base: str) -> bytes:
        """One page; raises Unacceptable for what is answered 400."""
        unknown = set(body) - ASKED_FOR
        if unknown:
            raise Unacceptable(f"Invalid request payload: unknown property {sorted(unknown)[0]}.")
        fields = frozenset(_listed(body.get("fields"))) or frozenset({"id"})
        also = frozenset(str(one) for one in body.get("reconcileIssues") or ())
        if len(also) > 50:
            raise Unacceptable("reconcileIssues must hold at most 50 ids.")
        asked = _digest(body)
        paging = self._paging(body, asked, also)
        most = LARGEST_BARE_PAGE if fields <= BARE else LARGEST_PAGE
        size = max(1, min(int(body.get("maxResults") or DEFAULT_PAGE), most))
        paging.pages += 1
        if paging.pages % SHORT_EVERY == 0:
            size = max(1, size * 3 // 5)
        chosen, paging.ids = paging.ids[:size], paging.ids[size:]
        records = {record["id"]: (record, version) for record, version in self._site.indexed(also)}
        shown = b",".join(self._issue(*records[id_], fields, base) for id_ in chosen if id_ in records)
        if not paging.ids:
            return b'{"issues":[%s],"isLast":true}' % shown
        token = self._site.token_for(paging).encode()
        return b'{"issues":[%s],"nextPageToken":"%s","isLast":false}' % (shown, token)

    def count(self, jql: str) -> int:
        return len(self._results(jql, frozenset()))

    def _paging(self, body: Json, asked: str, also: frozenset[str]) -> Paging:
        token = body.get("nextPageToken")
        if token is None:
            return Paging(asked, list(self._results(str(body.get("jql") or ""), also)))
        kept = self._site.pagings.get(token)
        if kept is None or kept.asked != asked:
            raise Unacceptable("The provided next page token is invalid or expired.")
        return Paging(kept.asked, list(kept.ids), kept.pages)

    def _results(self, jql: str, also: frozenset[str]) -> list[str]:
        now = self._site.clock()
        search = parse(jql, self._site.zone, now)
        key = (self._site.version, jql)
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


def _listed(told: Any) -> list[str]:
    """POST says a list, GET may say a comma-separated text."""
    parts = told if isinstance(told, list) else [told] if told else []
    return [name for part in parts for name in str(part).split(",") if name]


def _digest(body: Json) -> str:
    """What a token is bound to: the query and everything that shapes its pages but their size."""
    bound = {name: body.get(name) for name in sorted(ASKED_FOR - {"nextPageToken", "maxResults"})}
    return hashlib.sha256(orjson.dumps(bound)).hexdigest()
