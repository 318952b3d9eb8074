"""Asks one address as fast as it answers, with wrk: written in C, it takes a hundredth of a core."""

import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

CONNECTIONS = 16

# Counts what came back by its status, and bodies that are shorter than the page that was checked.
_SCRIPT = """
local threads = {}
function setup(thread) table.insert(threads, thread) end
function init(args) counts = {}; short = 0; least = tonumber(args[1]) end
function response(status, headers, body)
  counts[status] = (counts[status] or 0) + 1
  if #body < least then short = short + 1 end
  said = ""
  for one, count in pairs(counts) do said = said .. one .. "=" .. count .. " " end
end
function done(summary, latency, requests)
  for _, thread in ipairs(threads) do
    io.write("STATUSES " .. (thread:get("said") or "") .. "short=" .. thread:get("short") .. "\\n")
  end
  io.write(string.format("P50 %d P95 %d\\n", latency:percentile(50), latency:percentile(95)))
end
"""


@dataclass(frozen=True)
class Rate:
    """Requests a second, and how long an answer took (ms)."""

    per_second: float
    p50_ms: float
    p95_ms: float


def measure(url: str, *, seconds: int, status: int, least: int, headers: dict[str, str]) -> Rate:
    """Ask with 16 connections; any other status or a shorter body ends the benchmark.

    Parameters
    ----------
    least : int
        How many bytes each body has at least.
    """
    if shutil.which("wrk") is None:
        raise SystemExit("The load comes from wrk: apt-get install wrk")
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(_SCRIPT)
        script.flush()
        command = [
            "wrk",
            "-t",
            "2",
            "-c",
            str(CONNECTIONS),
            "-d",
            f"{seconds}s",
            "--timeout",
            "30s",
            "-s",
            script.name,
        ]
        for name, value in headers.items():
            command += ["-H", f"{name}: {value}"]
        said = subprocess.run(
            [*command, url, "--", str(least)], capture_output=True, text=True, check=True
        ).stdout
    _refuse(said, status, url)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    times = re.search(r"P50 (\d+) P95 (\d+)", said)
    assert rate is not None
    assert times is not None
    return Rate(float(rate[1]), int(times[1]) / 1000, int(times[2]) / 1000)


def _refuse(said: str, status: int, url: str) -> None:
    for counted in re.findall(r"STATUSES (.*)", said):
        found = dict(part.split("=") for part in counted.split())
        if int(found.pop("short")) or set(found) - {str(status)}:
            raise SystemExit(f"{Path(url).name or url} answered otherwise: {counted}")
    if "Socket errors" in said:
        raise SystemExit(f"{url}: {said}")
