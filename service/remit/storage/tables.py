"""The tables, as queries see them; `migrations/` makes them."""

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Double, Integer, LargeBinary, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSTZRANGE

METADATA = MetaData()
INSTANT = DateTime(timezone=True)

change = Table(
    "change",
    METADATA,
    Column("id", BigInteger, primary_key=True),
    Column("recorded_at", INSTANT, nullable=False),
    Column("actor", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("digest", Text, nullable=False),
)

fact = Table(
    "fact",
    METADATA,
    Column("kind", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("valid", TSTZRANGE, primary_key=True),
    Column("recorded", TSTZRANGE, primary_key=True),
    Column("body", JSONB, nullable=False),
    Column("opened_by", BigInteger, nullable=False),
    Column("closed_by", BigInteger),
)

model_request = Table(
    "model_request",
    METADATA,
    Column("actor", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("changes", LargeBinary, nullable=False),
    Column("outcome", LargeBinary, nullable=False),
    Column("change", BigInteger),
    Column("recorded_at", INSTANT, nullable=False),
)

outbox = Table(
    "outbox",
    METADATA,
    Column("change", BigInteger, primary_key=True),
    Column("rows", JSONB, nullable=False),
    Column("shifts", JSONB),
    Column("areas", ARRAY(Text)),
    Column("told_at", INSTANT),
)

webhook = Table(
    "webhook",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("url", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("area", Text),
    Column("active", Boolean, nullable=False),
    Column("created_at", INSTANT, nullable=False),
)

webhook_delivery = Table(
    "webhook_delivery",
    METADATA,
    Column("webhook", Text, primary_key=True),
    Column("change", BigInteger, primary_key=True),
    Column("message", Uuid, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("due_at", INSTANT),
    Column("delivered_at", INSTANT),
    Column("trouble", Text),
)

backlog_item = Table(
    "backlog_item",
    METADATA,
    Column("source", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("key", Text, nullable=False),
    Column("project", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("created", INSTANT, nullable=False),
    Column("updated", INSTANT, nullable=False),
    Column("resolved", INSTANT),
    Column("priority", Text),
    Column("assignee", Text),
    Column("reporter", Text),
    Column("components", ARRAY(Text), nullable=False),
    Column("labels", ARRAY(Text), nullable=False),
    Column("team", ARRAY(Text), nullable=False),
    Column("parent", Text),
    Column("estimate", Double),
    Column("sprints", ARRAY(Text), nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("first_seen", INSTANT, nullable=False),
    Column("gone_at", INSTANT),
    Column("gone_how", Text),
)

backlog_lapse = Table(
    "backlog_lapse",
    METADATA,
    Column("source", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("at", INSTANT, primary_key=True),
    Column("back_at", INSTANT, nullable=False),
    Column("how", Text, nullable=False),
)

backlog_key = Table(
    "backlog_key",
    METADATA,
    Column("source", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("id", Text, nullable=False),
)

backlog_event = Table(
    "backlog_event",
    METADATA,
    Column("source", Text, primary_key=True),
    Column("item_id", Text, primary_key=True),
    Column("change_id", Text, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("at", INSTANT, nullable=False),
    Column("field", Text, nullable=False),
    Column("author", Text),
    Column("field_id", Text),
    Column("from_value", Text),
    Column("from_text", Text),
    Column("to_value", Text),
    Column("to_text", Text),
    Column("seen_at", INSTANT, nullable=False),
)

parked = Table(
    "parked",
    METADATA,
    Column("source", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("at", INSTANT, nullable=False),
)

source_reference = Table(
    "source_reference",
    METADATA,
    Column("source", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("key", Text),
    Column("name", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("email", Text),
    Column("category", Text),
)

source_state = Table(
    "source_state",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("cursor", LargeBinary),
    Column("last_success_at", INSTANT),
    Column("last_attempt_at", INSTANT),
    Column("trouble", Text),
    Column("failures", Integer, nullable=False),
    Column("retry_at", INSTANT),
)

source_success = Table(
    "source_success",
    METADATA,
    Column("source", Text, primary_key=True),
    Column("at", INSTANT, primary_key=True),
)

source_credential = Table(
    "source_credential",
    METADATA,
    Column("source", Text, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("changed_at", INSTANT, nullable=False),
)

inbox = Table(
    "inbox",
    METADATA,
    Column("source", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("event", Text, nullable=False),
    Column("concerns", ARRAY(Text), nullable=False),
    Column("deleted", ARRAY(Text), nullable=False),
    Column("renames", Boolean, nullable=False),
    Column("at", INSTANT),
    Column("body", LargeBinary, nullable=False),
    Column("received_at", INSTANT, nullable=False),
    Column("due_at", INSTANT),
    Column("done_at", INSTANT),
    Column("tries", Integer, nullable=False),
    Column("reason", Text),
)

feedback_item = Table(
    "feedback_item",
    METADATA,
    Column("source", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("created", INSTANT, nullable=False),
    Column("updated", INSTANT, nullable=False),
    Column("state", Text, nullable=False),
    Column("triaged_at", INSTANT),
    Column("answered_at", INSTANT),
    Column("closed_at", INSTANT),
    Column("segment", Text),
    Column("linked", ARRAY(Text), nullable=False),
    Column("offers", JSONB, nullable=False),
    Column("excerpt", Text, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("first_seen", INSTANT, nullable=False),
    Column("gone_at", INSTANT),
    Column("gone_how", Text),
)

feedback_act = Table(
    "feedback_act",
    METADATA,
    Column("source", Text, primary_key=True),
    Column("item_id", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("at", INSTANT, nullable=False),
    Column("kind", Text, nullable=False),
    Column("author", Text),
)

feedback_basis = Table(
    "feedback_basis",
    METADATA,
    Column("source", Text, primary_key=True),
    Column("selectors", Text, nullable=False),
)

evidence = Table(
    "evidence",
    METADATA,
    Column("source", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("area", Text),
    Column("created", INSTANT, nullable=False),
    Column("updated", INSTANT, nullable=False),
    Column("step_at", ARRAY(INSTANT), nullable=False),
    Column("step_phase", ARRAY(Text), nullable=False),
    Column("touched_at", INSTANT),
    Column("gone_at", INSTANT),
    Column("has_history", Boolean, nullable=False),
    Column("is_dated", Boolean, nullable=False),
)

evidence_basis = Table(
    "evidence_basis",
    METADATA,
    Column("source", Text, primary_key=True),
    Column("statuses", Text, nullable=False),
    Column("selectors", Text, nullable=False),
)

area_watermark = Table(
    "area_watermark",
    METADATA,
    Column("area", Text, primary_key=True),
    Column("mark", BigInteger, nullable=False),
)

advice_dismissal = Table(
    "advice_dismissal",
    METADATA,
    Column("move", Text, primary_key=True),
    Column("until", INSTANT, nullable=False),
    Column("reason", Text, nullable=False),
    Column("actor", Text, nullable=False),
)

api_token = Table(
    "api_token",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("scope", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("created_at", INSTANT, nullable=False),
    Column("revoked_at", INSTANT),
)
