"""Outcome figures by program: the same as the pages, for the same people."""

from datetime import timedelta

import pytest
from django.utils import timezone

from proxeny.insight.models import Snapshot
from proxeny.kernel.models import Job

pytestmark = pytest.mark.django_db


def address(world, code=""):
    return f"/api/v1/insight/partnerships/{world.partnership.pk}/outcomes{code and f'/{code}'}"


def test_figures_are_told_as_on_the_page(worked, call):
    caller = call(worked.b.ambassador, "insight:read")
    answer = caller.get(f"{address(worked)}?period=2026-Q1").json()
    by_code = {one["code"]: one for one in answer["figures"]}
    assert (answer["period"], answer["since"], answer["until"]) == (
        "2026-Q1",
        "2026-01-01",
        "2026-03-31",
    )
    assert by_code["held"]["value"] == 5
    rate = by_code["cooperation-rate"]
    assert (rate["value"], rate["of"]) == (0.4, 5)
    assert rate["reference"] == pytest.approx(0.0914, abs=0.0001)
    assert by_code["cost-held"]["why"] == "none"
    assert answer["standing"]["method"] == "2"
    assert {"all", "recent", "2025", "2025-Q4"} <= set(answer["periods"])


def test_own_days_are_counted_live(worked, call):
    caller = call(worked.a.manager, "insight:read")
    answer = caller.get(f"{address(worked)}?since=2026-02-01&until=2026-02-28").json()
    assert answer["period"] == ""
    assert next(one for one in answer["figures"] if one["code"] == "held")["value"] == 3
    refused = caller.get(f"{address(worked)}?since=2026-02-02&until=2026-02-01")
    assert refused.status_code == 422
    assert caller.get(f"{address(worked)}?period=2031").status_code == 422


def test_rows_of_a_figure(desk, call):
    caller = call(desk.a.manager, "insight:read")
    answer = caller.get(f"{address(desk, 'worth-EUR')}?period=all&sort=-amount").json()
    assert [(row["source"], row["amount"], row["currency"]) for row in answer["rows"]] == [
        ("rating", "1000.00", "EUR")
    ]
    assert (answer["has_more"], answer["hidden"]) == (False, 0)
    other = call(desk.b.manager, "insight:read")
    answer = other.get(f"{address(desk, 'invitations')}?period=all").json()
    assert ([row["source"] for row in answer["rows"]], answer["hidden"]) == (["request"], 2)
    assert caller.get(address(desk, "nothing")).status_code == 404


def test_before_the_first_figures(world, call):
    caller = call(world.a.manager)
    answer = caller.get(address(world)).json()
    assert (answer["standing"], answer["figures"]) == (None, [])
    assert caller.get(address(world, "held")).status_code == 404


def test_nobody_else(worked, call):
    for person in (worked.c.manager, worked.a.representatives[0]):
        assert call(person).get(address(worked)).status_code == 404
        assert call(person).get(address(worked, "held")).status_code == 404


def test_figures_are_asked_anew_and_tell_how_they_stand(worked, call):
    caller = call(worked.a.ambassador)
    a = worked.a.cluster.pk
    body = {"organisation_id": a, "partnership_id": worked.partnership.pk}
    answer = caller.post("/api/v1/insight/refresh", body)
    assert answer.status_code == 202
    assert answer.json()["job_id"] == Job.objects.get(kind="insight.refresh").pk
    assert caller.post("/api/v1/insight/refresh", body).json() == answer.json()
    assert call(worked.b.ambassador).post("/api/v1/insight/refresh", body).status_code == 404
    url = f"/api/v1/insight/clusters/{a}/standing/outcomes?partnership_id={worked.partnership.pk}"
    standing = caller.get(url).json()
    made = Snapshot.objects.get(organisation=a, kind="outcomes")
    assert (standing["method"], standing["is_stale"]) == (made.method, False)
    Snapshot.objects.update(looked_at=timezone.now() - timedelta(days=9))
    assert caller.get(url).json()["is_stale"]
    assert call(worked.b.ambassador).get(url).status_code == 404
