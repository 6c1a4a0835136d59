"""Whose accounts are these: which person of the model is behind an account of a source?"""

from collections.abc import Collection, Mapping

from remit.domain.ids import SourceName
from remit.domain.people import Person
from remit.usecases.desk import Desk
from remit.usecases.snapshot import Snapshot

AccountRef = tuple[SourceName, str]
"""A source, and its own id of somebody."""


async def people_behind(desk: Desk, snap: Snapshot, accounts: Collection[AccountRef]) -> Mapping[AccountRef, Person]:
    """By account: who has it among their identities, else whose e-mail address it has. Those of nobody are absent.

    The mirror is asked only about accounts that are nobody's by their id.
    """
    model = snap.model
    unclear = [account for account in dict.fromkeys(accounts) if account not in model.identities]
    emails = await desk.mirror.emails(unclear) if unclear else {}
    found = {account: model.person_of(*account, emails.get(account)) for account in accounts}
    return {account: person for account, person in found.items() if person is not None}
