"""API tokens: shown once when made, kept as a digest. 256 random bits need no slow hash."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.errors import Conflict, NotFound
from remit.domain.viewer import Scope, Viewer
from remit.storage.engine import reading, writing
from remit.storage.tables import api_token

PREFIX = "remit_"
"""Lets scanners of leaked secrets recognise a token."""


@dataclass(frozen=True, slots=True)
class Token:
    """What is kept of a token; the token itself is not."""

    name: str
    scope: str
    created_at: datetime
    revoked_at: datetime | None


async def create(engine: AsyncEngine, name: str, scope: str) -> str:
    """A new token, told this once; raises Conflict when the name was ever used."""
    token = PREFIX + secrets.token_urlsafe(32)
    try:
        async with writing(engine) as connection:
            await connection.execute(insert(api_token).values(name=name, scope=scope, digest=_digest(token)))
    except IntegrityError as taken:
        raise Conflict(f"there is or was a token named {name!r}; choose another name") from taken
    return token


async def listed(engine: AsyncEngine) -> Sequence[Token]:
    shown = select(api_token.c.name, api_token.c.scope, api_token.c.created_at, api_token.c.revoked_at)
    async with reading(engine) as connection:
        return [Token(*row) for row in await connection.execute(shown.order_by(api_token.c.name))]


async def revoke(engine: AsyncEngine, name: str) -> None:
    """Raises NotFound unless there is such a token that still opens."""
    ending = (
        update(api_token)
        .where(api_token.c.name == name, api_token.c.revoked_at.is_(None))
        .values(revoked_at=func.now())
    )
    async with writing(engine) as connection:
        if (await connection.execute(ending)).rowcount == 0:
            raise NotFound(f"there is no valid token named {name!r}; see `remit token list`")


async def viewer_of(engine: AsyncEngine, token: str) -> Viewer | None:
    """Whose token it is and what it allows; None when it does not open."""
    opening = api_token.c.digest == _digest(token), api_token.c.revoked_at.is_(None)
    async with reading(engine) as connection:
        row = (await connection.execute(select(api_token.c.name, api_token.c.scope).where(*opening))).one_or_none()
    return Viewer(row.name, Scope(row.scope)) if row is not None else None


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
