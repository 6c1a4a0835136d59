"""The parts a use case works with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from remit.domain.catalogue import Catalogue
from remit.domain.ids import SourceName
from remit.ports import Clock, EvidenceStore, KeptAnswers, KeptCounts, KeptSignals, MirrorStore, ModelStore
from remit.usecases.boards import Boards
from remit.usecases.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Desk:
    """Built once by the wiring. `sources` are those configured here; `stale_after` degrades, `unknown_after` silences.

    `team_fields` names the custom field that holds an issue's team, for sources where one is configured (R36).
    `counts` and `signals` keep what was counted of areas for other processes too; None: each counts for itself.
    An answer older than `stale_after` names its source as degraded; older than `unknown_after` it is UNKNOWN (R45).
    """

    catalogue: Catalogue
    models: ModelStore
    mirror: MirrorStore
    kept: KeptAnswers
    clock: Clock
    sources: tuple[tuple[SourceName, str], ...] = ()
    stale_after: timedelta = timedelta(minutes=15)
    unknown_after: timedelta = timedelta(days=7)
    team_fields: Mapping[SourceName, str] = field(default_factory=dict)
    shelf: Shelf = field(default_factory=Shelf)
    evidence: EvidenceStore = field(kw_only=True)
    counts: KeptCounts | None = field(default=None, kw_only=True)
    signals: KeptSignals | None = field(default=None, kw_only=True)
    boards: Boards = field(default_factory=Boards, kw_only=True)
