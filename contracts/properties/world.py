"""A populated world for the properties: enough of everything, on several days, that a wrong list shows.

It is made through the control API and through calls, from a reset sandbox, and is the same each time. A step that the
target refuses, an older emulator say, is noted and left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from contracts.events import ExchangeSent
from contracts.phases.running import Run
from contracts.properties.goods import REGION, SERVER, disk, good
from contracts.targets.target import Controls, ControlsFailed, TargetError

PARTNER, DISTRIBUTOR, RESELLER = "demo-partner", "demo-distributor", "demo-reseller"
CUSTOMER, REFERRAL, RESOLD = "demo-customer", "demo-referral", "demo-reseller-customer"
LABELS = ("demo", "North-East", "north", "")
VALIDITIES = (("P0D", "P1Y"), ("P3D", "P2M"), ("-P1M", "P2D"))
"""Of coupons and quotas: from when to when."""
SERVICES = ["hws.service.type.ec2", "hws.service.type.ebs", "hws.service.type.obs"]
"""What discounts and restricted coupons are for."""
LIMITS = [{"limit_key": "regionCode", "limit_values": [["cn-north-4", ""], ["ap-southeast-1", ""]]}]
"""What restricted coupons may be used for: anything in a region of either site."""

POPULATED = "populated"
"""The name of the kept world."""

Step = Callable[["World"], None]


class Refused(Exception):
    """A call that the world needs was not answered."""


class World:
    """What is placed and called, one after the other."""

    def __init__(self, run: Run, controls: Controls) -> None:
        self._run = run
        self._controls = controls
        self.site = run.target.site
        self.refused: list[str] = []
        """The steps that the target would not take, with the reason."""

    def take(self, step: Step) -> None:
        """Go a step as far as the target lets it."""
        try:
            step(self)
        except ControlsFailed:
            raise
        except (TargetError, Refused) as error:
            self.refused.append(f"{step.__name__}: {error}")

    def place(self, kind: str, /, **fields: Any) -> Any:
        """What is placed. Raises `TargetError`."""
        return self._controls.place(kind, **{name: value for name, value in fields.items() if value is not None})

    def call(self, operation: str, body: Any, kind: str = "solution_provider", **parameters: str) -> Any:
        """The body of the answer; empty if the site has no such operation. Raises `Refused`."""
        one = self._run.contract.operations[operation]
        if self.site not in one.sites:
            return {}
        sent = self._run.send("populate", self._run.request(one, body, parameters), kind)
        if isinstance(sent, ExchangeSent) and sent.answer.response.ok:
            return sent.answer.body or {}
        raise Refused(f"{operation}: {sent.answer.row if isinstance(sent, ExchangeSent) else sent.reason}")

    def id(self, name: str) -> str:
        """The account id of a credential."""
        return self._controls.credentials[name]["domain_id"]

    def look(self, kind: str, /, **filters: str) -> list[dict[str, Any]]:
        return self._controls.look(kind, **filters)

    def wait(self, duration: str) -> None:
        self._controls.advance(duration)


def populated(run: Run) -> None:
    """Take the target to a state with enough of everything, where it can be controlled; made once for each target."""
    if run.go_back(POPULATED):
        return
    run.restart()
    if populate(run) is not None and run.target.controls is not None:
        run.target.controls.keep(POPULATED)
    run.go_back(POPULATED)


def populate(run: Run) -> World | None:
    """Fill the target; None where it cannot be controlled."""
    if run.target.controls is None:
        return None
    world = World(run, run.target.controls)
    world.place("settings", usage_settlement_hours=24)
    for step in STEPS:
        world.take(step)
        world.wait("PT7H30M")
    return world


def _customers(world: World) -> None:
    """Of both associations, with labels and names of any case, one of them a reseller's."""
    for number in range(12):
        authenticated = number < 4
        world.place(
            "customers",
            name=f"{('world', 'World')[number % 2]}_customer_{number:02d}",
            partner=RESELLER if number % 6 == 5 else PARTNER,
            association=("referral", "partner_paid")[number % 2],
            associated=f"-P{number // 2 + 1}M",
            label=LABELS[number % 4],
            realname=f"Firm {number} Ltd" if authenticated else None,
            customer_type=number % 2,
            verified_status=2 if authenticated else -1,
            mobile=f"139000000{number:02d}",
            new_customer_tag="Y" if number == 2 else None,
        )


