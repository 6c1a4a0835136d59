"""`remit demo`: the whole of Remit on recorded data, over real HTTP, PostgreSQL and Redis."""

import asyncio
from datetime import UTC, datetime
from importlib.resources import files
from typing import Annotated

import typer
from pydantic import SecretStr
from rich.console import Console

from remit.domain.ids import AreaKey, ResponsibilityKey
from remit.domain.load import Load, Signal, Verdict
from remit.domain.model import Model
from remit.entrypoints.api import application, listening
from remit.entrypoints.cli import advice, drift, load, show
from remit.entrypoints.cli.progress import Shown
from remit.entrypoints.cli.session import out
from remit.entrypoints.cli.signals import stopping
from remit.entrypoints.servers import Servers, servers
from remit.entrypoints.settings import Settings, read_settings
from remit.entrypoints.telemetry import configure_log
from remit.entrypoints.wiring import Remit, remit
from remit.storage.scratch import scratch_database
from remit.usecases.apply_model import apply
from remit.usecases.ask_advice import advice as advise
from remit.usecases.ask_drift import area_drifts
from remit.usecases.ask_load import Survey, Wanted, listed, survey
from remit.usecases.ask_ownership import issue_ownership
from remit.usecases.ask_signals import USUAL_DAYS, area_signals
from remit.usecases.measurements import Question
from remit.usecases.snapshot import Moment, snapshot
from remit_integrations.jira.settings import JiraSettings
from remit_integrations.source import Source
from remit_integrations.sources.jira import jira
from remit_integrations.sources.zendesk import ZendeskSettings, zendesk
from remit_integrations.standins.helpdesk.desk import HelpDesk
from remit_integrations.standins.helpdesk.server import drawn_desk, helpdesk_server
from remit_integrations.standins.jira.recorded import data_with_histories, default_data, records
from remit_integrations.standins.jira.server import jira_server, recorded_site
from remit_integrations.standins.jira.site import Site
from remit_integrations.sync import Synchronised, synchronise

QUESTIONS = (
    ("ALOY-108", "backlog_management", "Who keeps the backlog clean for a bug in the XML compiler?"),
    ("ALOY-108", "leadership", "Who leads the people around it?"),
    ("ALOY-113", "roadmap_ownership", "Who decides on the roadmap for a widget?"),
)

TICKETS = 400
HEARD_OF = AreaKey("alloy-runtime")
"""The area whose feedback is told."""
EVERYBODY = Wanted()
BUSY_MONTH_ENDS = datetime(2020, 7, 1, tzinfo=UTC)

app = typer.Typer()


@app.command()
def demo(
    once: Annotated[bool, typer.Option("--once", help="End after the answers instead of serving the API.")] = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Of the API; 0 takes any free port.")] = 0,
) -> None:
    """Recorded Jira, drawn tickets, full sync, three answered questions, feedback, loads, drift, advice, the API.

    Nothing is kept.
    """
    settings = read_settings()
    configure_log(settings.log, quiet=True)
    with servers(settings, throw_away=True) as started:
        asyncio.run(_in_scratch(settings, started, once, port))


async def _in_scratch(settings: Settings, started: Servers, once: bool, port: int) -> None:
    """On a server that the settings name, a database of the demo's own, so that nothing there is touched."""
    async with scratch_database(started.database_url) as url:
        await _demo(settings, Servers(url, started.redis_url, embedded=True), once, port)


async def _demo(settings: Settings, started: Servers, once: bool, port: int) -> None:
    console = out()
    site, helpdesk = recorded_site(default_data()), drawn_desk(TICKETS)
    site.load(records(data_with_histories()))
    async with stopping() as stop, jira_server(site) as jira_at, helpdesk_server(helpdesk) as helpdesk_at:
        sources = _jira(site, jira_at.url), _helpdesk(helpdesk, helpdesk_at.url)
        async with remit(settings, started, sources=sources) as parts:
            console.print(f"A stand-in Jira serves {len(site.issues)} recorded issues at {jira_at.url}.")
            console.print(f"A stand-in help desk serves {len(helpdesk)} drawn tickets at {helpdesk_at.url}.")
            with Shown() as watcher:
                issues, tickets = [
                    await synchronise(parts.desk, one, watcher=watcher, stop=stop) for one in parts.sources
                ]
            console.print(f"Synchronised: {issues.seen} issues read, {issues.changed} new, {issues.parked} parked.")
            await _apply(parts, console)
            for key, responsibility, question in QUESTIONS:
                await _ask(parts, console, key, responsibility, question)
            await _feedback(parts, console, tickets)
            await _loads(parts, console)
            await _drift(parts, console)
            await _advice(parts, console)
            if not once and not stop.is_set():
                await _serve(parts, stop, port)


