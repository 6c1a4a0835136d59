"""The tables, as queries see them; `migrations/` makes them."""

from remit.storage.tables.access import api_token
from remit.storage.tables.advice import advice_dismissal
from remit.storage.tables.backlog import backlog_event, backlog_item, backlog_key, backlog_lapse
from remit.storage.tables.courses import area_watermark, evidence, evidence_basis
from remit.storage.tables.days import area_day, kept_day, person_day
from remit.storage.tables.feedback import feedback_act, feedback_basis, feedback_item
from remit.storage.tables.metadata import INSTANT, METADATA
from remit.storage.tables.model import change, fact, model_request
from remit.storage.tables.sources import (
    inbox,
    parked,
    source_credential,
    source_reference,
    source_state,
    source_success,
)
from remit.storage.tables.telling import outbox, webhook, webhook_delivery

__all__ = [
    "INSTANT",
    "METADATA",
    "advice_dismissal",
    "api_token",
    "area_day",
    "area_watermark",
    "backlog_event",
    "backlog_item",
    "backlog_key",
    "backlog_lapse",
    "change",
    "evidence",
    "evidence_basis",
    "fact",
    "feedback_act",
    "feedback_basis",
    "feedback_item",
    "inbox",
    "kept_day",
    "model_request",
    "outbox",
    "parked",
    "person_day",
    "source_credential",
    "source_reference",
    "source_state",
    "source_success",
    "webhook",
    "webhook_delivery",
]
