"""When each source was read completely, also before the last time; and rows about a lens are found by it."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

SUCCESSES = (
    """
    CREATE TABLE source_success (
      source text NOT NULL,
      at timestamptz NOT NULL,
      PRIMARY KEY (source, at)
    )
    """,
    """
    INSERT INTO source_success (source, at)
    SELECT name, last_success_at FROM source_state WHERE last_success_at IS NOT NULL
    """,
)
# Lenses, and what has a value on them, are about `lens:x` as well; of every other kind a row is about the same nodes as
# before.
NAMES = """
CREATE OR REPLACE FUNCTION fact_names(kind text, body jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN array_remove(CASE kind
  WHEN 'area' THEN ARRAY['area:' || (body ->> 'key')]
  WHEN 'person' THEN ARRAY['owner:' || (body ->> 'key')]
  WHEN 'team' THEN ARRAY['owner:' || (body ->> 'key')]
    || ARRAY(SELECT 'owner:' || member FROM jsonb_array_elements_text(body -> 'members') AS member)
  WHEN 'function' THEN ARRAY['function:' || (body ->> 'key')]
    || ARRAY(SELECT 'lens:' || (stands ->> 0) FROM jsonb_array_elements(body -> 'lenses') AS stands)
  WHEN 'responsibility' THEN ARRAY['responsibility:' || (body ->> 'key')] || split_names(body -> 'split')
    || ARRAY(SELECT 'lens:' || (stands ->> 0) FROM jsonb_array_elements(body -> 'lenses') AS stands)
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
  WHEN 'lens' THEN ARRAY['lens:' || (body ->> 'key')]
  WHEN 'minutes' THEN ARRAY['responsibility:' || (body ->> 'responsibility')]
  WHEN 'confirmation' THEN ARRAY['owner:' || (body ->> 'owner'), 'assignment:' || (body ->> 'assignment')]
END, NULL)
"""


def upgrade() -> None:
    for statement in SUCCESSES:
        op.execute(statement)
    op.execute("DROP INDEX fact_names")  # what it holds of rows with lenses would be wrong
    op.execute(NAMES)
    op.execute("CREATE INDEX fact_names ON fact USING gin (fact_names(kind, body)) WITH (fastupdate = off)")


def downgrade() -> None:
    raise RuntimeError("when a source was read is never thrown away; restore a backup instead")