def _money(world: World) -> None:
    """Top-ups, credit, allocations, and what comes back of them."""
    for number, account in enumerate((PARTNER, REFERRAL, REFERRAL, DISTRIBUTOR)):
        world.place("top_ups", account=account, amount=f"30{number}.25", channel="5", channel_number=f"WX{number}")
    world.place("credit_lines", account=PARTNER, amount="25000")
    if world.site == "cn":
        world.place("withdrawals", account=REFERRAL, amount="3.30")
    customer = world.id("customer")
    for amount in (120, 33.35, 9000, *range(1, 8)):
        world.call("UpdateCustomerAccountAmount", {"customer_id": customer, "amount": amount})
    for amount in (1, 2.5):
        world.call("ReclaimToPartnerAccount", {"customer_id": customer, "amount": amount})


def _resellers(world: World) -> None:
    """More than one, with money and quotas of their distributor."""
    for number in range(11):
        name = f"World_reseller_{number}"
        world.place("partners", name=name, kind="reseller", distributor=DISTRIBUTOR, associated=f"-P{number + 1}M")
    reseller = {"indirect_partner_id": world.id("reseller")}
    for amount in (500, 20.2):
        world.call("UpdateIndirectPartnerAccount", {**reseller, "amount": amount}, "distributor")
    world.call("ReclaimIndirectPartnerAccount", {**reseller, "amount": 3}, "distributor")
    for amount in (50, 75):
        body = {"customer_id": world.id("reseller_customer"), "amount": amount, **reseller}
        world.call("UpdateCustomerAccountAmount", body, "distributor")


def _quotas(world: World) -> None:
    """Of both types, valid at several times, in several states; some of them a reseller's."""
    for effective, expires in VALIDITIES:
        for kind in ("voucher", "flexi"):
            validity = {"effective": effective, "expires": expires}
            world.place("quotas", partner=PARTNER, amount="5000", type=kind, validity=validity)
            world.wait("PT1M")
    frozen = world.place("quotas", partner=PARTNER, amount="10")
    world.place("quota_states", quota=frozen["id"], state="frozen")
    if world.site != "cn":
        return
    for amount in ("900", "800"):
        granted = world.place("quotas", partner=DISTRIBUTOR, amount=amount, restrictions={"limits": LIMITS})
        body = {"quota_id": granted["id"], "indirect_partner_ids": [world.id("reseller")], "quota_amount": 100}
        issued = [world.call("UpdateCouponQuotas", body, "distributor") for _ in range(2)]
        world.call(
            "ReclaimCouponQuotas", {"quota_ids": [issued[0]["simple_quota_infos"][0]["quota_id"]]}, "distributor"
        )


def _coupons(world: World) -> None:
    """Issued by the partner and by the vendor; used, frozen, expired, reclaimed; and cards."""
    quota = next(one["id"] for one in world.look("quotas", partner_id=world.id("solution_provider")))
    for face_value in (10, 20, 30.5, 44, *range(1, 9)):
        customers = [world.id("customer"), "0" * 32]
        body = {"quota_id": quota, "customer_ids": customers, "face_value": face_value, "memo": "world"}
        world.call("CreatePartnerCoupons", body)
    own = [one["id"] for one in world.look("coupons", holder_id=world.id("customer"))]
    if len(own) > 2:
        world.call("ReclaimPartnerCoupons", {"coupon_id": own[0]})
        world.place("coupon_uses", coupon=own[1], amount="5.5", order="CS2603020000WORLD")
        world.place("coupon_holds", coupon=own[2], frozen=True)
    restrictions = {"services": SERVICES, "limits": LIMITS}
    restricted = world.place("quotas", partner=PARTNER, amount="70", restrictions=restrictions)
    world.place("coupons", account=CUSTOMER, amount="7", quota=restricted["id"])
    world.place("coupons", account=CUSTOMER, amount="40", services=SERVICES, limits=LIMITS)
    for account, (effective, expires) in zip((CUSTOMER, CUSTOMER, PARTNER), VALIDITIES, strict=True):
        world.place("coupons", account=account, amount="12", validity={"effective": effective, "expires": expires})
    for number, balance in enumerate(("50", "0", "7.5", "0")):
        world.place("stored_value_cards", customer=CUSTOMER, face_value="50", balance=balance, name=f"card {number}")


def _budgets(world: World) -> None:
    """Set several times, where customers have one."""
    for number, kind in enumerate(("MONTHLY", "MONTHLY", "PACKAGE")):
        body = {"customer_id": world.id("customer"), "budget_amount": 90000 + number, "budget_type": kind}
        world.call("UpdateSubCustomerBudget", body)
    if world.site == "intl":
        world.place("customers", name=CUSTOMER, freeze_type="")


def _discounts(world: World) -> None:
    """Commercial ones make a contract; a partner gives others."""
    world.place("discounts", customer=CUSTOMER, kind="commercial", ratio="0.9", service_types=SERVICES)
    specs = [SERVER["spec"]]
    world.place("discounts", customer=CUSTOMER, kind="commercial", ratio="0.8", specs=specs)
    world.place("discounts", customer=CUSTOMER, kind="partner_granted", ratio="0.95")
    world.place("incentive_policies", service_type=SERVICES[0], incentive_policy="1")


