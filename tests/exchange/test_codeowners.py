"""A list in the style of CODEOWNERS says who is accountable for all of an area."""

import pytest

from remit.domain.ids import AreaKey, OwnerKey
from remit.domain.people import Person, Team
from remit.exchange.codeowners import read_codeowners
from remit.exchange.reading import Cell, Said
from support.exchanging import A_HOUSE, changes, model_of, refused, told
from support.models import PM, PO, A, R, a_fact, a_person, an_area

HOUSE = model_of(
    [
        *A_HOUSE,
        an_area("web-checkout"),
        a_person("zoe", PO),
        a_fact(Person(OwnerKey("gil"), "Gil", "gil@acme.example", PM, identities=(("github", "gilgil"),))),
        a_fact(Team(OwnerKey("docs"), "Docs", PO, (OwnerKey("zoe"),))),
        a_fact(Team(OwnerKey("acme/docs"), "Docs of Acme", PO, (OwnerKey("zoe"),))),
    ]
)


SECTION = (
    "a section groups approvals, which no area has; remove its heading, and name the owners on the lines [SECTION]"
)
OWNER = "is no owner; write @login, @organisation/team or an e-mail address [OWNER_FORM]"


def areas(text: str) -> list[AreaKey]:
    return [cell.area for cell in read_codeowners(text, HOUSE).cells]


def owners(line: str) -> list[str]:
    """The owners of a line about payments, strongest first within each function."""
    return [f"{owner} {letter}" for said in read_codeowners(f"payments {line}", HOUSE).cells.values()
            for owner, letter in said.owners.items()]  # fmt: skip


def test_of_each_function_the_first_owner_is_accountable_and_the_others_are_responsible() -> None:
    assert read_codeowners("# who owns what\n\n/payments @ana @omar @eva @zoe # all of it\n", HOUSE).cells == {
        Cell("payments", "all", PM): Said({"ana": A, "eva": R}, 3),
        Cell("payments", "all", PO): Said({"omar": A, "zoe": R}, 3),
    }


def test_a_pattern_names_an_area_by_its_whole_path_or_by_its_last_part() -> None:
    text = "/checkout/ @ana\n/web/checkout/** @ana\nsrc/payments @ana\n"
    assert areas(text) == ["checkout", "web-checkout", "payments"]


def test_the_pattern_for_everything_names_the_organisation() -> None:
    assert [areas(f"{pattern} @ana") for pattern in ("*", "/", "/**")] == [["acme"]] * 3


def test_owners_are_named_by_key_team_login_or_e_mail_address() -> None:
    assert owners("@acme/docs @other/docs @gilgil gil@acme.example @eva @omar") == [
        "acme/docs accountable",
        "docs responsible",
        "omar responsible",
        "gil accountable",
        "eva responsible",
    ]


def test_where_two_patterns_name_one_area_the_last_line_counts() -> None:
    reading = read_codeowners("/a/payments @ana @omar\n/b/payments @eva\n", HOUSE)
    assert reading.cells == {Cell("payments", "all", PM): Said({"eva": A}, 2)}
    assert told(reading.warnings) == [
        "line 2: /b/payments: payments is named by line 1 too; this line counts [SHADOWED_ROW]"
    ]


def test_a_line_replaces_who_owned_the_area_before() -> None:
    assert changes(read_codeowners, "payments @eva\n") == [
        "- assignment payments/all/product_management/ana ends at 2026-06-01T12:00:00Z",
        "+ assignment payments/all/product_management/eva (area: payments, responsibility: all,"
        " function: product_management, owner: eva, letter: accountable) from 2026-06-01T12:00:00Z",
    ]


def test_every_mistake_is_told_with_its_line() -> None:
    text = "payments @ana\n*.js @ana\npayments @eva\ncheckout\nweb-checkout @bob @rae\n/Pay-ments @ana\n"
    assert refused(read_codeowners, text, [*A_HOUSE, an_area("web-checkout")]) == [
        "line 2: *.js: there is no area '*.js'; add it to the model first, or correct the spelling [UNKNOWN_AREA]",
        "line 3: payments: line 1 has the same pattern; keep one of them [DUPLICATE_ROW]",
        "line 4: checkout: no owner; name one, or remove the line: an import does not end what it does not name"
        " [MISSING_VALUE]",
        "line 5: web-checkout: rae has no function in the model; give it one first [NO_FUNCTION]",
        "line 5: web-checkout: there is no owner 'bob'; add the person or team to the model first,"
        " or correct the spelling [UNKNOWN_OWNER]",
        "line 6: /Pay-ments: there is no area 'Pay-ments'; did you mean 'payments'? [UNKNOWN_AREA]",
    ]


def test_a_list_without_a_line_is_refused() -> None:
    assert refused(read_codeowners, "# nobody yet\n") == [
        "no line names an area with its owners, as in `/checkout @ana` [EMPTY_FILE]"
    ]


@pytest.mark.parametrize(
    ("line", "mistake"),
    [
        ("!/payments @ana", "!/payments: a pattern cannot take files out again; remove the line, and name the areas"
         " that each owner does have [NEGATION]"),
        ("! payments @ana", "!: a pattern cannot take files out again; remove the line, and name the areas"
         " that each owner does have [NEGATION]"),
        ("[Docs] @ana", f"[Docs]: {SECTION}"),
        ("[Docs][2] @ana @omar", f"[Docs][2]: {SECTION}"),
        ("^[Docs] # may be passed over", f"^[Docs]: {SECTION}"),
        ("[Docs and more]", f"[Docs: {SECTION}"),
        ("the\\ payments/ @ana", "the\\: a pattern here has no escapes; name the area by a key without spaces,"
         " or use a RACI matrix [ESCAPE]"),
        ("checkout ana", f"checkout: 'ana' {OWNER}"),
        ("checkout @", f"checkout: '@' {OWNER}"),
        ("checkout @@maintainer", f"checkout: '@@maintainer' {OWNER}"),
        ("checkout gil@", f"checkout: 'gil@' {OWNER}"),
        ("checkout gil@acme@example", f"checkout: 'gil@acme@example' {OWNER}"),
    ],
)  # fmt: skip
def test_what_such_lists_do_not_know_or_this_import_does_not_is_refused(line: str, mistake: str) -> None:
    assert refused(read_codeowners, f"payments @ana\n{line}\n") == [f"line 2: {mistake}"]


def test_a_section_without_its_heading_is_read_like_any_other_lines() -> None:
    assert areas("# [Docs]\npayments @ana\n") == ["payments"]
