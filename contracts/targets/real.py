"""The vendor's service. Nothing here decides what may be sent: `contracts.guard` does, which alone holds one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import requests
from requests import PreparedRequest, Response

from contracts.targets.control import kinds_of, known_of
from contracts.targets.profiles import Profile
from contracts.targets.remote import exchanged, session
from contracts.targets.signing import Principals
from contracts.targets.target import Controls, Unreachable


class Real(Principals):
    """The service that a profile leads to. Its state cannot be seen, nor can it be reset."""

    name = "real"
    removed = False
    controls: Controls | None = None

    def __init__(self, profile: Profile, customers: Sequence[str] = ()) -> None:
        """`customers` are ids of customers that a run may name."""
        super().__init__(profile.credentials)
        self.site = profile.site
        self.base_url = profile.endpoint
        self.iam_url = profile.iam_endpoint
        self.kinds = kinds_of(profile.credentials)
        self.known = known_of(profile.credentials)
        if customers:
            self.known |= {"customer_id": customers[0], "customerId": customers[0], "customer_ids": list(customers)}
        self._session = session()

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
