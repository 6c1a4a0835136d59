"""What is done now and then so that sources go on sending: nothing that goes wrong in it ends the worker."""

import asyncio

from structlog.testing import capture_logs

from remit_integrations.source import Source
from remit_integrations.tending import Tending
from support.census import AFeed
from support.desks import JIRA, AClock
from support.memory_mirror import MemoryLeases


async def test_what_nobody_foresaw_is_told_and_it_is_tried_again_in_the_next_turn() -> None:
    stop, tries = asyncio.Event(), list[str]()

    async def tend() -> None:
        tries.append("tended")
        if len(tries) == 2:
            stop.set()
        raise KeyError("webhookRegistrationResult")

    source = Source(JIRA, "of a kind", AFeed(AClock(), set()).source().open, tend=tend)
    with capture_logs() as logs:
        await Tending(MemoryLeases(), stop, every_s=0.001).run([source])
    assert [(one["event"], one["doing"], one["source"]) for one in logs] == [
        ("worker.unforeseen", "seeing to it that it sends", JIRA)
    ] * 2
