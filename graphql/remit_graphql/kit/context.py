"""What one request works with: one world per moment, and loaders that turn many small questions into one."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from strawberry import Info
from strawberry.dataloader import DataLoader
from strawberry.fastapi import BaseContext

from remit.domain.answers import IssueOwnership
from remit.domain.errors import Broken
from remit.domain.findings import SelectorFinding
from remit.domain.gaps import Coverage
from remit.domain.history import Excerpt
from remit.domain.ids import AreaKey, ResponsibilityKey
from remit.domain.load import Signal
from remit.domain.model import grouped
from remit.domain.people import Person
from remit.domain.viewer import STRANGER, Viewer
from remit.usecases.ask_accounts import AccountRef, people_behind
from remit.usecases.ask_drift import Drifts, area_drifts
from remit.usecases.ask_gaps import GapQuestion, Gaps, area_coverage, gaps, selector_lint
from remit.usecases.ask_history import History, histories
from remit.usecases.ask_load import Survey, survey
from remit.usecases.ask_ownership import Answers, area_ownership, issue_ownership
from remit.usecases.ask_signals import area_signals, require_days
from remit.usecases.ask_sources import SourceReport, source_reports
from remit.usecases.desk import Desk
from remit.usecases.follow_changes import Feed
from remit.usecases.follow_loads import LoadFeed
from remit.usecases.measurements import Question
from remit.usecases.snapshot import Moment, snapshot
from remit_graphql.kit.days import DayLoaders
from remit_graphql.kit.feedback_loading import FeedbackLoading
from remit_graphql.kit.limits import MOST_GAP_QUESTIONS, MOST_ISSUES, MOST_MOMENTS, MOST_WINDOWS, require
from remit_graphql.kit.party_loading import PartyLoading
from remit_graphql.kit.trace_loading import TraceLoading
from remit_graphql.kit.world import World

TOO_MANY_ISSUES = f"ask for at most {MOST_ISSUES} issues at once"
Asked = tuple[ResponsibilityKey, ...] | None
"""Which responsibilities an issue's answer should have; None for all."""
Span = tuple[Moment, int]
"""A window of so many days that ends at a moment."""


@dataclass(frozen=True, slots=True)
class IssueQuestion:
    moment: Moment
    asked: Asked
    key: str


@dataclass(frozen=True, slots=True)
class Socket:
    """What a socket has besides: changes to follow, and who may, by what its first message told."""

    feed: Feed
    load_feed: LoadFeed
    admit: Callable[[object], Awaitable[Viewer | None]]


