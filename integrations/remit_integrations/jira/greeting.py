"""Which kind of Jira a site is, what its clock says, and who we are to it."""

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog
from msgspec import Struct

from remit.domain.errors import Rejected, Unavailable, Unreadable
from remit_integrations.decoding import instant, text
from remit_integrations.http import Caller
from remit_integrations.jira.account import advice
from remit_integrations.jira.decoding import decoded

log = structlog.get_logger()

CLOUD, DATA_CENTER = "/rest/api/3", "/rest/api/2"
"""Where each kind has its API. The Cloud has the second version as well, a Data Center never had the third."""
KINDS = {"Cloud": CLOUD, "Server": DATA_CENTER}
"""By what a site calls itself; a Data Center calls itself a Server as well."""
LAST_ZONE = "Etc/GMT+12"
"""Twelve hours behind UTC, in the inverted sign of that name."""


class Myself(Struct, rename="camel"):
    account_id: str | None = None
    key: str | None = None
    name: str | None = None
    time_zone: str | None = None


class ServerInfo(Struct, rename="camel"):
    deployment_type: str | None = None
    server_time: str | None = None


async def server(call: Caller) -> tuple[str, datetime]:
    """Where a site has its API, and its own clock; raises Rejected for a site of neither kind."""
    try:
        told = await _server_info(call, CLOUD)
    except Rejected as refused:
        if refused.facts.get("status") != 404:
            raise
        told = await _server_info(call, DATA_CENTER)
    api = KINDS.get(told.deployment_type or "")
    if api is None:
        kind = told.deployment_type or "of a kind it does not tell"
        raise Rejected(f"this {call.what} is {kind}, and only Cloud and Data Center are read; check {call.settings}")
    return api, _clock(told)


async def server_time(call: Caller, api: str) -> datetime:
    """The site's own clock, of a site whose kind is known."""
    return _clock(await _server_info(call, api))


async def _server_info(call: Caller, api: str) -> ServerInfo:
    told: ServerInfo = decoded(await _asked(call, f"{api}/serverInfo"), ServerInfo, "the server")
    return told


def _clock(told: ServerInfo) -> datetime:
    try:
        return instant(told.server_time)
    except Unreadable as wrong:
        raise Unavailable(f"Jira does not tell its time ({wrong.message}); try again later") from wrong


async def myself(call: Caller, api: str) -> tuple[str, ZoneInfo]:
    """Who we are to the site, and the time zone its JQL reads our times in.

    A zone that is not told, or not known here, becomes the one whose clocks are last: times written in it are read too
    early wherever the account is, so more is read again and nothing is missed.
    """
    who, told = await _somebody(call, api)
    try:
        return who, ZoneInfo(told.time_zone or "")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        log.warning("jira.zone_unknown", zone=told.time_zone)
        return who, ZoneInfo(LAST_ZONE)


async def still_somebody(call: Caller, api: str) -> None:
    """Raises Rejected once the site no longer knows us: it then shows nothing, or what anybody may see, and no 401."""
    await _somebody(call, api)


async def _somebody(call: Caller, api: str) -> tuple[str, Myself]:
    told: Myself = decoded(await _asked(call, f"{api}/myself"), Myself, "the account")
    who = text(told.account_id) or text(told.key) or text(told.name)
    if who is None:
        raise Rejected(f"{call.what} takes us for nobody, to whom it shows next to nothing; check {call.settings}")
    return who, told


async def _asked(call: Caller, path: str) -> bytes:
    """The body of a GET; a refusal of the credentials says what to do about it."""
    try:
        return await call.get(path)
    except Rejected as refused:
        if refused.facts.get("status") != 401:
            raise
        raise Rejected(f"{refused.message} ({await advice(call)})", **refused.facts) from refused
