"""Who may subscribe: with a token in the handshake or in the first message, or nobody is asked."""

import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.storage import tokens
from support.sockets import a_socket


async def first_answer(
    api: httpx.AsyncClient, parameters: object = None, headers: dict[str, str] | None = None
) -> tuple[str, int | None]:
    """How the first message is taken: its type, and the code of a socket that is closed."""
    transport = api._transport
    assert isinstance(transport, httpx.ASGITransport)
    async with a_socket(transport.app, headers=headers) as socket:
        assert (await socket.heard())["type"] == "websocket.accept"
        await socket.send(type="connection_init", payload={} if parameters is None else parameters)
        told = await socket.heard()
    return told["type"], told.get("code")


@pytest.mark.parametrize(
    "parameters",
    [None, {"authorization": ""}, {"authorization": "Bearer"}, {"authorization": "Bearer wrong"},
     {"authorization": 7}, {"token": "x"}, {"authorization": ["Bearer"]}],
)  # fmt: skip
async def test_without_a_token_that_opens_a_socket_is_closed(
    guarded_api: httpx.AsyncClient, parameters: object
) -> None:
    assert await first_answer(guarded_api, parameters) == ("websocket.close", 4403)


async def test_a_token_opens_a_socket_until_it_is_revoked(guarded_api: httpx.AsyncClient, engine: AsyncEngine) -> None:
    told = f"Bearer {await tokens.create(engine, 'ci', 'read')}"
    assert await first_answer(guarded_api, {"authorization": told}) == ("connection_ack", None)
    assert await first_answer(guarded_api, {"Authorization": told}) == ("connection_ack", None)
    assert await first_answer(guarded_api, headers={"authorization": told}) == ("connection_ack", None)
    await tokens.revoke(engine, "ci")
    assert await first_answer(guarded_api, {"authorization": told}) == ("websocket.close", 4403)
    assert await first_answer(guarded_api, headers={"authorization": told}) == ("websocket.close", 4403)


async def test_a_socket_opens_for_anybody_where_nobody_is_asked(open_api: httpx.AsyncClient) -> None:
    assert await first_answer(open_api) == ("connection_ack", None)
