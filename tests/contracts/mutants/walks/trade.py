"""Orders and resources."""

from __future__ import annotations

from tests.contracts.mutants.diary import Diary
from tests.contracts.mutants.walks.words import CUSTOMER, REFERRAL, buy, pay, placed, server, volume


def trade(diary: Diary) -> None:
    """Ordering, paying in all ways, renewing, leaving, for half a year."""
    if diary.target.site == "intl":
        diary.place("customers", name=CUSTOMER, freeze_type="")
    for who, name in (("referral_customer", REFERRAL), ("customer", CUSTOMER)):
        _pay_in_all_ways(diary, who, name)
    _cancel(diary)
    bought = buy(diary, "customer", CUSTOMER, {**server(diary), "attached": [volume(diary)]}, number=2)
    _renew(diary, bought)
    _convert(diary)
    _leave(diary)
    _expire(diary)
    _fall_short(diary)


def _pay_in_all_ways(diary: Diary, who: str, name: str) -> None:
    service = ["hws.service.type.ebs"]
    for fields in ({}, {"services": service}, {"limits": [{"limit_key": "chargeScene", "limit_values": [["1", ""]]}]}):
        for kind in ("voucher", "flexi", "discount"):
            amount = "0.9" if kind == "discount" else "9.99"
            diary.place("coupons", account=name, amount=amount, type=kind, **fields)
    diary.place("discounts", customer=name, kind="commercial", ratio="0.8765")
    card = diary.place("stored_value_cards", customer=name, face_value="20")["id"]
    order, other = placed(diary, name), placed(diary, name)
    for one in (order, other):
        diary.call(who, "ListOrderCouponsByOrderId", order_id=one)
        diary.call(who, "ListOrderDiscounts", order_id=one)
    held = diary.target.controls.look("coupons", holder_id=diary.id(who), status="2")
    vouchers = [one["id"] for one in held if one["kind"] == 1]
    for one in vouchers:
        pay(diary, who, order, (one, 302))
    pay(diary, who, order, *((one, 301) for one in vouchers[-2:]))
    diary.place("coupon_holds", coupon=vouchers[-1], order=other)
    for one in vouchers:
        pay(diary, who, placed(diary, name), (one, 301))
    pay(diary, who, other, (vouchers[0], 301), (card, 303))
    pay(diary, who, order, *((one["id"], 302) for one in held if one["kind"] == 4))
    adjusted = placed(diary, name, volume(diary), price_adjustment="5")
    pay(diary, who, adjusted)
    found = diary.call(who, "ListOrderDiscounts", order_id=adjusted).get("discounts") or []
    for one in found:
        pay(diary, who, adjusted, discount=(one["discount_id"], one["discount_type"]))
    third = placed(diary, name, {**server(diary), "quantity": 3})
    for one in diary.call(who, "ListOrderDiscounts", order_id=third).get("discounts") or []:
        pay(diary, who, third, discount=(one["discount_id"], one["discount_type"]))
    expensive = placed(diary, name, {**volume(diary), "size": 30000, "quantity": 100})
    pay(diary, who, expensive)
    stranger = "customer" if who != "customer" else "referral_customer"
    pay(diary, stranger, placed(diary, name))
    diary.wait("PT1M")
    if who == "referral_customer":
        # Cash and credit, of which the cash is used up first.
        buy(diary, who, name, {**volume(diary), "size": 100})


def _cancel(diary: Diary) -> None:
    order = placed(diary, CUSTOMER)
    for who in ("referral_customer", "customer", "customer"):
        diary.call(who, "CancelCustomerOrder", {"order_id": order})
    pay(diary, "customer", order)
    diary.place("settings", payment_seconds=60)
    paid = placed(diary, CUSTOMER)
    pay(diary, "customer", paid)
    diary.call("customer", "CancelCustomerOrder", {"order_id": paid})
    diary.place("settings", payment_seconds=0)
    one = {"customer": CUSTOMER, "items": [server(diary)]}
    diary.place("combined_orders", orders=[one, one])
    for row in diary.target.controls.look("orders", status="6"):
        for who in ("customer", "solution_provider", "distributor", "referral_customer"):
            diary.call(who, "ShowCustomerOrderDetails", order_id=row["id"])
        if row["combination_id"]:
            diary.call("customer", "CancelCustomerOrder", {"order_id": row["id"]})
    diary.call("solution_provider", "ListCustomerOrders", payment_time_begin="2026-01-01T00:00:00Z", limit=100)
    diary.call("solution_provider", "ListCustomerOrders", status=4, service_type_code="HWS.service.type.EC2")
    for order_by in ("createTime", "createtime"):
        diary.call("customer", "ListCustomerOrders", order_by=order_by)
    span = {"create_time_begin": "2024-12-01T00:00:00Z", "create_time_end": "2026-12-01T00:00:00Z"}
    diary.call("customer", "ListCustomerOrders", **span)
    late = placed(diary, CUSTOMER)
    diary.wait("P7DT1H")
    pay(diary, "customer", late)
    diary.wait("P1D")


