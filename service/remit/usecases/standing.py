"""Can anything be said of an issue at this moment? Unknown, gone, not yet created or too old mean UNKNOWN."""

from datetime import timedelta

from remit.domain.answers import Candidate, Layer, Reason, Standing, Step
from remit.domain.intervals import instant_text
from remit.domain.records import History, Loss
from remit.ports import Mirrored, SourceState
from remit.resolution.rewind import Then
from remit.usecases.snapshot import Snapshot


def silence(
    snap: Snapshot, key: str, mirrored: Mirrored | None, state: SourceState | None, unknown_after: timedelta
) -> Candidate | None:
    """Why the issue's ownership is not known, or None when it can be answered (R45, R47, R48).

    Where no synchronisation was ever finished, age counts from the partial one that first read the issue.
    """
    if mirrored is None:
        by = snap.moment.known_at
        told = (
            "is not in the mirror of any source" if by is None else f"was in no source's mirror by {instant_text(by)}"
        )
        return _said(key, Reason.NOT_HERE, f"{key} {told}.")
    item = mirrored.item
    if snap.as_of < item.created:
        return _said(key, Reason.NOT_YET_CREATED, f"{key} was created at {instant_text(item.created)}, after that.")
    if mirrored.gone_at is not None and mirrored.gone_at <= snap.as_of:
        reason, what = _GONE[mirrored.gone_how or Loss.NOT_VISIBLE]
        return _said(key, reason, f"{key} {what} since {instant_text(mirrored.gone_at)}.")
    read_at = state.last_success_at if state is not None else None
    if min(snap.as_of, snap.then) <= (read_at or mirrored.first_seen) + unknown_after:
        return None
    if read_at is not None:
        message = f"{item.source} was last read completely at {instant_text(read_at)}, too long ago to say."
    else:
        seen = instant_text(mirrored.first_seen)
        message = f"{item.source} was never read completely, and {key} was first read at {seen}, too long ago to say."
    return _said(key, Reason.TOO_OLD, message)


_GONE = {
    Loss.DELETED: (Reason.DELETED, "is deleted"),
    Loss.NOT_VISIBLE: (Reason.NOT_VISIBLE, "is deleted or no longer visible to Remit's account"),
    Loss.LEFT_OUT: (Reason.NOT_MIRRORED, "is there, but no longer among those to be mirrored"),
}


def earliest(snap: Snapshot, mirrored: Mirrored) -> tuple[Candidate, ...]:
    """What the trace says first when an earlier instant, or belief, is answered from a later recorded state (R47)."""
    item = mirrored.item
    if min(snap.as_of, snap.moment.known_at or snap.as_of) >= item.updated:
        return ()
    message = f"The state of {item.key} recorded at {instant_text(item.updated)} stands for earlier instants."
    return (_said(item.key, Reason.EARLIEST_KNOWN_STATE, message),)


def rewound(snap: Snapshot, history: History, then: Then) -> tuple[Candidate, ...]:
    """What the trace says first when later changes are undone, and when that may not be all there is to undo."""
    key, known_at = history.item.key, snap.moment.known_at
    said = []
    if then.undone:
        message = f"{key} is taken as it was then; what changed later is undone: {', '.join(then.undone)}."
        said.append(_said(key, Reason.REWOUND, message))
    if then.odd:
        message = f"The history of {key} does not lead to what it says now; not to be undone: {', '.join(then.odd)}."
        said.append(_said(key, Reason.PARTLY_REWOUND, message))
    if known_at is not None and any(
        seen.event.at <= history.first_seen <= known_at < seen.seen_at for seen in history.events
    ):
        message = f"Some of the history of {key} was read after the issue, and after {instant_text(known_at)}."
        said.append(_said(key, Reason.PARTLY_REWOUND, message))
    return tuple(said)


def _said(key: str, reason: Reason, message: str) -> Candidate:
    return Candidate(Step.MIRROR, Layer.SOURCE, key, Standing.SKIPPED, reason, message)
