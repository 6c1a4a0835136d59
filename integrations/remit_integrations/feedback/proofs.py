"""Whether a delivery is from the vendor: an HMAC over its bytes, compared in constant time, before anything is read."""

import base64
import hmac
import re
from collections.abc import Callable, Mapping
from hashlib import sha256

from pydantic import SecretStr

from remit.domain.arrivals import Arrival, Hint
from remit.domain.errors import Forbidden, Invalid
from remit.domain.ids import SourceName
from remit_integrations.decoding import UNDECODABLE
from remit_integrations.keeping import HINTS
from remit_integrations.source import Read

Proof = Callable[[Mapping[str, str], bytes], bool]
_IDENTIFIER = re.compile(r"[!-~]{1,200}")


def hex_hmac(header: str, algorithm: str, *secrets: SecretStr | None) -> Proof:
    """Good is `header: algorithm=hex` over the raw body, by any of these secrets: two while one is being changed."""

    def proof(headers: Mapping[str, str], body: bytes) -> bool:
        wanted = [f"{algorithm}={hmac.new(key, body, algorithm).hexdigest()}" for key in _keys(secrets)]
        return _among(headers.get(header, ""), wanted)

    return proof


def base64_hmac(header: str, *secrets: SecretStr | None) -> Proof:
    """Good is `header: base64` of an HMAC with SHA-256 over the raw body, by any of these secrets."""

    def proof(headers: Mapping[str, str], body: bytes) -> bool:
        wanted = [base64.b64encode(hmac.new(key, body, sha256).digest()).decode() for key in _keys(secrets)]
        return _among(headers.get(header, ""), wanted)

    return proof


def timed_hmac(header: str, stamp: str, *secrets: SecretStr | None) -> Proof:
    """Good is base64 of an HMAC with SHA-256 over the header `stamp`, directly followed by the raw body."""

    def proof(headers: Mapping[str, str], body: bytes) -> bool:
        signed = headers.get(stamp, "").encode(errors="replace") + body
        wanted = [base64.b64encode(hmac.new(key, signed, sha256).digest()).decode() for key in _keys(secrets)]
        return _among(headers.get(header, ""), wanted)

    return proof


def reading(
    source: SourceName, setting: str, proof: Proof, hint: Callable[[Mapping[str, str], bytes], Hint], identifier: str
) -> Read:
    """Reads deliveries that satisfy the proof, and looks at nothing of the others.

    `setting` names the secret's variable, `identifier` the header that is the same over the retries of a delivery.
    """

    def read(headers: Mapping[str, str], body: bytes) -> Arrival:
        if not proof(headers, body):
            raise Forbidden(
                f"this delivery is not signed, or with another secret than {setting}; give the webhook the same secret"
            )
        try:
            told = hint(headers, body)
        except UNDECODABLE as wrong:
            raise Invalid(f"this delivery cannot be read ({wrong}); it is to be a JSON object in UTF-8") from wrong
        named = headers.get(identifier, "")
        name = named if _IDENTIFIER.fullmatch(named) else f"sha256-{sha256(body).hexdigest()}"
        return Arrival(source, name, told, HINTS.payload(body))

    return read


def _keys(secrets: tuple[SecretStr | None, ...]) -> list[bytes]:
    return [secret.get_secret_value().encode() for secret in secrets if secret is not None]


def _among(told: str, wanted: list[str]) -> bool:
    """Each is compared, in constant time, and none left out."""
    return True in [hmac.compare_digest(told.encode(errors="replace"), one.encode()) for one in wanted]
