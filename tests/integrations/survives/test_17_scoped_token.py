"""17. A token with scopes is good at the gateway only. The mistake: to ask the site, and not to say why it refuses."""

import pytest
from pydantic import SecretStr

from remit.domain.errors import Rejected
from support.jira_site import Served, a_site, keys, many, served

SCOPED = "a-token-with-scopes"


async def test_it_reads_through_the_gateway() -> None:
    site = a_site(*many(2), scoped_token=SCOPED)
    async with served(site) as jira:
        gateway = Served(site, f"{jira.url}/ex/jira/{site.cloud_id}")
        assert keys(await gateway.pages(token=SecretStr(SCOPED))) == ["SHOP-1", "SHOP-2"]


async def test_refused_by_the_site_it_is_told_the_very_address_to_set() -> None:
    site = a_site(*many(1), scoped_token=SCOPED)
    async with served(site) as jira:
        with pytest.raises(Rejected) as caught:
            await jira.pages(token=SecretStr(SCOPED))
    assert caught.value.message == (
        "Jira does not accept the credentials (401 to GET /rest/api/3/myself); "
        "check REMIT_JIRA_URL, REMIT_JIRA_EMAIL and REMIT_JIRA_TOKEN (a token with scopes, or an app, is let in at "
        f"https://api.atlassian.com/ex/jira/{site.cloud_id} only: then set REMIT_JIRA_URL to that; "
        "an API token lives for a year at most)"
    )


async def test_refused_by_the_gateway_a_token_without_scopes_is_told_where_it_is_good() -> None:
    site = a_site(*many(1), scoped_token=SCOPED)
    async with served(site) as jira:
        gateway = Served(site, f"{jira.url}/ex/jira/{site.cloud_id}")
        with pytest.raises(Rejected, match="a token without scopes is good for the site's own address only"):
            await gateway.pages()
