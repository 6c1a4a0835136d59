"""How a delivery proves where it is from: a signature over its bytes, or a token signed with an app's secret."""

import base64
import hmac
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import orjson

TOKEN_LASTS = timedelta(minutes=3)


def signature(secret: str, body: bytes) -> str:
    """`X-Hub-Signature` of a webhook that was made with a secret."""
    return f"sha256={hmac.new(secret.encode(), body, sha256).hexdigest()}"


def bearer(client_secret: str, client_id: str, at: datetime) -> str:
    """`Authorization` of an app's own webhooks: HS256, as is seen in practice. Its claims are in no document."""
    expires = round((at + TOKEN_LASTS).timestamp())
    claims: dict[str, Any] = {"iss": client_id, "iat": round(at.timestamp()), "exp": expires}
    signed = b".".join(_encoded(orjson.dumps(part)) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
    proof = hmac.new(client_secret.encode(), signed, sha256).digest()
    return f"Bearer {(signed + b'.' + _encoded(proof)).decode()}"


def _encoded(told: bytes) -> bytes:
    return base64.urlsafe_b64encode(told).rstrip(b"=")
