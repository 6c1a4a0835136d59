"""How a Jira Data Center is asked: pages by positions, histories within the issues, issues by id one by one."""

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime
from urllib.parse import quote

from msgspec import Raw

from remit.domain.errors import Rejected
from remit.domain.records import Loss, Pulled, Reference
from remit_integrations.decoding import seen_id
from remit_integrations.http import Caller
from remit_integrations.jira import references
from remit_integrations.jira.calls import PAGE, first_created
from remit_integrations.jira.decoding import decoded
from remit_integrations.jira.greeting import DATA_CENTER
from remit_integrations.jira.history import embedded_history
from remit_integrations.jira.settings import NAME
from remit_integrations.jira.walk import Positions, walk

BARE_PAGE = 1000
"""The most a site hands out unless its administrator says otherwise (`jira.search.views.default.max`)."""
USERS, STATUSES = f"{DATA_CENTER}/user/search", f"{DATA_CENTER}/status"
EVERYBODY = {"username": ".", "includeInactive": "true"}
"""The search for users wants a text: this one is in every e-mail address."""
HOW_GONE = {404: Loss.DELETED, 403: Loss.NOT_VISIBLE}
"""An issue that is not there is told apart from one that is hidden from us."""


class DataCenter:
    """Fits `Dialect`."""

    api = DATA_CENTER

    def __init__(self, call: Caller) -> None:
        self._call = call

    async def references(self) -> AsyncIterator[Sequence[Reference]]:
        call = self._call
        projects = [
            project
            async for values in references.whole(call, f"{DATA_CENTER}/project")
            for project in references.read_as(NAME, "project", values)
        ]
        if not projects:
            raise Rejected(f"{call.what} shows no project to this account; give it permission to browse them")
        yield projects
        paths = [f"{DATA_CENTER}/project/{quote(one.id, safe='')}/components" for one in projects]
        yield await references.components(call, DATA_CENTER, NAME, paths)
        lists = {"status": references.whole(call, STATUSES), "user": references.bare(call, USERS, PAGE, **EVERYBODY)}
        for kind, pages in lists.items():
            async for batch in references.if_allowed(call, DATA_CENTER, NAME, kind, pages):
                yield batch

    async def withheld(self) -> Sequence[str]:
        try:
            await self._call.get(USERS, {**EVERYBODY, "maxResults": 1})
        except Rejected as refused:
            if refused.facts.get("status") not in references.NOT_ALLOWED:
                raise
            return ("users",)
        return ()

    async def count(self, jql: str) -> int | None:
        return (await self._search(jql, 0, 1, ["id"])).total

    async def oldest(self, jql: str) -> datetime | None:
        clause = jql.rpartition(" ORDER BY ")[0]
        page = await self._search(f"{clause} ORDER BY created ASC", 0, 1, ["created"])
        return first_created(page.issues or ())

    async def found(
        self, jql: str, token: str | None, fields: Sequence[str]
    ) -> AsyncGenerator[tuple[Sequence[Raw], str | None], None]:
        async def ask(start: int) -> Positions:
            return await self._search(jql, start, PAGE, fields, expand=["changelog"])

        async with aclosing(walk(ask, token)) as pages:
            async for page in pages:
                yield page

    async def ids(self, jql: str) -> AsyncGenerator[Sequence[str], None]:
        async def ask(start: int) -> Positions:
            return await self._search(jql, start, BARE_PAGE, ["id"])

        async with aclosing(walk(ask, None)) as pages:
            async for issues, _ in pages:
                yield [id_ for raw in issues if (id_ := seen_id(bytes(raw))) is not None]

    async def histories(self, issues: Sequence[Pulled]) -> AsyncIterator[Sequence[bytes]]:
        """They came with the issues (`expand`), and are whole: the Cloud's would stop at 40 entries."""
        yield [pulled.raw for pulled in issues]

    def history(self, raw: bytes) -> tuple[str, list[bytes]]:
        return embedded_history(raw)

    async def by_id(self, ids: Sequence[str], fields: Sequence[str]) -> tuple[Sequence[Raw], Mapping[str, Loss]]:
        """One by one: the search has an index here, too, which lags, and shows neither what is gone nor how."""

        async def of(id_: str) -> Raw | Loss:
            asked: dict[str, str | int] = {"fields": ",".join(fields), "expand": "changelog"}
            try:
                return Raw(await self._call.get(f"{DATA_CENTER}/issue/{quote(id_, safe='')}", asked))
            except Rejected as refused:
                status = refused.facts.get("status")
                if not isinstance(status, int) or status not in HOW_GONE:
                    raise
                return HOW_GONE[status]

        told, refusals = await references.gathered([of(id_) for id_ in ids])
        for refused in refusals:
            raise refused
        gone = {id_: how for id_, how in zip(ids, told, strict=True) if isinstance(how, Loss)}
        return [raw for raw in told if not isinstance(raw, Loss)], gone

    async def within(self, ids: Sequence[str], restriction: str) -> frozenset[str]:
        """Unchecked: otherwise one issue that is gone meanwhile would fail the search."""
        jql = f"({restriction}) AND id in ({', '.join(ids)}) ORDER BY key ASC"
        page = await self._search(jql, 0, len(ids), ["id"], validateQuery=False)
        return frozenset(id_ for raw in page.issues or () if (id_ := seen_id(bytes(raw))) is not None)

    async def _search(self, jql: str, start: int, most: int, fields: Sequence[str], **asked: object) -> Positions:
        body = {"jql": jql, "startAt": start, "maxResults": most, "fields": list(fields), **asked}
        page: Positions = decoded(await self._call.post(f"{DATA_CENTER}/search", body), Positions, "issues")
        return page
