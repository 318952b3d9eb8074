"""Files made to hold up whoever reads them, sent to a real server: the others notice nothing."""

import re
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle

import pytest
import requests
from django.test import Client
from django.urls import reverse

from proxeny.kernel.tenancy import SERVICE, acting_as
from tests.e2e.hosts import Host, running_hosts
from tests.factories.world import make_world
from tests.security import hostile_files as hostile
from tests.smtp import receiving

pytestmark = [pytest.mark.slow, pytest.mark.e2e]
#: So many send at once, each file again as soon as the one before was answered.
SENDERS = 4
SECONDS = 12
#: What nineteen of twenty pages may take more than the slowest without them: readings have the machine's
#: cores too, and a page then has a part of one. And the slowest of all, however busy the machine is: read
#: in the server itself, one of these files holds all pages for ten times as long, or ends the process.
MORE_S, TIMES, LONGEST_S = 1.0, 6, 4.0


@dataclass
class Told:
    """What the senders were answered."""

    statuses: list[int] = field(default_factory=list)


def _session(person, host: Host) -> requests.Session:
    """Sign in as the tests do, and take the cookie to the server."""
    client = Client()
    with acting_as(SERVICE):
        client.force_login(person.account)
    session = requests.Session()
    for name, morsel in client.cookies.items():
        session.cookies.set(name, morsel.value)
    session.headers["Referer"] = host.url
    assert session.get(f"{host.url}/people/me/", timeout=60).url == f"{host.url}/people/me/"
    return session


@dataclass
class Sender:
    """A connection that sends files to a list's page."""

    session: requests.Session
    host: Host
    cluster: int
    told: Told
    token: str = ""

    def __post_init__(self) -> None:
        found = re.search(_TOKEN, self.session.get(self._address, timeout=60).text)
        assert found is not None
        self.token = found[1]

    @property
    def _address(self) -> str:
        return f"{self.host.url}{reverse('directory:import-start')}"

    def send(self, name: str, content: bytes) -> None:
        """Send one file, and note the answer."""
        answer = self.session.post(
            self._address,
            data={"cluster": self.cluster, "csrfmiddlewaretoken": self.token},
            files={"file": (name, content)},
            timeout=120,
        )
        self.told.statuses.append(answer.status_code)

    def send_until(self, end: float) -> None:
        """Send hostile files, each as soon as the one before was answered."""
        for name, content in cycle(_FILES):
            if time.monotonic() > end:
                return
            self.send(name, content)


#: A sheet that is slow to read, within all bounds of size.
_ROWS = "".join(f'<row r="{at}"><c t="str"><v>{at}</v></c></row>' for at in range(2, 150_000))


_FILES = (
    *(("members.xlsx", book) for book in (*hostile.BOOKS.values(), hostile.workbook(_ROWS))),
    ("members.csv", hostile.table(3_000_000)),
    ("members.zip", hostile.nested(60_000_000)),
)
_TOKEN = r'name="csrfmiddlewaretoken" value="([^"]+)"'


def _ask(session: requests.Session, host: Host, seconds: float) -> list[float]:
    """Return how long each of a reader's pages took."""
    took, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        begun = time.monotonic()
        answer = session.get(f"{host.url}/people/me/", timeout=120)
        took.append(time.monotonic() - begun)
        assert answer.status_code == 200
        time.sleep(0.05)
    return took


@contextmanager
def _running(works: list[Callable[[], None]]) -> Iterator[None]:
    with ThreadPoolExecutor(len(works)) as pool:
        begun = [pool.submit(work) for work in works]
        yield
        for one in begun:
            one.result()


@pytest.mark.django_db(transaction=True)
def test_others_are_answered_while_hostile_files_are_read(tmp_path):
    with acting_as(SERVICE):
        world = make_world()
    told = Told()
    with receiving() as inbox, running_hosts(tmp_path, inbox, "one") as (host,):
        processes = host.pids_of("granian")
        reader = _session(world.b.manager, host)
        senders = [
            Sender(_session(world.a.manager, host), host, world.a.cluster.pk, told)
            for _at in range(SENDERS)
        ]
        # What a server does once, it has done before anything is measured.
        for one in senders:
            one.send("members.csv", b"name\nA member\n")
        quiet = _ask(reader, host, SECONDS / 2)
        end = time.monotonic() + SECONDS
        with _running([partial(one.send_until, end) for one in senders]):
            loud = _ask(reader, host, SECONDS)
        assert host.pids_of("granian") == processes, "a process of the server ended"
        written = host.log.read_text()
        assert "reading" in written, "no file was read"
    assert len(told.statuses) >= 2 * SENDERS
    assert set(told.statuses) <= {200, 400, 409, 422}, written[-20_000:]
    told_of = (sorted(loud)[-5:], sorted(quiet)[-5:])
    assert statistics.quantiles(loud, n=20)[-1] < MORE_S + TIMES * max(quiet), told_of
    assert max(loud) < LONGEST_S + TIMES * max(quiet), told_of
