"""The reference of the API says what the code does."""

import ast
import inspect
import re
from pathlib import Path
from types import ModuleType

from proxeny.accounts.operations import tokens
from proxeny.directory.sources import content
from proxeny.kernel import files, time_limits
from proxeny.kernel.api import access, idempotency, limits, pages, problems
from proxeny.webhooks import outbound, rules

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "api.md").read_text("utf-8")
TEXT = " ".join(PAGE.split())


def _written_problems(module: ModuleType) -> set[tuple[str, int]]:
    """Each problem that is made by its name, with its status."""
    found = set()
    for call in ast.walk(ast.parse(inspect.getsource(module))):
        is_one = isinstance(call, ast.Call) and getattr(call.func, "id", "") == "problem"
        if is_one and len(call.args) > 1 and isinstance(call.args[1], ast.Constant):
            status = call.args[0].value if isinstance(call.args[0], ast.Constant) else 400
            found.add((call.args[1].value, status))
    return found


def test_every_problem_has_its_row_and_no_other_has():
    rows = {
        (name, int(code)) for name, code in re.findall(r"^\| `([a-z-]+)` \| (\d{3}) ", PAGE, re.M)
    }
    kinds = {(name, status) for status, name, _title in problems.PROBLEMS.values()}
    assert len(kinds) > 5
    assert rows == kinds | _written_problems(problems) | _written_problems(time_limits)


def test_every_area_has_its_row():
    table = PAGE.split("| area | holds |")[1].split("\n\n")[0]
    assert tuple(re.findall(r"^\| `([a-z]+)` \|", table, re.M)) == access.AREAS


def test_the_figures_are_those_of_the_code():
    mb = 1024 * 1024
    assert f"{limits.PER_MINUTE} requests a minute" in TEXT
    assert f"with files may have {limits.LARGEST_FORM // mb} MB" in TEXT
    assert f"every other body {limits.LARGEST_BODY // mb} MB" in TEXT
    assert f"`page_size` is {pages.PAGE_SIZE}, at most {pages.LARGEST_PAGE}" in TEXT
    assert f"1 to {tokens.LONGEST_DAYS} days ({tokens.DEFAULT_DAYS} unless" in TEXT
    assert f"A person has {tokens.MOST} in force" in TEXT
    assert idempotency.KEPT.days == 1
    assert f"up to {content.PAGE.size // mb} MB" in TEXT
    assert f"up to {files.MAX_BYTES // mb} MB, of kinds" in TEXT


def test_the_headers_are_those_of_the_code():
    sent = re.findall(r'response\["([A-Za-z-]+)"\] =', inspect.getsource(limits))
    table = PAGE.split("| header | says |")[1].split("\n\n")[0]
    assert re.findall(r"^\| `([A-Za-z-]+)`", table, re.M) == sent


def test_webhooks_wait_as_told():
    waits = [int(one.total_seconds()) for one in rules.WAITS]
    told = "5 s, 30 s, 5 min, 1 h, 6 h and 24 h"
    units = {"s": 1, "min": 60, "h": 3600}
    assert told in TEXT
    assert [int(n) * units[u] for n, u in re.findall(r"(\d+) (s|min|h)\b", told)] == waits
    assert (rules.PATIENCE.days, rules.KEPT.days, rules.ROTATION.days) == (5, 30, 1)
    assert f"at most {rules.MOST_WEBHOOKS} an organisation" in TEXT
    assert f"within {outbound.DEADLINE_S:.0f} seconds" in TEXT
    assert {443, 8443} == outbound.PORTS
