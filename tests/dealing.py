"""How `make test` deals the tests out to several processes, each with a database of its own."""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

#: Begun first, since together they take longest: one product, one browser.
BROWSERS = "browsers"
#: One after the other: two products killed at once would keep each other waiting.
KILLS = "kills"
#: Long tests that share nothing.
SINGLE = "tests/access/"


class Dealer(LoadScopeScheduling):
    """Keeps the tests of a file together, so that what they share is made once."""

    def __init__(self, config: pytest.Config, log: Producer | None = None) -> None:
        config.option.loadscopereorder = False
        super().__init__(config, log)

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        if path.endswith(("/test_kill.py", "/test_two_hosts.py")):
            return KILLS
        if path.startswith("tests/e2e/"):
            return BROWSERS
        return nodeid if path.startswith(SINGLE) else path

    def _assign_work_unit(self, node: object) -> None:
        if BROWSERS in self.workqueue:
            self.workqueue.move_to_end(BROWSERS, last=False)
        super()._assign_work_unit(node)
