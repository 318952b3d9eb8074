"""The pages of outcome figures: both sides, nobody else, what a figure is made of, and its rows."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from proxeny.kernel.models import Job
from tests.files import is_table_file
from tests.insight.counting import at, meet, work_out

pytestmark = pytest.mark.django_db


def page(world, **query):
    return reverse("insight:outcomes", args=[world.partnership.pk], query=query)


def figure(world, code, **query):
    return reverse("insight:figure", args=[world.partnership.pk, code], query=query)


def test_each_side_sees_its_figures(worked, sign_in):
    for side in (worked.a, worked.b):
        answer = sign_in(side.ambassador).get(page(worked, period="2026-Q1"))
        assert answer.status_code == 200
        text = answer.content.decode()
        assert "Compared with ten events" in text
        assert answer.context["chain"].held == 5
        assert "Calculated on" in text


def test_before_the_first_figures_it_says_what_will_be_there(world, sign_in):
    answer = sign_in(world.a.manager).get(page(world))
    assert answer.status_code == 200
    assert "No figures yet" in answer.content.decode()
    assert "Calculate the figures" in answer.content.decode()


@pytest.mark.parametrize("name", ["page", "figure"])
def test_nobody_else_sees_them(worked, sign_in, name):
    url = page(worked) if name == "page" else figure(worked, "held")
    for person in (worked.c.manager, worked.a.representatives[0], worked.c.representatives[0]):
        assert sign_in(person).get(url).status_code == 404
    assert sign_in(worked.a.manager).get(url).status_code == 200


def rows_of(client, world, code, **query):
    answer = client.get(figure(world, code, export="csv", **query))
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


COUNTED = [
    "planned",
    "cancelled",
    "held",
    "missed",
    "possible",
    "both",
    "cooperations",
    "agreements",
    "requests",
    "invitations",
]


@pytest.mark.parametrize("code", COUNTED)
def test_the_rows_behind_a_count_add_up_to_it(desk, sign_in, code):
    client = sign_in(desk.a.manager)
    for period in ("all", "2026-Q1", "recent"):
        answer = client.get(figure(desk, code, period=period))
        shown = answer.context["figure"].value
        assert len(rows_of(client, desk, code, period=period)) == shown
        assert answer.context["hidden"] == ""
    assert client.get(figure(desk, code, period="all")).context["figure"].value >= 1


def test_of_the_other_desk_only_a_number_is_told(desk, sign_in):
    answer = sign_in(desk.b.ambassador).get(figure(desk, "invitations", period="all"))
    # Two introductions, and a pair at an event, of which an ambassador does not read who asked.
    assert answer.context["figure"].value == 3
    assert answer.context["rows"] == []
    assert (
        answer.context["hidden"] == "3 more that only the other side, or only managers, can read."
    )
    assert "Greek member 1" not in answer.content.decode()


def test_waits_tell_who_answered_and_who_still_waits(desk, sign_in):
    client = sign_in(desk.a.ambassador)
    answer = client.get(figure(desk, "wait-asked", period="all"))
    assert (answer.context["figure"].of, answer.context["figure"].why) == (4, "few")
    assert {row["State"] for row in rows_of(client, desk, "wait-asked", period="all")} == {
        "Greek member 1: answered after 2 days",
        "French member 1: no answer",
        "Greek member 2: answered after 2 days",
        "French member 2: no answer",
    }
    assert len(rows_of(client, desk, "wait-member", period="all")) == 2


def test_worths_and_costs_add_up_to_their_sums(desk, sign_in):
    client = sign_in(desk.b.manager)
    for code, sum_ in (("worth-EUR", 1000), ("cost-cooperations", 900)):
        rows = rows_of(client, desk, code, period="all")
        assert sum(float(row["Amount"]) for row in rows) == sum_
    found = client.get(figure(desk, "worth-EUR", period="all")).context
    assert (found["figure"].value, found["rows"][0].currency) == (1000, "EUR")
    cost = client.get(figure(desk, "cost-cooperations", period="all")).context
    assert cost["figure"].value == 450
    assert cost["rows"][0].url.endswith(f"plan/#activity-{cost['rows'][0].number}")
    assert client.get(figure(desk, "worth-EUR", period="2025")).context["figure"].why == "none"


def test_give_and_take_says_what_was_counted_besides(desk, sign_in):
    found = sign_in(desk.a.manager).get(figure(desk, "balance-other")).context
    assert (found["figure"].of, len(found["rows"]), found["hidden"]) == (6, 1, "")
    whole = sign_in(desk.a.manager).get(figure(desk, "balance-all")).context
    assert whole["figure"].of == 6
    assert "more than chance" in whole["line"].note


@pytest.mark.parametrize("code", ["nothing", "wait-nobody", "worth-eur", "balance-x", "held-x"])
def test_there_is_no_such_figure(worked, sign_in, code):
    assert sign_in(worked.a.manager).get(figure(worked, code)).status_code == 404


def test_own_days_are_counted_just_now(worked, sign_in):
    client = sign_in(worked.a.manager)
    meet(worked, at(2026, 2, 20))
    answer = client.get(page(worked, since="2026-02-01", until="2026-02-28"))
    assert answer.context["is_own"]
    assert answer.context["chain"].held == 4
    rows = rows_of(client, worked, "held", since="2026-02-01", until="2026-02-28")
    assert len(rows) == 4
    standing = client.get(page(worked, period="2026-Q1"))
    assert standing.context["chain"].held == 5


@pytest.mark.parametrize(
    ("query", "told_"),
    [
        (
            {"since": "2026-03-01", "until": "2026-02-01"},
            "The last day can’t be before the first day.",
        ),
        ({"period": "2031"}, "No figures for these dates."),
        ({"since": "1492-10-12"}, "Choose a date between"),
    ],
)
def test_days_that_are_none_are_told(worked, sign_in, query, told_):
    client = sign_in(worked.a.manager)
    for url in (page(worked, **query), figure(worked, "held", **query)):
        answer = client.get(url)
        assert answer.status_code == 422
        assert told_ in answer.content.decode()


@pytest.mark.parametrize("by", ["member", "sector", "ambassador", "event", "source"])
def test_groups_are_those_of_the_live_funnel(worked, sign_in, by):
    answer = sign_in(worked.a.manager).get(page(worked, period="2026-Q1", by=by))
    assert answer.status_code == 200
    if by == "member":
        assert [(one.label, one.chain.held) for one in answer.context["groups"]][:2] == [
            ("Greek member 1", 3),
            ("Greek member 2", 2),
        ]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_figures_leave_as_a_file(worked, sign_in, form):
    answer = sign_in(worked.b.manager).get(page(worked, period="2026-Q1", export=form))
    assert is_table_file(answer, "outcome-figures-2026-Q1", form)
    if form == "csv":
        rows = {
            row["Code"]: row
            for row in csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
        }
        assert (rows["held"]["Value"], rows["cooperation-rate"]["Value"]) == ("5", "0.4")
        # Wilson's limits of 2 of 5.
        assert float(rows["cooperation-rate"]["Lower limit"]) == pytest.approx(0.1176, abs=0.0001)


def test_queries_do_not_grow(worked, sign_in):
    client = sign_in(worked.a.manager)
    pages = [
        page(worked, period="all"),
        figure(worked, "held", period="all"),
        figure(worked, "requests", period="all"),
    ]

    def count(url):
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get(url)
        return len(found)

    before = [count(url) for url in pages]
    assert max(before) < 40
    assert min(before) > 5
    for day_ in range(1, 13):
        meet(worked, at(2026, 1, day_), day_ % 3, (day_ + 1) % 3, day=("possible",))
    work_out(worked, worked.a, today=timezone.localdate())
    assert [count(url) for url in pages] == before


def test_the_button_asks_for_new_figures_and_leads_back(worked, sign_in):
    client, url = sign_in(worked.a.ambassador), reverse("insight:refresh")
    asked = {
        "organisation": worked.a.cluster.pk,
        "partnership": worked.partnership.pk,
        "next": page(worked),
    }
    assert client.post(url, asked)["Location"] == page(worked)
    job = Job.objects.get(kind="insight.refresh")
    assert (job.organisation_id, job.partnership_id) == (worked.a.cluster.pk, worked.partnership.pk)
    text = client.get(page(worked)).content.decode()
    assert reverse("insight:refresh-progress", args=[job.pk]) in text
    assert "Recalculate" not in text
    poll = reverse("insight:refresh-progress", args=[job.pk], query={"next": page(worked)})
    assert "queued" in client.get(poll, headers={"HX-Request": "true"}).content.decode()
    Job.objects.update(state="done", finished_at=timezone.now())
    assert client.get(poll, headers={"HX-Request": "true"})["HX-Redirect"] == page(worked)
    assert sign_in(worked.b.manager).get(poll).status_code == 404
    for outside in ("https://evil.example/", "//evil.example/", ""):
        assert client.post(url, asked | {"next": outside})["Location"] == "/"
    assert sign_in(worked.b.manager).post(url, asked).status_code == 404
    assert sign_in(worked.a.representatives[0]).post(url, asked).status_code == 404


def test_what_failed_and_what_is_stale_is_told(worked, sign_in):
    client = sign_in(worked.a.manager)
    assert "The figures may have changed" not in client.get(page(worked)).content.decode()
    Job.objects.create(
        kind="insight.refresh",
        key="k",
        organisation_id=worked.a.cluster.pk,
        partnership_id=worked.partnership.pk,
        state="failed",
        finished_at=timezone.now() + timedelta(seconds=1),
    )
    text = client.get(page(worked)).content.decode()
    assert "The last attempt to calculate these figures failed" in text
    assert "Recalculate" in text
