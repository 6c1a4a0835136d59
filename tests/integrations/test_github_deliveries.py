"""What GitHub's webhooks hint at, and how its repositories are written in the settings."""

import json
import lzma
from pathlib import Path
from typing import Any

import pytest

from remit.domain.arrivals import Hint
from remit_integrations.feedback.github_deliveries import hint
from remit_integrations.sources.github import GithubSettings
from support.github_site import REPOSITORY

PAYLOADS = Path(__file__).parent / "payloads" / "github"


def _deliveries() -> list[tuple[str, dict[str, Any]]]:
    kinds = json.loads(lzma.decompress((PAYLOADS / "webhooks.json.xz").read_bytes()))
    return [(kind["name"], body) for kind in kinds for body in kind["examples"]]


def test_every_recorded_delivery_hints_at_what_it_is_about() -> None:
    told = _deliveries()
    assert len(told) == 57
    for kind, body in told:
        name, thing = body["repository"]["full_name"], body.get("issue") or body.get("discussion")
        id_ = f"{name}#{thing['number']}" if "issue" in body else f"{name}/discussions/{thing['number']}"
        ids = () if "pull_request" in thing else (id_,)
        ends = ids if kind in ("issues", "discussion") and body["action"] in ("deleted", "transferred") else ()
        seen = hint({"x-github-event": kind}, json.dumps(body).encode())
        assert seen == Hint(f"{kind}.{body['action']}", ids, ends)


@pytest.mark.parametrize(
    "body",
    [
        {"zen": "Keep it logically awesome."},
        {"action": 1, "issue": {"number": 1}, "repository": {"full_name": "no repository"}},
        {"issue": {"number": True}, "repository": {"full_name": REPOSITORY}},
        {"issue": None, "repository": None},
    ],
)
def test_a_delivery_about_nothing_that_is_read_hints_at_nothing(body: dict[str, Any]) -> None:
    assert hint({"x-github-event": "ping"}, json.dumps(body).encode()) == Hint("ping")


@pytest.mark.parametrize(
    "told", ["", "acme", "acme/", "/shop", "acme/shop,", "acme/shop/x", "https://github.com/acme/shop"]
)
def test_repositories_are_written_as_owner_and_name(told: str) -> None:
    with pytest.raises(ValueError, match="write repositories as owner/name"):
        GithubSettings.model_validate({"token": "a-token", "repositories": told})


def test_the_graph_of_a_server_of_ones_own_is_beside_its_rest_api() -> None:
    told = {"token": "a-token", "repositories": "acme/shop, acme/web"}
    own = GithubSettings.model_validate({**told, "url": "https://github.acme.example/api/v3"})
    assert own.graphql == "https://github.acme.example/api/graphql"
    assert GithubSettings.model_validate(told).graphql == "https://api.github.com/graphql"
    assert own.names == ["acme/shop", "acme/web"]
