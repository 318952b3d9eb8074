"""The pages of the radar, of trends, and of needs and calls."""

import math
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from proxeny.directory.models import Listing, Organisation, Visibility
from proxeny.insight.foresight_chart import draw_radar
from proxeny.insight.models import Trend, TrendEvidence, TrendView
from proxeny.insight.queries.foresight import list_radar
from proxeny.partnerships.queries import parties_of
from tests.factories.directory import ListingClientFactory
from tests.factories.insight import TrendEvidenceFactory, TrendFactory, TrendViewFactory
from tests.insight.foreseeing import RISING, call, need, offer, topic, work_out, write_texts
from tests.partnerships.rooms import others, words

pytestmark = pytest.mark.django_db


def at(world, name, *numbers):
    return reverse(f"insight:{name}", args=[world.partnership.pk, *numbers])


def read(client, world, name, *numbers, status=200, **query):
    answer = client.get(at(world, name, *numbers), query)
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def put(world, title="Cold chain", **values):
    return TrendFactory(partnership=world.partnership, title=title, **values)


def test_empty_pages_say_what_to_do_first(world, manager):
    text = words(read(manager, world, "radar"))
    for said in ("Nothing on the radar yet", "New trend", "Nothing calculated yet"):
        assert said in text, said
    assert "No trends on the radar yet" in words(read(manager, world, "needs"))
    work_out(world, world.a)
    assert "No topics found yet" in words(read(manager, world, "radar"))


def test_the_radar_is_a_drawing_and_a_table_in_the_same_order(world, manager):
    far = put(world, "Grids", horizon="far", area="policy")
    now = put(world, "Twins", horizon="now")
    TrendEvidenceFactory(trend=now)
    TrendViewFactory(trend=now, organisation=world.b.cluster, relevance=4)
    html = read(manager, world, "radar")
    marks = re.findall(r'<a class="fs-mark" href="([^"]+)" aria-label="([^"]+)"', html)
    assert marks == [
        (at(world, "trend", now.pk), "1: Twins, Now, Technology"),
        (at(world, "trend", far.pk), "2: Grids, In more than 5 years, Rules and policy"),
    ]
    first = html[html.index(f"trend-{now.pk}") : html.index(f"trend-{far.pk}")]
    text = words(first)
    for said in ("Twins", "1 piece of evidence", "not rated yet", "4 of 5", "not counted yet"):
        assert said in text, said
    slices = re.findall(r'class="fs-slice (is-\w) (is-\d)"', html)
    assert slices == [("is-a", "is-0"), ("is-b", "is-4"), ("is-a", "is-0"), ("is-b", "is-0")]


@pytest.mark.parametrize("horizon", Trend.Horizon.values)
def test_two_trends_of_one_cell_do_not_cover_each_other(world, horizon):
    for title in ("Twins", "Grids"):
        put(world, title, horizon=horizon)
    sides = list(parties_of(world.partnership))
    one, other = draw_radar(list_radar(world.partnership.pk, sides), sides).marks
    apart = math.dist(*((float(mark.x), float(mark.y)) for mark in (one, other)))
    assert apart > 2 * 18


def test_both_sides_read_the_radar_and_nobody_else(world, sign_in):
    trend = put(world, "Twins")
    for person in (world.a.manager, world.a.ambassador, world.b.manager):
        client = sign_in(person)
        for name, numbers in (
            ("radar", ()),
            ("trend", (trend.pk,)),
            ("needs", ()),
            ("cell", (trend.pk,)),
        ):
            assert "Twins" in read(client, world, name, *numbers)
    for person in others(world).values():
        client = sign_in(person)
        for name, numbers in (
            ("radar", ()),
            ("trend", (trend.pk,)),
            ("needs", ()),
            ("cell", (trend.pk,)),
        ):
            assert "Twins" not in read(client, world, name, *numbers, status=404)
        assert client.post(at(world, "trend-weigh", trend.pk), {"relevance": 3}).status_code == 404
        assert client.post(at(world, "topic-take"), {"topic": "x"}).status_code == 404


def test_topics_are_told_filtered_sorted_and_exported(world, manager):
    write_texts(world)
    work_out(world, world.a)
    text = words(read(manager, world, "radar"))
    for said in (
        "Seen in 36 of 192 texts.",
        "Projects: Rising. Its share of these texts changes by +",
        "Projects 192",
        "Calculated on",
    ):
        assert said in text, said
    rising = words(read(manager, world, "radar", state="emerging"))
    assert "igital product passport" in rising
    assert "aper catalogue in" not in rising
    assert "Nothing matches" in read(manager, world, "radar", q="unheard of")
    labels = [
        one.split("<")[0]
        for one in read(manager, world, "radar", sort="-texts").split('<tr><th scope="row"><bdi>')[
            1:
        ]
    ]
    assert len(labels) > 3
    file = manager.get(at(world, "radar"), {"export": "csv", "state": "emerging"})
    lines = file.content.decode("utf-8-sig").splitlines()
    assert lines[0].endswith("2024,2025")
    assert any("36,192,Projects,rising" in line for line in lines[1:])