def _usage(world: World) -> None:
    """Pay-per-use resources of several services and ages, and packages that take some of their usage."""
    for spec, effective in (("obs.package.standard.40gb", "-P1M"), ("cdn.package.flow.500gb", "P0D")):
        world.place("packages", customer=CUSTOMER, effective=effective, **good(world.site, spec))
    for number, project in enumerate(("", "world-project")):
        world.place(
            "packages",
            customer=CUSTOMER,
            order=f"CS26030200{number}0WORLD",
            enterprise_project=project,
            **good(world.site, "obs.package.bundle.100gb"),
        )
    buckets = [world.place("on_demand_resources", customer=CUSTOMER, usage={}, **good(world.site, "obs")) for _ in "12"]
    for bucket in buckets:
        for amount in ("1.5", "39", "20"):
            world.place("usages", resource=bucket["id"], usage_type="size", amount=amount)
    for effective in ("-P2D", "-PT5H"):
        world.place("on_demand_resources", customer=CUSTOMER, effective=effective, **good(world.site, SERVER["spec"]))
    released = world.place("on_demand_resources", customer=CUSTOMER, **good(world.site, SERVER["spec"]))
    world.place("releases", resource=released["id"])


def _orders(world: World) -> None:
    """Paid, combined and unapproved ones; with attached disks and of enterprise projects."""
    project = {"id": "world-project", "name": "World"}
    for items in ([{**SERVER, "attached": [disk(world.site)]}], [disk(world.site)], [SERVER, disk(world.site)]):
        _buy(world, _placed_in(world, items), enterprise_project=project)
    simple = {"customer": CUSTOMER, "items": _placed_in(world, [disk(world.site)])}
    world.place("combined_orders", orders=[simple, {**simple, "number": 2}])
    world.place("orders", status="approval", **simple)


def _later_orders(world: World) -> None:
    """Renewals of what was bought."""
    own = [one["resource_id"] for one in world.look("resources") if not one["main_id"]]
    renewal = {"resource_ids": own[:1], "period_type": 2, "period_num": 1, "is_auto_pay": 1}
    world.call("RenewalResources", renewal, "customer")
    world.call("AutoRenewalResources", {}, "customer", resource_id=own[-1])


def _on_another_day(world: World) -> None:
    """Some of everything once more."""
    world.wait("P1D")
    world.call("UpdateCustomerAccountAmount", {"customer_id": world.id("customer"), "amount": 5})
    world.place("top_ups", account=REFERRAL, amount="8")
    world.place("coupons", account=CUSTOMER, amount="3")
    world.place("on_demand_resources", customer=CUSTOMER, usage={}, **good(world.site, "obs"))
    _buy(world, _placed_in(world, [disk(world.site)]))


def _newest_orders(world: World) -> None:
    """An unsubscription, a cancelled order, and some that await their payment."""
    own = [one["resource_id"] for one in world.look("resources") if not one["main_id"]]
    for resource in own[:2]:
        world.call("CancelResourcesSubscription", {"resource_ids": [resource], "unsubscribe_type": 1}, "customer")
    items = _placed_in(world, [disk(world.site), SERVER, disk(world.site)])
    waiting = [world.place("orders", customer=CUSTOMER, items=items) for _ in range(3)]
    world.call("CancelCustomerOrder", {"order_id": waiting[0]["id"]}, "customer")
    _buy(world, _placed_in(world, [SERVER]), discounted=True)


STEPS: Sequence[Step] = (
    _customers, _money, _resellers, _quotas, _coupons, _budgets, _discounts, _usage, _orders, _later_orders,
    _on_another_day, _newest_orders,
)  # fmt: skip


def _buy(world: World, items: list[dict[str, Any]], discounted: bool = False, **fields: Any) -> None:
    """Order and pay; what was bought runs a little later."""
    order = world.place("orders", customer=CUSTOMER, items=items, **fields)
    offered = (
        world.call("ListOrderDiscounts", None, "customer", order_id=order["id"])["discounts"] if discounted else []
    )
    chosen = [{"id": one["discount_id"], "type": one["discount_type"]} for one in offered[:1]]
    body = {"order_id": order["id"], "use_coupon": "NO", "use_discount": "YES" if chosen else "NO"}
    world.call("PayOrders", {**body, **({"discount_infos": chosen} if chosen else {})}, "customer")
    world.wait("PT1M")


def _placed_in(world: World, items: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**one, "region": REGION[world.site]} for one in items]
