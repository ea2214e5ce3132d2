"""`pytest contracts --target=mock|URL|real`: a contract run as tests, one for each phase of each operation."""

from __future__ import annotations

import pytest

from contracts.options import Options
from contracts.plan import make_plan
from contracts.run import Bench
from contracts.targets.opening import Opening
from contracts.targets.target import Target, TargetError, Unreachable
from mockserver.contract.registry import Contract

TARGET = pytest.StashKey[Target]()
CONTRACT = pytest.StashKey[Contract]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("contracts")
    group.addoption("--target", default="mock", help="mock, real, or the URL of an emulator")
    group.addoption("--site", choices=("cn", "intl"), default="cn", help="the site under test")
    group.addoption("--removed", action="store_true", help="the removed operations, where the target serves them")
    group.addoption("--operation", action="append", default=[], help="only this operation; repeatable")
    group.addoption("--area", action="append", default=[], help="only this area; repeatable")
    group.addoption("--phase", action="append", default=[], help="only this phase; repeatable")
    group.addoption("--seed", type=int, default=0, help="decides what is drawn")
    group.addoption("--quick", action="store_true", help="draw fewer cases")
    group.addoption("--auth", choices=("signature", "token", "both"), default="signature")


def pytest_configure(config: pytest.Config) -> None:
    opening = Opening(
        config.getoption("--target"),
        config.getoption("--site"),
        config.getoption("--seed"),
        config.getoption("--removed"),
    )
    config.stash[CONTRACT] = Contract()
    try:
        config.stash[TARGET] = opening.open(config.stash[CONTRACT])
    except (TargetError, Unreachable) as error:
        raise pytest.UsageError(str(error)) from None


def pytest_unconfigure(config: pytest.Config) -> None:
    if TARGET in config.stash:
        config.stash[TARGET].close()


def wanted(config: pytest.Config) -> Options:
    """The options of the run, as pytest was given them."""
    return Options(
        operations=tuple(config.getoption("--operation")),
        areas=tuple(config.getoption("--area")),
        phases=tuple(config.getoption("--phase")),
        seed=config.getoption("--seed"),
        quick=config.getoption("--quick"),
        auth=config.getoption("--auth"),
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "part" not in metafunc.fixturenames:
        return
    config = metafunc.config
    target, contract = config.stash[TARGET], config.stash[CONTRACT]
    plan = make_plan(contract, wanted(config), target, target.controls is not None, getattr(target, "permission", None))
    metafunc.parametrize("part", plan.parts, ids=str)


@pytest.fixture(scope="session")
def bench(request: pytest.FixtureRequest) -> Bench:
    config = request.config
    return Bench(config.stash[TARGET], config.stash[CONTRACT], wanted(config))
