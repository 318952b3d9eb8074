"""What ten people at one desk do: locust reads this file. Anything but a 200 counts as an error."""

import os
import random
import re

from locust import HttpUser, between, task

PASSWORD = os.environ["PROXENY_LOAD_PASSWORD"]
ROOM = f"/partnerships/{os.environ['PROXENY_DESK_ROOM']}"
CASE = os.environ["PROXENY_DESK_CASE"]
#: Each page with how often it is opened.
PAGES = {
    "board": (4, f"{ROOM}/desk/"),
    "board, mine": (2, f"{ROOM}/desk/?who=me"),
    "board, searched": (1, f"{ROOM}/desk/?q=buyer+1"),
    "list": (3, f"{ROOM}/desk/list/"),
    "list, all by name": (1, f"{ROOM}/desk/list/?state=all&sort=member&page=9"),
    "one introduction": (4, f"{ROOM}/desk/{CASE}/"),
    "bring two together": (1, f"{ROOM}/desk/new/"),
    "mandates": (1, f"{ROOM}/desk/mandates/"),
    "hand-over": (1, f"{ROOM}/desk/hand-over/"),
    "report": (1, f"{ROOM}/desk/report/"),
    "day of visits": (1, f"{ROOM}/desk/day/"),
}


class AtTheDesk(HttpUser):
    """An ambassador or a manager of the cluster."""

    wait_time = between(1, 2)

    def on_start(self) -> None:
        """Sign in."""
        page = self.client.get("/accounts/login/", name="sign-in page").text
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert found is not None
        address = random.choice(("ambassador@athens.example", "manager@athens.example"))
        answer = self.client.post(
            "/accounts/login/",
            {"login": address, "password": PASSWORD, "csrfmiddlewaretoken": found[1]},
            headers={"Referer": self.host},
            name="sign in",
        )
        assert answer.url.rstrip("/") == self.host.rstrip("/"), answer.url

    @task
    def open_a_page(self) -> None:
        """One of the desk's pages."""
        weights = [weight for weight, _path in PAGES.values()]
        name = random.choices(list(PAGES), weights)[0]
        self.client.get(PAGES[name][1], name=name)
