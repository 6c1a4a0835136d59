"""The three doors a golden question goes through: the graph, plain HTTP and the command line."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import httpx
import orjson

from support.asking_commands import Shell
from support.asking_http import ask
from support.golden import Json, Question

SHOWN = """area { key } outcome lead { key } accountable { ...Owner }
  holders { owner { ...Owner } function { key } letter delegatedFrom { ...Owner } }
  trace { step layer scope verdict reason }"""
OWNER = "fragment Owner on Owner { __typename ... on Person { key } ... on Team { key } }"
OF_AREA = f"""query($key: String!, $responsibility: String!, $asOf: DateTime, $knownAt: DateTime) {{
  ownership(area: $key, responsibility: $responsibility, asOf: $asOf, knownAt: $knownAt) {{ {SHOWN} }} }} {OWNER}"""
OF_ISSUE = f"""query($key: String!, $responsibility: String!, $asOf: DateTime, $knownAt: DateTime) {{
  issueOwnership(issueKey: $key, responsibilities: [$responsibility], asOf: $asOf, knownAt: $knownAt) {{
    issueKey known currentKey area {{ key }} ownership {{ {SHOWN} }} }} }} {OWNER}"""
COMMANDS = """
import json, sys
from remit.entrypoints.cli import main
for line in sys.stdin:
    sys.argv = ["remit", *json.loads(line)]
    try:
        main()
    except SystemExit as ended:
        if ended.code:
            raise
    print("\\x1e", flush=True)
"""
"""One command after another in one process, since to start one takes longer than to answer."""


async def through_the_graph(client: httpx.AsyncClient, questions: Sequence[Question]) -> list[Json]:
    return [await _graph(client, question) for question in questions]


async def _graph(client: httpx.AsyncClient, question: Question) -> Json:
    asked = {"responsibility": question.responsibility, "asOf": question.as_of, "knownAt": question.known_at}
    if question.issue is not None:
        answer: Json = (await ask(client, OF_ISSUE, key=question.issue, **asked))["issueOwnership"]
        return answer
    return {"ownership": [(await ask(client, OF_AREA, key=question.area, **asked))["ownership"]]}


async def through_plain_http(client: httpx.AsyncClient, questions: Sequence[Question]) -> list[Json]:
    return [await _rest(client, question) for question in questions]


async def _rest(client: httpx.AsyncClient, question: Question) -> Json:
    place = f"issues/{quote(question.issue)}" if question.issue is not None else f"areas/{quote(question.area or '')}"
    asked = {"responsibility": question.responsibility, "asOf": question.as_of, "knownAt": question.known_at}
    answer = await client.get(
        f"/v1/{place}/ownership", params={name: told for name, told in asked.items() if told is not None}
    )
    assert answer.status_code == 200, answer.text
    told: Any = answer.json()
    return told  # type: ignore[no-any-return]


async def through_the_command_line(shell: Shell, questions: Sequence[Question]) -> list[Json]:
    lines = (orjson.dumps(_command(question)).decode() for question in questions)
    ended = await shell.remit(program=COMMANDS, stdin="\n".join(lines))
    assert (ended.code, ended.err) == (0, ""), ended.err
    return [orjson.loads(told) for told in ended.out.split("\x1e\n")[:-1]]


def _command(question: Question) -> list[str]:
    place = [question.issue] if question.issue is not None else ["--area", question.area or ""]
    times = [("--as-of", question.as_of), ("--known-at", question.known_at)]
    told = [word for option, at in times if at is not None for word in (option, at)]
    return ["who", *place, "--responsibility", question.responsibility, *told, "--json"]
