"""The issues asked about: as the mirror has them, or as they were at one instant and were believed at another."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from remit.domain.answers import Candidate
from remit.domain.ids import SourceName
from remit.domain.records import History
from remit.ports import Mirrored
from remit.resolution.rewind import Then, View, as_it_was
from remit.usecases.desk import Desk
from remit.usecases.snapshot import Moment, Snapshot
from remit.usecases.standing import earliest, rewound


@dataclass(frozen=True, slots=True)
class Found:
    """An issue as it was, the key it had at last as far as was known then, and what its trace says first (R47)."""

    mirrored: Mirrored
    current_key: str
    remarks: tuple[Candidate, ...]


async def find_issues(desk: Desk, snap: Snapshot, keys: Collection[str]) -> Mapping[str, Found]:
    """Those of the asked keys that were known then, by any key they have or had. The present reads no past."""
    mirrored = await desk.mirror.by_keys(set(keys))
    if snap.moment == Moment():
        return {key: Found(one, one.item.key, earliest(snap, one)) for key, one in mirrored.items()}
    view = View(snap.as_of, snap.moment.known_at)
    known = {key: one for key, one in mirrored.items() if view.knew(one.first_seen)}
    by_source: dict[SourceName, dict[str, History]] = defaultdict(dict)
    for history in await desk.mirror.histories(known) if known else ():
        by_source[history.item.source][history.item.id] = history
    then = {
        source: as_it_was(told.values(), replace(view, team_field=desk.team_fields.get(source)))
        for source, told in by_source.items()
    }
    return {
        key: _found(snap, view, one, by_source[one.item.source], then[one.item.source]) for key, one in known.items()
    }


def _found(
    snap: Snapshot, view: View, now: Mirrored, histories: Mapping[str, History], then: Mapping[str, Then]
) -> Found:
    history, was = histories[now.item.id], then[now.item.id]
    others = tuple(key for key in was.keys if key != was.item.key)
    gone_at, gone_how = view.gone(now.gone_at, now.gone_how, history.lapses)
    believed = replace(now, item=was.item, lineage=was.lineage, former=others, gone_at=gone_at, gone_how=gone_how)
    return Found(believed, was.keys[0], rewound(snap, history, was) if history.events else earliest(snap, now))
