"""The tests that `make test` leaves to `make test-full`: what looks closer at what it looks at, too.

Of a test that runs with many cases the first one is quick; and of the folders below, what is named.
"""

from collections.abc import Iterable

import pytest

#: Folders whose tests begin whole products, load the demo, or try all people at all doors.
_THOROUGH = ("tests/access/", "tests/config/", "tests/demo/", "tests/e2e/", "tests/packaging/")
#: What of them is quick: a browser at real pages, whose rows each person sees, and reading backups.
_QUICK = (
    "tests/access/test_tables.py",
    "tests/access/test_work.py",
    "tests/config/test_environment.py",
    "tests/e2e/test_scoring.py",
    "tests/e2e/test_verifying.py",
)
#: Files elsewhere that take a minute or more.
_LONGER = (
    "tests/docs/test_site.py",
    "tests/kernel/test_kill.py",
    "tests/kernel/test_schemathesis.py",
    "tests/security/test_formulas.py",
    "tests/web/test_concurrent_edits.py",
)


def mark(items: Iterable[pytest.Item]) -> None:
    """Mark each test that is not quick as `thorough`."""
    seen: set[tuple[str, str]] = set()
    for item in items:
        path = item.nodeid.partition("::")[0]
        function = (path, getattr(item, "originalname", item.name))
        thorough = path.startswith((*_THOROUGH, *_LONGER)) and path not in _QUICK
        if thorough or function in seen:
            item.add_marker(pytest.mark.thorough)
        seen.add(function)
