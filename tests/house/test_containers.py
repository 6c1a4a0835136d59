"""The image and the compose file: what runs, as whom, reachable from where, and with whose secrets."""

import json
import re
from typing import Any

import yaml

from remit.entrypoints.settings import known_settings
from support.repository import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_compose_runs_remit_beside_postgresql_18_and_redis_8() -> None:
    images = {name: service["image"] for name, service in SERVICES.items()}
    assert images == {
        "migrate": "remit", "api": "remit", "worker": "remit", "postgres": "postgres:18", "redis": "redis:8"
    }  # fmt: skip


def test_nothing_starts_before_what_it_needs() -> None:
    needs = {name: service.get("depends_on", {}) for name, service in SERVICES.items()}
    migrated = {"migrate": {"condition": "service_completed_successfully"}, "redis": {"condition": "service_healthy"}}
    assert needs == {
        "migrate": {"postgres": {"condition": "service_healthy"}},
        "api": migrated,
        "worker": migrated,
        "postgres": {},
        "redis": {},
    }


def test_only_the_api_is_published_and_on_loopback_unless_told_otherwise() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"api": ["${LISTEN_ON:-127.0.0.1:8000}:8000"]}


def test_no_secret_has_a_default() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    named = re.findall(r"\$\{(\w*(?:PASSWORD|TOKEN|SECRET)\w*)(:.)", text)
    assert {name for name, mark in named if mark == ":?"} == {"POSTGRES_PASSWORD"}
    assert re.findall(r"\$\{\w*(?:PASSWORD|TOKEN|SECRET)\w*:-[^}]", text) == []
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            assert not re.search("PASSWORD|TOKEN|SECRET", name) or value.startswith("${")


NOT_PASSED = {
    "REMIT_DATA_DIR": "the image holds no servers of its own",
    "REMIT_TRACEBACK": "for a person at a terminal",
    "REMIT_AUTH": "`off` is refused on the address that containers listen on",
    "REMIT_JIRA_AUTHORISATION_URL": "for a stand-in only",
}


def test_every_setting_is_passed_to_the_api_and_the_worker_or_left_out_for_a_reason() -> None:
    for name in ("api", "worker"):
        passed = set(SERVICES[name]["environment"])
        assert passed == {one for one in known_settings() if one not in NOT_PASSED}


def test_an_installation_says_only_what_it_must() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    assert set(re.findall(r"\$\{(\w+):\?", text)) == {"POSTGRES_PASSWORD", "REMIT_JIRA_URL"}


def test_every_server_that_others_wait_for_tells_its_health() -> None:
    assert SERVICES["postgres"]["healthcheck"]["test"][:2] == ["CMD", "pg_isready"]
    assert SERVICES["redis"]["healthcheck"]["test"] == ["CMD", "redis-cli", "ping"]
    assert "/livez" in DOCKERFILE.partition("HEALTHCHECK")[2]


def test_a_second_stage_runs_as_nobody_special() -> None:
    stages = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    assert stages == ["python:3.11-slim-bookworm", "python:3.11-slim-bookworm"]
    assert re.findall(r"^USER (\w+)", last, re.MULTILINE) == ["remit"]


def test_the_image_is_built_from_the_lock_without_the_embedded_servers() -> None:
    syncs = [json.loads(line) for line in re.findall(r"^RUN (\[.*)$", DOCKERFILE, re.MULTILINE) if '"sync"' in line]
    assert syncs == [
        ["uv", "sync", "--locked", "--no-dev", "--no-install-project"],
        ["uv", "sync", "--locked", "--no-dev", "--no-editable"],
    ]


def test_no_command_of_the_image_goes_through_a_shell() -> None:
    commands = re.findall(r"^(?:RUN|CMD|ENTRYPOINT) +(.)", DOCKERFILE, re.MULTILINE)
    assert set(commands) == {"["}


def test_everything_the_image_copies_is_sent_to_the_builder() -> None:
    sent = {line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[:1] == "!"}
    copied = {
        name for line in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE) for name in line.split()
    }
    assert copied == sent
    assert [name for name in sorted(sent) if not (ROOT / name).exists()] == []
