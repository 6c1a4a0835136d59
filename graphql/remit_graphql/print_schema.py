"""Prints the schema into a file: python -m remit_graphql.print_schema FILE."""

import sys
from pathlib import Path

from remit_graphql.schema import schema


def printed() -> str:
    """The schema in the definition language, as committed."""
    return schema().as_str() + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(printed(), encoding="utf-8")
