"""The areas somebody acted in, as use cases tell them: by whose accounts, in which window, and when it is not known."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from remit.domain.ids import OwnerKey
from remit.domain.load import Signal, Verdict
from remit.domain.parties import Party, PartyKind
from remit.domain.records import BacklogEvent, Reference
from remit.resolution.signals.windows import windows
from remit.storage.mirror import PostgresMirror
from remit.storage.models import PostgresModels
from remit.usecases.ask_load import survey
from remit.usecases.ask_signals import NOT_YET
from remit.usecases.ask_touched import touched, with_touched
from remit.usecases.desk import Desk
from remit.usecases.snapshot import Moment, snapshot, zone_of
from remit.usecases.take_records import Page, take_records
from support.counting import count_statements
from support.desks import JIRA, NOW, a_desk, an_issue, pulled
from support.drifting import ISSUE, WITH_ACCOUNTS, a_drifting_desk

ANA, PAT, EVA, IVO = (Party(PartyKind.PERSON, key) for key in ("ana", "pat", "eva", "ivo"))
CREW, OPERATIONS = Party(PartyKind.TEAM, "crew"), Party(PartyKind.FUNCTION, "product_operations")
MODEL = WITH_ACCOUNTS.replace(
    "areas:\n",
    "  - {key: eva, name: Eva, email: Eva@acme.example}\n  - {key: ivo, name: Ivo, identities: {helpdesk: ivo-1}}\n"
    "teams:\n  - {key: crew, name: Crew, members: [ana, pat]}\n  - {key: mixed, name: Mixed, members: [ana, ivo]}\n"
    "areas:\n",
)  # fmt: skip


async def asked(desk: Desk, party: Party, moment: Moment | None = None, days: int = 28) -> Signal:
    snap = await snapshot(desk, moment or Moment())
    window = windows(snap.as_of, zone_of(snap.model), days)[0]
    return (await touched(desk, snap, [party], window))[party]


async def a_busy_desk(**parts: object) -> Desk:
    """Ana acted in the checkout and, ten days ago, in the shop; Eva, by her address, in the shop; Pat nowhere."""
    desk = await a_desk(model=MODEL, **parts)  # type: ignore[arg-type]  # parts of a desk by name
    await desk.mirror.refer(JIRA, [Reference(JIRA, "user", "e-1", "Eva", b"{}", email="eva@ACME.example")])
    shop = an_issue("SHOP-2")
    events = [
        BacklogEvent(JIRA, item.id, f"c-{number}", 0, NOW - timedelta(days=days), "status", author, "status")
        for number, (item, author, days) in enumerate(
            [(ISSUE, "ana-in-jira", 1), (ISSUE, "ana-in-jira", 2), (shop, "ana-in-jira", 10), (shop, "e-1", 3)]
        )
    ]
    await take_records(desk, JIRA, Page((pulled(ISSUE), pulled(shop)), tuple(events)))
    return desk


async def test_areas_are_those_of_the_records_that_an_account_of_theirs_changed() -> None:
    desk = await a_busy_desk()
    found = [await asked(desk, party) for party in (ANA, EVA, PAT)]
    assert [(one.value, one.sample_size, one.verdict) for one in found] == [
        (2.0, 3, Verdict.OK), (1.0, 1, Verdict.OK), (0.0, 0, Verdict.OK),
    ]  # fmt: skip
    assert (found[0].unit, found[0].threshold) == ("areas", 6.0)


@pytest.mark.parametrize(
    ("moment", "days", "value"),
    [(Moment(), 7, 1.0), (Moment(NOW - timedelta(days=5)), 28, 1.0), (Moment(NOW - timedelta(days=20)), 28, None)],
)
async def test_only_what_happened_in_the_window_counts(moment: Moment, days: int, value: float | None) -> None:
    assert (await asked(await a_busy_desk(), ANA, moment, days)).value == value


async def test_without_an_account_or_a_source_that_names_somebody_it_is_not_known() -> None:
    desk = await a_busy_desk()
    assert (await asked(desk, IVO)).explanation == (
        "There is no value: no source in which they have an account told who did what in this window: Ivo."
    )
    without_accounts = replace(await a_drifting_desk(), models=(await a_desk()).models)
    found = await asked(without_accounts, ANA)
    assert (found.value, found.verdict) == (None, Verdict.UNKNOWN)
    assert "no account is known of Ana" in found.explanation


async def test_of_several_people_each_area_counts_once_and_nothing_is_judged() -> None:
    desk = await a_busy_desk()
    crew = await asked(desk, CREW)
    assert (crew.value, crew.sample_size, crew.verdict) == (2.0, 3, Verdict.UNKNOWN)
    mixed = await asked(desk, Party(PartyKind.TEAM, "mixed"))
    assert (mixed.value, mixed.verdict) == (None, Verdict.UNKNOWN)
    assert mixed.explanation.endswith("Ivo.")


async def test_a_doubt_about_a_source_silences_the_verdict_and_not_the_number() -> None:
    desk = replace(await a_busy_desk(), clock=lambda: NOW + timedelta(hours=1))
    found = await asked(desk, ANA)
    assert (found.value, found.verdict) == (2.0, Verdict.UNKNOWN)
    assert "jira" in found.explanation


async def test_nothing_is_said_while_it_is_worked_out_how_records_went() -> None:
    found = await asked(await a_desk(model=MODEL, items=[ISSUE]), ANA)
    assert (found.value, found.explanation) == (None, NOT_YET)


async def test_a_load_tells_it_beside_its_other_signals() -> None:
    desk = await a_busy_desk()
    snap = await snapshot(desk, Moment())
    found = await survey(desk, snap)
    ana, pat = await with_touched(
        desk, snap, [found.load(OwnerKey(key)) for key in ("ana", "pat")], found.grounds.window
    )
    assert [[one.name for one in load.signals] for load in (ana, pat)] == [
        ["demand_hours", "utilisation", "operational_share", "breadth", "areas_touched"]
    ] * 2
    assert [load.signals[-1].value for load in (ana, pat)] == [2.0, 0.0]


async def test_the_statements_do_not_grow_with_the_people(engine: AsyncEngine) -> None:
    desk = await a_busy_desk(models=PostgresModels(engine), mirror=PostgresMirror(engine))
    snap = await snapshot(desk, Moment())
    window = windows(snap.as_of, zone_of(snap.model))[0]
    counts = []
    for parties in ([EVA], [EVA, ANA, PAT, CREW, OPERATIONS]):
        with count_statements(engine) as statements:
            found = await touched(desk, snap, parties, window)
        counts.append(len(statements))
    assert counts[0] == counts[1]
    assert [found[party].value for party in (EVA, ANA, PAT, CREW, OPERATIONS)] == [1.0, 2.0, 0.0, 2.0, 0.0]
