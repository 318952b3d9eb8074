import os
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
import random
from datetime import date, timedelta, datetime, UTC
import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import sync_playwright
from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.kernel.models import Job
from tests.factories.world import make_world
from tests.factories.ambassadors import make_case
from tests.factories.rooms import ActivityFactory, FavourFactory
from tests.insight.test_outcomes import meet, work_out
from tests.partnerships.rooms import party

@pytest.mark.django_db(transaction=True)
def test_shots(live_server):
    rng = random.Random(4)
    with acting_as(SERVICE):
        world = make_world()
        for n in range(90):
            when = datetime(2024, 9, 1, 10, tzinfo=UTC) + timedelta(days=9 * n)
            state = rng.choice(["held"] * 7 + ["missed", "cancelled"])
            said = rng.choice([("possible", "possible"), ("possible", "informative"), ("informative",), ("no-interest",), ()]) if state == "held" else ()
            later = rng.choice([("agreement",), ("negotiating",), ("contact",), ("no-contact",), (), (), ()]) if state == "held" else ()
            made = meet(world, when, n % 3, (n + n // 3) % 3, state=state, day=said, later=later, **({"desk": world.a.cluster} if n % 2 else {}))
        for place in range(3):
            for other in range(3):
                case = make_case(world, place, other, state="asking")
                asked = timezone.now() - timedelta(days=rng.randrange(20, 300))
                case.asked_at = asked; case.opened_at = asked; case.save()
                case.sides.update(asked_at=asked)
                case.sides.filter(role="member").update(answer="yes", answered_at=asked + timedelta(hours=rng.randrange(5, 200)))
                if other: case.sides.filter(role="stakeholder").update(answer="yes", answered_at=asked + timedelta(hours=rng.randrange(20, 400)))
        for year in (2025, 2026):
            day = date(year, 5, 1)
            ActivityFactory(partnership=world.partnership, title="Matchmaking in Lyon", cost=18000, state="done", starts_on=day, ends_on=day)
        FavourFactory(partnership=world.partnership, giver=party(world, world.a), receiver=party(world, world.b), noted_by=world.a.cluster, count=7, kind="hosting", confirmed_at=timezone.now(), happened_on=date(2026, 3, 1))
        FavourFactory(partnership=world.partnership, giver=party(world, world.b), receiver=party(world, world.a), noted_by=world.b.cluster, count=5, kind="hosting", confirmed_at=timezone.now(), happened_on=date(2026, 3, 1))
    with acting_as(SERVICE):
        client = Client(); client.force_login(world.a.manager.account)
        other = Client(); other.force_login(world.b.manager.account)
    eyes_today = timezone.localdate()
    from proxeny.insight.eyes import eyes_of
    from proxeny.insight.operations import outcomes
    from proxeny.insight.operations.refreshing import refresh
    refresh(eyes_of(world.a.cluster.pk, world.partnership.pk, today=eyes_today), outcomes.PART, report=lambda *_: None)
    pk = world.partnership.pk
    base = live_server.url
    out = "/tmp/oc_shots"; os.makedirs(out, exist_ok=True)
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        def shots(who, name, path, **ctx):
            width = ctx.pop("width", 1280); lang = ctx.pop("lang", "en"); scheme = ctx.pop("scheme", "light")
            context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, locale=lang)
            context.add_cookies([{"name": "sessionid", "value": who.cookies["sessionid"].value, "url": base}, {"name": "django_language", "value": lang, "url": base}])
            page = context.new_page()
            errors = []
            page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
            page.goto(base + path); page.wait_for_timeout(1200)
            wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
            print(name, "overflow" if wide else "", errors[:3])
            page.screenshot(path=f"{out}/{name}.png", full_page=True)
            context.close()
        room = f"/partnerships/{pk}/outcome-figures/"
        shots(other, "empty", room)
        shots(client, "desk", room)
        shots(client, "dark", room + "?period=all&by=member", scheme="dark")
        shots(client, "phone", room + "?period=all&by=member", width=390)
        shots(client, "arabic", room + "?period=all", lang="ar")
        shots(client, "fig", room + "held/?period=all")
        shots(client, "figphone", room + "cost-cooperations/?period=all", width=390)
        shots(client, "figar", room + "wait-asked/?period=all", lang="ar", width=390)
        shots(client, "figdark", room + "balance-hosting/", scheme="dark")
        with acting_as(SERVICE):
            Job.objects.create(kind="insight.refresh", key="x", organisation_id=world.a.cluster.pk, partnership_id=pk, state="running", progress={"percent": 40, "step": "outcomes"}, person_id=world.a.manager.pk)
        shots(client, "running", room + "?period=2019")
        browser.close()
