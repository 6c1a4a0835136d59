"""Opens a connection to a vendor, with the budget of requests that all processes share."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from remit_integrations.authorisation import Authorisation
from remit_integrations.http import Caller, calling
from remit_integrations.source import Feed, Shared
from remit_integrations.waits import Patience


def opening(
    url: str,
    feed: Callable[[Caller], Feed],
    *,
    what: str,
    settings: str,
    address: str,
    auth: Authorisation,
    per_second: float,
    shared: Shared,
    patience: Patience | None = None,
    headers: Mapping[str, str] | None = None,
) -> Callable[[], AbstractAsyncContextManager[Feed]]:
    """What a source is opened by. `what` names it in messages; `settings` and `address` name the variables to check."""
    pace = shared.paces.of(url, per_second=per_second) if shared.paces is not None else None

    @asynccontextmanager
    async def opened() -> AsyncIterator[Feed]:
        async with calling(
            url,
            what=what,
            settings=settings,
            address=address,
            auth=auth,
            headers=headers,
            patience=patience,
            pace=pace,
        ) as call:
            yield feed(call)

    return opened
