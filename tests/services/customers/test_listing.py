from __future__ import annotations

from typing import Any

import pytest

from tests.driver import Answer, Caller, World

ITEM = "BPC_ITEM_SUBCUSTSERV_010100"


def customers(caller: Caller, **filters: object) -> Answer:
    return caller("ListSubCustomers", filters)


def names(caller: Caller, **filters: object) -> list[str]:
    return [row["account_name"] for row in customers(caller, **filters)["customer_infos"]]


def tags(caller: Caller, **wanted: object) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = caller("ListSubCustomerNewTag", wanted)["new_customer_tags"]
    return rows


def tag_of(world: World) -> dict[str, Any]:
    """The tag of the demo customer."""
    (row,) = tags(world.solution_provider, customer_ids=[world.customer.id])
    return row


# ListSubCustomers: rows


def test_a_row_shows_the_customer(world: World) -> None:
    answer = customers(world.solution_provider, customer_id=world.customer.id)
    assert answer.body == {
        "count": 1,
        "customer_infos": [
            {
                "customer": "Demo Customer Ltd",
                "account_name": "demo-customer",
                "customer_id": world.customer.id,
                "associated_on": "2025-09-02T02:00:00Z",
                "association_type": "2",
                "label": "demo",
                "telephone": "13800000011",
                "verified_status": "2",
                "country_code": "0086",
                "customer_type": 1,
                "is_frozen": 0,
                "account_managers": [{"account_name": "demo-manager"}],
                "xaccount_id": "demo-customer",
                "xaccount_type": "DEMO_IDP",
                "customer_level": "V1",
                "email": "customer@example.com",
            }
        ],
    }


def test_a_bare_customer_has_neither_real_name_nor_label_nor_contact(world: World) -> None:
    placed = world.place("customers", name="bare-customer", partner="demo-partner")
    (row,) = customers(world.solution_provider, customer_id=placed["id"])["customer_infos"]
    assert row.keys().isdisjoint({"customer", "label", "telephone", "country_code", "email"})
    assert (row["account_managers"], row["customer_level"], row["customer_type"]) == ([], "V0", -1)


@pytest.mark.parametrize("status", [-1, 0, 1])
def test_the_real_name_appears_with_the_authentication(world: World, status: int) -> None:
    world.place("customers", name="demo-customer", verified_status=status)
    (row,) = customers(world.solution_provider, customer_id=world.customer.id)["customer_infos"]
    assert (row["verified_status"], "customer" in row) == (str(status), False)


@pytest.mark.parametrize(("kind", "china", "elsewhere"), [("ACCOUNT", 1, 1), ("ACCOUNT_AND_RESOURCE", 2, 1)])
def test_a_frozen_customer_shows_it(world: World, abroad: World, kind: str, china: int, elsewhere: int) -> None:
    for one, frozen in ((world, china), (abroad, elsewhere)):
        one.place("customers", name="demo-customer", freeze_type=kind)
        (row,) = customers(one.solution_provider, customer_id=one.customer.id)["customer_infos"]
        assert row["is_frozen"] == frozen


# ListSubCustomers: filters


def test_without_filter_all_customers_are_listed_newest_association_first(world: World) -> None:
    world.place("customers", name="same-day-1", partner="demo-partner")
    world.place("customers", name="same-day-2", partner="demo-partner")
    assert names(world.solution_provider) == ["same-day-2", "same-day-1", "demo-referral", "demo-customer"]


@pytest.mark.parametrize("part", ["demo-ref", "referral", "-REF"])
def test_account_names_are_found_by_any_part_of_any_case(world: World, part: str) -> None:
    assert names(world.solution_provider, account_name=part) == ["demo-referral"]


@pytest.mark.parametrize("part", ["Referral", "Person", "al", "PERSON"])
def test_real_names_are_found_by_any_part_of_any_case(world: World, part: str) -> None:
    assert names(world.solution_provider, customer=part) == ["demo-referral"]


def test_a_real_name_that_is_not_shown_is_not_found(world: World) -> None:
    world.place("customers", name="demo-referral", verified_status=0)
    assert names(world.solution_provider, customer="Referral") == []


