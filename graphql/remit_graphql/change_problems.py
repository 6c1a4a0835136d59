"""What is wrong, or odd, about a change, in the words of the arguments that clients gave."""

import re
from collections.abc import Sequence
from dataclasses import fields

import strawberry
from strawberry.utils.str_converters import to_camel_case

from remit.domain.changes import SetDelegation, SetPerson
from remit.domain.errors import Invalid, Problem, Refused

ONE = ("input",)
"""The places of the changes of a mutation that makes a single one."""

_CHANGE = re.compile(r"^changes\[(\d+)\]")
_EVERY = "changes"
_OUR_WORDS = re.compile("|".join(rf"\b{f.name}\b" for said in (SetPerson, SetDelegation) for f in fields(said)
                                 if "_" in f.name))  # fmt: skip
"""Fields of several words, which the graph spells differently from the model file."""


@strawberry.type(description="One thing that is wrong, or odd, about a change.")
class ChangeProblem:
    code: str = strawberry.field(description="Stable.")
    message: str = strawberry.field(description="A sentence that says what to do.")
    path: str | None = strawberry.field(
        description="The argument that is to be mended, such as `input.owner` or `changes[3].assignment.owner`."
    )
    line: int | None = strawberry.field(description="Of a model file; null here.")


def change_problem(problem: Problem, places: Sequence[str]) -> ChangeProblem:
    """`places` are the arguments in which the changes were given, in their order."""
    message = _OUR_WORDS.sub(lambda found: to_camel_case(found[0]), problem.message)
    return ChangeProblem(code=problem.code, message=message, path=_path(problem.where, places), line=problem.line)


def refusals(refused: Refused, places: Sequence[str]) -> list[ChangeProblem]:
    """Every mistake at its argument; what is not the fault of an argument stands at none."""
    problems = refused.problems if isinstance(refused, Invalid) else ()
    return [change_problem(one, places) for one in problems or [Problem(refused.code, refused.message)]]


def _path(where: str, places: Sequence[str]) -> str | None:
    if where == _EVERY:
        return places[0] if places == ONE else _EVERY
    found = _CHANGE.match(where)
    if found is None:
        return where or None
    return places[int(found[1])] + to_camel_case(where[found.end() :])
