"""Named starting states: read from `fixtures/`, put into a new sandbox."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any
from urllib.parse import parse_qsl

import msgspec

from mockserver.contract.documents import ContractError, read_json
from mockserver.domain.forms import (
    CustomerForm,
    FormError,
    PartnerForm,
    UserForm,
    read_form,
)
from mockserver.domain.placing import place_customer, place_partner, place_settings, place_user
from mockserver.domain.sandbox import Sandbox
from mockserver.resources import folder


class CrowdForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """How many customers to invent for a partner."""

    partner: str
    customers: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]


class FixtureForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A whole starting state."""

    description: str
    partners: list[PartnerForm] = []
    customers: list[CustomerForm] = []
    users: list[UserForm] = []
    settings: dict[str, Any] = {}
    generate: CrowdForm | None = None


def fixture_names() -> list[str]:
    return sorted(file.stem for file in folder("fixtures").glob("*.json"))


def load_fixture(sandbox: Sandbox, name: str) -> None:
    """Fill a new sandbox from fixture `name`, a file's path, or `large?customers=N`. Raises `FormError`."""
    plain, _, query = name.partition("?")
    parameters = dict(parse_qsl(query, keep_blank_values=True))
    data = _read(plain)
    accepted = {"customers"} if isinstance(data.get("generate"), dict) else set()
    if unknown := parameters.keys() - accepted:
        raise FormError(f"fixture {plain!r} takes no parameter {sorted(unknown)[0]!r}")
    if parameters:
        data["generate"] = {**data["generate"], **parameters}
    try:
        _fill(sandbox, read_form(data, FixtureForm))
    except FormError as error:
        raise FormError(f"fixture {plain!r}: {error}") from None
    sandbox.settle()


def _fill(sandbox: Sandbox, form: FixtureForm) -> None:
    with sandbox.transaction():
        place_settings(sandbox, form.settings)
        for partner in form.partners:
            place_partner(sandbox, partner)
        for customer in form.customers:
            place_customer(sandbox, msgspec.structs.replace(customer, manager=None))
        for user in form.users:
            place_user(sandbox, user)
        for customer in form.customers:
            place_customer(sandbox, CustomerForm(name=customer.name, manager=customer.manager))
        if form.generate is not None:
            _grow(sandbox, form.generate)


def _read(name: str) -> dict[str, Any]:
    file = Path(name) if name.endswith(".json") else folder("fixtures") / f"{name}.json"
    if not _is_file(file):
        raise FormError(f"no fixture {name!r}; accepted: {', '.join(fixture_names())}, or the path of a .json file")
    try:
        data = read_json(file)
    except ContractError as error:
        raise FormError(f"fixture {error}") from None
    if not isinstance(data, dict):
        raise FormError(f"fixture {name!r} must be a JSON object")
    return {key: value for key, value in data.items() if not key.startswith("$")}


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # too long for a name
        return False


def _grow(sandbox: Sandbox, crowd: CrowdForm) -> None:
    from mockserver.domain.crowd import add_customers  # Faker is heavy: only for those who ask for a crowd

    add_customers(sandbox, crowd.partner, crowd.customers)
