"""A delivery to an app's webhook proves by a signed token that it is from Jira, and is read for nobody else."""

import base64
import json
from datetime import UTC, datetime, timedelta

import jwt
import pytest

from remit.domain.errors import Forbidden
from remit_integrations.jira.proofs import signed_for_app
from remit_integrations.standins.jira.proofs import bearer
from support.jira_app import played

SECRET, OTHER = (
    "a secret as long as those of the vendor ".ljust(64, "x"),
    "that of another app, no less long".ljust(64, "y"),
)
NOW = datetime.now(UTC)
"""When the tests were collected, which may be long before one runs: what is to hold by then is made in the test."""
SOON = round((NOW + timedelta(days=1)).timestamp())
BODY = b'{"webhookEvent": "jira:issue_updated", "issue": {"id": "10007"}}'


def token(key: str = SECRET, algorithm: str = "HS256", **claims: object) -> str:
    return f"Bearer {jwt.encode({'exp': SOON, **claims}, key, algorithm)}"


def by_hand(head: object, claims: object) -> str:
    parts = (head if isinstance(head, bytes) else json.dumps(head).encode(), json.dumps(claims).encode())
    return "Bearer " + ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts) + "."


@pytest.mark.parametrize(
    "told",
    [
        token(),
        token().replace("Bearer", "bearer"),
        token(iss="whoever", sub=7, aud=["an", "app"], jti=1, context={"x": 1}),
    ],
)
def test_what_the_apps_secret_has_signed_is_good(told: str) -> None:
    assert signed_for_app(SECRET)({"authorization": told}, BODY)


def test_what_the_stand_in_signs_now_is_good() -> None:
    assert signed_for_app(SECRET)({"authorization": bearer(SECRET, "app", datetime.now(UTC))}, BODY)


def test_the_clocks_may_differ_by_less_than_a_minute() -> None:
    ended = token(exp=round(datetime.now(UTC).timestamp()) - 30)
    assert signed_for_app(SECRET)({"authorization": ended}, BODY)


@pytest.mark.parametrize(
    "told",
    [
        "",
        "Bearer",
        "Bearer ",
        "Bearer a.b.c",
        "Bearer ä.ö.ü",
        token().removeprefix("Bearer "),
        token().replace("Bearer", "JWT"),
        token()[:-2],
        token(OTHER),
        token(algorithm="HS512"),
        token(exp=round(NOW.timestamp()) - 3600),
        token(exp="soon"),
        token(exp=None),
        token(nbf=SOON),
        token(iat=SOON),
        by_hand({"alg": "none"}, {"exp": SOON}),
        by_hand({"alg": "HS256", "typ": "JWT"}, {"exp": SOON}),
        by_hand(b"[" * 20_000, {"exp": SOON}),
        by_hand({"alg": "HS256", "kid": ["a"]}, {"exp": SOON}),
        f"Bearer {jwt.encode({'iss': 'app'}, SECRET, 'HS256')}",
    ],
    ids=range(20),
)
def test_anything_else_is_not(told: str) -> None:
    assert not signed_for_app(SECRET)({"authorization": told}, BODY)


async def test_an_app_reads_what_its_own_webhooks_send_and_refuses_the_rest() -> None:
    async with played() as app:
        read = app.source().read
        assert read is not None
        now = datetime.now(UTC)
        good = bearer(app.authority.client_secret, app.authority.client_id, now)
        assert read({"authorization": good}, BODY).hint.concerns == ("10007",)
        for headers in ({}, {"authorization": bearer(OTHER, "app", now)}, {"authorization": "Basic eDp5"}):
            with pytest.raises(Forbidden):
                read(headers, BODY)
