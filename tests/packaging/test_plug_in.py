"""The plug-in of `examples/`: built, installed beside the product, and used as its people use it."""

import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import requests

from tests.e2e.conftest import Product, environment_of, start_product, stop_product
from tests.packaging.conftest import ROOT

PASSWORD = "harbour lamp umbrella seven"
PAGE = "/plug-ins/proxeny_anniversaries/"

PREPARE = f"""
import datetime, json, django
django.setup()
from django.utils import timezone
from proxeny.kernel.tenancy import SERVICE, acting_as
from tests.factories.world import make_world
with acting_as(SERVICE):
    world = make_world()
    world.partnership.starts_on = timezone.localdate() - datetime.timedelta(days=3 * 365 - 9)
    world.partnership.save(update_fields=["starts_on"])
    people = [world.a.manager, world.b.representatives[0], world.c.manager]
    for person in people:
        person.account.set_password({PASSWORD!r})
        person.account.save()
print(json.dumps([one.email for one in people] + [world.partnership.pk]))
"""
COUNT = """
import json, time, django
django.setup()
from django.utils import timezone
from proxeny.kernel.jobs.schedule import look_after
from proxeny.kernel.models import Job
from proxeny.kernel.tenancy import SERVICE, acting_as
with acting_as(SERVICE):
    assert look_after(timezone.now()) == []
for _ in range(300):
    with acting_as(SERVICE):
        found = Job.objects.get(kind="anniversaries.count")
    if found.state == "done":
        break
    time.sleep(0.2)
print(json.dumps([found.state, found.result]))
"""


@dataclass(frozen=True)
class Site:
    """A product with the plug-in."""

    product: Product
    environment: dict[str, str]

    def run(self, code: str) -> list[object]:
        """Run a program beside the product; return what it prints."""
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def sign_in(self, email: str) -> requests.Session:
        """Return the browser of somebody who has signed in."""
        browser, address = requests.Session(), f"{self.product.url}/accounts/login/"
        page = browser.get(address, timeout=30).text
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert found
        form = {"login": email, "password": PASSWORD, "csrfmiddlewaretoken": found[1]}
        answer = browser.post(address, form, headers={"Referer": address}, timeout=30)
        assert answer.url == f"{self.product.url}/", answer.url
        return browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    source, packages = (tmp_path_factory.mktemp(name) for name in ("source", "packages"))
    shutil.copytree(ROOT / "examples" / "plug-in", source, dirs_exist_ok=True)
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel"],
        cwd=source,
        capture_output=True,
        check=True,
    )
    (wheel,) = (source / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)
    packages.parent.chmod(0o755)
    packages.chmod(0o755)
    home = tmp_path_factory.mktemp("home")
    product = start_product(home, demo=False, PYTHONPATH=str(packages))
    environment = environment_of(
        home,
        PYTHONPATH=f"{packages}:{ROOT}",
        DJANGO_SETTINGS_MODULE="proxeny.config.settings",
        PROXENY_BASE_URL=product.url,
    )
    yield Site(product, environment)
    stop_product(product)


def test_a_plug_in_adds_a_page_an_entry_a_date_and_a_job(site):
    manager, member, stranger, partnership = site.run(PREPARE)
    for email, sees in ((manager, True), (stranger, False)):
        browser = site.sign_in(str(email))
        home = browser.get(site.product.url, timeout=30).text
        assert (f'href="{PAGE}"' in home) == sees
        page = browser.get(site.product.url + PAGE, timeout=30)
        assert page.status_code == 200
        assert ("Athens – Paris" in page.text) == sees
    room = site.sign_in(str(manager)).get(
        f"{site.product.url}/partnerships/{partnership}/", timeout=30
    )
    assert "3 years together" in room.text
    assert f'href="{PAGE}"' not in site.sign_in(str(member)).get(site.product.url, timeout=30).text
    outside = requests.get(site.product.url + PAGE, timeout=30)
    assert "/accounts/login/" in outside.url
    assert site.run(COUNT) == ["done", {"near": 1}]


def test_without_it_there_is_no_such_page():
    code = "import django; django.setup(); from proxeny.config.urls import plug_in_urls as p; print(p())"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment_of(ROOT, DJANGO_SETTINGS_MODULE="proxeny.config.settings"),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert done.stdout.strip() == "[]"
