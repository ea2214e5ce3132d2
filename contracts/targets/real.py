"""The vendor's service. Nothing here decides what may be sent: `contracts.guard` does, which alone holds one."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import requests
from requests import PreparedRequest, Response

from contracts.targets.control import kinds_of, known_of
from contracts.targets.profiles import Profile
from contracts.targets.remote import exchanged, session
from contracts.targets.signing import Principals
from contracts.targets.target import Controls, Unreachable
from mockserver.contract.documents import Json

AUTHORITIES = "SSL_CERT_FILE"
"""The variable that names a file of certificate authorities to trust, as everywhere."""


class Real(Principals):
    """The service that a profile leads to. Its state cannot be seen, nor can it be reset."""

    name = "real"
    removed = False
    controls: Controls | None = None

    def __init__(self, profile: Profile, customers: Sequence[str] = ()) -> None:
        """`customers` are ids of accounts that a run may name: customers, and the reseller of the profile."""
        super().__init__(profile.credentials)
        self.site = profile.site
        self.base_url = profile.endpoint
        self.iam_url = profile.iam_endpoint
        self.kinds = kinds_of(profile.credentials)
        self.known = known_of(profile.credentials)
        self.known |= _named(customers, profile.credentials.get("reseller", {}).get("domain_id"))
        self._session = session()
        self._session.verify = os.environ.get(AUTHORITIES) or True

    def send(self, request: PreparedRequest) -> Response:
        return exchanged(self._session, request)

    def reach(self) -> None:
        """Raises `Unreachable` if nothing answers at the endpoint; asks for no operation."""
        try:
            self._session.head(self.base_url, timeout=10, allow_redirects=False)
        except requests.RequestException as error:
            raise Unreachable(f"nothing answers at {self.base_url}: {type(error).__name__}") from None

    def reset(self) -> None:
        pass

    def state(self) -> Any:
        return None

    def close(self) -> None:
        self._session.close()


def _named(accounts: Sequence[str], reseller: str | None) -> dict[str, Json]:
    """The ids of these accounts as values of fields."""
    known: dict[str, Json] = {}
    if reseller in accounts:
        known |= {"indirect_partner_id": reseller, "indirect_partner_ids": [reseller]}
    if customers := [one for one in accounts if one != reseller]:
        known |= {"customer_id": customers[0], "customerId": customers[0], "customer_ids": customers}
    return known
