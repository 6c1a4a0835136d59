"""Which site of Jira is read, with which account, and what of it: `REMIT_JIRA_...`."""

import re
from itertools import accumulate

from pydantic import BaseModel, SecretStr, field_validator

from remit.domain.ids import SourceName

NAME = SourceName("jira")


class JiraSettings(BaseModel):
    """`REMIT_JIRA_...`: the site, an account with an API token, and what to mirror."""

    url: str
    email: str | None = None
    token: SecretStr | None = None
    jql: str = ""
    team_field: str | None = None

    @field_validator("url")
    @classmethod
    def _is_a_site(cls, url: str) -> str:
        if not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", url):
            raise ValueError("write the site's address, for example https://acme.atlassian.net")
        return url.rstrip("/")

    @field_validator("team_field")
    @classmethod
    def _is_a_custom_field(cls, name: str | None) -> str | None:
        if name is not None and not re.fullmatch(r"customfield_[0-9]+", name):
            raise ValueError("write the id of a custom field, for example customfield_10001")
        return name

    @field_validator("jql")
    @classmethod
    def _restricts_only(cls, narrowed: str) -> str:
        bare = re.sub(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'', "", narrowed)
        if re.search(r"\border\s+by\b", bare, re.IGNORECASE):
            raise ValueError("leave out ORDER BY; only say which issues to mirror")
        depths = list(accumulate({"(": 1, ")": -1}.get(character, 0) for character in bare))
        if {'"', "'"} & set(bare) or (depths and (min(depths) < 0 or depths[-1] != 0)):
            raise ValueError("close every quote and every parenthesis")
        return narrowed.strip()
