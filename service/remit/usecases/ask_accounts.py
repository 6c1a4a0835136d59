"""Whose accounts are these, and which accounts are whose?"""

from collections.abc import Collection, Mapping

from remit.domain.ids import OwnerKey, SourceName
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


async def accounts_of(desk: Desk, snap: Snapshot, people: Collection[OwnerKey]) -> Mapping[AccountRef, OwnerKey]:
    """The accounts that are known to be theirs: those among their identities, and those with their e-mail address."""
    model, wanted = snap.model, frozenset(people)
    emails = [email for key in wanted if key in model.people and (email := model.people[key].email) is not None]
    told = await desk.mirror.addressed(emails) if emails else {}
    found = {(SourceName(source), id_): person for (source, id_), person in model.identities.items()}
    by_email = {account: model.person_of(*account, email) for account, email in told.items()}
    found |= {account: person for account, person in by_email.items() if person is not None}
    return {account: person.key for account, person in found.items() if person.key in wanted}