class Context(BaseContext):
    """Made per request, so that one request sees one world and nothing is kept between requests."""

    def __init__(self, desk: Desk, viewer: Viewer = STRANGER, socket: Socket | None = None) -> None:
        super().__init__()
        self.desk = desk
        self.viewer = viewer
        self.socket = socket
        self.simulations = 0
        self._advices = 0
        self.turn_over()

    @property
    def over_socket(self) -> bool:
        return self.socket is not None

    @property
    def feed(self) -> Feed:
        """What is told of changes; raises Broken anywhere but on a socket, where alone it can be followed."""
        if self.socket is None:
            raise Broken("there is nothing to follow here")
        return self.socket.feed

    @property
    def load_feed(self) -> LoadFeed:
        """Likewise of loads."""
        if self.socket is None:
            raise Broken("there is nothing to follow here")
        return self.socket.load_feed

    async def is_admitted(self) -> bool:
        """Whether whoever opened the socket still may, and knows them by name from then on."""
        admitted = await self.socket.admit(self.connection_params) if self.socket is not None else None
        self.viewer = admitted if admitted is not None else STRANGER
        return admitted is not None

    def anew(self) -> "Context":
        """A context for one more subscription on the same socket; no two share a world."""
        other = Context(self.desk, self.viewer, self.socket)
        other.connection_params = self.connection_params
        return other

    def turn_over(self) -> None:
        """Forget what was read: what is asked after a change sees the world after it."""
        self._worlds: dict[Moment, asyncio.Task[World]] = {}
        self._sources: asyncio.Task[tuple[SourceReport, ...]] | None = None
        self.cells: DataLoader[tuple[Moment, AreaKey], Answers] = DataLoader(self._load_cells)
        self.issues: DataLoader[IssueQuestion, IssueOwnership] = DataLoader(self._load_issues)
        self._surveys: dict[Span, asyncio.Task[Survey]] = {}
        self._drifts: dict[tuple[Moment, int, AreaKey | None], asyncio.Task[Drifts]] = {}
        self.signals: DataLoader[tuple[Moment, int, Question], tuple[Signal, ...] | None] = DataLoader(
            self._load_signals
        )
        self.parties = PartyLoading(self.desk, self.world, self.survey)
        self._lint: asyncio.Task[tuple[SelectorFinding, ...]] | None = None
        self.gaps: DataLoader[tuple[Moment, GapQuestion], Gaps] = DataLoader(self._load_gaps)
        self.coverage: DataLoader[tuple[Moment, AreaKey | None], tuple[Coverage, ...]] = DataLoader(self._load_coverage)
        self.accounts: DataLoader[AccountRef, Person | None] = DataLoader(self._load_accounts)
        self.histories: DataLoader[Excerpt, History | None] = DataLoader(self._load_histories)
        self.days = DayLoaders(self.desk)
        self.traces = TraceLoading(self.desk, self.world)
        self.feedback = FeedbackLoading(self.desk, self.world)

    async def world(self, moment: Moment) -> World:
        """The world at a moment; read once per request however many fields ask."""
        if moment not in self._worlds:
            require(len(self._worlds) < MOST_MOMENTS, f"ask about at most {MOST_MOMENTS} moments at once")
            self._worlds[moment] = asyncio.create_task(self._read(moment))
        return await asyncio.shield(self._worlds[moment])

    async def sources(self) -> tuple[SourceReport, ...]:
        """How the sources are doing; read once per request, since it counts the whole mirror."""
        if self._sources is None:
            self._sources = asyncio.create_task(source_reports(self.desk))
        return await asyncio.shield(self._sources)

    async def survey(self, moment: Moment, days: int) -> Survey:
        """What everybody is asked for; found once per request and window."""
        require_days(days)
        if (moment, days) not in self._surveys:
            require(len(self._surveys) < MOST_WINDOWS, f"ask about load in at most {MOST_WINDOWS} windows at once")
            self._surveys[moment, days] = asyncio.create_task(self._survey(moment, days))
        return await asyncio.shield(self._surveys[moment, days])

    async def drifts(self, moment: Moment, days: int, under: AreaKey | None) -> Drifts:
        """Who does what others are declared to; found once per request, window and area."""
        require_days(days)
        if (moment, days, under) not in self._drifts:
            require(len(self._drifts) < MOST_WINDOWS, f"ask about drift at most {MOST_WINDOWS} times at once")
            self._drifts[moment, days, under] = asyncio.create_task(self._drift(moment, days, under))
        return await asyncio.shield(self._drifts[moment, days, under])

    def count_advice(self) -> None:
        """Refuses to look for what could move again and again in one request: each takes the load of everybody."""
        self._advices += 1
        require(self._advices <= MOST_WINDOWS, f"ask for advice at most {MOST_WINDOWS} times at once")

    async def selector_lint(self) -> tuple[SelectorFinding, ...]:
        """What is wrong with selectors now; read once per request, since it takes every name there is."""
        if self._lint is None:
            self._lint = asyncio.create_task(self._find_faults())
        return await asyncio.shield(self._lint)

    async def _find_faults(self) -> tuple[SelectorFinding, ...]:
        return await selector_lint(self.desk, (await self.world(Moment())).snap)

    async def _survey(self, moment: Moment, days: int) -> Survey:
        return await survey(self.desk, (await self.world(moment)).snap, days=days)

    async def _drift(self, moment: Moment, days: int, under: AreaKey | None) -> Drifts:
        return (await area_drifts(self.desk, (await self.world(moment)).snap, [under], days=days))[under]

    async def _load_signals(self, asked: list[tuple[Moment, int, Question]]) -> Sequence[tuple[Signal, ...] | None]:
        spans = grouped(((moment, days), question) for moment, days, question in asked)
        require(len(spans) <= MOST_WINDOWS, f"ask for signals in at most {MOST_WINDOWS} windows at once")
        found = {
            (moment, days): await area_signals(self.desk, (await self.world(moment)).snap, questions, days=days)
            for (moment, days), questions in spans.items()
        }
        return [found[moment, days].get(question) for moment, days, question in asked]

    async def _load_gaps(self, asked: list[tuple[Moment, GapQuestion]]) -> Sequence[Gaps]:
        require(len(asked) <= MOST_GAP_QUESTIONS, f"ask for at most {MOST_GAP_QUESTIONS} lists of gaps at once")
        found = {
            moment: await gaps(self.desk, (await self.world(moment)).snap, questions)
            for moment, questions in grouped(asked).items()
        }
        return [found[moment][question] for moment, question in asked]

    async def _load_accounts(self, asked: list[AccountRef]) -> Sequence[Person | None]:
        found = await people_behind(self.desk, (await self.world(Moment())).snap, asked)
        return [found.get(account) for account in asked]

    async def _load_coverage(self, asked: list[tuple[Moment, AreaKey | None]]) -> Sequence[tuple[Coverage, ...]]:
        found = {
            moment: await area_coverage(self.desk, (await self.world(moment)).snap, areas)
            for moment, areas in grouped(asked).items()
        }
        return [found[moment][area] for moment, area in asked]

    async def _read(self, moment: Moment) -> World:
        return World(await snapshot(self.desk, moment))

    async def _load_cells(self, keys: list[tuple[Moment, AreaKey]]) -> Sequence[Answers]:
        by_moment: dict[Moment, set[AreaKey]] = defaultdict(set)
        for moment, area in keys:
            by_moment[moment].add(area)
        found = {
            moment: await area_ownership(self.desk, (await self.world(moment)).snap, areas)
            for moment, areas in by_moment.items()
        }
        return [found[moment].get(area, {}) for moment, area in keys]

    async def _load_issues(self, questions: list[IssueQuestion]) -> Sequence[IssueOwnership]:
        require(len({question.key for question in questions}) <= MOST_ISSUES, TOO_MANY_ISSUES)
        by_moment: dict[Moment, list[IssueQuestion]] = defaultdict(list)
        for question in questions:
            by_moment[question.moment].append(question)
        answers: dict[IssueQuestion, IssueOwnership] = {}
        for moment, asked in by_moment.items():
            answers |= await self._answers(await self.world(moment), asked)
        return [answers[question] for question in questions]

    async def _load_histories(self, asked: list[Excerpt]) -> Sequence[History | None]:
        found = await histories(self.desk, asked)
        return [found[excerpt] for excerpt in asked]

    async def _answers(self, world: World, questions: list[IssueQuestion]) -> dict[IssueQuestion, IssueOwnership]:
        """Read together whatever each question wants of its issue; each is then given its part."""
        every = tuple(world.model.responsibilities)
        wanted = {question: every if question.asked is None else question.asked for question in questions}
        union = tuple(dict.fromkeys(key for keys in wanted.values() for key in keys))
        found = await issue_ownership(self.desk, world.snap, [question.key for question in questions], union)
        return {question: _part(found[question.key], union, wanted[question]) for question in questions}


def _part(
    answer: IssueOwnership, union: Sequence[ResponsibilityKey], wanted: Sequence[ResponsibilityKey]
) -> IssueOwnership:
    if wanted == union:
        return answer
    by_key = dict(zip(union, answer.ownership, strict=True))
    return replace(answer, ownership=tuple(by_key[key] for key in wanted))


Asking = Info[Context, None]
"""The `info` argument of a resolver."""
