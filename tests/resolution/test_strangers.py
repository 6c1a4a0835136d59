"""Accounts at work in mirrored issues that no person of the model has."""

from remit.domain.gaps import GapKind
from remit.domain.ids import SourceName
from remit.domain.people import Person
from remit.domain.tallies import Account
from remit.resolution.strangers import unmapped
from support.models import a_fact, a_model

JIRA = SourceName("jira")


def test_an_account_that_no_person_has_is_told_with_its_name_and_how_often_it_appears() -> None:
    accounts = [
        Account(JIRA, "a-1", "Ana", 7, 5, 3),
        Account(JIRA, "a-2", None, 9, 0, 9),
        Account(JIRA, "a-3", "", 1, 1, 0),
    ]
    told = [(gap.kind, gap.count, gap.message, gap.subject) for gap in unmapped(a_model(), accounts)]
    advice = "and no person has it: add it to somebody's `identities`, or add the person."
    assert told == [
        (
            GapKind.UNMAPPED_IDENTITY,
            9,
            f"The jira account a-2 reported 9 of the mirrored issues, {advice}",
            "jira a-2",
        ),
        (
            GapKind.UNMAPPED_IDENTITY,
            7,
            f"The jira account a-1 (Ana) is assigned 5 and reported 3 of the mirrored issues, {advice}",
            "jira a-1",
        ),
        (
            GapKind.UNMAPPED_IDENTITY,
            1,
            f"The jira account a-3 is assigned 1 of the mirrored issues, {advice}",
            "jira a-3",
        ),
    ]


def test_an_account_is_somebodys_by_its_e_mail_address_where_no_id_tells() -> None:
    ana, ben = Person("ana", "Ana", email="Ana@Example.com"), Person("ben", "Ben", identities=(("jira", "a-2"),))
    told = {"a-1": " aNA@example.COM", "a-2": "ana@example.com", "a-3": "anna@example.com", "a-4": None}
    accounts = [Account(JIRA, id_, "Ana", 1, 1, 0, email) for id_, email in told.items()]
    model = a_model(a_fact(ana), a_fact(ben))
    assert [model.person_of("jira", id_, email) for id_, email in told.items()] == [ana, ben, None, None]
    assert [gap.subject for gap in unmapped(model, accounts)] == ["jira a-3", "jira a-4"]
    assert "@" not in "".join(gap.message for gap in unmapped(model, accounts))


def test_an_e_mail_address_that_two_people_have_is_nobodys() -> None:
    model = a_model(*(a_fact(Person(key, key, email="both@example.com")) for key in ("ana", "ben")))
    assert model.person_of("jira", "a-1", "both@example.com") is None


def test_an_account_is_somebodys_by_source_and_id() -> None:
    model = a_model(a_fact(Person("ana", "Ana", identities=(("jira", "a-1"),))))
    accounts = [Account(SourceName(source), "a-1", None, 1, 1, 0) for source in ("jira", "zendesk")]
    assert [gap.subject for gap in unmapped(model, accounts)] == ["zendesk a-1"]
