"""A partner's platform: the SDK's client with the partner's key, and for a customer's calls the customer's token."""

from __future__ import annotations

import json
from types import ModuleType
from typing import Any

from huaweicloudsdkbss import v2 as china
from huaweicloudsdkbssintl import v2 as international

from tests.driver import World
from tests.sdk.conftest import Connect

MODELS: dict[str, ModuleType] = {"cn": china, "intl": international}


def customer_token(world: World, partner: str, customer: str) -> str:
    """The token with which a partner takes on its customer's identity: the agency is named after its platform."""
    domain, agency = world.credentials[customer]["domain_name"], world.credentials[partner]["xaccount_type"]
    role = {"domain_name": domain, "agency_name": agency}
    auth = {"identity": {"methods": ["assume_role"], "assume_role": role}}
    headers = {"Content-Type": "application/json", "X-Auth-Token": world.token(partner)}
    answer = world.transport("POST", "/v3/auth/tokens", headers, json.dumps({"auth": auth}).encode())
    return answer.ok.headers["x-subject-token"]


class Platform:
    """Calls in the partner's own name, and in its customer's. Operations go by the names of the SDK's methods."""

    def __init__(self, world: World, connect: Connect, partner: str = "solution_provider") -> None:
        self.world = world
        self.models = MODELS[world.site]
        self._client = connect(world, partner)
        self._token = customer_token(world, partner, "customer")

    def partner(self, operation: str, body: Any = None, /, **parameters: Any) -> Any:
        return getattr(self._client, operation)(self._request(operation, body, parameters))

    def customer(self, operation: str, body: Any = None, /, **parameters: Any) -> Any:
        """A call that only a customer may make: signed by the partner, with the customer's token."""
        invoker = getattr(self._client, f"{operation}_invoker")(self._request(operation, body, parameters))
        return invoker.add_header("X-Auth-Token", self._token).invoke()

    def _request(self, operation: str, body: Any, parameters: dict[str, Any]) -> Any:
        """The request model, whose body is the model that the SDK names for it."""
        name = "".join(word.capitalize() for word in operation.split("_"))
        model = getattr(self.models, f"{name}Request")
        if body is not None:
            parameters["body"] = getattr(self.models, model.openapi_types["body"])(**body)
        return model(**parameters)
