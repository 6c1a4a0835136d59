"""A worker that is killed between a request and the note of it sends the same event again, under the same id."""

from pathlib import Path

import pytest

from support.asking_commands import Shell
from support.model_files import HEAD
from support.subscriber import a_subscriber


@pytest.fixture
def allowing(tmp_path: Path, database: str, one_redis_url: str) -> Shell:
    named = {"REMIT_DATABASE_URL": database, "REMIT_REDIS_URL": one_redis_url, "REMIT_WEBHOOKS_ALLOW_PRIVATE": "true"}
    return Shell(tmp_path, named)


async def test_an_event_under_way_when_its_worker_is_killed_is_sent_again_under_its_id(allowing: Shell) -> None:
    (allowing.home / "model.yaml").write_text(HEAD, encoding="utf-8")
    async with a_subscriber(None, None) as theirs:
        await allowing.remit("webhook", "add", "chat", theirs.url)
        await allowing.remit("model", "apply", "model.yaml")
        for number in (1, 2):
            async with allowing.remit_running("worker") as process:
                await theirs.received(number)
                process.kill()
        async with allowing.remit_running("worker"):
            await theirs.received(3)
            while (listed := await allowing.remit("webhook", "list")).out.split("\t")[4:6] != ["0 waiting", "0 parked"]:
                assert listed.code == 0
    assert len(theirs.got) == 3
    assert len({(got.id, got.body) for got in theirs.got}) == 1
