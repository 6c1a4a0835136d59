"""How a site that answers in JSON is asked: address, credentials, pages, single records, what signs its webhooks."""

import re
from enum import StrEnum
from typing import Self

from pydantic import Field, SecretStr, field_validator, model_validator

from remit_integrations.feedback.declared import path_of
from remit_integrations.feedback.settings import Address
from remit_integrations.feedback.shape_settings import ShapeSettings


class Paging(StrEnum):
    """How a site tells where the next page is."""

    NONE = "none"
    LINK = "link"
    CURSOR = "cursor"
    PAGE = "page"
    OFFSET = "offset"


class Scheme(StrEnum):
    """How a delivery is signed: an HMAC over its raw body."""

    SHA256_HEX = "sha256-hex"
    SHA1_HEX = "sha1-hex"
    SHA256_BASE64 = "sha256-base64"


class JsonSettings(ShapeSettings):
    """`REMIT_JSON_...`: the site, and how its answers are to be read."""

    url: Address
    path: str = "/"
    """Of the list of records; with a query, if it takes one."""
    header: str = "Authorization"
    credentials: SecretStr | None = None
    """What that header says, for example `Bearer ...`."""
    items: str = ""
    """Where the records are in an answer; empty where the answer itself is the list."""
    paging: Paging = Paging.NONE
    cursor: str = ""
    """With the paging `cursor`: where an answer tells the next one."""
    parameter: str = ""
    """What the cursor, the page's number or the offset is called in a request."""
    first_page: int = Field(default=1, ge=0, le=1)
    since_parameter: str = ""
    """What takes an instant, since which records changed; empty: everything is read each time."""
    item_path: str = ""
    """Of one record, with `{id}`; empty: what a delivery hints at comes with the next reading."""
    webhook_secret: SecretStr | None = None
    webhook_secret_before: SecretStr | None = None
    webhook_header: str = "x-hub-signature-256"
    webhook_scheme: Scheme = Scheme.SHA256_HEX
    webhook_id: str = "id"
    """Where a delivery tells the record's id."""
    requests_per_second: float = Field(default=2, gt=0, le=1000)

    @field_validator("items", "cursor", "webhook_id")
    @classmethod
    def _can_lead_somewhere(cls, told: str) -> str:
        path_of(told)
        return told

    @field_validator("path", "item_path")
    @classmethod
    def _is_a_path(cls, told: str) -> str:
        if told and not re.fullmatch(r"/[^\s#]*", told):
            raise ValueError("write a path that begins with a slash, for example /api/posts?sort=updated")
        return told

    @field_validator("credentials", "webhook_secret", "webhook_secret_before")
    @classmethod
    def _can_be_sent(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret is not None and not re.fullmatch(r"[!-~]+( [!-~]+)*", secret.get_secret_value()):
            raise ValueError("write it without line breaks and letters beyond ASCII")
        return secret

    @field_validator("header", "webhook_header")
    @classmethod
    def _is_a_header(cls, name: str) -> str:
        if not re.fullmatch(r"[A-Za-z0-9-]+", name):
            raise ValueError("write the name of a header, for example X-Api-Key")
        return name

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.paging in (Paging.CURSOR, Paging.PAGE, Paging.OFFSET) and not self.parameter:
            raise ValueError(f"paging by {self.paging} takes REMIT_JSON_PARAMETER, what a request calls it")
        if self.paging is Paging.CURSOR and not self.cursor:
            raise ValueError("paging by cursor takes REMIT_JSON_CURSOR, where an answer tells the next one")
        if self.item_path and "{id}" not in self.item_path:
            raise ValueError("REMIT_JSON_ITEM_PATH takes {id}, in place of which the record's id is put")
        return self
