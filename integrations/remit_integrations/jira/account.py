"""Who reads Jira: an account of the Cloud, one of a Data Center, or an app; and what to do when it is not let in."""

from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from remit.domain.errors import Invalid, SourceTrouble
from remit_integrations.authorisation import Authorisation, Basic, Bearer
from remit_integrations.http import Caller
from remit_integrations.jira.oauth import RENEWALS_PER_SECOND, Access, App, Entering
from remit_integrations.jira.settings import NAME, JiraSettings
from remit_integrations.source import Shared
from remit_integrations.waits import Patience

ADDRESS = "REMIT_JIRA_URL"
ACCOUNT = "REMIT_JIRA_EMAIL and REMIT_JIRA_TOKEN"
APP = "REMIT_JIRA_CLIENT_ID, REMIT_JIRA_CLIENT_SECRET and REMIT_JIRA_REFRESH_TOKEN"
GATEWAY = "/ex/jira/"
"""How the address goes on, after https://api.atlassian.com, where apps and tokens with scopes are let in."""
SCOPES = "read:jira-work and read:jira-user"


class Tenant(Struct, rename="camel"):
    cloud_id: str | None = None


def checked(settings: JiraSettings) -> str:
    """The names of the variables to look at, the address first; raises Invalid unless they tell a known account."""
    app = (settings.client_id, settings.client_secret, settings.refresh_token)
    account = (settings.email, settings.token)
    if any(app) and any(account):
        raise Invalid(f"Jira is read by an account or by an app, not by both; leave out {ACCOUNT}, or {APP}")
    if any(app):
        if not all(app):
            raise Invalid(f"an app that reads Jira needs {APP}, all three")
        return f"{ADDRESS}, {APP}"
    if settings.webhook_url is not None:
        raise Invalid("only an app registers its webhooks by itself; leave out REMIT_JIRA_WEBHOOK_URL")
    if settings.token is None:
        raise Invalid(
            f"the Jira source needs {ACCOUNT} beside {ADDRESS}; docs/sources.md tells of other accounts and of apps"
        )
    if settings.email is not None:
        return f"{ADDRESS}, {ACCOUNT}"
    if (urlsplit(settings.url).hostname or "").endswith(".atlassian.net"):
        raise Invalid(f"{ACCOUNT} belong together: a site of the Cloud takes no token alone")
    return f"{ADDRESS} and REMIT_JIRA_TOKEN"


def authorisation(settings: JiraSettings, shared: Shared, patience: Patience | None = None) -> Authorisation:
    """How requests to the site are signed; raises Invalid like `checked`, and when an app's tokens cannot be kept."""
    checked(settings)
    if settings.token is not None:
        token = settings.token.get_secret_value()
        return Basic(settings.email, token) if settings.email is not None else Bearer(token)
    if shared.vault is None:
        raise Invalid("the tokens of an app are kept encrypted; set REMIT_SECRET_KEY as docs/settings.md tells")
    server, paces = settings.authorisation_url, shared.paces
    pace = paces.of(server, per_second=RENEWALS_PER_SECOND) if paces is not None else None
    return Entering(Access(_app(settings), NAME, shared.vault, patience, pace=pace))


def _app(settings: JiraSettings) -> App:
    secret, first = settings.client_secret, settings.refresh_token
    if settings.client_id is None or secret is None or first is None:
        raise Invalid(f"an app that reads Jira needs {APP}, all three")
    return App(settings.client_id, secret, first, settings.authorisation_url)


async def advice(call: Caller) -> str:
    """What to do about a refusal of the credentials (401), by who asked and where."""
    auth, path = call.client.auth, call.client.base_url.path
    if path.startswith(GATEWAY):
        if isinstance(auth, Entering):
            return f"the app needs the scopes {SCOPES}, and the consent of an account that may enter this site"
        return f"a token without scopes is good for the site's own address only, one with scopes needs {SCOPES}"
    cloud_id = await tenant(call)
    if cloud_id is not None:
        return (
            f"a token with scopes, or an app, is let in at https://api.atlassian.com{GATEWAY}{cloud_id} only: then set "
            f"{ADDRESS} to that; an API token lives for a year at most"
        )
    if isinstance(auth, Basic):
        return "a Data Center takes a personal access token in REMIT_JIRA_TOKEN, without REMIT_JIRA_EMAIL"
    return "a personal access token runs out and can be revoked; make another one in its account's profile"


async def tenant(call: Caller) -> str | None:
    """The site's cloud id, which anybody may ask for; None for what is no site of the Cloud, or does not tell."""
    try:
        told = msgspec.json.decode(await call.get("/_edge/tenant_info"), type=Tenant)
    except (SourceTrouble, msgspec.MsgspecError, UnicodeDecodeError):
        return None  # it is asked only to say more about another trouble, which is told in any case
    return told.cloud_id or None
