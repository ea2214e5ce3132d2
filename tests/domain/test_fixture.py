"""Starting states: what the published ones hold, and what is said of those that cannot be used."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mockserver.domain.fixture import fixture_names
from mockserver.domain.forms import FormError
from mockserver.domain.ledger import ALLOCATED, CASH
from mockserver.domain.sandbox import Sandbox
from mockserver.domain.universe import Universe

WALL = datetime(2026, 3, 2, 2, tzinfo=UTC)
CREDENTIALS = {
    "solution_provider": "solution_provider",
    "distributor": "distributor",
    "reseller": "reseller",
    "customer": "customer",
    "referral_customer": "customer",
    "reseller_customer": "customer",
    "operator": "operator",
    "operator_limited": "operator",
    "account_manager": "account_manager",
    "customer_user": "customer_user",
}
"""Names of the credentials that `demo` publishes, and the kind of each."""

FIELDS = {"kind", "ak", "sk", "domain_id", "domain_name", "user_name", "password", "xaccount_type"}
Write = Callable[..., str]


def start(fixture: str, **more: Any) -> Sandbox:
    return Universe().create(wall=WALL, fixture=fixture, **more)


@pytest.fixture
def written(tmp_path: Path) -> Write:
    """Writes a fixture file and answers its path."""

    def write(text: str | None = None, **content: Any) -> str:
        file = tmp_path / "own.json"
        file.write_text(text if text is not None else json.dumps({"description": "own", **content}), encoding="utf-8")
        return str(file)

    return write


def complaint(fixture: str) -> str:
    with pytest.raises(FormError) as caught:
        start(fixture)
    return str(caught.value)


# The published ones


def test_the_published_fixtures() -> None:
    assert fixture_names() == ["demo", "empty", "large"]


@pytest.mark.parametrize("site", ["cn", "intl"])
def test_demo_publishes_a_credential_of_each_kind_with_all_fields(site: str) -> None:
    credentials = start("demo", site=site).credentials()
    assert {name: credential["kind"] for name, credential in credentials.items()} == CREDENTIALS
    for credential in credentials.values():
        assert credential.keys() == FIELDS and all(credential.values())


def test_the_credentials_of_demo_are_the_same_at_every_start() -> None:
    assert start("demo").credentials() == start("demo").credentials()


def test_demo_has_each_association() -> None:
    sandbox = start("demo")
    found = {customer.name: customer.association_type for customer in sandbox.customers}
    assert found == {"demo-customer": "2", "demo-referral": "1", "demo-reseller-customer": "2"}


def test_partner_paid_customers_abroad_are_of_the_reseller_model() -> None:
    assert {customer.association_type for customer in start("demo", site="intl").customers} == {"1", "3"}


def test_empty_has_one_partner_and_nobody_else() -> None:
    sandbox = start("empty")
    assert (len(sandbox.partners), len(sandbox.customers), list(sandbox.credentials())) == (1, 0, ["solution_provider"])


@pytest.mark.parametrize(("fixture", "count"), [("large?customers=7", 7), ("large?customers=0", 0), ("large", 1000)])
def test_large_has_as_many_customers_as_asked_for(fixture: str, count: int) -> None:
    sandbox = start(fixture)
    assert len(sandbox.customers) == count
    assert len({customer.mobile for customer in sandbox.customers}) == count


@pytest.mark.parametrize("site", ["cn", "intl"])
def test_the_crowd_depends_on_the_seed_alone(site: str) -> None:
    crowds = [list(start("large?customers=20", site=site, seed=seed).customers) for seed in (1, 1, 2)]
    assert crowds[0] == crowds[1] != crowds[2]


# Own ones


def test_an_own_fixture_is_a_file(written: Write) -> None:
    sandbox = start(
        written(
            partners=[{"name": "acme", "kind": "solution_provider", "credential": "us", "cash": "12.50"}],
            customers=[{"name": "bob", "partner": "acme", "allocated": 3, "manager": "acme/ann", "associated": "-P1D"}],
            users=[{"account": "acme", "name": "ann", "role": "account_manager"}],
            settings={"association_delay": 0},
        )
    )
    partner, customer = next(iter(sandbox.partners)), next(iter(sandbox.customers))
    assert list(sandbox.credentials()) == ["us"]
    assert (sandbox.ledger.balance(partner.id, CASH), sandbox.setting("association_delay")) == (Decimal("12.50"), 0)
    assert (sandbox.ledger.balance(customer.id, ALLOCATED), customer.partner_id) == (Decimal(3), partner.id)
    assert customer.associated_on == datetime(2026, 3, 1, 2, tzinfo=UTC)
    ann = sandbox.user_named(partner.id, "ann")
    assert ann is not None and customer.manager_id == ann.id


def test_the_crowd_of_an_own_fixture_takes_a_count_too(written: Write) -> None:
    partners = [{"name": "acme", "kind": "solution_provider"}]
    file = written(partners=partners, generate={"partner": "acme", "customers": 2})
    assert len(start(file).customers) == 2
    assert len(start(f"{file}?customers=5").customers) == 5


@pytest.mark.parametrize(
    ("fixture", "said"),
    [
        ("nope", "no fixture 'nope'; accepted: demo, empty, large, or the path of a .json file"),
        ("../pyproject", "no fixture '../pyproject'; accepted: demo, empty, large, or the path of a .json file"),
        ("no/where.json", "no fixture 'no/where.json'; accepted: demo, empty, large, or the path of a .json file"),
        ("demo?customers=5", "fixture 'demo' takes no parameter 'customers'"),
        ("large?people=5", "fixture 'large' takes no parameter 'people'"),
        ("large?customers=many", "fixture 'large': Expected `int`, got `str` - at `generate.customers`"),
        ("large?customers=-1", "fixture 'large': Expected `int` >= 0 - at `generate.customers`"),
    ],
)
def test_a_fixture_that_cannot_be_used_is_one_sentence(fixture: str, said: str) -> None:
    assert complaint(fixture) == said


def test_a_name_too_long_for_a_file_is_no_fixture() -> None:
    assert complaint("x" * 1000).startswith("no fixture 'xxx")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"nonsense": 1}, "Object contains unknown field `nonsense`"),
        ({"partners": [{"name": "a", "colour": "red"}]}, "Object contains unknown field `colour` - at `partners[0]`"),
        ({"partners": [{"name": "a"}]}, "partner 'a' needs a kind: solution_provider, distributor or reseller"),
        (
            {"partners": [{"name": "a", "kind": "reseller"}]},
            "partner 'a': a reseller, and only a reseller, names its distributor",
        ),
        ({"customers": [{"name": "c", "allocated": "much"}]}, "Invalid decimal string - at `customers[0].allocated`"),
        ({"settings": {"no": 1}}, "no setting 'no'; accepted: association_delay, "),
        ({"settings": {"association_delay": "1"}}, "setting 'association_delay' takes int, not str"),
        ({"users": [{"account": "nobody", "name": "u"}]}, "no account 'nobody' in sandbox "),
        (
            {"partners": [{"name": "a", "kind": "solution_provider", "associated": "yesterday"}]},
            "'yesterday' is not an instant like 2026-01-31T08:00:00Z",
        ),
        (
            {"partners": [{"name": name, "kind": "solution_provider", "credential": "k"} for name in "ab"]},
            "the credential name 'k' is taken",
        ),
    ],
)
def test_a_mistake_in_a_file_is_said_in_one_sentence_with_the_file(
    written: Write, content: dict[str, Any], said: str
) -> None:
    file = written(**content)
    sentence = complaint(file)
    assert sentence.startswith(f"fixture {file!r}: {said}") and "\n" not in sentence


@pytest.mark.parametrize(
    ("text", "said"), [("{", "fixture {file}: "), ("[]", "fixture {file!r} must be a JSON object")]
)
def test_a_file_that_is_no_json_object_is_named(written: Write, text: str, said: str) -> None:
    file = written(text)
    assert complaint(file).startswith(said.format(file=file))
