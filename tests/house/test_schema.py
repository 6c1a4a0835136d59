"""The committed schema is what the code says."""

from remit_graphql.print_schema import printed
from support.repository import ROOT


def test_the_committed_schema_is_the_printed_one() -> None:
    assert (ROOT / "graphql" / "schema.graphql").read_text(encoding="utf-8") == printed()
