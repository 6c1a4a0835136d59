"""The examples of docs/exchange.md say what the document says, in the house of docs/model.md."""

from functools import partial

from remit.exchange.backstage import read_backstage
from remit.exchange.codeowners import read_codeowners
from remit.exchange.raci import read_raci
from remit.exchange.reading import Cell, Said
from support.exchanging import Beliefs, changes, imported, model_of
from support.model_files import after as applied
from support.models import PM, PO, A, C, R
from support.repository import fenced

DOCUMENT = "docs/exchange.md"


def examples(language: str) -> list[str]:
    return [text for name, text in fenced(language) if name == DOCUMENT]


def the_house() -> Beliefs:
    (model,) = [text for name, text in fenced("yaml") if name == "docs/model.md" and "organisation" in text]
    return applied(model)


def test_both_layouts_of_the_matrix_say_the_same() -> None:
    long, wide = (read_raci(text, model_of(the_house())).cells for text in examples("csv"))
    assert {cell: said.owners for cell, said in long.items()} == {cell: said.owners for cell, said in wide.items()}
    assert {(cell.area, cell.responsibility, cell.function): dict(said.owners) for cell, said in long.items()} == {
        ("payments", "roadmap_ownership", PM): {"ana": A},
        ("payments", "documentation", PM): {"ana": C},
        ("payments", "documentation", PO): {"omar": A},
        ("checkout", "documentation", PO): {"omar": A, "feedback-desk": R},
        ("checkout", "all", PM): {"ana": A},
        ("checkout", "all", PO): {"omar": A},
    }


def test_the_list_names_owners_of_the_organisation_and_of_both_areas() -> None:
    (text,) = examples("codeowners")
    assert read_codeowners(text, model_of(the_house())).cells == {
        Cell("acme", "all", PM): Said({"ana": A}, 2),  # type: ignore[arg-type, dict-item]
        Cell("payments", "all", PM): Said({"ana": A}, 3),  # type: ignore[arg-type, dict-item]
        Cell("payments", "all", PO): Said({"omar": A}, 3),  # type: ignore[arg-type, dict-item]
        Cell("checkout", "all", PO): Said({"feedback-desk": A}, 4),  # type: ignore[arg-type, dict-item]
    }


def test_the_catalog_adds_areas_a_team_a_person_and_owners_and_changes_nothing_else() -> None:
    (text,) = examples("yml")
    assert [line.split(" (")[0] for line in changes(partial(read_backstage, function=PO), text, the_house())] == [
        "+ area refund-api",
        "+ area refunds",
        "+ assignment refund-api/all/product_operations/ana",
        "+ assignment refunds/all/product_operations/refund-crew",
        "+ person noor",
        "+ team refund-crew",
    ]


def test_the_matrix_leaves_the_part_that_reads_as_it_says_with_its_reach() -> None:
    """The desk is responsible by an assignment that adds, and stays so."""
    for text in examples("csv"):
        plan = imported(read_raci, text, the_house())
        assert plan.closes == ()
        assert "checkout/documentation/product_operations/feedback-desk" not in {fact.key for fact in plan.opens}
