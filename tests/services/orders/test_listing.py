"""Lists of orders: whose, which, in which order and form."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.driver import Answer, Caller, World
from tests.services.orders.checkout import coupon, discount
from tests.services.trading import buy, disk, fund, order, pay, server
from tests.sites import on_both_sites

WRONG = (400, "CBC.0100")
TOO_LONG = (400, "CBC.0101")


def ask(caller: Caller, **filters: Any) -> Answer:
    return caller("ListCustomerOrders", **filters)


def found(caller: Caller, **filters: Any) -> list[str]:
    """Ids of the orders."""
    return [row["order_id"] for row in ask(caller, **filters)["order_infos"]]


@pytest.fixture
def three(world: World) -> list[str]:
    """Orders of three days: a server, cancelled; a disk, paid on the third day; servers, unpaid. Their ids."""
    fund(world)
    first = order(world)
    world.customer("CancelCustomerOrder", {"order_id": first}).ok  # noqa: B018
    world.advance("P1D")
    second = order(world, disk(world))
    world.advance("P1D")
    pay(world.customer, second).ok  # noqa: B018
    third = order(world, server(world, quantity=2))
    world.advance("PT5S")
    return [first, second, third]


FILTERS: list[tuple[dict[str, Any], list[int]]] = [
    ({}, [2, 1, 0]),
    ({"order_by": "createTime"}, [0, 1, 2]),
    ({"order_by": "CREATETIME"}, [0, 1, 2]),
    ({"order_by": "-createtime"}, [2, 1, 0]),
    ({"order_by": ""}, [2, 1, 0]),
    ({"status": 4}, [0]),
    ({"status": 5}, [1]),
    ({"status": 6}, [2]),
    ({"status": 9}, []),
    ({"status": ""}, [2, 1, 0]),
    ({"status": "null"}, [2, 1, 0]),
    ({"order_type": "1"}, [2, 1, 0]),
    ({"order_type": "4"}, []),
    ({"order_type": ""}, [2, 1, 0]),
    ({"service_type_code": "hws.service.type.ebs"}, [1]),
    ({"service_type_code": "HWS.SERVICE.TYPE.EC2"}, [2, 0]),
    ({"service_type_code": "hws.service.type.obs"}, []),
    ({"service_type_code": ""}, [2, 1, 0]),
    ({"service_type_code": '""'}, []),
    ({"service_type_code": "null"}, []),
    ({"order_id": ""}, [2, 1, 0]),
    ({"order_id": "null"}, []),
    ({"order_id": "CS0"}, []),
    ({"create_time_begin": "2026-03-03T01:59:59Z"}, [2, 1]),
    ({"create_time_begin": "2026-03-03T02:00:00Z"}, [2]),
    ({"create_time_begin": ""}, [2, 1, 0]),
    ({"create_time_end": "2026-03-03T02:00:00Z"}, [0]),
    ({"create_time_end": "2026-03-03T02:00:01Z"}, [1, 0]),
    ({"create_time_end": ""}, [2, 1, 0]),
    ({"create_time_begin": "2026-03-03T02:00:00Z", "create_time_end": "2026-03-02T02:00:00Z"}, []),
    ({"payment_time_begin": "2026-03-04T01:59:59Z"}, [1]),
    ({"payment_time_begin": "2026-03-04T02:00:00Z"}, []),
    ({"payment_time_end": "2026-03-04T02:00:01Z"}, [1]),
    ({"payment_time_end": "2026-03-04T02:00:00Z"}, []),
    ({"payment_time_begin": "", "payment_time_end": ""}, [2, 1, 0]),
    ({"create_time_begin": "2026-01-01T00:00:00Z", "create_time_end": "2027-01-01T00:00:00Z"}, [2, 1, 0]),
    ({"limit": 2}, [2, 1]),
    ({"limit": 1, "offset": 1}, [1]),
    ({"offset": 3}, []),
    ({"limit": "", "offset": ""}, [2, 1, 0]),
    ({"limit": "null", "offset": "null"}, [2, 1, 0]),
    ({"method": "oneself"}, [2, 1, 0]),
    ({"method": "null"}, [2, 1, 0]),
    ({"method": '""'}, [2, 1, 0]),
]


@pytest.mark.parametrize(("filters", "places"), FILTERS)
def test_each_filter_filters(world: World, three: list[str], filters: dict[str, Any], places: list[int]) -> None:
    assert found(world.customer, **filters) == [three[one] for one in places]


def test_an_order_is_found_by_its_id_in_any_case_of_letters(world: World, three: list[str]) -> None:
    assert found(world.customer, order_id=three[1].lower()) == [three[1]]


def test_the_total_counts_all_that_match(world: World, three: list[str]) -> None:
    assert ask(world.customer, limit=1, status=4)["total_count"] == 1
    assert ask(world.customer, limit=1)["total_count"] == len(three)


def test_orders_of_one_second_come_latest_first(world: World) -> None:
    ids = [order(world) for _ in range(3)]
    assert found(world.customer) == ids[::-1]
    assert found(world.customer, order_by="createTime") == ids


@on_both_sites
@pytest.mark.parametrize(
    "filters",
    [
        {"order_id": '""'},
        {"order_id": "x" * 65},
        {"customer_id": ""},
        {"customer_id": '""'},
        {"create_time_begin": "null"},
        {"create_time_end": '""'},
        {"create_time_begin": "2026-03-02"},
        {"create_time_begin": "2026-02-30T00:00:00Z"},
        {"payment_time_begin": "yesterday"},
        {"status": 2},
        {"status": '""'},
        {"order_type": "null"},
        {"order_type": "5"},
        {"order_by": "payTime"},
        {"limit": 0},
        {"limit": 101},
        {"limit": '""'},
        {"offset": -1},
        {"method": "all"},
    ],
)
def test_a_filter_that_is_not_one_is_refused(world: World, filters: dict[str, Any]) -> None:
    assert ask(world.solution_provider, **filters).refused == WRONG


def test_orders_that_became_pay_per_use_can_be_asked_for_in_china_only(world: World, abroad: World) -> None:
    assert found(world.customer, order_type="10") == []
    assert ask(abroad.customer, order_type="10").refused == WRONG


@on_both_sites
@pytest.mark.parametrize("name", ["create_time", "payment_time"])
def test_a_range_is_a_year_long_at_most(world: World, name: str) -> None:
    for begin, end in [
        ("2026-03-02T02:00:00Z", "2027-03-02T02:00:01Z"),
        ("2024-01-01T00:00:00Z", "9999-01-01T00:00:00Z"),
    ]:
        assert ask(world.customer, **{f"{name}_begin": begin, f"{name}_end": end}).refused == TOO_LONG


# Rows


def test_a_row_tells_all_about_an_order(world: World) -> None:
    fund(world)
    project = {"id": "0aa1b2c3", "name": "online-shop"}
    order_id = order(world, contract="C-1", enterprise_project=project)
    pay(world.customer, order_id, coupon(world, "10"), discount=discount(world, "partner_set", "0.9")).ok  # noqa: B018
    assert ask(world.customer)["order_infos"] == [
        {
            "order_id": order_id,
            "customer_id": world.customer.id,
            "service_type_code": "hws.service.type.ec2",
            "service_type_name": "弹性云服务器",
            "source_type": 1,
            "status": 3,
            "order_type": 1,
            "amount_after_discount": Decimal("28.98"),
            "official_amount": Decimal("32.20"),
            "measure_id": 1,
            "create_time": "2026-03-02T02:00:00Z",
            "payment_time": "2026-03-02T02:00:00Z",
            "currency": "CNY",
            "contract_id": "C-1",
            "amount_info": {
                "discounts": [{"discount_type": "607", "discount_amount": Decimal("3.22")}],
                "flexipurchase_coupon_amount": 0,
                "coupon_amount": 10,
                "stored_card_amount": 0,
                "commission_amount": 0,
                "consumed_amount": 0,
            },
            "enterprise_projects": [project],
            "sub_order_infos": [],
            "agent_pay_info": {"is_agent_pay": False},
        }
    ]


def test_names_are_in_the_language_of_the_site(world: World, abroad: World) -> None:
    names = []
    for one in (world, abroad):
        order(one)
        names.append(ask(one.customer)["order_infos"][0]["service_type_name"])
    assert names == ["弹性云服务器", "Elastic Cloud Server"]


def test_abroad_orders_are_in_dollars(abroad: World) -> None:
    order(abroad)
    [row] = ask(abroad.customer)["order_infos"]
    assert (row["currency"], row["order_type"]) == ("USD", 1)


def test_an_unsubscription_shows_what_came_back(world: World) -> None:
    [resource] = buy(world)
    world.advance("P6D")
    world.customer("CancelResourcesSubscription", {"resource_ids": [resource], "unsubscribe_type": 1}).ok  # noqa: B018
    [row] = ask(world.customer, order_type="4")["order_infos"]
    assert row["official_amount"] == row["amount_after_discount"] < 0
    assert row["amount_info"]["consumed_amount"] == Decimal("32.20") + row["official_amount"]


def test_a_combination_is_one_row_with_its_members(world: World) -> None:
    projects = [{"id": "1", "name": "one"}, {"id": "2", "name": "two"}]
    orders = [
        {"customer": "demo-customer", "items": [item], "enterprise_project": project}
        for item, project in zip((server(world), disk(world, 10)), projects, strict=True)
    ]
    whole = world.place("combined_orders", orders=orders)
    [row] = ask(world.customer)["order_infos"]
    assert (row["order_id"], row["official_amount"], row["enterprise_projects"]) == (
        whole["id"], Decimal("42.20"), projects,
    )  # fmt: skip
    members = [(one["order_id"], one["official_amount"], one["enterprise_projects"]) for one in row["sub_order_infos"]]
    assert members == [(whole["members"][0], Decimal("32.20"), projects[:1]), (whole["members"][1], 10, projects[1:])]
    assert found(world.customer, order_id=whole["members"][0]) == []


# Whose


@on_both_sites
def test_a_partner_lists_the_orders_of_all_its_customers(world: World) -> None:
    first, second = order(world), order(world, customer="demo-referral")
    order(world, customer="demo-reseller-customer")
    assert found(world.solution_provider) == [second, first]
    assert found(world.customer) == [first]


@on_both_sites
def test_a_partner_asks_about_one_customer(world: World) -> None:
    first, second = order(world), order(world, customer="demo-referral")
    assert found(world.solution_provider, customer_id=world.customer.id) == [first]
    assert found(world.solution_provider, customer_id=world.referral_customer.id) == [second]
    for nobody in ("null", "x", world.reseller_customer.id):
        assert found(world.solution_provider, customer_id=nobody) == []


def test_a_customer_lists_its_own_orders_whatever_it_says(world: World) -> None:
    own = order(world)
    assert found(world.customer, customer_id=world.referral_customer.id, indirect_partner_id="x") == [own]


@on_both_sites
def test_a_distributor_names_the_reseller(world: World) -> None:
    theirs, reseller = order(world, customer="demo-reseller-customer"), world.reseller.id
    assert found(world.distributor) == []
    assert found(world.distributor, indirect_partner_id=reseller) == [theirs]
    assert found(world.distributor, indirect_partner_id=reseller, customer_id=world.customer.id) == []
    assert ask(world.distributor, indirect_partner_id="x").refused == (400, "CBC.99000037")


def test_a_reseller_is_named_by_a_distributor_only(world: World) -> None:
    own = order(world)
    assert found(world.solution_provider, indirect_partner_id="x") == [own]


def test_an_account_manager_lists_orders_of_his_customers(world: World) -> None:
    world.place("users", account="demo-partner", name="demo-manager", items=["BPC_ITEM_SUBCUSTSERV_060200"])
    own = order(world)
    order(world, customer="demo-referral")
    assert found(world.account_manager) == [own]


@on_both_sites
def test_access_is_refused_with_a_code_of_its_own(world: World) -> None:
    for caller in (world.reseller, world.operator_limited, world.customer_user):
        assert ask(caller).refused == (403, "CBC.0155")


# Members of an enterprise


@on_both_sites
def test_an_order_that_another_account_pays_says_so(world: World) -> None:
    order(world, payer="demo-referral")
    [row] = ask(world.customer)["order_infos"]
    assert row["agent_pay_info"] == {"paying_agent_id": world.referral_customer.id, "is_agent_pay": True}


@on_both_sites
def test_who_pays_for_others_finds_these_orders_by_the_method(world: World) -> None:
    paid_for, own = order(world, payer="demo-referral"), order(world, customer="demo-referral")
    assert found(world.referral_customer) == [own]
    assert found(world.referral_customer, method="sub_customer") == [paid_for]
    assert found(world.customer, method="sub_customer") == []


@on_both_sites
def test_a_partner_uses_the_method_for_one_customer_only(world: World) -> None:
    paid_for, own = order(world, payer="demo-referral"), order(world, customer="demo-referral")
    payer = world.referral_customer.id
    assert found(world.solution_provider, method="sub_customer", customer_id=payer) == [paid_for]
    assert found(world.solution_provider, method="sub_customer") == [own, paid_for]
