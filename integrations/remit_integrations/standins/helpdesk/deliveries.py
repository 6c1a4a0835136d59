"""What the desk's webhooks send of a ticket, signed as Zendesk does."""

import base64
import hmac
from datetime import datetime
from hashlib import sha256

import orjson

from remit_integrations.standins.helpdesk.audits import Json
from remit_integrations.standins.helpdesk.desk import stamp

Delivery = tuple[dict[str, str], bytes]


def delivery(secret: str, ticket: Json, at: datetime, event: str = "status_changed") -> Delivery:
    """Headers, in small letters, and body of an event of a ticket, signed at an instant."""
    told = {
        "type": f"zen:event-type:ticket.{event}",
        "account_id": 1,
        "id": f"{ticket['id']}-{event}-{int(at.timestamp())}",
        "time": stamp(at),
        "zendesk_event_version": "2022-11-06",
        "subject": f"zen:ticket:{ticket['id']}",
        "detail": {"id": str(ticket["id"]), "status": ticket.get("status", "new").upper()},
        "event": {},
    }
    body = orjson.dumps(told)
    return signed(secret, body, at) | {"x-zendesk-webhook-invocation-id": str(told["id"])}, body


def signed(secret: str, body: bytes, at: datetime) -> dict[str, str]:
    """The head that proves a body."""
    proof = hmac.new(secret.encode(), stamp(at).encode() + body, sha256).digest()
    return {
        "x-zendesk-webhook-signature": base64.b64encode(proof).decode(),
        "x-zendesk-webhook-signature-timestamp": stamp(at),
    }
