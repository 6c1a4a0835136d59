"""Questions with answers worked out by hand from the rulings: every door gives them alike."""

import re
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from remit.cache.memory import MemoryAnswers
from remit.domain.answers import Layer, Outcome, Reason, Step
from remit.entrypoints.api import application
from remit.entrypoints.wiring import Remit, now
from remit.storage.engine import connect
from remit.storage.evidence import PostgresEvidence
from remit.storage.leases import PostgresLeases
from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from remit.usecases.desk import Desk
from remit.usecases.shipped import shipped_catalogue
from support.asking_commands import Shell
from support.asking_http import client_of
from support.databases import Databases
from support.golden import Answer, Book, Golden, Question, Told, book, told
from support.golden_doors import through_plain_http, through_the_command_line, through_the_graph
from support.golden_stories import happen

BOOKS = {name: book(Path(__file__).with_name(f"questions_about_{name}.yaml")) for name in ("acme", "grove")}
EVERY = [golden for one in BOOKS.values() for golden in one.questions]
DOORS = ("graph", "plain HTTP", "command line")
LAST_RULING = 53
SPLIT_LAYERS = {"issue_rule", "area", "ancestor", "organisation", "agreement", "stage", "catalogue"}
HOLDER_LAYERS = {"area", "ancestor", "organisation", "fallback"}
Heard = dict[str, dict[Question, Told]]


@pytest.fixture(scope="module")
async def heard(databases: Databases, one_redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> Heard:
    """What each door says to each question."""
    answers: Heard = {door: {} for door in DOORS}
    for name, one in BOOKS.items():
        url = await databases.take()
        settings = {"REMIT_DATABASE_URL": url, "REMIT_REDIS_URL": one_redis_url}
        asked = [golden.question for golden in one.questions]
        async with served(url, one) as client:
            shapes = {
                "graph": await through_the_graph(client, asked),
                "plain HTTP": await through_plain_http(client, asked),
                "command line": await through_the_command_line(Shell(tmp_path_factory.mktemp(name), settings), asked),
            }
        for door, said in shapes.items():
            answers[door] |= {question: told(shape) for question, shape in zip(asked, said, strict=True)}
        await databases.give_back(url)
    return answers


@asynccontextmanager
async def served(url: str, one: Book) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the whole application, over a database on which the story of the book has happened."""
    engine = connect(url)
    try:
        await happen(engine, one)
        desk = Desk(
            shipped_catalogue(),
            PostgresModels(engine),
            PostgresMirror(engine),
            MemoryAnswers(),
            now,
            evidence=PostgresEvidence(engine),
        )
        async with client_of(application(Remit(desk, (), PostgresLeases(engine), engine), auth="off")) as client:
            yield client
    finally:
        await engine.dispose()


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("golden", EVERY, ids=lambda golden: str(golden.question))
def test_the_answer_is_the_one_by_hand(heard: Heard, golden: Golden, door: str) -> None:
    said = heard[door][golden.question]
    assert said.answer == golden.answer, golden.why
    assert golden.despite - said.despite == set(), golden.why


def test_every_door_looks_at_the_same_statements_in_vain(heard: Heard) -> None:
    graph, rest, commands = (heard[door] for door in DOORS)
    assert graph == rest == commands


def test_no_question_is_asked_twice() -> None:
    asked = Counter(str(golden.question) for golden in EVERY)
    assert [question for question, times in asked.items() if times > 1] == []
    assert len(EVERY) >= 60


def test_every_answer_names_the_rulings_it_follows() -> None:
    named = {str(golden.question): [int(n) for n in re.findall(r"\bR(\d+)\b", golden.why)] for golden in EVERY}
    wrong = [
        question for question, rulings in named.items() if not rulings or not all(0 < n <= LAST_RULING for n in rulings)
    ]
    assert wrong == []


def test_every_outcome_occurs() -> None:
    assert {golden.answer.outcome for golden in EVERY} == set(Outcome)


def test_every_step_layer_and_reason_occurs() -> None:
    steps, layers, reasons = (set(column) for column in zip(*_statements(), strict=True))
    assert (steps, layers, reasons) == (set(Step), set(Layer), set(Reason))


def test_every_layer_of_policy_decides_a_split_and_supplies_a_holder() -> None:
    deciding = {layer for golden in EVERY for step, layer in _chosen(golden.answer) if step == "split"}
    holding = {layer for golden in EVERY for step, layer in _chosen(golden.answer) if step == "holders"}
    assert (deciding, holding) == (SPLIT_LAYERS, HOLDER_LAYERS)


def test_both_times_are_asked_for_of_areas_and_of_issues() -> None:
    """Each alone, both, and neither."""
    asked = {
        (golden.question.issue is None, golden.question.as_of is None, golden.question.known_at is None)
        for golden in EVERY
    }
    of_areas = {(True, *times) for times in ((False, False), (False, True), (True, False), (True, True))}
    of_issues = {(False, *times) for times in ((False, False), (False, True), (True, True))}
    assert asked == of_areas | of_issues


def _statements() -> Iterator[tuple[str, str, str]]:
    """Step, layer and reason of every statement that an answer names."""
    for golden in EVERY:
        for line in (*golden.answer.because, *golden.despite):
            words = line.split()
            yield words[0], words[1], words[-1]


def _chosen(answer: Answer) -> Iterator[tuple[str, str]]:
    for line in answer.because:
        step, layer, *_ = line.split()
        yield step, layer
