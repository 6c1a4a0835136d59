"""`remit advice`: proposals in a sentence each, with everybody's hours before and after."""

import orjson
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.entrypoints.wiring import now
from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from support.advised import an_advised_desk
from support.asking_commands import Shell


async def test_a_proposal_has_a_sentence_and_a_row_for_everybody_touched(shell: Shell, engine: AsyncEngine) -> None:
    await an_advised_desk(clock=now, models=PostgresModels(engine), mirror=PostgresMirror(engine))
    told = await shell.remit("advice")
    assert told.code == 0, told.err
    lines = [" ".join(line.split()) for line in told.out.splitlines()]
    assert "Ana 16.2 h -> 14.0 h 135% OVERLOADED -> 117% OVERLOADED" in lines
    assert "Pat 3.4 h -> 5.7 h 9% OK -> 14% OK" in lines
    shaped = orjson.loads((await shell.remit("advice", "--json")).out)
    assert [one["responsibility"]["key"] for one in shaped] == ["team_meetings", "market_research"]
    assert f"relief of 2.2 h a week for 2 rows; id {shaped[0]['id']}" in lines
    assert (await shell.remit("advice", "--person", "pat")).out == "No advice.\n"