@pytest.mark.parametrize(("part", "found"), [("East", 1), ("ast-S", 1), ("east", 0), ("west", 0)])
def test_labels_are_found_by_any_part_in_their_case(world: World, part: str, found: int) -> None:
    world.place("customers", name="demo-customer", label="East-Side")
    assert len(names(world.solution_provider, label=part)) == found


@pytest.mark.parametrize(("kind", "found"), [("1", ["demo-referral"]), ("2", ["demo-customer"])])
def test_association_types_in_china_are_referral_and_partner_paid(world: World, kind: str, found: list[str]) -> None:
    assert names(world.solution_provider, association_type=kind) == found


@pytest.mark.parametrize(("kind", "found"), [("1", ["demo-referral"]), ("3", ["demo-customer"])])
def test_association_types_abroad_are_referral_and_reseller_model(abroad: World, kind: str, found: list[str]) -> None:
    assert names(abroad.solution_provider, association_type=kind) == found


def test_both_ends_of_the_time_range_are_outside_of_it(world: World) -> None:
    moment = "2025-09-02T02:00:00Z"
    partner = world.solution_provider
    assert names(partner, associated_on_begin=moment) == ["demo-referral"]
    assert names(partner, associated_on_end=moment) == []
    assert names(partner, associated_on_begin="2025-09-02T01:59:59Z", associated_on_end="2025-09-02T02:00:01Z") == [
        "demo-customer"
    ]


def test_filters_must_all_match(world: World) -> None:
    assert names(world.solution_provider, account_name="demo", association_type="1") == ["demo-referral"]
    assert names(world.solution_provider, account_name="customer", association_type="1") == []


@pytest.mark.parametrize("name", ["account_name", "customer", "label", "association_type", "customer_id"])
@pytest.mark.parametrize("nothing", ["", None])
def test_an_empty_filter_is_none(world: World, name: str, nothing: object) -> None:
    assert len(names(world.solution_provider, **{name: nothing})) == 2


@pytest.mark.parametrize("customer_id", ["nobody", "reseller's"])
def test_an_unknown_or_foreign_customer_gives_an_empty_list(world: World, customer_id: str) -> None:
    wanted = world.reseller_customer.id if customer_id == "reseller's" else customer_id
    assert customers(world.solution_provider, customer_id=wanted).body == {"count": 0, "customer_infos": []}


def test_pages_skip_rows_and_count_all(world: World) -> None:
    for number in range(11):
        world.place("customers", name=f"page-{number:02}", partner="demo-partner")
    partner = world.solution_provider
    assert customers(partner)["count"] == 13
    assert len(names(partner)) == 10
    assert names(partner, offset=10) == ["page-00", "demo-referral", "demo-customer"]
    assert names(partner, offset="1", limit="2") == ["page-09", "page-08"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"account_name": "demo customer"},
        {"customer": "Demo Customer"},
        {"label": "a b"},
        {"account_name": "n" * 129},
        {"association_type": "3"},
        {"associated_on_begin": ""},
        {"associated_on_end": ""},
        {"associated_on_begin": "2026-01-01"},
        {"associated_on_end": "2026-02-30T00:00:00Z"},
        {"offset": -1},
        {"offset": 40_000_001},
        {"limit": 0},
        {"limit": 101},
    ],
)
def test_a_filter_of_the_wrong_form_is_refused(world: World, wrong: dict[str, object]) -> None:
    assert customers(world.solution_provider, **wrong).refused == (400, "CBC.0100")


def test_partner_paid_does_not_exist_abroad(abroad: World) -> None:
    assert customers(abroad.solution_provider, association_type="2").refused == (400, "CBC.0100")


def test_blanks_in_names_are_allowed_abroad(abroad: World) -> None:
    assert names(abroad.solution_provider, customer="Demo Customer") == ["demo-customer"]


# Whose customers, in both operations


def test_a_distributor_has_no_customers_of_its_own(world: World) -> None:
    assert customers(world.distributor).body == {"count": 0, "customer_infos": []}
    assert tags(world.distributor) == []


def test_a_distributor_lists_the_customers_of_a_reseller(world: World) -> None:
    reseller = {"indirect_partner_id": world.reseller.id}
    assert names(world.distributor, **reseller) == ["demo-reseller-customer"]
    assert [row["customer_id"] for row in tags(world.distributor, **reseller)] == [world.reseller_customer.id]


