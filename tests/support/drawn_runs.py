"""Runs drawn from their seeds: what happens on a site, and before which of its steps the process that reads is killed.

A few steps that chance would seldom put together come first in every run: each was drawn up to provoke a mistake.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from remit_integrations.standins.jira.drawn import drawn
from remit_integrations.standins.jira.scenario import Scenario

STEPS = 14
STAYS = 4
"""So many issues are there to begin with. The first is left alone: a site that shows nothing is not believed."""

LAGS = Scenario().lag(hours=2)
LATELY = Scenario().edit("SHOP-2", summary="Changed lately").then(LAGS)
"""So that a search still brings it as it was."""
BEGINNINGS: tuple[tuple[Scenario, tuple[int, ...]], ...] = (
    (LATELY.delete("SHOP-2").deliver().wait(seconds=1).wait(seconds=90).deliver(), (3, 4)),
    (
        LATELY.edit("SHOP-2", summary="Never told").deliver(drops=1.0).edit("SHOP-2", status="Done").deliver()
        .wait(seconds=1).wait(seconds=90).deliver(),
        (2, 3, 4),
    ),
    (
        Scenario().wait(hours=23, minutes=50).then(LAGS).create().deliver()
        .wait(seconds=1).wait(minutes=30).wait(seconds=1).deliver(),
        (2, 3, 4, 5),
    ),
    (Scenario().create().hide("SHOP-5").deliver().wait(seconds=1).restore("SHOP-5").deliver(), (2, 3, 4, 5)),
    (
        Scenario().edit("SHOP-2", status="Done").hide("SHOP-2").deliver().wait(seconds=1).restore("SHOP-2").deliver(),
        (2, 3, 4),
    ),
    (Scenario().move("SHOP-2", to="OPS").move("OPS-1", to="LAB").deliver(), (3, 4)),
)  # fmt: skip
"""How runs begin in turn, and the numbers of the issues that chance may play on with: an index that still shows what
was deleted, or as it was before a change nobody told of; a census that the index is behind; an issue that is told of
while nobody may see it, or lost and back; one that moved on before it was read.
"""


class Running:
    """A site's clock, which goes as all clocks do and can be set on."""

    def __init__(self) -> None:
        self._ahead = timedelta(0)

    def __call__(self) -> datetime:
        now = datetime.now(UTC) + self._ahead
        return now.replace(microsecond=now.microsecond // 1000 * 1000)  # a site tells no more

    def goes_on(self, by: timedelta) -> None:
        self._ahead += by


@dataclass(frozen=True, slots=True)
class Run:
    """What happens, and before which of its steps the process is killed."""

    seed: int
    scenario: Scenario
    kills: frozenset[int]


def a_run(seed: int) -> Run:
    """The same for the same seed; two in three are of an index that lags for a while."""
    chance = Random(seed)
    beginning, left = BEGINNINGS[seed % len(BEGINNINGS)]
    steps = drawn(chance, STEPS, [f"SHOP-{number}" for number in left]).steps
    if chance.random() < 2 / 3:
        begins, ends = sorted(chance.sample(range(STEPS), 2))
        lag = Scenario().lag(seconds=chance.choice((1, 20, 600, 7200))).steps
        steps = (*steps[:begins], *lag, *steps[begins:ends], *Scenario().lag().steps, *steps[ends:])
    scenario = beginning.then(Scenario(steps))
    kills = frozenset(chance.sample(range(len(scenario.steps)), chance.choice((0, 1, 1, 2))))
    return Run(seed, scenario, kills)
