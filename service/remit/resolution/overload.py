"""Who is asked for more than there is time?"""

from collections.abc import Iterable

from remit.domain.gaps import Gap, GapKind
from remit.domain.load import Load, Verdict
from remit.domain.model import Model
from remit.domain.people import OwnerKind, OwnerRef


def overloaded(model: Model, loads: Iterable[Load]) -> tuple[Gap, ...]:
    """A gap for everybody who is overloaded, where most is asked of them; the most overloaded first."""
    found = [one for one in loads if one.verdict is Verdict.OVERLOADED and one.contributions]
    return tuple(_gap(model, one) for one in sorted(found, key=lambda one: (-(one.utilisation or 0), one.person)))


def _gap(model: Model, load: Load) -> Gap:
    largest = load.contributions[0]
    message = (
        f"{model.people[load.person].name} is asked for {load.demand_hours:.1f} h a week and has "
        f"{load.capacity_hours:.1f} h: `remit load --why` tells what for; let somebody else take a part of it."
    )
    owner = OwnerRef(OwnerKind.PERSON, load.person)
    return Gap(GapKind.OVERLOADED_OWNER, largest.area, None, owner, len(load.contributions), message, load.person)
