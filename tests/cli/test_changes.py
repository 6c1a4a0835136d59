"""`remit model end`, `hand-over` and `confirm`: shown first, made with --apply, refused in one sentence."""

import re

from support.asking_commands import Ended, Shell
from support.desks import A_MODEL

ANA, PAT = "shop/all/product_management/ana", "checkout/all/product_operations/pat"


async def model(shell: Shell) -> str:
    return (await shell.remit("model", "export")).out


def without_instants(ended: Ended) -> tuple[int, list[str]]:
    return ended.code, [re.sub(r" (from|at|to) \S+Z", "", line) for line in ended.out.splitlines()]


async def test_changes_are_shown_and_made(shell: Shell) -> None:
    await shell.remit("model", "apply", "-", stdin=A_MODEL)
    before = await model(shell)
    handed = (
        f"- assignment {ANA} ends",
        "+ assignment shop/all/product_management/pat (area: shop, responsibility: all, function: product_management,"
        " owner: pat)",
        "~ person ana: active nothing -> false",
        "1 to add, 1 to change, 1 to end.",
    )
    shown = await shell.remit("model", "hand-over", "ana", "--to", "pat", "--leaves")
    assert without_instants(shown) == (2, list(handed))
    assert shown.err.startswith("warning: changes[0].to: pat belongs to product_operations, not product_management")
    assert await model(shell) == before
    made = await shell.remit("model", "hand-over", "ana", "--to", "pat", "--leaves", "--apply", "--actor", "ada")
    assert without_instants(made) == (0, [*handed, "Applied."])
    confirmed = await shell.remit("model", "confirm", PAT, "--due", "2999-01-01", "--apply", "--actor", "ada")
    assert without_instants(confirmed)[1][0] == f"+ confirmation {PAT} (owner: pat, by: ada)"
    by_pat = await shell.remit("model", "confirm", PAT, "--due", "2999-01-01", "--by", "pat", "--apply")
    assert without_instants(by_pat)[1][0] == f"~ confirmation {PAT}: by ada -> pat"
    unknown = await shell.remit("model", "confirm", PAT, "--due", "2999-01-01", "--by", "ada", "--apply")
    assert (unknown.code, unknown.out) == (1, "")
    assert "changes[0].by: there is no person 'ada' then; give a person's key" in unknown.err
    ended = await shell.remit("model", "end", "assignment", PAT, "--apply")
    assert without_instants(ended) == (0, [f"- assignment {PAT} ends", "0 to add, 0 to change, 1 to end.", "Applied."])
    refused = await shell.remit("model", "end", "assignment", PAT, "--apply")
    assert (refused.code, refused.out) == (1, "")
    assert re.search(r"changes\[0\]\.at: .* has ended at \S+ already; leave it out \[ENDED\]", refused.err)
