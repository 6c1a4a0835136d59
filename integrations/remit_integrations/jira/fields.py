"""Finds out which of a site's own fields hold sprints and story points; anew each hour, so that new ones are read."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
import structlog
from msgspec import Raw, Struct

from remit.domain.errors import Rejected
from remit_integrations.decoding import UNDECODABLE, lenient, seen_id
from remit_integrations.http import Caller
from remit_integrations.jira.custom import Custom
from remit_integrations.jira.decoding import decoded
from remit_integrations.jira.references import gathered, paged, pass_over, whole
from remit_integrations.jira.settings import NAME
from remit_integrations.jira.window import NO_FIELDS

log = structlog.get_logger()

EVERY = timedelta(hours=1)
BOARDS = "/rest/agile/1.0/board"
"""The boards and their configuration are current; a board's, sprint's or epic's lists of issues are to be removed."""
MOST_BOARDS = 200
"""A site has many boards and few fields that they estimate in."""
SPRINT = "com.pyxis.greenhopper.jira:gh-sprint"
ESTIMATE = "com.pyxis.greenhopper.jira:jsw-story-points"
"""Of projects that their teams manage."""
STORY_POINTS = "story points"
"""The name, in small letters, of the number field of the other projects."""
CUSTOM = re.compile(r"customfield_[0-9]+")


class Schema(Struct):
    type: str | None = None
    custom: str | None = None


class Field(Struct):
    id: str | None = None
    name: str | None = None
    schema: Schema | None = None


class EstimationField(Struct, rename="camel"):
    field_id: str | None = None


class Estimation(Struct):
    field: EstimationField | None = None


class Configuration(Struct):
    estimation: Estimation | None = None


_FIELD = msgspec.json.Decoder(Field)


class Discovery:
    """What a site's fields were found to be, for an hour; shared by all who read the site in this process."""

    def __init__(self) -> None:
        self._found = NO_FIELDS
        self._listed: frozenset[str] | None = None
        self._at: datetime | None = None

    async def custom(self, call: Caller, api: str, now: datetime, before: Custom = NO_FIELDS) -> Custom:
        """The fields to read; those read `before` among them while the site has them. `now` is by the site's clock."""
        if self._at is None or not timedelta(0) <= now - self._at < EVERY:
            await self._discover(call, api)
            self._at = now
        self._found = self._found.joined(before, self._listed)
        return self._found

    async def _discover(self, call: Caller, api: str) -> None:
        """An account that may not list the fields or the boards does without: with those found earlier, or none."""
        try:
            fields = [field async for raws in whole(call, f"{api}/field") for raw in raws if (field := _read(raw))]
        except Rejected as refused:
            await pass_over(call, api, NAME, "field", refused)
            return
        listed = self._listed = frozenset(field.id for field in fields if field.id)
        boards = [id_ for id_ in await _boards(call, api) if id_ in listed]
        named = Custom(_sprints(fields), tuple(boards) or _story_points(fields))
        self._found = named.joined(self._found, listed)


def _sprints(fields: Sequence[Field]) -> tuple[str, ...]:
    return tuple(field.id for field in fields if field.id and field.schema and field.schema.custom == SPRINT)


def _story_points(fields: Sequence[Field]) -> tuple[str, ...]:
    """Where no board tells: the fields that are story points by their kind, or numbers that are so by their name."""
    return tuple(
        field.id
        for field in fields
        if field.id
        and field.schema
        and (
            field.schema.custom == ESTIMATE
            or (field.schema.type == "number" and (field.name or "").strip().lower() == STORY_POINTS)
        )
    )


async def _boards(call: Caller, api: str) -> list[str]:
    """The custom fields that boards estimate in, as often as boards name them; estimates of time are no points."""
    try:
        boards = [id_ async for raws in paged(call, BOARDS) for raw in raws if (id_ := seen_id(bytes(raw)))]
    except Rejected as refused:
        await pass_over(call, api, NAME, "board", refused)
        return []
    if len(boards) > MOST_BOARDS:
        log.warning("jira.boards_left_out", source=NAME, boards=len(boards), read=MOST_BOARDS)

    async def of(board: str) -> str | None:
        path = f"{BOARDS}/{board}/configuration"
        told: Configuration = decoded(await call.get(path), Configuration, path)
        return told.estimation.field.field_id if told.estimation and told.estimation.field else None

    found, refusals = await gathered([of(board) for board in boards[:MOST_BOARDS]])
    for wrong in refusals:  # a board is deleted meanwhile, hidden, or broken: its filter is gone
        log.warning("jira.reference_left_out", source=NAME, kind="board", reason=wrong.message)
    named = [id_ for id_ in found if id_ is not None and CUSTOM.fullmatch(id_)]
    return sorted(set(named), key=lambda id_: (-named.count(id_), id_))


def _read(raw: Raw) -> Field | None:
    """None for what is no custom field, or cannot be read."""
    try:
        field: Field = lenient(bytes(raw), _FIELD)
    except UNDECODABLE as wrong:
        log.warning("jira.reference_left_out", source=NAME, kind="field", reason=str(wrong))
        return None
    return field if CUSTOM.fullmatch(field.id or "") else None
