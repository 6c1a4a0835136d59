"""`remit token`: made once, listed without the secret, ended by name."""

from support.asking_commands import Ended, Shell


async def test_a_token_is_made_listed_and_revoked(shell: Shell) -> None:
    made = await shell.remit("token", "create", "ci", "--scope", "write")
    twice = await shell.remit("token", "create", "ci")
    listed = await shell.remit("token", "list")
    revoked = await shell.remit("token", "revoke", "ci")
    revoked_again = await shell.remit("token", "revoke", "ci")
    assert made.code == 0
    assert made.out.startswith("remit_")
    assert twice == Ended(1, "", "remit: there is or was a token named 'ci'; choose another name\n")
    assert listed.out.split("\t")[0:2] == ["ci", "write"]
    assert made.out.strip() not in listed.out
    assert revoked == Ended(0, "ci no longer opens.\n", "")
    assert revoked_again == Ended(1, "", "remit: there is no valid token named 'ci'; see `remit token list`\n")