def test_the_other_side_has_figures_of_its_own(world, sign_in):
    write_texts(world)
    work_out(world, world.a)
    assert "Nothing calculated yet" in words(read(sign_in(world.b.manager), world, "radar"))


def test_a_topic_goes_on_the_radar_with_one_click(world, manager):
    write_texts(world)
    key = topic(work_out(world, world.a), RISING)["key"]
    assert "Add to the radar" in read(manager, world, "radar")
    answer = manager.post(at(world, "topic-take"), {"topic": key}, follow=True)
    trend = Trend.objects.get()
    text = words(answer.content.decode())
    for said in (
        trend.title,
        "is on the radar",
        "Seen in 36 of 192 project texts",
        "Undo",
        "Rising.",
    ):
        assert said in text, said
    undo = reverse("partnerships:record-drop", args=[world.partnership.pk, "trend", trend.pk])
    assert f'action="{undo}"' in answer.content.decode()
    manager.post(undo)
    assert Trend.objects.get().dropped_at is not None
    text = words(read(manager, world, "trend", trend.pk))
    assert "removed from the radar" in text
    assert manager.post(at(world, "topic-take"), {"topic": "forged"}).status_code == 404


def test_a_side_says_how_much_a_trend_matters(world, manager, sign_in):
    trend = put(world)
    page = read(manager, world, "trend", trend.pk)
    assert "Rate how much it matters to our members" in page
    given = {"relevance": 4, "why": "Ports ask.", "seen": ""}
    assert manager.post(at(world, "trend-weigh", trend.pk), given).status_code == 302
    assert TrendView.objects.get().relevance == 4
    late = manager.post(at(world, "trend-weigh", trend.pk), {**given, "why": "Nobody asks."})
    assert late.status_code == 422
    text = words(late.content.decode())
    assert "Someone on your team has changed this" in text
    assert "Nobody asks." in late.content.decode()
    theirs = words(read(sign_in(world.b.manager), world, "trend", trend.pk))
    assert "Ports ask." in theirs
    assert "Rate how much it matters to our members" in theirs
    wrong = manager.post(at(world, "trend-weigh", trend.pk), {"relevance": "9", "seen": ""})
    assert wrong.status_code == 422
    assert "Choose a number from 1 to 5." in words(wrong.content.decode())


def test_evidence_is_added_put_away_and_brought_back(world, manager):
    trend = put(world)
    room = world.partnership.pk
    add = reverse("partnerships:record-add", args=[room, "trend-evidence"]) + f"?trend={trend.pk}"
    answer = manager.post(add, {"title": "Ten ports have one", "link": "https://ports.example/"})
    assert answer.status_code == 302
    one = TrendEvidence.objects.get()
    html = read(manager, world, "trend", trend.pk)
    assert "Ten ports have one" in html
    assert 'href="https://ports.example/"' in html
    manager.post(reverse("partnerships:record-drop", args=[room, "trend-evidence", one.pk]))
    text = words(read(manager, world, "trend", trend.pk))
    assert "No evidence yet" in text
    assert "1 archived" in text
    manager.post(reverse("partnerships:record-restore", args=[room, "trend-evidence", one.pk]))
    assert "No evidence yet" not in words(read(manager, world, "trend", trend.pk))


def test_who_was_early_is_named_as_far_as_one_sees_them(world, manager):
    write_texts(world)
    trend = put(world, RISING)
    work_out(world, world.a)
    assert f">{world.a.members[0].name}</bdi>" in read(manager, world, "trend", trend.pk)
    Organisation.objects.filter(pk=world.a.members[0].pk).delete()
    text = words(read(manager, world, "trend", trend.pk))
    assert "no longer visible to you since 2018, 1 text" in text


def fill(world):
    trend = put(world)
    return trend, {
        "need": need(world.a.members[0], "A cold chain to Lyon"),
        "theirs": need(world.b.members[0], "A cold chain to Athens"),
        "answer": offer(world.b.members[1], "Cold chains of all lengths"),
        "call": call(world, "Cold chains of ports"),
    }


