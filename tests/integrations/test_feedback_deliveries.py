"""What is kept of a delivery, once it has proved itself."""

import hmac
import json

from pydantic import SecretStr

from remit.domain.arrivals import Arrival, Hint
from remit.domain.ids import SourceName
from remit_integrations.feedback.proofs import hex_hmac, reading
from support.delivering import a_jira, signed
from support.desks import JIRA

SECRET = SecretStr("shared")
HINT = Hint("opened", ("7",))


def arrived(told: dict[str, object]) -> Arrival:
    body = json.dumps(told).encode()
    signature = hmac.new(SECRET.get_secret_value().encode(), body, "sha256").hexdigest()
    read = reading(SourceName("desk"), "DESK_SECRET", hex_hmac("signature", "sha256", SECRET), lambda *_: HINT, "id")
    return read({"signature": f"sha256={signature}", "id": "d-1"}, body)


def test_of_what_customers_write_a_delivery_keeps_nothing() -> None:
    told = {"id": 7, "text": "It fails for mia@customer.example", "from": "mia@customer.example", "kind": "opened"}
    kept = b'{"id":7,"text":"","from":"[address]","kind":"opened"}'
    assert arrived(told) == Arrival(SourceName("desk"), "d-1", HINT, kept)


def test_of_a_request_of_jira_a_delivery_keeps_neither_text_nor_address() -> None:
    told = {
        "webhookEvent": "jira:issue_created",
        "issue": {
            "id": "10001",
            "fields": {"summary": "It fails for me", "reporter": {"emailAddress": "mia@customer.example"}},
        },
    }
    body = json.dumps(told).encode()
    read = a_jira().read
    assert read is not None
    kept = (
        b'{"webhookEvent":"jira:issue_created","issue":'
        b'{"id":"10001","fields":{"summary":"","reporter":{"emailAddress":"[address]"}}}}'
    )
    assert read({name.lower(): value for name, value in signed(body).items()}, body) == Arrival(
        JIRA, "d-1", Hint("jira:issue_created", ("10001",)), kept
    )
