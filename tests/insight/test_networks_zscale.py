import csv, gzip, resource, time, os
from datetime import date
import pytest
from proxeny.directory.models import *
from proxeny.insight.eyes import eyes_of
from proxeny.insight.operations import networks as N
from proxeny.insight.operations.refreshing import refresh
from proxeny.insight.queries.networks_deeds import read_seen
from tests.factories.directory import *
from tests.insight.networking import *
pytestmark = pytest.mark.django_db

def rss(): return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

def test_scale(world, sign_in):
    a = world.a
    rows = list(csv.DictReader(gzip.open("/work/shared/data/cordis_h2020_participations/participations_2014_2018.csv.gz", "rt")))
    iso = {"UK": "GB", "EL": "GR"}
    pics = {}
    for r in rows: pics.setdefault(r["pic"], iso.get(r["country"], r["country"])[:2])
    orgs = [OrganisationFactory.build(name=f"Organisation {p}", sort_name=f"organisation {p}", country=c, steward=a.cluster, key=p) for p, c in pics.items()]
    Organisation.objects.bulk_create(orgs, batch_size=2000)
    by = {o.key: o for o in orgs}
    projects = {}
    for r in rows:
        if r["rcn"] not in projects:
            projects[r["rcn"]] = ProjectFactory.build(steward=a.cluster, reference=r["rcn"], starts_on=r["start_date"] if r["start_date"] != "NA" else None, ends_on=r["end_date"] if r["end_date"] != "NA" else None)
    Project.objects.bulk_create(projects.values(), batch_size=2000)
    seen, parts = set(), []
    for r in rows:
        k = (r["rcn"], r["pic"])
        if k in seen: continue
        seen.add(k); parts.append(ProjectPart(project=projects[k[0]], organisation=by[k[1]]))
    ProjectPart.objects.bulk_create(parts, batch_size=5000)
    # 300 members of A
    Membership.objects.bulk_create(Membership(cluster=a.cluster, organisation=o, starts_on=date(2015,1,1)) for o in orgs[:300])
    from django.db import connection
    connection.cursor().execute("ANALYZE")
    print(len(orgs), len(projects), len(parts), "rss", rss())
    today = date(2018, 11, 27)
    eyes = eyes_of(a.cluster.pk, None, today=today)
    t = time.time()
    with eyes.reading(): s = read_seen(today=today)
    print("read", time.time() - t, len(s.deeds))
    said = []; t = time.time()
    def report(step, percent): said.append((step, percent, round(time.time() - t, 1)))
    assert refresh(eyes, N.PART, report=report)
    print("refresh", time.time() - t, said, "rss", rss())
    t = time.time(); assert not refresh(eyes, N.PART, report=report); print("again", time.time() - t)
    from proxeny.insight.models import Snapshot
    one = Snapshot.objects.defer(None).get(kind="network", organisation=a.cluster)
    import json
    print("content", len(json.dumps(one.content)), "data", len(bytes(one.data)), one.content["present"]["whole"], one.content["years"]["2018"], one.content["present"]["proposals"]["organisations"]["status"], one.content["present"]["proposals"]["organisations"]["gain"], one.content["present"]["proposals"]["organisations"]["bound"])
    client = sign_in(a.manager)
    for url in ("/network/", "/network/picture/", "/network/graph.json", "/network/graph.json?by=everybody", f"/network/graph.json?around={a.cluster.pk}", f"/network/picture/?around={a.cluster.pk}", "/network/graph.json?community=1", "/network/map/?ties=all", "/network/organisations/", "/network/organisations/?q=organisation+99", "/network/what-if/", f"/network/what-if/?link={orgs[5000].pk}", "/network/what-if/?find=9999"):
        best = 9
        for _ in range(3):
            t = time.time(); r = client.get(url); best = min(best, time.time() - t)
        print(url, r.status_code, len(r.content), round(best * 1000), "ms")
