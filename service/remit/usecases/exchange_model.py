"""Import the model from the formats others have, or only say what that would change; and export it in them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from remit.domain.catalogue import Split
from remit.domain.errors import Invalid, Problem
from remit.domain.facts import Body, Fact, FactKind, Facts
from remit.domain.ids import AreaKey, FunctionKey, ResponsibilityKey
from remit.domain.model import Model, model_at
from remit.exchange.backstage import read_backstage
from remit.exchange.codeowners import read_codeowners
from remit.exchange.decoding import decoded
from remit.exchange.known import Known
from remit.exchange.overlay import overlaid
from remit.exchange.raci import read_raci
from remit.exchange.reading import Reading
from remit.exchange.settling import Splits, settled
from remit.exchange.write_backstage import write_backstage
from remit.exchange.write_markdown import write_markdown
from remit.exchange.write_raci import write_raci
from remit.modelfile.write import write
from remit.resolution.climb import Climbs
from remit.resolution.split import standing
from remit.usecases.ask_ownership import area_ownership
from remit.usecases.desk import Desk
from remit.usecases.plan_model import Prepared, prepared, record
from remit.usecases.snapshot import Moment, snapshot

PRODUCT_MANAGEMENT = FunctionKey("product_management")


class ImportFormat(StrEnum):
    """What can be imported."""

    RACI = "raci"
    CODEOWNERS = "codeowners"
    BACKSTAGE = "backstage"


class ExportFormat(StrEnum):
    """What the model can be written as."""

    YAML = "yaml"
    CSV = "csv"
    MARKDOWN = "markdown"
    BACKSTAGE = "backstage"


@dataclass(frozen=True, slots=True)
class Exported:
    """The text of a file, and what of the model that format cannot hold."""

    text: str
    warnings: tuple[Problem, ...] = ()


async def prepare_import(
    desk: Desk, form: ImportFormat, data: bytes, *, function: FunctionKey = PRODUCT_MANAGEMENT
) -> Prepared:
    """What importing a file would change: it adds or replaces what it names, and ends nothing else.

    `function` is the one that the owners of a Backstage catalog hold areas for. Raises Invalid with every mistake.
    """
    text = decoded(data)
    head = await desk.models.head()
    facts = await desk.models.facts(head)
    now = desk.clock()
    model = _model(desk, facts, now)
    reading = _read(form, text, model, function)
    cells = settled(model, reading, _splits(model))
    stated = [*reading.nouns, *cells.declared]
    ended = {(FactKind.ASSIGNMENT, key) for key in cells.ended}
    change = prepared(desk, overlaid(facts, stated, ended, now), head, facts, "the import")
    told = (warning for warning in change.warnings if not warning.code.endswith("_SELECTOR"))  # no format has them
    return replace(change, warnings=(*reading.warnings, *cells.warnings, *told))


async def apply_import(
    desk: Desk,
    form: ImportFormat,
    data: bytes,
    *,
    function: FunctionKey = PRODUCT_MANAGEMENT,
    actor: str,
    reason: str,
) -> Prepared:
    """Record what importing a file changes, wholly or not at all; an import that changes nothing records nothing.

    Raises Invalid with every mistake, and Stale when somebody else changed the model meanwhile.
    """
    change = await prepare_import(desk, form, data, function=function)
    await record(desk, change, actor=actor, reason=reason)
    return change


async def export_as(desk: Desk, form: ExportFormat, *, function: FunctionKey = PRODUCT_MANAGEMENT) -> Exported:
    """The model in a format: YAML is every row with its window, the others what holds now.

    `function` is the one whose owners a Backstage catalog names. Raises Invalid when there is no model yet.
    """
    head = await desk.models.head()
    facts = await desk.models.facts(head)
    now = desk.clock()
    model = _model(desk, facts, now)
    if form is ExportFormat.YAML:
        return Exported(write(facts, now))
    if form is ExportFormat.CSV:
        return Exported(*write_raci(model, facts, now, _splits(model)))
    if form is ExportFormat.BACKSTAGE:
        _require_function(model, function)
        return Exported(*write_backstage(model, facts, now, function))
    snap = await snapshot(desk, Moment(as_of=now))
    answers = await area_ownership(desk, snap, snap.model.under(None))
    return Exported(write_markdown(snap.model, answers, snap.as_of))


def _read(form: ImportFormat, text: str, model: Model, function: FunctionKey) -> Reading:
    if form is ImportFormat.RACI:
        return read_raci(text, model)
    if form is ImportFormat.CODEOWNERS:
        return read_codeowners(text, model)
    _require_function(model, function)
    return read_backstage(text, model, function)


def _model(desk: Desk, facts: Sequence[Fact[Body]], now: datetime) -> Model:
    model = model_at(Facts(desk.catalogue, tuple(facts)), now)
    if model.root is None:
        raise Invalid("there is no model yet; write one with the organisation and `remit model apply` it")
    return model


def _require_function(model: Model, function: FunctionKey) -> None:
    if function not in model.functions:
        problem = Known(model).unknown("function", function)
        raise Invalid("the function is not right; nothing was applied", [problem])


def _splits(model: Model) -> Splits:
    """The split in force, by the same reasoning as every answer's."""
    climbs: dict[AreaKey, Climbs] = {}

    def split_of(area: AreaKey, responsibility: ResponsibilityKey) -> Split | None:
        if area not in climbs:
            climbs[area] = Climbs(model, area)
        return standing(model, area, responsibility, climbs[area]).split

    return split_of
