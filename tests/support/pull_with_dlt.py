"""Pulls a Jira backlog into PostgreSQL with dlt's REST source: what a ready-made tool does.

The program is a text, since it runs in an environment of its own, which holds dlt. It prints what was used. Issues
become one table, with no tables for the lists in them; there are no histories.
"""

PROGRAM = """
import sys
import tempfile

import dlt
from dlt.sources.rest_api import rest_api_source

from support.used import Used

QUERY = 'updated >= "1970/01/02 00:00" ORDER BY key ASC'

def pulled(url: str, email: str, token: str, fields: str, host: str, database: str) -> str:
    source = rest_api_source(
        {
            "client": {
                "base_url": url,
                "auth": {"type": "http_basic", "username": email, "password": token},
                "paginator": {"type": "cursor", "cursor_path": "nextPageToken", "cursor_body_path": "nextPageToken"},
            },
            "resources": [
                {
                    "name": "issues",
                    "primary_key": "id",
                    "write_disposition": "merge",
                    "max_table_nesting": 0,
                    "endpoint": {
                        "path": "rest/api/3/search/jql",
                        "method": "POST",
                        "json": {"jql": QUERY, "maxResults": 100, "fields": fields.split(",")},
                        "data_selector": "issues",
                    },
                }
            ],
        }
    )
    at = {"host": "localhost", "query": {"host": host}, "database": database, "username": "postgres", "password": "-"}
    with tempfile.TemporaryDirectory() as home:
        into = dlt.destinations.postgres(at)
        pipeline = dlt.pipeline("backlog", pipelines_dir=home, destination=into, dataset_name="backlog")
        with Used() as used:
            pipeline.run(source)
        return used.told(pipeline.last_trace.last_normalize_info.row_counts["issues"])

if __name__ == "__main__":
    sys.stdout.write(pulled(*sys.argv[1:]))
"""
