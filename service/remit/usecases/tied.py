"""Can records of a kind be counted in some areas at all? Where none can, a 0 says nothing."""

from collections.abc import Collection, Mapping

from remit.domain.evidence import RecordKind
from remit.domain.ids import AreaKey
from remit.usecases.snapshot import Snapshot

NO_ISSUES = "No selector ties issues to it, so that none are counted: give the area a `jira` selector."
NO_FEEDBACK = "No selector ties feedback to it, so that none is counted: give the area a `feedback` selector."


Silence = Mapping[RecordKind, str | None]


def silence(snap: Snapshot, areas: Collection[AreaKey]) -> Silence:
    """That of each kind of records."""
    return {about: untied(snap, areas, about) for about in RecordKind}


def untied(snap: Snapshot, areas: Collection[AreaKey], about: RecordKind) -> str | None:
    """Why a count of such records in these areas says nothing; None where some are tied to them, and were read."""
    there = [snap.model.areas[key] for key in areas if key in snap.model.areas]
    if about is RecordKind.BACKLOG:
        return None if any(area.jira for area in there) else NO_ISSUES
    tied = {str(one.source) for area in there for one in area.feedback}
    if not tied:
        return NO_FEEDBACK
    read = {str(state.name) for state in snap.states if state.last_success_at is not None}
    if missing := sorted(tied - read):
        return f"Feedback of {', '.join(missing)} is tied to it, and was never read here: `remit doctor` tells why."
    return None
