"""Markdown shows names as they are, whatever they hold, one row for each responsibility."""

from remit.domain.people import Person
from remit.exchange.write_markdown import write_markdown
from remit.resolution.ownership import resolve_area
from support.exchanging import Beliefs, model_of
from support.models import NOON, PM, a_delegation, a_fact, a_person, a_team, an_assignment, the_root


def row(responsibility: str, beliefs: Beliefs) -> str:
    """The row of a responsibility, in the table of the organisation."""
    model = model_of(beliefs)
    answers = {one.responsibility: one for one in resolve_area(model, model.root)}  # type: ignore[arg-type]
    text = write_markdown(model, {model.root: answers}, NOON)  # type: ignore[dict-item]
    (found,) = [line for line in text.splitlines() if line.startswith(f"| {responsibility} ")]
    return found


def test_people_and_teams_are_named_and_whoever_stands_in_says_for_whom() -> None:
    beliefs = [the_root(), a_person("ana"), a_person("eva"), a_team("desk", "eva"), a_delegation("ana", "eva")]
    assigned = [an_assignment("acme", "ana"), an_assignment("acme", "desk", letter=None, function="product_operations")]
    assert row("Documentation", [*beliefs, *assigned]) == "| Documentation | `OWNED` | Desk |  | Eva for Ana |  |"


def test_what_markdown_would_take_for_more_than_text_is_marked() -> None:
    ana = a_fact(Person("ana", "A|na *[b]*\n<i>_`x` &lt; ~"))  # type: ignore[arg-type]
    assert row("Innovation", [the_root(), ana, an_assignment("acme", "ana", function=PM)]) == (
        "| Innovation | `OWNED` | A\\|na \\*\\[b\\]\\* \\<i\\>\\_\\`x\\` \\&lt; \\~ |  |  |  |"
    )


def test_somebody_without_a_name_is_told_by_key() -> None:
    nameless = a_fact(Person("x_1", " "))  # type: ignore[arg-type]
    assert row("Innovation", [the_root(), nameless, an_assignment("acme", "x_1", function=PM)]) == (
        "| Innovation | `OWNED` | x\\_1 |  |  |  |"
    )
