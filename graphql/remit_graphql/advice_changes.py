"""What is said of advice in the graph: a proposal is made so, is not to be told for a time, or is to be told again."""

from datetime import datetime

import strawberry
import structlog

from remit.domain.errors import Refused
from remit.usecases.decide_advice import accept_advice, dismiss_advice, restore_advice
from remit_graphql.change_problems import ONE, ChangeProblem, refusals
from remit_graphql.changes import ChangePayload, DryRun, IdempotencyKey, Reason, done_payload, refused_payload
from remit_graphql.changes import Mutation as ChangeMutation
from remit_graphql.kit.context import Asking

log = structlog.get_logger()


@strawberry.type(description="What came of a dismissal.")
class DismissalPayload:
    dismissed: bool
    repeated: bool = strawberry.field(description="An earlier request with this idempotency key is answered again.")
    until: datetime | None
    errors: list[ChangeProblem]


@strawberry.type(description="What came of restoring a move that was dismissed.")
class RestorationPayload:
    restored: bool
    errors: list[ChangeProblem]


@strawberry.type(description="Every mutation needs a token of scope write or admin, except for a dry run.")
class Mutation(ChangeMutation):
    @strawberry.mutation(
        description="Make a proposal so: its rule and its assignment, with the proposal as their reason. Refused as "
        "STALE where what it rests on has changed since it was told."
    )
    async def accept_advice(
        self, info: Asking, id: strawberry.ID, idempotency_key: IdempotencyKey = None, dry_run: DryRun = False
    ) -> ChangePayload:
        viewer = info.context.viewer
        try:
            if not dry_run:
                viewer.require_write()
            done = await accept_advice(
                info.context.desk, id, actor=viewer.name, idempotency_key=idempotency_key, dry_run=dry_run
            )
        except Refused as refused:
            log.info("graphql.refused", code=refused.code)
            return refused_payload(refused, ONE)
        if not dry_run:
            info.context.turn_over()
            log.info("model.changed", actor=viewer.name, rows=len(done.rows), repeated=done.is_repeated)
        return done_payload(done, ONE)

    @strawberry.mutation(description="Do not propose this move until then, whatever the numbers come to meanwhile.")
    async def dismiss_advice(
        self,
        info: Asking,
        id: strawberry.ID,
        until: datetime,
        reason: Reason = "",
        idempotency_key: IdempotencyKey = None,
    ) -> DismissalPayload:
        viewer = info.context.viewer
        try:
            viewer.require_write()
            done = await dismiss_advice(
                info.context.desk,
                id,
                until=until,
                reason=reason,
                actor=viewer.name,
                idempotency_key=idempotency_key,
            )
        except Refused as refused:
            log.info("graphql.refused", code=refused.code)
            return DismissalPayload(dismissed=False, repeated=False, until=None, errors=refusals(refused, ONE))
        log.info("advice.dismissed", actor=viewer.name, move=done.dismissal.key, repeated=done.is_repeated)
        return DismissalPayload(dismissed=True, repeated=done.is_repeated, until=done.dismissal.until, errors=[])

    @strawberry.mutation(
        description="Let a dismissed move be proposed again; `id` names the dismissal, or a proposal of the move."
    )
    async def restore_advice(self, info: Asking, id: strawberry.ID) -> RestorationPayload:
        viewer = info.context.viewer
        try:
            viewer.require_write()
            restored = await restore_advice(info.context.desk, id)
        except Refused as refused:
            log.info("graphql.refused", code=refused.code)
            return RestorationPayload(restored=False, errors=refusals(refused, ONE))
        log.info("advice.restored", actor=viewer.name, move=restored.key)
        return RestorationPayload(restored=True, errors=[])
