"""Counts over a whole mirror: issues and feedback alike to selectors, accounts that appear in issues, names in use."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from remit.domain.areas import Criterion
from remit.domain.feedback import Offers
from remit.domain.ids import SourceName
from remit.domain.records import Criteria, normalised


@dataclass(frozen=True, slots=True)
class Tally:
    """How many open issues of a source offer the same to selectors.

    `epics` are those asked for that name an issue or one of its ancestors (R35); every tuple is sorted.
    """

    source: SourceName
    project: str
    type: str
    components: tuple[str, ...]
    labels: tuple[str, ...]
    team: tuple[str, ...]
    epics: tuple[str, ...]
    count: int

    @property
    def criteria(self) -> Criteria:
        """What each of these issues offers, as far as any selector asks for it."""
        offered = {
            Criterion.EPIC: self.epics,
            Criterion.COMPONENT: self.components,
            Criterion.TEAM: self.team,
            Criterion.LABEL: self.labels,
            Criterion.TYPE: (self.type,),
            Criterion.PROJECT: (self.project,),
        }
        return {criterion: frozenset(normalised(value) for value in values) for criterion, values in offered.items()}


@dataclass(frozen=True, slots=True)
class FeedbackTally:
    """How many pieces of feedback of a source offer the same to selectors."""

    source: SourceName
    offers: Offers
    count: int


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who appears in mirrored issues: the source's own id, its name for them where it tells, how often.

    `issues` counts once what is both assigned to and reported by the account. `email` is for finding the person only,
    and is shown to nobody: not everybody who may ask here may see it there.
    """

    source: SourceName
    id: str
    name: str | None
    issues: int
    assigned: int
    reported: int
    email: str | None = field(default=None, repr=False)


Vocabulary = Mapping[Criterion, frozenset[str]]
"""Of each criterion the normalised names that a source told of or an issue carried; of epics only those asked for."""
