"""Counts over the whole mirror: open issues alike to selectors, accounts in issues, the names in use."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import Text

from remit.domain.areas import Criterion
from remit.domain.ids import SourceName
from remit.domain.records import StatusCategory, normalised
from remit.domain.tallies import Account, Tally, Vocabulary


async def tallies(connection: AsyncConnection, epics: Collection[str]) -> tuple[Tally, ...]:
    """One statement. What differs only in the order of its labels or components is counted together here."""
    rows = await connection.execute(_TALLIES, {"epics": sorted(epics), "done": StatusCategory.DONE.value})
    counts: Counter[Tally] = Counter()
    for row in rows:
        components, labels, team = _alike(row.components), _alike(row.labels), _alike(row.team)
        alike = Tally(SourceName(row.source), row.project, row.type, components, labels, team, _alike(row.epics), 0)
        counts[alike] += row.held
    return tuple(sorted((replace(tally, count=held) for tally, held in counts.items()), key=repr))


def _alike(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names)))


async def accounts(connection: AsyncConnection) -> tuple[Account, ...]:
    """One statement."""
    rows = await connection.execute(_ACCOUNTS)
    found = (
        Account(SourceName(r.source), r.account, r.name or None, r.issues, r.assigned, r.reported, r.email)
        for r in rows
    )
    return tuple(sorted(found, key=lambda account: (account.source, account.id)))


async def vocabulary(connection: AsyncConnection, epics: Collection[str]) -> Vocabulary:
    """One statement."""
    rows = await connection.execute(_VOCABULARY, {"epics": sorted(epics)})
    names: dict[Criterion, set[str]] = defaultdict(set)
    for row in rows:
        names[Criterion(row.criterion)].add(normalised(row.name))
    return {criterion: frozenset(names[criterion]) for criterion in Criterion}


_EPICS = bindparam("epics", type_=ARRAY(Text))

# What has or had the key, or names it as its parent, is of the epic, and so is everything below: the same as asking
# each issue for its lineage, from the other end. UNION ends at a loop, since it brings nothing twice.
BELOW_EPICS = """
    WITH RECURSIVE below AS (
      SELECT source, id, key AS epic FROM backlog_key WHERE key = ANY (:epics)
      UNION
      SELECT source, id, parent FROM backlog_item WHERE parent = ANY (:epics)
      UNION
      SELECT item.source, item.id, below.epic
      FROM below
      JOIN backlog_key AS named USING (source, id)
      JOIN backlog_item AS item ON item.source = named.source AND item.parent = named.key
    ),
    epics AS (SELECT source, id, array_agg(epic ORDER BY epic) AS epics FROM below GROUP BY source, id)
"""
_TALLIES = text(
    f"""
    {BELOW_EPICS}
    SELECT source, project, type, components, labels, team, coalesce(epics, '{{}}') AS epics, count(*) AS held
    FROM backlog_item LEFT JOIN epics USING (source, id)
    WHERE gone_at IS NULL AND category <> :done
    GROUP BY source, project, type, components, labels, team, epics
    """
).bindparams(_EPICS)

_ACCOUNTS = text(
    """
    SELECT seen.source, seen.account, named.name, sum(seen.assigned + seen.only_reported)::int AS issues,
      sum(seen.assigned)::int AS assigned, sum(seen.reported)::int AS reported, named.email
    FROM (
      SELECT source, assignee AS account, count(*) AS assigned, 0 AS reported, 0 AS only_reported
      FROM backlog_item WHERE gone_at IS NULL AND assignee IS NOT NULL GROUP BY source, assignee
      UNION ALL
      SELECT source, reporter, 0, count(*), count(*) FILTER (WHERE reporter IS DISTINCT FROM assignee)
      FROM backlog_item WHERE gone_at IS NULL AND reporter IS NOT NULL GROUP BY source, reporter
    ) AS seen
    LEFT JOIN source_reference AS named
      ON named.source = seen.source AND named.kind = 'user' AND named.id = seen.account
    GROUP BY seen.source, seen.account, named.name, named.email
    """
)

_VOCABULARY = text(
    """
    SELECT 'project' AS criterion, project AS name FROM backlog_item
    UNION SELECT 'type', type FROM backlog_item
    UNION SELECT 'component', unnest(components) FROM backlog_item
    UNION SELECT 'label', unnest(labels) FROM backlog_item
    UNION SELECT 'team', unnest(team) FROM backlog_item
    UNION SELECT 'project', key FROM source_reference WHERE kind = 'project' AND key IS NOT NULL
    UNION SELECT 'component', name FROM source_reference WHERE kind = 'component'
    UNION SELECT 'epic', key FROM backlog_key WHERE key = ANY (:epics)
    UNION SELECT 'epic', parent FROM backlog_item WHERE parent = ANY (:epics)
    """
).bindparams(_EPICS)
