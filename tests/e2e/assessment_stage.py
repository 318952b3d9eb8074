"""The stage of the story of an assessment: two clusters that have agreed, a company, the mails."""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from tests.e2e.conftest import PASSWORD, Product, environment_of, start_product, stop_product
from tests.e2e.two_sides import Cluster, Side, found, letter_to, text_of
from tests.smtp import Inbox, receiving

LYON = Cluster(
    "Pôle Rocaille, son et image",
    "FR",
    "fr",
    (
        ("Odile Exemple", "manager@rocaille.example"),
        ("Basile Fictif", "ambassador@rocaille.example"),
    ),
)
RABAT = Cluster("عنقود الزليج الرقمي", "MA", "ar", (("هدى مثال", "manager@zellij.example"),))
ELSEWHERE = Cluster("Cairnmoor Health", "GB", "en", (("Wilf Sample", "wilf@cairnmoor.example"),))
COMPANY = Cluster("استوديو الصدى", "MA", "ar", (("سامي تجربة", "rep@sada.example"),))
ODILE, HOUDA, SAMI = (one.people[0][1] for one in (LYON, RABAT, COMPANY))
#: Run by the product's own shell: the two have agreed, and the company is a member of Rabat.
_SET_UP = """
import json, os
from datetime import date
from proxeny.accounts.operations import create_holder
from proxeny.directory.models import Membership, Organisation
from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.partnerships.models import Partnership, Party
told = json.loads(os.environ["TOLD"])
since = date.today().replace(day=1, year=date.today().year - 4)
with acting_as(SERVICE):
    clusters = [Organisation.objects.get(name=name) for name in told["clusters"]]
    made = Partnership.objects.create(title="Lyon – Rabat", lead=clusters[0], state="active",
                                      starts_on=since, currency="EUR")
    for side, cluster in zip("AB", clusters):
        Party.objects.create(partnership=made, organisation=cluster, side=side)
    company = Organisation.objects.create(name=told["company"], kind="company", country="MA",
                                          steward=clusters[1], visibility="public", city="Rabat")
    Membership.objects.create(cluster=clusters[1], organisation=company, starts_on=since)
    create_holder(email=told["email"], name=told["person"], role="representative", language="ar",
                  organisation_id=company.pk, today=since, password=os.environ["PASSWORD"])
    print("ROOM", made.pk)
"""
#: What the product starts by itself once an hour.
ASK_LATER = """
import uuid
from proxeny.kernel.jobs import enqueue
from proxeny.kernel.tenancy import SERVICE, STRANGER, acting_as
with acting_as(SERVICE):
    enqueue("assessments.ask_later", actor=STRANGER, key=f"assessments.ask_later:{uuid.uuid4()}",
            arguments={})
"""


@dataclass
class Stage:
    """The product, the mails it sends, and the room that both sides share."""

    product: Product
    inbox: Inbox
    room: str = ""

    def shell(self, code: str, **variables: str) -> str:
        """Run code in the product's own shell; return what it printed."""
        port = self.product.url.rpartition(":")[2]
        done = subprocess.run(
            [sys.executable, "-m", "proxeny", "manage", "shell", "--no-imports", "-c", code],
            env=environment_of(self.product.home, PORT=port, PASSWORD=PASSWORD, **variables),
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def open_mail(self, side: Side, *words: str) -> None:
        """Follow the link of the mail with these words, as who received it."""
        letter = text_of(letter_to(self.inbox, side.cluster.people[0][1], *words))
        address = re.search(r"http://[^/\s]+(/\S+)", letter)
        assert address is not None, letter
        side.page.goto("about:blank")  # where the page itself is open, it is loaded anew
        side.visitor.go(address[1])


@contextmanager
def raise_stage(
    clusters: Sequence[Cluster], code: str, told: Mapping[str, object]
) -> Iterator[Stage]:
    """Start a product of its own with some clusters, and what code in its own shell makes there.

    The code gets `told` as JSON, and prints the room's number after `ROOM`.
    """
    with receiving() as inbox, tempfile.TemporaryDirectory(prefix="proxeny-stage-") as home:
        port = settings.MAILERS["default"]["OPTIONS"]["port"]
        mails = f"smtp://127.0.0.1:{port}"
        product = start_product(Path(home), demo=False, PROXENY_EMAIL_URL=mails)
        try:
            found(product, *clusters)
            made = Stage(product, inbox)
            number = made.shell(code, TOLD=json.dumps(told)).split("ROOM ")[1].split()[0]
            made.room = f"/partnerships/{number}/"
            yield made
        finally:
            stop_product(product)


def set_the_stage() -> AbstractContextManager[Stage]:
    """Start a product of its own with three clusters, two of which have agreed."""
    person, email = COMPANY.people[0]
    told = {
        "clusters": [LYON.name, RABAT.name],
        "company": COMPANY.name,
        "person": person,
        "email": email,
    }
    return raise_stage((LYON, RABAT, ELSEWHERE), _SET_UP, told)
