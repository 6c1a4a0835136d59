"""Pulls a Jira backlog with a plain loop that only downloads and decodes, and keeps nothing.

Run as a program; prints what was used.
"""

import sys

import httpx

from support.used import Used

QUERY = 'updated >= "1970/01/02 00:00" ORDER BY key ASC'


def pulled(url: str, email: str, token: str, fields: str) -> int:
    """How many issues came."""
    asked: dict[str, object] = {"jql": QUERY, "maxResults": 100, "fields": fields.split(",")}
    seen = 0
    with httpx.Client(base_url=url, auth=(email, token)) as client:
        while True:
            told = client.post("/rest/api/3/search/jql", json=asked).raise_for_status().json()
            seen += len(told["issues"])
            if "nextPageToken" not in told:
                return seen
            asked["nextPageToken"] = told["nextPageToken"]


if __name__ == "__main__":
    with Used() as used:
        rows = pulled(*sys.argv[1:])
    sys.stdout.write(used.told(rows))
