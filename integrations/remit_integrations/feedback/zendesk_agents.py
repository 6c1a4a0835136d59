"""Who at Zendesk is an agent, and who a customer: the list of its agents and administrators."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

import msgspec
from msgspec import Raw, Struct

from remit.domain.errors import Unavailable
from remit.domain.records import Reference
from remit_integrations.decoding import UNDECODABLE, clean, lenient, text, whole
from remit_integrations.feedback.clocks import told_time
from remit_integrations.feedback.zendesk_tickets import NAME
from remit_integrations.http import Caller

PATH = "/api/v2/users.json?role[]=agent&role[]=admin&page[size]=100"
NOTHING = b"{}"
"""Kept in place of an agent's payload, which is about a person and of which nothing else is needed."""


class Agent(Struct):
    id: int
    name: str | None = None
    email: str | None = None
    active: bool | None = None


class Meta(Struct):
    has_more: bool | None = None
    after_cursor: str | None = None


class Agents(Struct):
    users: list[Raw]
    meta: Meta | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """All agents as they were at an instant, by Zendesk's clock."""

    at: datetime
    agents: tuple[Reference, ...]
    ids: frozenset[int]


async def listed(call: Caller) -> Listed:
    """Raises Rejected where they may not be listed."""
    found, seen, after = list[Reference](), set[str](), ""
    begun: datetime | None = None
    while True:
        answer = await call.ask(f"{PATH}{after}")
        begun = begun or told_time(answer.headers)
        told: Agents = whole(answer.body, _AGENTS, "Zendesk's list of agents")
        found += [one for one in map(_agent, map(bytes, told.users)) if one is not None]
        meta = told.meta or Meta()
        if not meta.has_more:
            return Listed(begun, tuple(found), frozenset(int(one.id) for one in found))
        if meta.after_cursor is None or meta.after_cursor in seen:
            raise Unavailable("Zendesk's list of agents does not lead on; try again later")
        seen.add(meta.after_cursor)
        after = f"&page[after]={quote(meta.after_cursor, safe='')}"


def _agent(raw: bytes) -> Reference | None:
    """None for one that cannot be read, whose acts are nobody's then."""
    try:
        told: Agent = lenient(raw, _AGENT)
    except UNDECODABLE:
        return None
    name = clean(told.name or str(told.id))
    return Reference(NAME, "user", str(told.id), name, NOTHING, active=told.active is not False, email=text(told.email))


_AGENTS = msgspec.json.Decoder(Agents)
_AGENT = msgspec.json.Decoder(Agent)
