"""How long contract runs take: the plan and a quick run as a user starts them, and what judging adds to the calls.

Usage: python benchmarks/contract_runs.py [AREA]
"""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing

from requests import PreparedRequest

from contracts.events import ExchangeSent
from contracts.options import Options
from contracts.plan import make_plan
from contracts.run import run
from contracts.targets.opening import open_target
from mockserver.contract.registry import Contract


def command(arguments: Sequence[str]) -> float:
    """Seconds of a command in a new process."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "mockserver", *arguments], stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - began


def judging(area: str) -> tuple[int, float, float]:
    """The calls of one area's run, its seconds, and those of the same calls when nothing draws or judges them."""
    contract, options = Contract(), Options(areas=(area,))
    with closing(open_target("mock")) as target:
        plan = make_plan(contract, options, target, controlled=True)
        began = time.perf_counter()
        events = list(run(target, contract, options, plan))
        whole = time.perf_counter() - began
        sent: list[PreparedRequest] = [one.answer.request for one in events if isinstance(one, ExchangeSent)]
        target.reset()
        began = time.perf_counter()
        for request in sent:
            target.send(request)
        return len(sent), whole, time.perf_counter() - began


def main(area: str) -> None:
    logging.getLogger("mockserver").setLevel(logging.CRITICAL)
    start, plan = command(["--version"]), command(["verify", "--plan"])
    print(f"the plan: {plan:.2f} s, {plan / start:.1f} times --version")
    for site in ("cn", "intl"):
        quick = command(["verify", "--quick", "--site", site])
        print(f"a quick run, {site}: {quick:.1f} s, {quick / plan:.0f} times the plan")
    calls, whole, bare = judging(area)
    print(f"{area}: {calls} calls in {whole:.1f} s, {whole / bare:.1f} times the bare calls")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "packages")
