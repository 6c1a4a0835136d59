"""Every example in the documents runs: GraphQL, commands, requests, paths, models."""

import json
import re
from typing import Any, cast

import pytest
import typer
from graphql import parse, validate

from remit.entrypoints.api import application
from remit.entrypoints.cli.main import app
from remit.entrypoints.wiring import Remit
from remit.usecases.apply_model import prepare
from remit_graphql.schema import schema
from support.desks import a_desk
from support.repository import ROOT, commands, documents, fenced

LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")
OPERATION = re.compile(r"^(?:query|mutation|\{)")
COMMAND = typer.main.get_command(app)


def test_every_graphql_example_is_valid() -> None:
    examples = [*fenced("graphql"), *_queries_sent_by_curl()]
    wrong = [
        f"{name}: {error.message}"
        for name, text in examples
        for error in validate(schema()._schema, parse(text))  # strawberry's own way to the schema of graphql-core
    ]
    assert examples
    assert wrong == []


def test_every_command_in_an_example_exists_with_its_options() -> None:
    shown = [(name, words[1:]) for name, words in commands() if words[0] == "remit"]
    shown += [(name, words[3:]) for name, words in commands() if words[:3] == ["./dev", "run", "remit"]]
    assert shown
    assert [f"{name}: {' '.join(words)}: {told}" for name, words in shown if (told := _wrong(words))] == []


def test_every_command_named_in_a_sentence_exists() -> None:
    named = {
        (name, mention)
        for name, text in documents().items()
        for mention in re.findall(r"`remit ([^`\n]+)`", text)
        if not mention.startswith("-")
    }
    assert [f"{name}: {mention}" for name, mention in sorted(named) if not _exists(mention.split())] == []


def test_every_dev_command_in_the_documents_exists() -> None:
    script = (ROOT / "dev").read_text(encoding="utf-8")
    has = set(re.findall(r"^  ([a-z]+)(?:\|[-a-z|]+)?\)", script, re.MULTILINE))
    named = {(name, word) for name, text in documents().items() for word in re.findall(r"\./dev ([a-z]+)", text)}
    assert [f"{name}: ./dev {word}" for name, word in sorted(named) if word not in has] == []


def test_the_set_up_in_the_readme_is_exactly_two_commands() -> None:
    _, _, section = documents()["README.md"].partition("\n## Set it up\n")
    block = re.search(r"```sh\n(.*?)```", section, re.DOTALL)
    assert block is not None
    assert [line.partition("#")[0].strip() for line in block[1].splitlines()] == ["./dev demo", "./dev test"]


def test_every_request_in_an_example_has_a_route() -> None:
    served = application(cast("Remit", None), auth="off").openapi()["paths"]
    routes = [re.compile(re.sub(r"\{\w+\}", "[^/]+", path)) for path in served]
    asked = [
        (name, found[1].partition("?")[0])
        for name, words in commands()
        if words[0] == "curl"
        for word in words
        if (found := re.match(r"https?://[^/]+(/.*)", word)) and "atlassian" not in word
    ]
    assert asked
    assert [f"{name}: {path}" for name, path in asked if not any(route.fullmatch(path) for route in routes)] == []


def test_every_link_and_path_in_the_documents_leads_somewhere() -> None:
    lost = []
    for name, text in documents().items():
        here = (ROOT / name).parent
        for target in LINK.findall(text):
            path, _, anchor = target.partition("#")
            if re.match(r"[a-z]+:", target):
                continue
            file = here / path if path else ROOT / name
            if not file.exists() or (anchor and anchor not in _anchors(file.read_text(encoding="utf-8"))):
                lost.append(f"{name}: {target}")
        for mention in re.findall(r"`((?:service|integrations|graphql|tests|docs|\.ci)/[\w./-]+)`", text):
            if not (ROOT / mention).exists():
                lost.append(f"{name}: {mention}")
    assert lost == []


@pytest.mark.parametrize(("name", "text"), fenced("yaml"), ids=[name for name, _ in fenced("yaml")])
async def test_every_model_in_the_documents_is_planned_without_a_warning(name: str, text: str) -> None:
    prepared = await prepare(await a_desk(model=None), text)
    assert prepared.plan.opens
    assert prepared.warnings == ()


def _queries_sent_by_curl() -> list[tuple[str, str]]:
    return [
        (name, json.loads(word)["query"])
        for name, words in commands()
        if words[0] == "curl"
        for word in words
        if word.startswith("{") and '"query"' in word
    ]


def _wrong(words: list[str]) -> str | None:
    """What the command line would say against these words, without running anything."""
    command: Any = COMMAND
    rest = list(words)
    while hasattr(command, "resolve_command"):
        if command.invoke_without_command and not (rest and rest[0] in command.list_commands(typer.Context(command))):
            break
        if not rest:
            return "a command is missing"
        if rest[0] in ("-h", "--help"):
            return None
        if rest[0] not in command.list_commands(typer.Context(command)):
            return f"there is no command {rest[0]!r}"
        command = _below(command, rest.pop(0))
    try:
        command.make_context("remit", rest)
    except typer.Exit:  # --help
        return None
    except Exception as wrong:  # noqa: BLE001 - whatever it is, the example is wrong
        return str(wrong)
    return None


def _exists(words: list[str]) -> bool:
    command: Any = COMMAND
    for word in words:
        if not hasattr(command, "resolve_command") or word.startswith("-"):
            break
        if word not in command.list_commands(typer.Context(command)):
            return False
        command = _below(command, word)
    options = {option for parameter in command.params for option in parameter.opts}
    return all(word in options for word in words if word.startswith("-"))


def _below(group: Any, name: str) -> Any:
    """A command of a group, loaded as it is when it is called."""
    return group.resolve_command(typer.Context(group), [name])[1]


def _anchors(text: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
