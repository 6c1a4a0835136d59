"""Which issues of a page are requests, and so count as feedback alone?"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from remit.domain.feedback import PulledFeedback
from remit.domain.records import Gone, Loss, Pulled
from remit.ports import Mirrored


@dataclass(frozen=True, slots=True)
class PageRequests:
    """`ids` are the issues that are requests from now on; `turned` those that were issues before, or are so again.

    `feedback` is what of the page's feedback may be taken in; `left` is none any more, and counts as if it never was.
    """

    ids: frozenset[str]
    turned: frozenset[str]
    feedback: tuple[PulledFeedback, ...]
    left: tuple[Gone, ...]


def requests_of(
    newest: Mapping[str, Pulled],
    feedback: Sequence[PulledFeedback],
    known: Mapping[str, Mirrored],
    doubtful: Collection[str],
) -> PageRequests:
    """An issue is a request while its source tells it as feedback beside the issue.

    What is said of an older version of an issue than is known, or of one that is gone, says nothing.
    """
    told = {id_ for id_, pulled in newest.items() if id_ not in doubtful and not _is_older(pulled, known.get(id_))}
    said = frozenset(one.item.id for one in feedback)
    were = frozenset(id_ for id_, one in known.items() if one.is_request)
    ids = (were - told) | (said & told)
    left = sorted(were - ids)
    return PageRequests(
        ids,
        frozenset(id_ for id_ in known if (id_ in ids) is not (id_ in were)),
        tuple(one for one in feedback if one.item.id not in newest or one.item.id in told),
        tuple(Gone(newest[id_].item.source, id_, newest[id_].item.created, Loss.LEFT_OUT) for id_ in left),
    )


def _is_older(pulled: Pulled, known: Mirrored | None) -> bool:
    return known is not None and known.gone_at is None and pulled.item.updated < known.item.updated
