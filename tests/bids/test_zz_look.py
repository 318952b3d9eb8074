import mimetypes, os
from decimal import Decimal
from datetime import date
from pathlib import Path
import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse
from playwright.sync_api import sync_playwright
from proxeny.accounts.models import Person
from proxeny.bids.models import Partner, WorkPackage
from tests.bids.bidding import bid_of, call_of, partner_of
from tests.bids.planning import need, packages_of, spend, begin_usual
from tests.partnerships.rooms import party
pytestmark = pytest.mark.django_db(transaction=False)
OUT = Path("/tmp/looks"); OUT.mkdir(exist_ok=True)

def test_look(world, sign_in):
    call = call_of(world, rule_set="horizon-europe-ia", grant_least=2_000_000, grant_most=4_000_000)
    bid = bid_of(world, call=call, months=36, starts_on=date(2027,9,1), overhead=25)
    empty = bid_of(world, call=call, months=36)
    orgs = [*world.a.members, *world.b.members]
    names = ["Athens Creative Games and Sound Laboratory of the University", "Nefeli Studio", "Harbour of Patras", "Lumière Systèmes", "Capteurs de la Seine", "Institut océanographique"]
    parties=[party(world, world.a)]*3+[party(world, world.b)]*3
    partners = [partner_of(bid, o, name=n, rate=Decimal(5400+70*i), party=p, leads=i==0, nonprofit=i%2==0, role="associated_partner" if i==4 else "beneficiary", state="left" if i==5 else "in") for i,(o,n,p) in enumerate(zip(orgs,names,parties))]
    titles=["Coordination and quality of all that is done", "What harbours need, and a first version of the sensors", "Trying it out in twelve harbours", "Data that others can use", "Spreading and using the results"]
    made = packages_of(bid,(1,36),(1,14),(13,30),(10,34),(1,36))
    for m,t,l in zip(made,titles,[partners[0],partners[3],partners[1],None,partners[5]]):
        WorkPackage.objects.filter(pk=m.pk).update(title=t, lead=l, aims="We measure what is in the water by the hour, and tell those who decide.")
    need(world.a.manager, made[2], made[1]); need(world.a.manager, made[3], made[1]); need(world.a.manager, made[4], made[2])
    for i,p in enumerate(partners):
        if i in (4,5): continue
        spend(world.a.manager, p, {(m,"months"): Decimal(str(6.33+i*7+k*4)) for k,m in enumerate(made) if (k+i)%4} | {(made[i%5],"travel"): Decimal("12500.5")*(i+1), (made[1],"subcontracting"): Decimal(740000) if i==1 else 0, (made[2],"equipment"): Decimal("93333.33")}, percent=Decimal(85) if i==1 else None)
    pages = {
        "plan": reverse("bids:plan", args=[bid.partnership_id,bid.pk]),
        "empty": reverse("bids:plan", args=[bid.partnership_id,empty.pk]),
        "budget": reverse("bids:budget", args=[bid.partnership_id,bid.pk]),
        "partner": reverse("bids:budget-partner", args=[bid.partnership_id,bid.pk,partners[1].pk]),
        "needs": reverse("bids:plan-needs", args=[bid.partnership_id,bid.pk,made[2].pk]),
    }
    client = sign_in(world.a.manager)
    html = {}
    for lang in ("en","ar"):
        Person.objects.filter(pk=world.a.manager.pk).update(language=lang)
        for name,url in pages.items():
            answer=client.get(url); assert answer.status_code==200
            html[f"/{name}-{lang}"]=answer.content
        # refused
    bad = {"version":"0","rate":"abc", f"months_{made[0].pk}":"12.500", "percent":"101"}
    Person.objects.filter(pk=world.a.manager.pk).update(language="en")
    html["/bad-en"]=client.post(pages["partner"], bad).content
    with __import__("concurrent.futures").futures.ThreadPoolExecutor(1) as pool:
        pool.submit(shoot, html).result()

def shoot(html):
    with sync_playwright() as p:
        b=p.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox","--disable-gpu"])
        for width in (1440,390):
            page=b.new_page(viewport={"width":width,"height":900})
            msgs=[]
            page.on("console", lambda m: msgs.append(m.text)); page.on("pageerror", lambda e: msgs.append("ERR "+str(e)))
            def handle(route):
                path=route.request.url.split("x.test",1)[1].split("?")[0]
                if path.startswith("/static/"):
                    f=finders.find(path[8:])
                    if not f: return route.fulfill(status=404)
                    return route.fulfill(body=Path(f).read_bytes(), content_type=mimetypes.guess_type(f)[0] or "text/plain")
                if path in html: return route.fulfill(body=html[path], content_type="text/html; charset=utf-8")
                return route.fulfill(status=404)
            page.route("**/*", handle)
            for path in html:
                page.goto("http://x.test"+path); page.wait_for_load_state("networkidle")
                over=page.evaluate("document.documentElement.scrollWidth - innerWidth")
                print(width, path, "overflow", over)
                if path.startswith("/plan"): page.evaluate("document.querySelectorAll('details.bd-needs-form')[1].open=true")
                page.screenshot(path=str(OUT/f"{path[1:]}-{width}.png"), full_page=True)
                if path=="/partner-en":
                    before=page.evaluate("[...document.querySelectorAll('output[data-sum]')].map(o=>o.value)")
                    raw=page.evaluate("document.documentElement.outerHTML.length")
                    print(before)
                    page.fill("input[name=rate]","6,000.50"); page.fill("input[name=percent]","50")
                    print(page.evaluate("[...document.querySelectorAll('output[data-sum]')].map(o=>o.value)"))
                    page.fill("input[name=rate]","6.000"); print(page.evaluate("[...document.querySelectorAll('output[data-sum]')].map(o=>o.value)"))
            print([m for m in msgs if "404" not in m])
            page.close()
        b.close()
    import re
    print(re.findall(r'<output data-sum="([^"]+)">([^<]*)<', html["/partner-en"].decode()))
