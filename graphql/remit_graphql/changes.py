"""Changing the model in the graph: a mutation per statement, one for many at once; what is refused is data."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import strawberry
import structlog

from remit.domain.changes import Change
from remit.domain.errors import Refused
from remit.domain.facts import FactKind
from remit.usecases.change_model import Changed, change_model
from remit.usecases.snapshot import Moment
from remit_graphql import change_inputs as inputs
from remit_graphql.change_problems import ONE, ChangeProblem, change_problem, refusals
from remit_graphql.change_said import Said
from remit_graphql.kit.context import Asking
from remit_graphql.kit.limits import DEFAULT_PAGE, LARGEST_PAGE
from remit_graphql.kit.nodes import Node
from remit_graphql.named import named
from remit_graphql.workload_inputs import AbsenceInput, MinutesInput, PreferenceInput, ThresholdInput

log = structlog.get_logger()

NOW = Moment()


@dataclass(frozen=True, slots=True)
class How:
    """The arguments all mutations share."""

    reason: str
    expected_version: str | None
    idempotency_key: str | None
    dry_run: bool


@strawberry.type(description="A row of the model that differs.")
class ChangedRow:
    kind: FactKind
    key: str = strawberry.field(description="The row's key, by which it can be named or ended.")

    @strawberry.field(description="The area, person, team, function or responsibility as it is now; null for others.")
    async def node(self, info: Asking) -> Node | None:
        return named(await info.context.world(NOW), self.kind, self.key)


@strawberry.type(description="What came of a change: all of it was done when there are no errors, else nothing.")
class ChangePayload:
    changed: bool = strawberry.field(description="False of a dry run, and where the model said all of it already.")
    repeated: bool = strawberry.field(description="An earlier request with this idempotency key is answered again.")
    model_version: str | None = strawberry.field(
        description="The version in force after it, for the next `expectedVersion`; of a dry run the present one."
    )
    all_rows: strawberry.Private[Sequence[ChangedRow]]
    plan: list[str] = strawberry.field(description="Line by line: + begins, - ends, ~ differs.")
    warnings: list[ChangeProblem] = strawberry.field(description="What may not be meant, and did not stand in the way.")
    errors: list[ChangeProblem]

    @strawberry.field(description=f"The rows that differ, by kind and key; at most {LARGEST_PAGE} of them.")
    def rows(self, first: int = DEFAULT_PAGE) -> list[ChangedRow]:
        length = min(max(0, first), LARGEST_PAGE)  # not refused: it is done by now
        return list(self.all_rows[:length])

    @strawberry.field(description="How many rows differ, however many are listed.")
    def row_count(self) -> int:
        return len(self.all_rows)


Reason = Annotated[str, strawberry.argument(description="Why, for the record.")]
ExpectedVersion = Annotated[
    str | None, strawberry.argument(description="Refuses with STALE when the model is at another `modelVersion`.")
]
IdempotencyKey = Annotated[
    str | None, strawberry.argument(description="Sent again with this key, it is answered again and not done again.")
]
DryRun = Annotated[bool, strawberry.argument(description="Only tell what would change.")]


def _mutation(said: type[Said], description: str) -> Any:
    """A field that makes one change, said by this input."""

    async def make(
        info: Asking,
        input: Said,
        reason: Reason = "",
        expected_version: ExpectedVersion = None,
        idempotency_key: IdempotencyKey = None,
        dry_run: DryRun = False,
    ) -> ChangePayload:
        how = How(reason, expected_version, idempotency_key, dry_run)
        return await _changed(info, [input.change()], how, ONE)

    make.__annotations__["input"] = said
    return strawberry.mutation(resolver=make, description=description)


@strawberry.type(description="Every mutation needs a token of scope write or admin, except for a dry run.")
class Mutation:
    set_function: ChangePayload = _mutation(inputs.FunctionInput, "Make or change a function.")
    set_person: ChangePayload = _mutation(inputs.PersonInput, "Make or change a person.")
    set_team: ChangePayload = _mutation(inputs.TeamInput, "Make or change a team.")
    set_area: ChangePayload = _mutation(inputs.AreaInput, "Make or change an area, or the organisation.")
    set_area_stage: ChangePayload = _mutation(inputs.AreaStageInput, "Change the stage of an area.")
    set_jira_selectors: ChangePayload = _mutation(inputs.JiraSelectorsInput, "Change which issues are an area's.")
    set_feedback_selectors: ChangePayload = _mutation(
        inputs.FeedbackSelectorsInput, "Change which feedback is an area's."
    )
    set_responsibility: ChangePayload = _mutation(
        inputs.ResponsibilityInput, "Add a responsibility, or override what the catalogue says of one."
    )
    set_lens: ChangePayload = _mutation(inputs.LensRowInput, "Add a lens, or override what the catalogue says of one.")
    set_minutes: ChangePayload = _mutation(
        MinutesInput, "Say how many minutes a unit of a driver takes, instead of what is assumed."
    )
    set_threshold: ChangePayload = _mutation(
        ThresholdInput, "Say from where on a signal is to be watched and is too much, instead of what ships."
    )
    set_absence: ChangePayload = _mutation(AbsenceInput, "Say when a person is away, wholly or in part.")
    set_preference: ChangePayload = _mutation(
        PreferenceInput, "Say what a person likes to do or would avoid; advice heeds it."
    )
    set_rule: ChangePayload = _mutation(inputs.RuleInput, "Make or change a rule.")
    set_assignment: ChangePayload = _mutation(inputs.AssignmentInput, "Make or change an assignment.")
    set_agreement: ChangePayload = _mutation(inputs.AgreementInput, "Make or change an agreement on a blurry line.")
    set_delegation: ChangePayload = _mutation(inputs.DelegationInput, "Let one person stand in for another.")
    end_row: ChangePayload = _mutation(inputs.EndInput, "End a row. Nothing is ever deleted.")
    hand_over: ChangePayload = _mutation(inputs.HandOverInput, "Hand over everything a person holds.")
    confirm_owner: ChangePayload = _mutation(inputs.ConfirmationInput, "Confirm that an owner still holds.")

    @strawberry.mutation(description="Many changes in one transaction: all of them, or none.")
    async def change_model(
        self,
        info: Asking,
        changes: list[inputs.ChangeInput],
        reason: Reason = "",
        expected_version: ExpectedVersion = None,
        idempotency_key: IdempotencyKey = None,
        dry_run: DryRun = False,
    ) -> ChangePayload:
        how = How(reason, expected_version, idempotency_key, dry_run)
        return await _changed(info, inputs.changes_of(changes), how, inputs.places_of(changes))


async def _changed(info: Asking, changes: Sequence[Change], how: How, places: Sequence[str]) -> ChangePayload:
    """`places` are the arguments in which the changes were given."""
    viewer = info.context.viewer
    try:
        if not how.dry_run:
            viewer.require_write()
        done = await change_model(
            info.context.desk,
            changes,
            actor=viewer.name,
            reason=how.reason,
            expected_version=how.expected_version,
            idempotency_key=how.idempotency_key,
            dry_run=how.dry_run,
        )
    except Refused as refused:
        log.info("graphql.refused", code=refused.code)
        return refused_payload(refused, places)
    if not how.dry_run:
        info.context.turn_over()
        log.info("model.changed", actor=viewer.name, rows=len(done.rows), repeated=done.is_repeated)
    return done_payload(done, places)


def done_payload(done: Changed, places: Sequence[str]) -> ChangePayload:
    return ChangePayload(
        changed=done.is_recorded,
        repeated=done.is_repeated,
        model_version=done.version,
        all_rows=[ChangedRow(kind=kind, key=key) for kind, key in done.rows],
        plan=list(done.lines),
        warnings=[change_problem(one, places) for one in done.warnings],
        errors=[],
    )


def refused_payload(refused: Refused, places: Sequence[str]) -> ChangePayload:
    return ChangePayload(
        changed=False,
        repeated=False,
        model_version=None,
        all_rows=(),
        plan=[],
        warnings=[],
        errors=refusals(refused, places),
    )
