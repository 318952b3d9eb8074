"""The gate's question about known vulnerabilities: red when there is one, and never quietly green."""

import json
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
AUDIT = runpy.run_path(str(ROOT / ".ci" / "audit"))


def _report(*found: dict) -> str:
    return json.dumps({"dependencies": list(found), "fixes": []})


CLEAN = {"name": "clean", "version": "1.0", "vulns": []}
UNREAD = {"name": "unread", "skip_reason": "Dependency not found on PyPI"}
BAD = {"name": "bad", "version": "2.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.1"]}]}
WORSE = {"name": "worse", "version": "3.0", "vulns": [{"id": "GHSA-2", "fix_versions": []}]}


def test_a_known_vulnerability_is_red():
    code, lines = AUDIT["judge"](_report(CLEAN, BAD, WORSE, UNREAD))
    assert code == 1
    assert lines[:2] == [
        "bad 2.0: PYSEC-1, fixed in 2.1",
        "worse 3.0: GHSA-2, fixed in no version yet",
    ]
    assert "NOT checked for unread" in lines[2]


def test_none_is_green_and_says_how_many_were_asked():
    assert AUDIT["judge"](_report(CLEAN, CLEAN)) == (
        0,
        ["2 packages: no known vulnerability."],
    )


def test_advisories_that_cannot_be_read_are_a_warning_and_not_quiet():
    code, lines = AUDIT["judge"](_report(UNREAD, UNREAD))
    assert code == 0
    (line,) = lines
    assert line.startswith("WARNING: known vulnerabilities were NOT checked for any package")


@pytest.mark.parametrize("report", ["", "Traceback", "[]", "{}", '{"dependencies": null}'])
def test_no_answer_is_a_warning(report):
    code, lines = AUDIT["judge"](report)
    assert code == 0
    assert lines == [
        "WARNING: known vulnerabilities were NOT checked: the advisory service does not answer."
    ]


def test_the_gate_asks():
    assert ".ci/audit" in (ROOT / ".ci" / "check").read_text(encoding="utf-8")