def _jira(site: Site, url: str) -> Source:
    return jira(JiraSettings(url=url, email=site.email, token=SecretStr(site.token)))


def _helpdesk(helpdesk: HelpDesk, url: str) -> Source:
    return zendesk(ZendeskSettings(url=url, email=helpdesk.email, token=SecretStr(helpdesk.token)))


async def _apply(parts: Remit, console: Console) -> None:
    text = files("remit.data").joinpath("demo-model.yaml").read_text(encoding="utf-8")
    prepared = await apply(parts.desk, text, actor="demo", reason="the example that ships with Remit")
    console.print(f"Applied the example model: {prepared.lines[-1]}")


async def _ask(parts: Remit, console: Console, key: str, responsibility: str, question: str) -> None:
    snap = await snapshot(parts.desk, Moment())
    found = await issue_ownership(parts.desk, snap, [key], [ResponsibilityKey(responsibility)])
    console.print(f"\n[bold cyan]{question}[/]  [dim]remit who {key} -r {responsibility} --why[/]")
    show.issue(console, snap.model, found[key], why=True)


async def _feedback(parts: Remit, console: Console, came: Synchronised) -> None:
    """How much feedback came in, and what became of it in one area."""
    snap, question = await snapshot(parts.desk, Moment()), Question(HEARD_OF)
    told = {one.name: one for one in (await area_signals(parts.desk, snap, [question]))[question]}
    console.print(f"\n[bold cyan]Does anybody look at feedback?[/]  [dim]GET /v1/areas/{HEARD_OF}/signals[/]")
    console.print(
        f"{came.seen} tickets read, {came.changed} new, {came.parked} parked. {snap.model.areas[HEARD_OF].name}: "
        f"{_number(told['feedback_arrivals'])} came in {USUAL_DAYS} days, "
        f"{_number(told['feedback_untriaged'])} are untriaged, "
        f"the oldest for {_number(told['oldest_feedback_untriaged'])} days."
    )


def _number(signal: Signal) -> str:
    return f"{signal.value:.0f}" if signal.value is not None else "?"


async def _loads(parts: Remit, console: Console) -> None:
    """Who is asked for too much, as the recorded issues and the assumed minutes have it."""
    snap = await snapshot(parts.desk, Moment())
    found = await survey(parts.desk, snap)
    console.print("\n[bold cyan]Who is asked for more than there is time?[/]  [dim]remit load[/]")
    loads = [found.load(person) for person in listed(snap, found, EVERYBODY)]
    load.show(console, snap.model, loads, most=5)
    for one in loads:
        if one.verdict is Verdict.OVERLOADED:
            console.print(_of_records(snap.model, found, one))


def _of_records(model: Model, found: Survey, told: Load) -> str:
    """How much of what somebody is asked for comes from records, and what there would be without any."""
    hours, without, capacity = told.demand_hours, found.hours_without_records(told.person), told.capacity_hours
    if hours is None or without is None or not capacity:
        return ""
    return (
        f"{model.people[told.person].name}: {hours - without:.1f} h of the {hours:.1f} h come from recorded issues and "
        f"feedback. Without any it would be {without:.1f} h, {without / capacity:.0%} of the time there is."
    )


async def _drift(parts: Remit, console: Console) -> None:
    """Who did what others are declared to, in the month of which most is recorded."""
    snap = await snapshot(parts.desk, Moment(BUSY_MONTH_ENDS))
    found = await area_drifts(parts.desk, snap, [None])
    command = f"remit drift --as-of {BUSY_MONTH_ENDS:%Y-%m-%d}"
    console.print(f"\n[bold cyan]Who does what others are declared to?[/]  [dim]{command}[/]")
    drift.show(console, snap.model, found[None])


async def _advice(parts: Remit, console: Console) -> None:
    """What would relieve whoever is asked for too much."""
    snap = await snapshot(parts.desk, Moment())
    found = await advise(parts.desk, snap)
    console.print("\n[bold cyan]What could move to the other function?[/]  [dim]remit advice[/]")
    advice.show(console, snap.model, found.proposals)


async def _serve(parts: Remit, stop: asyncio.Event, port: int) -> None:
    served_app = application(parts, auth="off")
    async with listening(served_app, "127.0.0.1", port, "off") as served:
        typer.echo(f"\nGraphQL at {served.url}/graphql, REST at {served.url}/v1/issues/ALOY-108/ownership")
        typer.echo("Ctrl-C ends everything and leaves nothing behind.")
        await stop.wait()