@pytest.mark.parametrize("operation", ["ListSubCustomers", "ListSubCustomerNewTag"])
def test_a_foreign_reseller_is_refused(world: World, operation: str) -> None:
    for foreign in (world.solution_provider.id, "nobody"):
        assert world.distributor(operation, {"indirect_partner_id": foreign}).refused == (400, "CBC.99000037")


def test_only_a_distributor_can_name_a_reseller(world: World) -> None:
    reseller = {"indirect_partner_id": world.reseller.id}
    assert len(names(world.solution_provider, **reseller)) == len(tags(world.solution_provider, **reseller)) == 2


def test_an_account_manager_sees_his_own_customers(world: World) -> None:
    assert names(world.account_manager) == ["demo-customer"]
    assert [row["customer_id"] for row in tags(world.account_manager)] == [world.customer.id]
    world.place("customers", name="demo-customer", manager="")
    assert names(world.account_manager) == []


def test_an_operator_sees_all_customers(world: World) -> None:
    world.place("users", account="demo-partner", name="demo-operator-limited", items=[ITEM])
    assert len(names(world.operator_limited)) == len(tags(world.operator_limited)) == 2


# ListSubCustomerNewTag


def test_a_tag_shows_its_months(world: World) -> None:
    assert tag_of(world) == {
        "customer_id": world.customer.id,
        "customer_tag_type": "SMB",
        "new_customer_tag": "Y",
        "effective_time": "2026-01",
        "expire_time": "2027-12",
    }


def test_a_tag_turns_n_after_its_last_month_in_china(world: World) -> None:
    world.place("customers", name="demo-customer", tag_until="2026-03")
    world.advance("P29DT13H59M59S")
    assert (world.now, tag_of(world)["new_customer_tag"]) == ("2026-03-31T15:59:59Z", "Y")
    world.advance("PT1S")
    assert (tag_of(world)["new_customer_tag"], tag_of(world)["expire_time"]) == ("N", "2026-03")


def test_without_real_name_the_tag_is_empty(world: World) -> None:
    world.place("customers", name="demo-customer", verified_status=-1)
    assert tag_of(world) == {"customer_id": world.customer.id, "customer_tag_type": "SMB", "new_customer_tag": ""}


def test_an_authenticated_customer_without_tag_is_undetermined(world: World) -> None:
    (row,) = tags(world.distributor, indirect_partner_id=world.reseller.id)
    assert row["new_customer_tag"] == "UNDETERMINED"
    assert row.keys().isdisjoint({"effective_time", "expire_time"})


def test_foreign_and_unknown_customers_have_no_row(world: World) -> None:
    wanted = [world.reseller_customer.id, world.referral_customer.id, "nobody"]
    assert [row["customer_id"] for row in tags(world.solution_provider, customer_ids=wanted)] == [
        world.referral_customer.id
    ]


@pytest.mark.parametrize("nothing", [[], None])
def test_no_ids_ask_for_all_customers(world: World, nothing: object) -> None:
    found = [row["customer_id"] for row in tags(world.solution_provider, customer_ids=nothing)]
    assert found == [world.referral_customer.id, world.customer.id]


def test_pages_of_tags_skip_rows(world: World) -> None:
    for number in range(10):
        world.place("customers", name=f"page-{number}", partner="demo-partner")
    assert len(tags(world.solution_provider)) == 10
    assert [row["customer_id"] for row in tags(world.solution_provider, offset=11, limit=200)] == [world.customer.id]


@pytest.mark.parametrize("wrong", [{"limit": 201}, {"limit": 0}, {"offset": -1}, {"customer_ids": ["n" * 65]}])
def test_a_wrong_page_of_tags_is_refused(world: World, wrong: dict[str, object]) -> None:
    assert world.solution_provider("ListSubCustomerNewTag", wrong).refused == (400, "CBC.0100")


def test_too_many_questions_for_tags_are_refused_by_the_service(world: World) -> None:
    fault = [{"operation": "ListSubCustomerNewTag", "code": "CBC.0250", "times": 1}]
    world.control("PUT", f"sandboxes/{world.id}/faults", fault).ok  # noqa: B018
    assert world.solution_provider("ListSubCustomerNewTag", {}).refused == (429, "CBC.0250")
    assert len(tags(world.solution_provider)) == 2
