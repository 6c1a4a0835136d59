"""The history of a node: an index from each node to the facts that are about it."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Which nodes a fact is about, as `area:shop`, `owner:ana` (people and teams share one namespace, R2), `function:x` or
# `responsibility:x`. A delegation without an area is about whatever is the root: `root:`.
NAMES = """
CREATE FUNCTION fact_names(kind text, body jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN array_remove(CASE kind
  WHEN 'area' THEN ARRAY['area:' || (body ->> 'key')]
  WHEN 'person' THEN ARRAY['owner:' || (body ->> 'key')]
  WHEN 'team' THEN ARRAY['owner:' || (body ->> 'key')]
    || ARRAY(SELECT 'owner:' || member FROM jsonb_array_elements_text(body -> 'members') AS member)
  WHEN 'function' THEN ARRAY['function:' || (body ->> 'key')]
  WHEN 'responsibility' THEN ARRAY['responsibility:' || (body ->> 'key')] || split_names(body -> 'split')
  WHEN 'rule' THEN ARRAY['area:' || (body ->> 'area'), 'responsibility:' || (body ->> 'responsibility')]
    || split_names(body -> 'split')
  WHEN 'assignment' THEN ARRAY[
    'area:' || (body ->> 'area'), 'responsibility:' || (body ->> 'responsibility'), 'owner:' || (body ->> 'owner')]
  WHEN 'agreement' THEN ARRAY[
    'area:' || (body ->> 'area'), 'responsibility:' || (body ->> 'responsibility'), 'function:' || (body ->> 'lead')]
    || ARRAY(SELECT 'function:' || consulted FROM jsonb_array_elements_text(body -> 'consulted') AS consulted)
  WHEN 'delegation' THEN ARRAY[
    coalesce('area:' || (body ->> 'area'), 'root:'), 'owner:' || (body ->> 'from_person'),
    'owner:' || (body ->> 'to_person')]
    || ARRAY(SELECT 'responsibility:' || named FROM jsonb_array_elements_text(body -> 'responsibilities') AS named)
  WHEN 'confirmation' THEN ARRAY['owner:' || (body ->> 'owner'), 'assignment:' || (body ->> 'assignment')]
END, NULL)
"""
SPLIT_NAMES = """
CREATE FUNCTION split_names(split jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE jsonb_typeof(split) WHEN 'object' THEN ARRAY['function:' || (split ->> 'lead')]
  || ARRAY(SELECT 'function:' || (supporting ->> 0) FROM jsonb_array_elements(split -> 'support') AS supporting)
END
"""


def upgrade() -> None:
    op.execute(SPLIT_NAMES)
    op.execute(NAMES)
    op.execute("CREATE INDEX fact_names ON fact USING gin (fact_names(kind, body)) WITH (fastupdate = off)")


def downgrade() -> None:
    op.execute("DROP INDEX fact_names")
    op.execute("DROP FUNCTION fact_names(text, jsonb)")
    op.execute("DROP FUNCTION split_names(jsonb)")