def _renew(diary: Diary, resources: list[str]) -> None:
    main = resources[:1]
    wish = {"resource_ids": main, "period_type": 2, "period_num": 2}
    diary.call("customer", "ListRenewRateOnPeriod", wish)
    diary.call("customer", "RenewalResources", {**wish, "resource_ids": resources[1:]})
    for body in (wish, wish, {**wish, "resource_ids": resources[1:]}, {**wish, "resource_ids": ["x"]}):
        diary.call("customer", "RenewalResources", body)
    for order in diary.target.controls.look("orders", status="6"):
        diary.call("customer", "CancelCustomerOrder", {"order_id": order["id"]})
    diary.call("referral_customer", "RenewalResources", wish)
    diary.call("customer", "RenewalResources", {**wish, "is_auto_pay": 1})
    diary.wait("PT1M")
    diary.call("customer", "CancelResourcesSubscription", {"resource_ids": main, "unsubscribe_type": 2})
    diary.wait("PT1M")
    diary.call("customer", "SetResourcesRenewConfig", {"config_name": "EXPIRE_DATE", "config_value": "15"})
    diary.call("customer", "RenewalResources", {**wish, "is_auto_pay": 1})
    for _ in range(2):
        diary.call("customer", "CancelAutoRenewalResources", resource_id=main[0])
        diary.call("customer", "AutoRenewalResources", {"auto_renew_times": 1}, resource_id=main[0])
        diary.call("customer", "CancelAutoRenewalResources", resource_id=main[0])
    diary.call("customer", "AutoRenewalResources", {"auto_renew_times": 1}, resource_id=main[0])
    for filters in ({}, {"status_list": [3]}, {"only_main_resource": 1}, {"limit": 1}):
        diary.call("customer", "ListPayPerUseCustomerResources", {"limit": 100, **filters})


def _convert(diary: Diary) -> None:
    at_expiry, at_once, renewing = (buy(diary, "customer", CUSTOMER, server(diary)) for _ in range(3))
    diary.call("customer", "AutoRenewalResources", {"auto_renew_times": 2}, resource_id=at_expiry[0])
    for operation in ("SET_UP", "CANCEL", "SET_UP"):
        diary.call("customer", "UpdatePeriodToOnDemand", {"operation": operation, "resource_ids": at_expiry})
    diary.call("customer", "UpdatePeriodToOnDemand", {"operation": "SET_UP", "resource_ids": [renewing[0], "x"]})
    diary.call("customer", "UpdatePeriodToOnDemandInstantly", {"resource_ids": at_once})
    diary.wait("PT1M")
    diary.call(
        "solution_provider", "ListCustomerOnDemandResources", {"customer_id": diary.id("customer"), "limit": 100}
    )
    diary.call("customer", "AutoRenewalResources", {"auto_renew_times": 2}, resource_id=renewing[0])


def _leave(diary: Diary) -> None:
    """Unsubscribe after a while, within the five days and after them; paid by all means."""
    diary.place("settings", unsubscription_fee_percent=10)
    for days in ("P1D", "P4DT12H", "P5DT12H"):
        for who, name in (("customer", CUSTOMER), ("referral_customer", REFERRAL)):
            diary.place("coupons", account=name, amount="5", type="voucher")
            diary.place("coupons", account=name, amount="5", type="flexi")
            if name == REFERRAL and diary.target.site == "cn":
                diary.place("top_ups", account=name, amount="100")
            order = placed(diary, name, {**server(diary), "attached": [volume(diary)]})
            own = [
                one
                for one in diary.target.controls.look("coupons", holder_id=diary.id(who), status="2")
                if not one["orders"]
            ]
            types = {1: 301, 4: 302}
            last = {one["kind"]: one["id"] for one in own if one["kind"] in types}
            pay(diary, who, order, *((last[kind], types[kind]) for kind in last))
        diary.wait("PT1M")
        diary.wait(days)
        for who in ("customer", "referral_customer"):
            own = diary.target.controls.look("resources", customer_id=diary.id(who), status="2")
            body = {
                "resource_ids": [one["resource_id"] for one in own if not one["main_id"]][-1:],
                "unsubscribe_type": 1,
            }
            for _ in range(2):
                gone = diary.call(who, "CancelResourcesSubscription", body)
            diary.call("customer", "CancelResourcesSubscription", body)
            diary.wait("PT1M")
            for order in gone.get("order_ids") or []:
                diary.call(who, "ShowRefundOrderDetails", order_id=order)
            diary.call(who, "CancelResourcesSubscription", body)
            diary.call(who, "RenewalResources", {**body, "period_type": 2, "period_num": 1})
            for order in [one["id"] for one in diary.target.controls.look("orders", kind="4")][-2:]:
                diary.call(who, "ShowRefundOrderDetails", order_id=order)


def _expire(diary: Diary) -> None:
    for _ in range(10):
        diary.wait("P9D")
        diary.call("customer", "ListPayPerUseCustomerResources", {"limit": 100})
    diary.wait("P5M")


def _fall_short(diary: Diary) -> None:
    """Automatic renewals that find no money at first."""
    if diary.target.site == "intl":
        return
    diary.place("customers", name=CUSTOMER, allocated="10000")
    bought = buy(diary, "customer", CUSTOMER, server(diary))
    diary.call("customer", "SetResourcesRenewConfig", {"config_name": "EXPIRE_DATE", "config_value": "20"})
    diary.call("customer", "AutoRenewalResources", {}, resource_id=bought[0])
    diary.place("customers", name=CUSTOMER, allocated="0")
    diary.wait("P25D")
    diary.place("customers", name=CUSTOMER, allocated="10000")
    diary.wait("P3D")
