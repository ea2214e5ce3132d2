"""How long `partner-mock serve` takes from its start to its first answer, for each server.

Usage: python benchmarks/startup.py [RUNS]
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from urllib.request import urlopen


def start_to_answer(server: str) -> float:
    """Seconds until a new process has answered its first call."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "mockserver", "serve", "--port", "0", "--server", server]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        with urlopen(f"{url}/_mock/health") as answer:
            answer.read()
        seconds = time.perf_counter() - began
        process.terminate()
    return seconds


def main(runs: int) -> None:
    print(f"start to first answer, {runs} runs: median (least - most), in milliseconds")
    for server in ("granian", "waitress"):
        times = sorted(1000 * start_to_answer(server) for _ in range(runs))
        print(f"{server:<9} {statistics.median(times):4.0f} ({times[0]:.0f} - {times[-1]:.0f})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
