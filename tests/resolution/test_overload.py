"""Who is asked for more than there is time is a gap, where most is asked."""

from datetime import UTC, datetime

from remit.domain.gaps import Gap, GapKind
from remit.domain.ids import AreaKey, OwnerKey, ResponsibilityKey
from remit.domain.load import Contribution, Load, Verdict
from remit.domain.people import OwnerKind, OwnerRef
from remit.resolution.overload import overloaded
from support.models import a_model, a_person

AS_OF = datetime(2026, 6, 1, tzinfo=UTC)
TRIAGE = ResponsibilityKey("backlog_management")


def a_load(person: str, verdict: Verdict, utilisation: float, *hours: float) -> Load:
    areas = ("checkout", "cart")
    asked = tuple(Contribution(AreaKey(area), TRIAGE, one, ()) for area, one in zip(areas, hours, strict=False))
    return Load(OwnerKey(person), verdict, sum(hours), sum(hours) / utilisation, utilisation, 1.0, asked, (), AS_OF)


MODEL = a_model(a_person("ana"), a_person("omar"), a_person("zoe"))


def test_the_most_overloaded_come_first_and_all_others_not_at_all() -> None:
    loads = [
        a_load("ana", Verdict.OVERLOADED, 1.25, 6, 4),
        a_load("omar", Verdict.WATCH, 0.9, 9),
        a_load("zoe", Verdict.OVERLOADED, 2.0, 8),
    ]
    assert [gap.owner.key for gap in overloaded(MODEL, loads) if gap.owner is not None] == ["zoe", "ana"]


def test_the_gap_tells_who_where_and_what_to_do() -> None:
    (gap,) = overloaded(MODEL, [a_load("ana", Verdict.OVERLOADED, 1.25, 6, 4)])
    assert gap == Gap(
        GapKind.OVERLOADED_OWNER,
        AreaKey("checkout"),
        None,
        OwnerRef(OwnerKind.PERSON, OwnerKey("ana")),
        2,
        "Ana is asked for 10.0 h a week and has 8.0 h: "
        "`remit load --why` tells what for; let somebody else take a part of it.",
        "ana",
    )