def test_a_gap_leads_to_the_companies_behind_it_and_one_click_further(world, manager):
    trend, made = fill(world)
    work_out(world, world.a)
    table = read(manager, world, "needs")
    assert at(world, "cell", trend.pk) in table
    assert "need and call match" in words(table)
    html = read(manager, world, "cell", trend.pk)
    member, partner = world.a.members[0].pk, world.b.members[1].pk
    assert f"?member={member}&amp;stakeholder={partner}&amp;reason=Cold%20chain" in html
    assert f"?client={member}&amp;title=A%20cold%20chain%20to%20Lyon" in html
    assert f"?call={made['call'].pk}&amp;title=Cold%20chain" in html
    assert html.count("Market assessment") == 1
    desk = reverse("ambassadors:new", args=[world.partnership.pk])
    form = manager.get(
        desk, {"member": member, "stakeholder": partner, "reason": "Cold chain: Lyon"}
    )
    assert "Cold chain: Lyon" in form.content.decode()
    bid = reverse("partnerships:record-add", args=[world.partnership.pk, "bid"])
    page = manager.get(bid, {"call": made["call"].pk, "title": "Cold chain"}).content.decode()
    assert "Cold chains of ports" in page
    assert 'value="Cold chain"' in page


def test_a_gap_is_told_in_words_and_filtered(world, manager):
    unmet, quiet = put(world), put(world, "Grids")
    need(world.a.members[0], "A cold chain to Lyon")
    work_out(world, world.a)
    later = put(world, "Later")
    text = words(read(manager, world, "needs"))
    for said in (
        "no one offers it",
        "No call is open, and no one on the other side offers it.",
        "quiet",
        "Not counted yet",
    ):
        assert said in text, said
    assert text.index(unmet.title) < text.index(quiet.title) < text.index(later.title)
    narrowed = read(manager, world, "needs", gap="unmet_need")
    assert unmet.title in narrowed
    assert quiet.title not in narrowed
    lines = manager.get(at(world, "needs"), {"export": "csv"}).content.decode().splitlines()
    assert lines[1] == "Cold chain,In 1 to 2 years,no one offers it,1,0,1,0,0,0"
    assert "Not counted yet" in words(read(manager, world, "cell", later.pk))


def test_a_need_that_a_keeps_to_itself_is_not_in_what_b_reads(world, sign_in):
    trend, made = fill(world)
    Organisation.objects.filter(pk=world.a.members[0].pk).update(visibility=Visibility.PRIVATE)
    for side in (world.a, world.b):
        work_out(world, side)
    ours, theirs = (sign_in(side.manager) for side in (world.a, world.b))
    assert made["need"].title in read(ours, world, "cell", trend.pk)
    for name, numbers in (
        ("radar", ()),
        ("trend", (trend.pk,)),
        ("needs", ()),
        ("cell", (trend.pk,)),
    ):
        html = read(theirs, world, name, *numbers)
        assert made["need"].title not in html
        assert world.a.members[0].name not in html
    lines = theirs.get(at(world, "needs"), {"export": "csv"}).content.decode().splitlines()
    assert lines[1].endswith(",1,0,1,1,0,1")


def test_what_has_gone_since_is_counted_as_gone(world, manager):
    trend, made = fill(world)
    work_out(world, world.a)
    Listing.objects.filter(pk=made["theirs"].pk).update(status="archived")
    type(made["call"]).objects.update(closes_at=timezone.now(), second_closes_at=None)
    html = read(manager, world, "cell", trend.pk)
    assert made["theirs"].title not in html
    assert made["call"].title not in html
    assert "2 more were counted but have ended or are no longer visible to you." in words(html)


def test_who_is_behind_an_anonymous_need_is_not_told(world, sign_in):
    trend = put(world)
    hidden = ListingClientFactory(
        organisation=world.a.members[0],
        listing__title="A cold chain, somewhere",
        listing__direction="need",
    )
    offer(world.b.members[0], "Cold chains")
    work_out(world, world.b)
    html = read(sign_in(world.b.manager), world, "cell", trend.pk)
    assert hidden.listing.title in html
    assert "an anonymous member" in html
    assert world.a.members[0].name not in html
    assert "stakeholder=" not in html


def test_pages_ask_as_often_for_one_trend_as_for_five(world, manager):
    write_texts(world, years=range(2022, 2026))
    counts = []
    for place in (1, 4):
        for number in range(place):
            trend = put(world, f"Cold chain {place} {number}", words="cold chain")
            TrendViewFactory(trend=trend, organisation=world.a.cluster)
            TrendEvidenceFactory(trend=trend)
            need(world.a.members[number % 3], f"A cold chain {place} {number}")
            offer(world.b.members[number % 3], f"The cold chain {place} {number}")
            call(world, f"Cold chains {place} {number}")
        work_out(world, world.a)
        made = []
        for name, numbers in (
            ("radar", ()),
            ("trend", (trend.pk,)),
            ("needs", ()),
            ("cell", (trend.pk,)),
        ):
            with CaptureQueriesContext(connection) as caught:
                read(manager, world, name, *numbers)
            made.append(len(caught))
        counts.append(made)
    assert counts[0] == counts[1]
