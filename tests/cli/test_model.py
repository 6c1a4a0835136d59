"""`remit model`: plan, apply and export a file; nothing is applied when anything is wrong."""

import yaml

from support.asking_commands import Ended, Shell
from support.desks import A_MODEL

NO_CHANGES = "No changes: the model is what the file says.\n"


async def test_what_is_exported_and_applied_again_changes_nothing(shell: Shell) -> None:
    (shell.home / "model.yaml").write_text(A_MODEL)
    planned = await shell.remit("model", "plan", "model.yaml")
    applied = await shell.remit("model", "apply", "model.yaml", "--actor", "ada", "--reason", "to begin with")
    exported = await shell.remit("model", "export")
    again = await shell.remit("model", "apply", "-", stdin=exported.out)
    planned_again = await shell.remit("model", "plan", "model.yaml")
    assert (planned.code, planned.err) == (2, "")
    assert (applied.code, applied.out) == (0, planned.out + "Applied.\n")
    assert yaml.safe_load(exported.out)["organisation"]["key"] == "acme"
    assert again == planned_again == Ended(0, NO_CHANGES, "")


async def test_every_mistake_is_told_with_its_line_and_nothing_is_applied(shell: Shell) -> None:
    wrong = A_MODEL.replace("owner: ana}", "owner: nobody}").replace("parent: shop,", "parent: nowhere,")
    refused = await shell.remit("model", "apply", "-", stdin=wrong)
    lines = refused.err.splitlines()
    assert (refused.code, refused.out) == (1, "")
    assert lines[0] == "remit: the model file is not right; nothing was applied"
    assert [line.split(":")[0] for line in lines[1:]] == ["  line 9", "  line 11"]
    assert (await shell.remit("model", "export")).code == 1
