"""Pulls a Jira backlog into an empty database as Remit does at first: references, pages, histories and the census.

Run as a program; prints what was used.
"""

import asyncio
import sys

from pydantic import SecretStr

from remit.cache.memory import MemoryAnswers
from remit.entrypoints.wiring import now
from remit.storage.engine import connect
from remit.storage.evidence import PostgresEvidence
from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from remit.usecases.desk import Desk
from remit.usecases.shipped import shipped_catalogue
from remit_integrations.jira.settings import JiraSettings
from remit_integrations.sources.jira import jira
from remit_integrations.sync import synchronise
from support.used import Used


async def pulled(url: str, email: str, token: str, database: str) -> str:
    engine = connect(database)
    models, mirror = PostgresModels(engine), PostgresMirror(engine)
    desk = Desk(shipped_catalogue(), models, mirror, MemoryAnswers(size=0), now, evidence=PostgresEvidence(engine))
    with Used() as used:
        done = await synchronise(desk, jira(JiraSettings(url=url, email=email, token=SecretStr(token))))
    await engine.dispose()
    if (done.changed, done.parked, done.gone) != (done.seen, 0, 0):
        raise AssertionError(f"not every issue is new: {done}")
    return used.told(done.changed)


if __name__ == "__main__":
    sys.stdout.write(asyncio.run(pulled(*sys.argv[1:])))
