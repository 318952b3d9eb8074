"""The configuration reference says what the code reads."""

from pathlib import Path

import pytest

from proxeny.config.environment import VARIABLES, BadEnvironment, read_environment
from proxeny.kernel.database_urls import read_database_url, write_database_url

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "configuration.md"


def test_the_reference_holds_every_variable_with_its_default_and_meaning():
    rows = [
        f"| `{v.name}` | {'`' + v.default + '`' if v.default else ''} | {v.meaning} |"
        for v in VARIABLES
    ]
    page = PAGE.read_text(encoding="utf-8").splitlines()
    assert [line for line in page if line.startswith("| `")] == rows


def test_the_login_of_those_who_serve_is_the_one_that_owns_nothing():
    with pytest.raises(BadEnvironment, match=r"use postgresql://proxeny_app:") as caught:
        read_environment({"PROXENY_RUN_DATABASE_URL": "postgresql://proxeny:kept@host/proxeny"})
    assert "kept" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("postgresql://proxeny@/proxeny", "", ""),
        ("postgresql://proxeny@%2FHome%2FAda/proxeny", "/Home/Ada", ""),
        ("postgresql://proxeny@/proxeny?host=/Home/Ada", "/Home/Ada", ""),
        ("postgresql://proxeny:a%20b%2F@db.example.org:5433/proxeny", "db.example.org", "5433"),
        ("postgresql://proxeny:x@[::1]:5432/proxeny", "::1", "5432"),
    ],
)
def test_an_address_of_a_database_reads_as_it_was_written(url, host, port):
    found = read_database_url(url)
    assert (found["HOST"], found["PORT"], found["USER"]) == (host, port, "proxeny")
    assert read_database_url(write_database_url(found)) == found


def test_an_unreadable_variable_is_named():
    with pytest.raises(BadEnvironment, match="PORT='eighty' isn't valid"):
        read_environment({"PORT": "eighty"})
    with pytest.raises(BadEnvironment, match=r"PROXENY_SECURE='maybe'.*use 1 or 0"):
        read_environment({"PROXENY_SECURE": "maybe"})
