"""The foundation: declared facts with two times, the mirror of the sources, and the areas' watermarks."""

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KINDS = ("area", "person", "team", "function", "responsibility", "rule", "assignment", "agreement", "delegation")

MODEL = """
CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE TABLE change (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  recorded_at timestamptz NOT NULL,
  actor text NOT NULL CHECK (actor <> ''),
  reason text NOT NULL,
  digest text NOT NULL
);
CREATE UNIQUE INDEX change_recorded_at ON change (recorded_at);

-- One row is one belief: `body` held over `valid`, and we believed so over `recorded`.
-- The primary key forbids believing the same window twice at once; the exclusion forbids two overlapping windows of
-- one row ever being believed together.
CREATE TABLE fact (
  kind text NOT NULL,
  key text NOT NULL CHECK (key <> ''),
  valid tstzrange NOT NULL CHECK (NOT isempty(valid)),
  recorded tstzrange NOT NULL CHECK (NOT isempty(recorded)),
  body jsonb NOT NULL,
  opened_by bigint NOT NULL REFERENCES change (id),
  closed_by bigint REFERENCES change (id),
  CHECK (upper_inf(recorded) = (closed_by IS NULL)),
  PRIMARY KEY (kind, key, valid, recorded WITHOUT OVERLAPS),
  CONSTRAINT one_belief_at_a_time EXCLUDE USING gist (kind WITH =, key WITH =, valid WITH &&, recorded WITH &&)
) PARTITION BY LIST (kind);
"""

# R27: at any instant, as believed at any instant, an area's responsibility has one explicit accountable per function
# among rows that are tried together (INHERIT with BLOCK, APPEND, FALLBACK).
ONE_ACCOUNTABLE = """
ALTER TABLE fact_assignment ADD CONSTRAINT one_explicit_accountable EXCLUDE USING gist (
  (body ->> 'area') WITH =,
  (body ->> 'responsibility') WITH =,
  (body ->> 'function') WITH =,
  (CASE body ->> 'inherit' WHEN 'block' THEN 'inherit' ELSE body ->> 'inherit' END) WITH =,
  valid WITH &&,
  recorded WITH &&
) WHERE (body ->> 'letter' = 'accountable');
"""

# The one change a fact may see is that we stop believing it.
APPEND_ONLY = """
CREATE FUNCTION fact_only_closes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE'
     AND upper_inf(OLD.recorded) AND NOT upper_inf(NEW.recorded) AND lower(OLD.recorded) = lower(NEW.recorded)
     AND (OLD.kind, OLD.key, OLD.valid) = (NEW.kind, NEW.key, NEW.valid)
     AND (OLD.body, OLD.opened_by) = (NEW.body, NEW.opened_by)
  THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a declared fact is never changed or deleted; record a new one';
END $$;
CREATE TRIGGER fact_only_closes BEFORE UPDATE OR DELETE ON fact FOR EACH ROW EXECUTE FUNCTION fact_only_closes();

CREATE FUNCTION change_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a recorded change is never changed or deleted';
END $$;
CREATE TRIGGER change_is_final BEFORE UPDATE OR DELETE ON change FOR EACH ROW EXECUTE FUNCTION change_is_final();
"""

MIRROR = """
-- Raw payloads are bytes: PostgreSQL's jsonb refuses the escape \\u0000, which real payloads hold.
CREATE TABLE backlog_item (
  source text NOT NULL,
  id text NOT NULL,
  key text NOT NULL,
  project text NOT NULL,
  type text NOT NULL,
  summary text NOT NULL,
  status text NOT NULL,
  category text NOT NULL,
  created timestamptz NOT NULL,
  updated timestamptz NOT NULL,
  resolved timestamptz,
  priority text,
  assignee text,
  reporter text,
  components text[] NOT NULL,
  labels text[] NOT NULL,
  team text[] NOT NULL,
  parent text,
  raw bytea NOT NULL,
  first_seen timestamptz NOT NULL,
  gone_at timestamptz,
  PRIMARY KEY (source, id)
);
CREATE INDEX backlog_item_key ON backlog_item (source, key);
CREATE INDEX backlog_item_parent ON backlog_item (source, parent) WHERE parent IS NOT NULL;

-- Every key a record ever had; a move leaves the former one behind.
CREATE TABLE backlog_key (
  source text NOT NULL,
  key text NOT NULL,
  id text NOT NULL,
  PRIMARY KEY (source, key)
);
CREATE INDEX backlog_key_key ON backlog_key (key);

CREATE TABLE backlog_event (
  source text NOT NULL,
  item_id text NOT NULL,
  change_id text NOT NULL,
  position integer NOT NULL,
  at timestamptz NOT NULL,
  field text NOT NULL,
  author text,
  field_id text,
  from_value text,
  from_text text,
  to_value text,
  to_text text,
  PRIMARY KEY (source, item_id, change_id, position)
);

CREATE TABLE parked (
  source text NOT NULL,
  id text NOT NULL,
  reason text NOT NULL,
  raw bytea NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (source, id)
);

CREATE TABLE source_reference (
  source text NOT NULL,
  kind text NOT NULL,
  id text NOT NULL,
  key text,
  name text NOT NULL,
  active boolean NOT NULL,
  raw bytea NOT NULL,
  PRIMARY KEY (source, kind, id)
);

CREATE TABLE source_state (
  name text PRIMARY KEY,
  cursor bytea,
  last_success_at timestamptz,
  last_attempt_at timestamptz,
  trouble text
);

CREATE TABLE area_watermark (
  area text PRIMARY KEY,
  mark bigint NOT NULL CHECK (mark > 0)
);

CREATE TABLE api_token (
  name text PRIMARY KEY CHECK (name <> ''),
  scope text NOT NULL CHECK (scope IN ('read', 'write', 'admin')),
  digest bytea NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now(),
  revoked_at timestamptz
);
"""


def upgrade() -> None:
    for statement in (MODEL, *(_partition(kind) for kind in KINDS), ONE_ACCOUNTABLE, MIRROR):
        for part in statement.split(";\n"):
            if part.strip():
                op.execute(part)
    for part in APPEND_ONLY.split("\n\n"):
        function, _, trigger = part.partition("$$;\n")
        op.execute(f"{function}$$")
        op.execute(trigger)


def downgrade() -> None:
    raise RuntimeError("declared facts are never thrown away; restore a backup instead")


def _partition(kind: str) -> str:
    return f"CREATE TABLE fact_{kind} PARTITION OF fact FOR VALUES IN ('{kind}');\n"
