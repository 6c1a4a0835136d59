"""Settings: the environment wins over the file, each wrong variable is named, no value is shown."""

from datetime import timedelta
from pathlib import Path

import pytest

from remit.domain.errors import Invalid
from remit.entrypoints.settings import configured_sources, read_settings, unknown_settings


def wrong(environment: dict[str, str]) -> list[str]:
    with pytest.raises(Invalid) as refused:
        configured_sources(read_settings(environment, None))
    return [problem.where for problem in refused.value.problems]


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("REMIT_AUTH=off\nREMIT_POLL_SECONDS=60\nOTHER=1\n")
    settings = read_settings({"REMIT_AUTH": "token"}, tmp_path / ".env")
    assert (settings.auth, settings.poll_seconds) == ("token", 60)


def test_an_empty_variable_is_none() -> None:
    assert read_settings({"REMIT_AUTH": "", "REMIT_DATABASE_URL": ""}, None).database_url is None


def test_days_are_kept_for_whole_days_or_not_at_all() -> None:
    assert read_settings({"REMIT_DAYS_KEPT_FOR": "48h"}, None).days_kept_for == timedelta(days=2)
    assert read_settings({"REMIT_DAYS_KEPT_FOR": "0 days"}, None).days_kept_for == timedelta(0)
    assert wrong({"REMIT_DAYS_KEPT_FOR": "23 hours"}) == ["REMIT_DAYS_KEPT_FOR"]


@pytest.mark.parametrize(
    ("told", "expected"),
    [("7 days", timedelta(days=7)), ("12h", timedelta(hours=12)), ("90s", timedelta(seconds=90)),
        ("5 minutes", timedelta(minutes=5))],
)  # fmt: skip
def test_a_length_of_time_has_a_unit(told: str, expected: timedelta) -> None:
    assert read_settings({"REMIT_UNKNOWN_AFTER": told}, None).unknown_after == expected


@pytest.mark.parametrize("told", ["7", "7 months", "-1h", "soon", "9999999d"])
def test_any_other_length_of_time_is_refused(told: str) -> None:
    assert wrong({"REMIT_UNKNOWN_AFTER": told}) == ["REMIT_UNKNOWN_AFTER"]


@pytest.mark.parametrize(
    "url", ["acme.atlassian.net", "ftp://acme", "https://user:hush@acme.net", "https://acme.net?x", "https://"]
)
def test_an_address_that_is_no_site_is_refused(url: str) -> None:
    told = {"REMIT_JIRA_URL": url, "REMIT_JIRA_EMAIL": "a@example.com", "REMIT_JIRA_TOKEN": "hush"}
    assert wrong(told) == ["REMIT_JIRA_URL"]


def test_every_mistake_is_named_and_no_value_shown() -> None:
    told = {"REMIT_AUTH": "hush", "REMIT_LOG": "hush", "REMIT_POLL_SECONDS": "0", "REMIT_STALE_AFTER": "hush"}
    with pytest.raises(Invalid) as refused:
        read_settings(told, None)
    assert {problem.where for problem in refused.value.problems} == set(told)
    assert "hush" not in refused.value.message + " ".join(map(str, refused.value.problems))


def test_a_secret_is_not_shown_by_the_settings() -> None:
    settings = read_settings(
        {"REMIT_DATABASE_URL": "postgresql://u:hush@h/d", "REMIT_REDIS_URL": "redis://:hush@h"}, None
    )
    assert "hush" not in repr(settings)


def test_misspelt_variables_are_found_in_the_environment_and_in_the_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("REMIT_JIRA_TOKN=x\nREMIT_AUTH=off\n")
    found = unknown_settings({"REMIT_DATABSE_URL": "x", "REMIT_JIRA_URL": "x", "HOME": "/"}, tmp_path / ".env")
    assert found == ["REMIT_DATABSE_URL", "REMIT_JIRA_TOKN"]
