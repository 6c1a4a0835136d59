"""The questions the graph answers about load, drift and what should move."""

from datetime import datetime

import strawberry

from remit.domain.feedback import FeedbackState
from remit.domain.ids import AreaKey, SourceName
from remit.domain.load import Verdict
from remit.usecases.ask_feedback import FeedbackWanted
from remit_graphql.advice import AdviceConnection, advice_of
from remit_graphql.dismissed_advice import DismissedAdviceConnection, dismissed_of
from remit_graphql.drift import DriftConnection, drifts_of
from remit_graphql.feedback import FeedbackConnection, feedback_of
from remit_graphql.kit.context import Asking
from remit_graphql.load import LoadConnection, loads_of, wanted
from remit_graphql.workload_rows import (
    AbsenceConnection,
    Part,
    PreferenceConnection,
    ThresholdConnection,
    absences_of,
    preferences_of,
    thresholds_of,
)


@strawberry.type
class WorkloadQuestions:
    @strawberry.field(
        description="How loaded people are, the most loaded first: those active, with a part in an area or below it, "
        "of a function, and with a verdict, as far as these are named."
    )
    async def loads(
        self,
        info: Asking,
        under: str | None = None,
        function: str | None = None,
        verdict: Verdict | None = None,
        first: int | None = None,
        after: str | None = None,
        window_days: int | None = None,
        as_of: datetime | None = None,
    ) -> LoadConnection:
        return await loads_of(info, wanted(under, function, verdict), first, after, window_days, as_of)

    @strawberry.field(
        description="Where the work is done by another function than declared, in an area and below it; areas from the "
        "root down. A past window is looked at with the records as they are now."
    )
    async def drift(
        self,
        info: Asking,
        under: str | None = None,
        first: int | None = None,
        after: str | None = None,
        window_days: int | None = None,
        as_of: datetime | None = None,
    ) -> DriftConnection:
        return await drifts_of(info, under, first, after, window_days, as_of)

    @strawberry.field(
        description="What could move to the other function to relieve people at WATCH or above: those with a part in "
        "an area or below it, or one person; the most relief for each row written first."
    )
    async def advice(
        self,
        info: Asking,
        under: str | None = None,
        person: str | None = None,
        first: int | None = None,
        after: str | None = None,
    ) -> AdviceConnection:
        return await advice_of(info, under, person, first, after)

    @strawberry.field(description="Moves that are not proposed for now, as somebody dismissed them.")
    async def dismissed_advice(
        self, info: Asking, first: int | None = None, after: str | None = None
    ) -> DismissedAdviceConnection:
        return await dismissed_of(info, first, after)

    @strawberry.field(
        description="From where on each signal is to be watched and is too much: what ships with Remit, and what is "
        "said instead, of one signal, area or person if named."
    )
    async def thresholds(
        self,
        info: Asking,
        signal: str | None = None,
        area: str | None = None,
        person: str | None = None,
        first: int | None = None,
        after: str | None = None,
        as_of: datetime | None = None,
    ) -> ThresholdConnection:
        return await thresholds_of(info, signal, area, person, Part(first, after, as_of))

    @strawberry.field(description="Who is away, now or later, by the beginning; of one person if named.")
    async def absences(
        self,
        info: Asking,
        person: str | None = None,
        first: int | None = None,
        after: str | None = None,
        as_of: datetime | None = None,
    ) -> AbsenceConnection:
        return await absences_of(info, person, Part(first, after, as_of))

    @strawberry.field(description="What people like or would avoid; of one person if named.")
    async def preferences(
        self,
        info: Asking,
        person: str | None = None,
        first: int | None = None,
        after: str | None = None,
        as_of: datetime | None = None,
    ) -> PreferenceConnection:
        return await preferences_of(info, person, Part(first, after, as_of))

    @strawberry.field(
        description="What users say, the newest first, as it is now: everything, of an area alone or with all below "
        "(`under`), or what belongs to no area (`unplaced`). `createdAfter` is included, `createdBefore` is not."
    )
    async def feedback(
        self,
        info: Asking,
        area: str | None = None,
        under: str | None = None,
        unplaced: bool = False,
        source: str | None = None,
        state: FeedbackState | None = None,
        created_after: datetime | None = None,
        created_before: datetime | None = None,
        first: int | None = None,
        after: str | None = None,
    ) -> FeedbackConnection:
        asked = FeedbackWanted(
            area=AreaKey(area) if area is not None else None,
            under=AreaKey(under) if under is not None else None,
            unplaced=unplaced,
            source=SourceName(source) if source is not None else None,
            state=state,
            created_after=created_after,
            created_before=created_before,
            first=first,
            after=after,
        )
        return await feedback_of(info, asked)
