"""`remit model import` and `remit model export`: a plan first, mistakes by row, and what a format loses."""

import pytest

from support.asking_commands import Ended, Shell
from support.desks import A_MODEL

MATRIX = "area,responsibility,ana,pat\nshop,documentation,C,A\n"
NO_CHANGES = "No changes: the model is what the file says.\n"


@pytest.fixture
async def modelled(shell: Shell) -> Shell:
    """A shell in which a model has been applied."""
    assert (await shell.remit("model", "apply", "-", stdin=A_MODEL)).code == 0
    return shell


async def test_an_import_is_planned_and_applied_only_when_asked(modelled: Shell) -> None:
    (modelled.home / "raci.csv").write_text(MATRIX)
    planned = await modelled.remit("model", "import", "raci", "raci.csv")
    planned_again = await modelled.remit("model", "import", "raci", "-", stdin=MATRIX)
    applied = await modelled.remit("model", "import", "raci", "raci.csv", "--apply", "--reason", "from the sheet")
    after = await modelled.remit("model", "import", "raci", "raci.csv")
    assert (planned.code, planned.err) == (2, "")
    assert [line[:2] for line in planned.out.splitlines()] == ["+ ", "+ ", "2 "]
    assert [line.split(" from ")[0] for line in planned_again.out.splitlines()] == [
        line.split(" from ")[0] for line in planned.out.splitlines()
    ]
    assert (applied.code, applied.out.splitlines()[-1]) == (0, "Applied.")
    assert after == Ended(0, NO_CHANGES, "")


async def test_every_mistake_of_an_import_is_told_with_its_row_and_nothing_is_applied(modelled: Shell) -> None:
    before = await modelled.remit("model", "export")
    wrong = f"{MATRIX}nowhere,all,A,\nshop,all,Z,\n"
    refused = await modelled.remit("model", "import", "raci", "-", "--apply", stdin=wrong)
    assert refused == Ended(
        1,
        "",
        "remit: the file is not right; nothing was applied\n"
        "  line 3: there is no area 'nowhere'; add it to the model first, or correct the spelling [UNKNOWN_AREA]\n"
        "  line 4: shop, ana: there is no letter 'Z'; write A, R, C, I or A/R [UNKNOWN_LETTER]\n",
    )
    assert await modelled.remit("model", "export") == before


@pytest.mark.parametrize(("export", "form"), [("csv", "raci"), ("backstage", "backstage")])
async def test_what_is_exported_and_imported_again_changes_nothing(modelled: Shell, export: str, form: str) -> None:
    exported = await modelled.remit("model", "export", "--format", export)
    assert exported.code == 0
    assert [line.split(":")[0] for line in exported.err.splitlines()] == ["warning"] * len(exported.err.splitlines())
    assert f"warning: {export} has no place for " in exported.err
    assert await modelled.remit("model", "import", form, "-", stdin=exported.out) == Ended(0, NO_CHANGES, "")


async def test_markdown_is_for_people(modelled: Shell) -> None:
    exported = await modelled.remit("model", "export", "--format", "markdown")
    assert (exported.code, exported.out.splitlines()[0], exported.err) == (0, "# Who is responsible for what", "")


async def test_owners_of_a_catalog_hold_areas_for_the_function_asked(modelled: Shell) -> None:
    catalog = "kind: Component\nmetadata: {name: cart}\nspec: {owner: pat}\n"
    planned = await modelled.remit(
        "model", "import", "backstage", "-", "--function", "product_operations", stdin=catalog
    )
    assert "+ assignment cart/all/product_operations/pat " in planned.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("import", "raci", "x.csv", "--function", "product_operations"), "only a backstage catalog needs it"),
        (("export", "--function", "product_operations"), "only a backstage catalog needs it"),
        (("import", "excel", "x.xlsx"), "'excel' is not one of 'raci', 'codeowners', 'backstage'"),
        (("export", "--format", "excel"), "'excel' is not one of 'yaml', 'csv', 'markdown', 'backstage'"),
    ],
)
async def test_wrong_usage_is_told_before_anything_is_read(bare_shell: Shell, arguments: tuple[str, ...], told: str) -> None:  # noqa: E501  # fmt: skip
    ended = await bare_shell.remit("model", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert told in " ".join(ended.err.replace("│", " ").split())


async def test_a_file_that_is_not_there_is_told(bare_shell: Shell) -> None:
    ended = await bare_shell.remit("model", "import", "raci", "missing.csv")
    assert ended == Ended(1, "", "remit: missing.csv cannot be read: No such file or directory\n")
