"""Whether a delivery is from Jira, by the token that the webhooks of an app carry."""

from collections.abc import Callable, Mapping

import jwt

SCHEME = "bearer "
SKEW_S = 60
"""How far our clock may be from the vendor's."""


def signed_for_app(client_secret: str) -> Callable[[Mapping[str, str], bytes], bool]:
    """Good are deliveries with a token that the app's secret has signed and that has not run out.

    That is all that is documented (Atlassian: webhooks, 2026-01): the algorithm is the one seen in practice, the claims
    are not told, so none but the times is looked at. The token does not vouch for the body; what a body says is only a
    hint, and what it hints at is read from Jira.
    """

    def proof(headers: Mapping[str, str], body: bytes) -> bool:
        told = headers.get("authorization", "")
        if not told.lower().startswith(SCHEME):
            return False
        try:
            jwt.decode(
                told[len(SCHEME) :].strip(),
                client_secret,
                algorithms=["HS256"],  # pinned: the token's own word is not taken for it
                options={"require": ["exp"], "verify_aud": False, "verify_sub": False, "verify_jti": False},
                leeway=SKEW_S,
            )
        except (jwt.PyJWTError, ValueError, RecursionError):  # a head nested deeply is read before it is verified
            return False
        return True

    return proof
