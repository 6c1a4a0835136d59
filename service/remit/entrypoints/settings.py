"""Settings from the environment or a `.env` file, checked once, with errors that name the variable and no value."""

import os
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from dotenv import dotenv_values
from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, SecretStr, ValidationError

from remit.domain.errors import Invalid, Problem
from remit.usecases.keep_days import KEPT_FOR
from remit_integrations.catalogue import source_kinds
from remit_integrations.keeping import Texts
from remit_integrations.source import ALONE, Shared, Source

NO_SOURCE = "no source is configured; set REMIT_JIRA_URL, REMIT_JIRA_EMAIL and REMIT_JIRA_TOKEN"
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def _stretch(told: object) -> object:
    """A length of time such as `7 days`, `12h` or `90s`."""
    found = re.fullmatch(r"\s*(\d{1,6})\s*(s|seconds?|m|minutes?|h|hours?|d|days?)\s*", str(told).lower())
    if found is None:
        raise ValueError("write a length of time such as 7 days, 12h or 90s")
    return timedelta(**{_UNITS[found[2][0]]: int(found[1])})


def _whole_days(told: timedelta) -> timedelta:
    if told % timedelta(days=1):
        raise ValueError("write whole days, such as 730 days")
    return told


Stretch = Annotated[timedelta, BeforeValidator(_stretch)]


class Settings(BaseModel):
    """`REMIT_...`; docs/settings.md lists every one."""

    database_url: SecretStr | None = None
    redis_url: SecretStr | None = None
    data_dir: Path
    auth: Literal["token", "off"] | None = None
    unknown_after: Stretch = timedelta(days=7)
    stale_after: Stretch = timedelta(minutes=15)
    poll_seconds: Annotated[float, Field(ge=1)] = 300
    log: Literal["json", "console"] | None = None
    graphiql: bool = False
    webhooks_allow_private: bool = False
    secret_key: SecretStr | None = None
    feedback_text: Texts = Texts.EXCERPT
    days_kept_for: Annotated[Stretch, AfterValidator(_whole_days)] = KEPT_FOR
    sources: dict[str, dict[str, str]] = Field(default_factory=dict)
    """What the variables of each kind of source say, by kind and field; each kind checks its own."""


OWN = {f"REMIT_{name.upper()}": name for name in Settings.model_fields if name != "sources"}
"""The variables that belong to no source, and their fields."""


def read_settings(environment: Mapping[str, str] | None = None, dotenv: Path | None = Path(".env")) -> Settings:
    """The settings in force; the environment wins over the file. Raises Invalid naming each wrong variable."""
    told = _told(environment, dotenv)
    given = {name: value for name, value in told.items() if name.startswith("REMIT_") and value}
    values: dict[str, Any] = {"data_dir": given.get("REMIT_DATA_DIR") or default_data_dir(told)}
    values |= {field: given[name] for name, field in OWN.items() if name in given}
    values["sources"] = {kind: _of_source(given, kind) for kind in source_kinds()}
    try:
        return Settings.model_validate(values)
    except ValidationError as wrong:
        raise _refused("REMIT_", wrong) from None


def configured_sources(settings: Settings, shared: Shared = ALONE) -> tuple[Source, ...]:
    """The sources that have settings; raises Invalid naming each wrong variable of the first that has any."""
    found = (configured_source(settings, name, shared) for name in source_kinds())
    return tuple(source for source in found if source is not None)


def configured_source(settings: Settings, name: str, shared: Shared = ALONE) -> Source | None:
    """The source of this kind if it has settings; raises Invalid naming each wrong variable."""
    kind, told = source_kinds()[name], settings.sources.get(name)
    if not told:
        return None
    try:
        return kind.build(kind.settings.model_validate(told), shared)
    except ValidationError as wrong:
        raise _refused(f"REMIT_{name.upper()}_", wrong) from None


def unknown_settings(environment: Mapping[str, str] | None = None, dotenv: Path | None = Path(".env")) -> list[str]:
    """Variables that begin as ours do and mean nothing: misspelt, or of another version."""
    return sorted({name for name in _told(environment, dotenv) if name.startswith("REMIT_")} - known_settings())


def known_settings() -> set[str]:
    """The name of every variable that is read."""
    kinds = source_kinds()
    sources = {f"REMIT_{name.upper()}_{field.upper()}" for name in kinds for field in kinds[name].settings.model_fields}
    return {*OWN, *sources, "REMIT_TRACEBACK"}


def default_data_dir(environment: Mapping[str, str | None]) -> Path:
    """Where embedded servers keep their data. Root's goes to /var/lib: PostgreSQL never runs as root, and the account
    it runs as cannot enter root's home."""
    if os.geteuid() == 0:
        return Path("/var/lib/remit")
    base = environment.get("XDG_DATA_HOME")
    return (Path(base) if base and Path(base).is_absolute() else Path.home() / ".local" / "share") / "remit"


def _told(environment: Mapping[str, str] | None, dotenv: Path | None) -> dict[str, str | None]:
    """What the file and the environment say; the environment wins."""
    try:
        filed = dotenv_values(dotenv) if dotenv is not None and dotenv.is_file() else {}
    except (OSError, UnicodeDecodeError) as wrong:
        reason = wrong.strerror if isinstance(wrong, OSError) else "it is not UTF-8 text"
        raise Invalid(f"{dotenv} cannot be read: {reason}") from wrong
    return {**filed, **(os.environ if environment is None else environment)}


def _of_source(given: Mapping[str, str | None], kind: str) -> dict[str, str]:
    prefix = f"REMIT_{kind.upper()}_"
    return {name[len(prefix) :].lower(): value for name, value in given.items() if name.startswith(prefix) and value}


def _refused(prefix: str, wrong: ValidationError) -> Invalid:
    problems = [
        Problem(
            "SETTING", error["msg"].removeprefix("Value error, "), f"{prefix}{'_'.join(map(str, error['loc'])).upper()}"
        )
        for error in wrong.errors(include_input=False, include_url=False)
    ]
    return Invalid("the settings are not right; see docs/settings.md", problems)
