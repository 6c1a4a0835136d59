"""What a failed field says: refusals in their own words, our own faults in none, and the log knows both."""

from dataclasses import replace
from datetime import datetime

import pytest
from structlog.testing import capture_logs

from remit.domain.errors import Broken, Conflict, Invalid, Problem, RemitError, Unavailable
from remit.ports import Head
from support.asking_http import asking, told_of
from support.desks import NOW, a_desk
from support.memory_models import MemoryModels


class Failing(MemoryModels):
    """A store of models that has nothing but this trouble."""

    def __init__(self, trouble: Exception) -> None:
        super().__init__(lambda: NOW)
        self._trouble = trouble

    async def head(self, known_at: datetime | None = None) -> Head:
        raise self._trouble


async def failure(trouble: Exception) -> tuple[object, list[dict[str, object]]]:
    """The error a client sees of this trouble, and what is logged."""
    desk = replace(await a_desk(), models=Failing(trouble))
    with capture_logs() as logged:
        async with asking(desk) as client:
            told = await told_of(client, '{ area(key: "shop") { key } }')
    assert told["data"] == {"area": None}
    (error,) = told["errors"]
    assert error["path"] == ["area"]
    return (error["message"], error["extensions"]), [dict(event) for event in logged]


@pytest.mark.parametrize(
    ("trouble", "code"),
    [
        (Conflict("Two at once."), "CONFLICT"),
        (Unavailable("It is down."), "SOURCE_UNAVAILABLE"),
    ],
)
async def test_a_foreseen_trouble_is_told_in_its_own_words(trouble: RemitError, code: str) -> None:
    told, logged = await failure(trouble)
    assert told == (trouble.message, {"code": code})
    assert [(one["event"], one["code"]) for one in logged] == [("graphql.refused", code)]


async def test_what_we_stand_on_is_named_to_the_log_alone() -> None:
    told, logged = await failure(Broken("The database db.example.com does not answer."))
    assert told == ("Remit cannot answer now; its log and /readyz say why", {"code": "BROKEN"})
    assert [(one["event"], one["trouble"]) for one in logged] == [
        ("graphql.broken", "The database db.example.com does not answer.")
    ]


async def test_every_mistake_of_something_invalid_is_told() -> None:
    told, _ = await failure(Invalid("No.", [Problem("SHAPE", "wrong", "rules[0]", 7)]))
    assert told == ("No.", {"code": "INVALID", "problems": ["line 7: rules[0]: wrong [SHAPE]"]})


async def test_an_unforeseen_trouble_is_told_to_the_log_alone() -> None:
    trouble = RuntimeError("the password is hush")
    told, logged = await failure(trouble)
    assert told == ("Remit failed to answer; the log says more", {"code": "INTERNAL"})
    assert [(one["event"], one["log_level"], one["exc_info"]) for one in logged] == [
        ("graphql.failed", "error", trouble)
    ]
