"""Which site of Jira is read, with which account, and what of it: `REMIT_JIRA_...`."""

import re
from itertools import accumulate

from pydantic import BaseModel, Field, SecretStr, field_validator

from remit.domain.ids import SourceName
from remit.domain.records import normalised

NAME = SourceName("jira")


AUTHORISATION_URL = "https://auth.atlassian.com"
"""Where an app's tokens are renewed."""


class JiraSettings(BaseModel):
    """`REMIT_JIRA_...`: the site, an account with a token or an app, and what to mirror.

    An e-mail address and a token are an account of the Cloud, a token alone is one of a Data Center; a client id, its
    secret and a refresh token are an app.
    """

    url: str
    email: str | None = None
    token: SecretStr | None = None
    client_id: str | None = None
    client_secret: SecretStr | None = None
    refresh_token: SecretStr | None = None
    authorisation_url: str = AUTHORISATION_URL
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    webhook_secret_before: SecretStr | None = None
    """Also good, while the webhook's secret is being changed."""
    jql: str = ""
    team_field: str | None = None
    feedback_types: str = ""
    """The types of issue that are requests of customers, separated by commas."""
    requests_per_second: float = Field(default=40, gt=0, le=10_000)
    """Of all processes together; the vendor's 100 a second are shared with every other app of the site."""

    @property
    def is_app(self) -> bool:
        """Whether an app reads, and not an account of its own."""
        return self.client_id is not None

    @property
    def requests(self) -> frozenset[str]:
        """The types of issue that are feedback as well."""
        return frozenset(normalised(told) for told in self.feedback_types.split(",") if told.strip())

    @field_validator("url")
    @classmethod
    def _is_a_site(cls, url: str) -> str:
        if not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", url):
            raise ValueError("write the site's address, for example https://acme.atlassian.net")
        return url.rstrip("/")

    @field_validator("authorisation_url", "webhook_url")
    @classmethod
    def _is_an_address(cls, url: str | None) -> str | None:
        if url is not None and not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", url):
            raise ValueError("write an address without a user, a question mark or a fragment")
        return url.rstrip("/") if url is not None else None

    @field_validator("token", "client_secret", "refresh_token")
    @classmethod
    def _can_be_sent(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and not re.fullmatch(r"[!-~]+", secret.get_secret_value()):
            raise ValueError("write it without spaces, line breaks and letters beyond ASCII, as it was given out")
        return secret

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
