"""Which accounts at work in mirrored issues does no person of the model have?"""

from collections.abc import Iterable

from remit.domain.gaps import Gap, GapKind
from remit.domain.model import Model
from remit.domain.tallies import Account


def unmapped(model: Model, accounts: Iterable[Account]) -> tuple[Gap, ...]:
    """Accounts that appear in issues and that no person has; those that appear most first."""
    strangers = [one for one in accounts if model.person_of(one.source, one.id, one.email) is None]
    return tuple(_stranger(account) for account in sorted(strangers, key=lambda one: (-one.issues, one.source, one.id)))


def _stranger(account: Account) -> Gap:
    who = f"{account.id} ({account.name})" if account.name else account.id
    times = [f"is assigned {account.assigned}"] if account.assigned else []
    times += [f"reported {account.reported}"] if account.reported else []
    message = (
        f"The {account.source} account {who} {' and '.join(times)} of the mirrored issues, and no person has it: "
        "add it to somebody's `identities`, or add the person."
    )
    subject = f"{account.source} {account.id}"
    return Gap(GapKind.UNMAPPED_IDENTITY, None, None, None, account.issues, message, subject)
