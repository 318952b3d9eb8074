"""What the users of the load test do: locust reads this file.

Each signs in once, then reads and writes with a second or two between the clicks. Anything but the
expected answer counts as an error, a 409 among writers of one record included: each user writes a
record of its own.
"""

import json
import os
import random
import re

from locust import HttpUser, between, task

PASSWORD = os.environ["PROXENY_LOAD_PASSWORD"]
MANAGERS = ("manager@athens.example", "manager@paris.example")
MEMBERS = ("member@athens.example", "member@paris.example")
TOKENS = json.loads(os.environ["PROXENY_LOAD_TOKENS"])


_FILES = (
    (
        "members.csv",
        "Name,Country,Summary\n"
        + "\n".join(f"Company {number},FR,Makes things of kind {number}" for number in range(500)),
    ),
    ("hostile.csv", "-" + "|" * 32_000),
    ("separators.csv", "Name;Country\n" + ";" * 32_000),
)


class Person(HttpUser):
    """Somebody with a browser."""

    abstract = True
    wait_time = between(1, 2)
    addresses: tuple[str, ...] = ()

    def on_start(self) -> None:
        """Sign in, and see which records there are."""
        page = self.client.get("/accounts/login/", name="sign-in page").text
        answer = self.client.post(
            "/accounts/login/",
            {
                "login": random.choice(self.addresses),
                "password": PASSWORD,
                "csrfmiddlewaretoken": _token(page),
            },
            headers={"Referer": self.host},
            name="sign in",
        )
        assert answer.url.rstrip("/") == self.host.rstrip("/"), answer.url
        self.organisations = _numbers(r"/directory/(\d+)/", self.client.get("/directory/").text)
        self.events = _numbers(r"/events/(\d+)/", self.client.get("/events/").text)

    @task(3)
    def see_the_day(self) -> None:
        """My day."""
        self.client.get("/", name="my day")

    @task(4)
    def search(self) -> None:
        """Search the directory."""
        word = random.choice(("design", "studio", "data", "son", "graphic"))
        self.client.get(f"/directory/?q={word}", name="directory, search")

    @task(4)
    def read_an_entry(self) -> None:
        """One entry."""
        number = random.choice(self.organisations)
        self.client.get(f"/directory/{number}/", name="directory, entry")

    @task(2)
    def read_an_event(self) -> None:
        """One event, and who takes part."""
        number = random.choice(self.events)
        self.client.get(f"/events/{number}/", name="event")
        self.client.get(f"/events/{number}/participants/", name="event, participants")


class Manager(Person):
    """A cluster's manager: reads more, changes entries."""

    weight = 2
    addresses = MANAGERS

    @task(2)
    def add_a_member(self) -> None:
        """Write: a member of one's own."""
        page = self.client.get("/directory/new/", name="new member, form").text
        self.client.post(
            "/directory/new/",
            _fields(page)
            | {
                "name": f"Load {random.random()}",
                "country": "GR",
                "kind": "company",
                "language": "en",
                "visibility": "cluster",
            },
            headers={"Referer": self.host},
            name="new member, saved",
        )

    @task(2)
    def see_partnerships(self) -> None:
        """The partnerships."""
        self.client.get("/partnerships/", name="partnerships")


class Bringer(Person):
    """Somebody who uploads member lists, well-meaning and hostile ones, while the others read."""

    fixed_count = 2
    wait_time = between(4, 6)
    addresses = MANAGERS

    @task(1)
    def upload_a_list(self) -> None:
        """Upload a file that is read for its columns."""
        name, content = random.choice(_FILES)
        page = self.client.get("/directory/import/", name="import, form").text
        fields = {key: value for key, value in _fields(page).items() if key != "file"}
        with self.client.post(
            "/directory/import/",
            fields,
            files={"file": (name, content)},
            headers={"Referer": self.host},
            name="import, file read",
            catch_response=True,
        ) as answer:
            # A hostile file is refused with a sentence.
            if answer.status_code in (200, 422):
                answer.success()


class Member(Person):
    """A member company: changes its own details."""

    weight = 2
    addresses = MEMBERS

    @task(2)
    def change_own_details(self) -> None:
        """Write: one's own time zone."""
        page = self.client.get("/people/me/", name="me, form").text
        with self.client.post(
            "/people/me/",
            _fields(page) | {"time_zone": random.choice(("Europe/Athens", "Europe/Paris"))},
            headers={"Referer": self.host},
            name="me, saved",
            catch_response=True,
        ) as answer:
            # Several of these users are one person: the later one is shown both versions.
            if answer.status_code == 409:
                answer.success()


class Program(HttpUser):
    """A program with a token."""

    weight = 1
    wait_time = between(1, 2)

    def on_start(self) -> None:
        """Take a token."""
        self.client.headers["Authorization"] = f"Bearer {random.choice(TOKENS)}"

    @task(2)
    def list_organisations(self) -> None:
        """Read a page of organisations."""
        self.client.get("/api/v1/directory/organisations", name="API, organisations")

    @task(1)
    def add_a_listing(self) -> None:
        """Write: an offer of the cluster's own."""
        me = self.client.get("/api/v1/people/me", name="API, me").json()
        self.client.post(
            f"/api/v1/directory/organisations/{me['managed'][0]}/listings",
            json={"direction": "offer", "kind": "business", "title": f"Load {random.random()}"},
            headers={"Idempotency-Key": f"load-{random.random()}"},
            name="API, listing added",
        )


def _token(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def _numbers(pattern: str, page: str) -> list[str]:
    return sorted(set(re.findall(pattern, page)))


def _fields(page: str) -> dict[str, str]:
    """Return what the page's last form would send as it stands."""
    form = page.rsplit("<form", 1)[0] if "csrfmiddlewaretoken" not in page else page
    fields = dict(re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form))
    for name, body in re.findall(r'<select[^>]*name="([^"]+)".*?>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option[^>]*value="([^"]*)"[^>]*selected', body)
        fields[name] = chosen[1] if chosen else ""
    return fields | {"csrfmiddlewaretoken": _token(page)}
