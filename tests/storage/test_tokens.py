"""API tokens open until they are revoked, and what is kept of them opens nothing."""

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.errors import Conflict, NotFound
from remit.domain.viewer import Scope, Viewer
from remit.storage import tokens


async def named(engine: AsyncEngine) -> list[tuple[str, str, bool]]:
    return [(token.name, token.scope, token.revoked_at is not None) for token in await tokens.listed(engine)]


async def test_a_token_opens_for_its_scope(engine: AsyncEngine) -> None:
    token = await tokens.create(engine, "ci", "read")
    assert token.startswith(tokens.PREFIX)
    assert await tokens.viewer_of(engine, token) == Viewer("ci", Scope.READ)
    assert await named(engine) == [("ci", "read", False)]


@pytest.mark.parametrize("told", ["", "remit_", "remit_nonsense", "\0", "ü"])
async def test_anything_else_opens_nothing(engine: AsyncEngine, told: str) -> None:
    await tokens.create(engine, "ci", "read")
    assert await tokens.viewer_of(engine, told) is None


async def test_a_revoked_token_opens_nothing_and_stays_listed(engine: AsyncEngine) -> None:
    token = await tokens.create(engine, "ci", "admin")
    await tokens.revoke(engine, "ci")
    assert await tokens.viewer_of(engine, token) is None
    assert await named(engine) == [("ci", "admin", True)]


async def test_a_name_is_never_used_again(engine: AsyncEngine) -> None:
    await tokens.create(engine, "ci", "read")
    await tokens.revoke(engine, "ci")
    with pytest.raises(Conflict, match="there is or was a token named 'ci'"):
        await tokens.create(engine, "ci", "admin")
    assert await named(engine) == [("ci", "read", True)]


async def test_what_is_not_there_or_revoked_already_cannot_be_revoked(engine: AsyncEngine) -> None:
    await tokens.create(engine, "ci", "read")
    await tokens.revoke(engine, "ci")
    for name in ("ci", "other"):
        with pytest.raises(NotFound, match=f"there is no valid token named '{name}'"):
            await tokens.revoke(engine, name)


async def test_the_token_itself_is_not_kept(engine: AsyncEngine) -> None:
    token = await tokens.create(engine, "ci", "read")
    async with engine.connect() as connection:
        (row,) = (await connection.execute(text("SELECT api_token::text FROM api_token"))).scalars()
    assert token not in row
    assert token.removeprefix(tokens.PREFIX) not in row
