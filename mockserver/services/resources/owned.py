"""The resources that a call may act on."""

from __future__ import annotations

from mockserver.domain.call import Call
from mockserver.domain.resources import Resource
from mockserver.services.acting import calling_customer


def own_resource(call: Call, resource_id: str) -> Resource | None:
    """The calling customer's resource of that id; None for one that never was, or is somebody else's."""
    resource = call.sandbox.resources.get(resource_id)
    return resource if resource is not None and resource.customer_id == calling_customer(call).id else None
