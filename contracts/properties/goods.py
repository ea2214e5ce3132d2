"""What the populated world buys and uses: products of the reference catalogue."""

from __future__ import annotations

from typing import Any

REGION = {"cn": "cn-north-4", "intl": "ap-southeast-1"}
SERVER = {"service": "hws.service.type.ec2", "resource": "hws.resource.type.vm", "spec": "s6.small.1.linux"}
SERVICES = {"obs": "obs", "cdn": "cdn", "s6": "ec2"}
RESOURCES = {"obs": "obs", "cdn": "cdn", "s6": "vm"}


def good(site: str, spec: str) -> dict[str, Any]:
    """The four keys of a product."""
    family = spec.partition(".")[0]
    return {
        "service": f"hws.service.type.{SERVICES[family]}",
        "resource": f"hws.resource.type.{RESOURCES[family]}",
        "spec": spec,
        "region": REGION[site],
    }


def disk(site: str) -> dict[str, Any]:
    """A linear product, with a size."""
    keys = {"service": "hws.service.type.ebs", "resource": "hws.resource.type.volume", "spec": "SSD"}
    return {**keys, "region": REGION[site], "size": 40}
