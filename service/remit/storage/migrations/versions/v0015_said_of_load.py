"""Limits of signals, absences and preferences as declared facts, each part of the history of whom it is about."""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

# Of every kind there was, a row is about the same nodes as before, so that the index of them stays right.
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
  WHEN 'threshold' THEN ARRAY[
    coalesce('area:' || (body ->> 'area'), CASE WHEN body ->> 'person' IS NULL THEN 'root:' END),
    'owner:' || (body ->> 'person')]
  WHEN 'absence' THEN ARRAY['owner:' || (body ->> 'person')]
  WHEN 'preference' THEN ARRAY['owner:' || (body ->> 'person'), 'responsibility:' || (body ->> 'responsibility')]
  WHEN 'confirmation' THEN ARRAY['owner:' || (body ->> 'owner'), 'assignment:' || (body ->> 'assignment')]
END, NULL)
"""


def upgrade() -> None:
    for kind in ("threshold", "absence", "preference"):
        op.execute(f"CREATE TABLE fact_{kind} PARTITION OF fact FOR VALUES IN ('{kind}')")
    op.execute(NAMES)


def downgrade() -> None:
    raise RuntimeError("declared facts are never thrown away; restore a backup instead")
