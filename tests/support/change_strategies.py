"""Changes of the small model of `support.changing`, sensible and not, over windows in the past and to come."""

from datetime import timedelta

from hypothesis import strategies as st

from remit.domain.changes import (
    KEPT,
    Change,
    ConfirmOwner,
    EndRow,
    HandOver,
    SetAbsence,
    SetAgreement,
    SetArea,
    SetAssignment,
    SetDelegation,
    SetFunction,
    SetLens,
    SetMinutes,
    SetPerson,
    SetPreference,
    SetRule,
    SetStage,
    SetTeam,
    SetThreshold,
)
from remit.domain.facts import FactKind
from support.changing import JULY

PEOPLE, AREAS = ("ana", "omar", "pat"), ("acme", "payments", "checkout", "web")
FUNCTIONS = ("product_management", "product_operations")
THINGS = ("innovation", "leadership", "all")
people, areas, functions = (st.sampled_from(names) for names in (PEOPLE, AREAS, FUNCTIONS))
lines = st.sampled_from(THINGS[:2])
things = st.sampled_from(THINGS)
kept = st.just(KEPT)
starts = st.none() | st.none() | st.integers(-60, 120).map(lambda days: JULY + timedelta(days=days))
ends = kept | st.none() | st.integers(1, 400).map(lambda days: JULY + timedelta(days=days))
windows = st.fixed_dictionaries({"start": starts, "end": ends})


def said(change: type, **fields: st.SearchStrategy[object]) -> st.SearchStrategy[Change]:
    return st.builds(lambda window, told: change(**window, **told), windows, st.fixed_dictionaries(fields))


CHANGES: st.SearchStrategy[Change] = st.one_of(
    said(SetPerson, key=people, name=kept | st.just("Somebody"), active=kept | st.booleans()),
    said(SetTeam, key=st.just("desk"), members=st.lists(people, max_size=2, unique=True).map(tuple)),
    said(SetArea, key=areas, name=kept | st.just("Some area"), kind=kept | st.just("team"), parent=kept | areas),
    said(SetStage, area=areas, stage=st.sampled_from([None, "startup", "enterprise"])),
    said(SetLens, key=st.sampled_from(["focus", "rhythm"]), name=kept | st.just("A lens"), description=st.just("told")),
    said(SetFunction, key=functions, lenses=st.sampled_from([(), (("focus", "x"),), (("rhythm", "daily"),)])),
    said(
        SetMinutes,
        row=st.sampled_from([None, None, "mine"]),
        responsibility=lines,
        driver=st.sampled_from(["areas", "wip"]),
        minutes=st.floats(0, 10_080),
    ),
    said(
        SetThreshold,
        row=st.sampled_from([None, None, "mine"]),
        signal=st.sampled_from(["wip", "service_ratio"]),
        area=kept | areas,
        watch=kept | st.sampled_from([None, 1.0, 2.0]),
        overloaded=st.sampled_from([None, 1.0, 3.0]),
    ),
    said(SetAbsence, row=st.sampled_from([None, "other"]), person=people, share=kept | st.sampled_from([0.5, 1.0])),
    said(SetPreference, person=people, responsibility=lines, wish=st.sampled_from(["avoid", "like"])),
    said(SetRule, area=areas, responsibility=lines, lead=kept | functions, unowned=kept | st.just(True)),
    said(
        SetAssignment,
        row=st.sampled_from([None, None, "ops"]),
        area=areas,
        responsibility=things,
        function=functions,
        owner=people | st.just("desk"),
        letter=kept | st.sampled_from([None, "accountable", "informed"]),
        inherit=kept | st.sampled_from(["append", "fallback"]),
    ),
    said(SetAgreement, area=areas, responsibility=lines, lead=functions, note=kept | st.just("agreed")),
    said(SetDelegation, from_person=people, to_person=people, area=kept | st.just("payments")),
    st.builds(
        lambda kind_and_key, at: EndRow(kind=kind_and_key[0], key=kind_and_key[1], at=at),
        st.sampled_from(
            [
                (FactKind.PERSON, "pat"),
                (FactKind.AREA, "checkout"),
                (FactKind.RULE, "payments/innovation"),
                (FactKind.RULE, "the-line"),
                (FactKind.LENS, "rhythm"),
                (FactKind.MINUTES, "innovation/areas"),
                (FactKind.ABSENCE, "ana"),
                (FactKind.THRESHOLD, "wip/-/-"),
                (FactKind.ASSIGNMENT, "ops"),
                (FactKind.ASSIGNMENT, "payments/all/product_management/ana"),
                (FactKind.DELEGATION, "ana/omar/payments/all"),
            ]
        ),
        starts,
    ),
    st.builds(lambda who, to, at, leaves: HandOver(person=who, to=to, at=at, leaves=leaves), people,
              st.none() | people | st.just("desk"), starts, st.booleans()),
    st.builds(lambda days: ConfirmOwner(row="ops", by="pat", due=JULY + timedelta(days=days)), st.integers(300, 600)),
)  # fmt: skip
