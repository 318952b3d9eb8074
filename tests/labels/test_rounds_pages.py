"""The pages of rounds: planned in their zone, published and undone, and what comes next."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from proxeny.labels.models import Round
from tests.factories import labels as made
from tests.labels.juries import closed, fresh, juror, jury, plan
from tests.partnerships.rooms import others, words

pytestmark = pytest.mark.django_db


def at(name, held):
    return reverse(f"labels:{name}", args=[held.partnership_id, held.pk])


def typed(**values):
    return {
        "title": "Spring 2027",
        "opens_at": "2027-03-01T09:00",
        "closes_at": "2027-03-28T17:00",
        "zone": "Europe/Athens",
        "places": "30",
        "decides_on": "2027-05-01",
        **values,
    }


def add_url(scheme):
    url = reverse("partnerships:record-add", args=[scheme.partnership_id, "label-round"])
    return f"{url}?scheme={scheme.pk}"


def test_a_round_is_planned_by_the_clocks_of_its_zone(world, sign_in):
    scheme = made.make_scheme(world.partnership).scheme
    client = sign_in(world.a.manager)
    page = client.get(add_url(scheme)).content.decode()
    assert page.count('type="datetime-local"') == 2
    answer = client.post(add_url(scheme), typed())
    held = Round.objects.get()
    assert answer.url == at("round", held)
    assert held.opens_at == datetime(2027, 3, 1, 7, 0, tzinfo=UTC)
    # Clocks went forward that night: it is summer time.
    assert held.closes_at == datetime(2027, 3, 28, 14, 0, tzinfo=UTC)
    page = words(client.get(at("round", held)).content.decode())
    assert "28 March 2027 at 17:00, time in Athens" in page


def test_what_cannot_be_a_moment_is_refused_with_what_was_typed(world, sign_in):
    scheme = made.make_scheme(world.partnership).scheme
    client = sign_in(world.a.manager)
    for values, sentence in (
        ({"opens_at": "soon"}, "Enter a valid date/time."),
        ({"opens_at": "0001-01-01T00:00"}, "Enter a valid date/time."),
        ({"closes_at": "2027-03-28T03:30"}, "the clocks go forward and 03:30 doesn’t exist"),
        ({"closes_at": "2027-02-01T00:00"}, "Choose a closing time after the opening time."),
    ):
        answer = client.post(add_url(scheme), typed(**values))
        assert answer.status_code == 422
        page = answer.content.decode()
        assert sentence in page
        assert "Spring 2027" in page
    assert not Round.objects.exists()


def test_a_round_is_changed_without_its_seconds_counting_as_a_change(world, sign_in):
    held = plan(world)
    url = reverse("partnerships:record", args=[held.partnership_id, "label-round", held.pk])
    client = sign_in(world.b.manager)
    form = client.get(url).context["form"]
    posted = {
        name: form[name].value() if form[name].value() is not None else "" for name in form.fields
    }
    for name in ("opens_at", "closes_at"):
        posted[name] = f"{posted[name]:%Y-%m-%dT%H:%M}"
    answer = client.post(url, {**posted, "title": "Spring, renamed"})
    assert answer.status_code == 302
    now = fresh(held)
    assert (now.title, now.opens_at, now.closes_at) == (
        "Spring, renamed",
        held.opens_at,
        held.closes_at,
    )


def test_publishing_can_be_undone_from_the_message(world, sign_in):
    held = plan(world)
    client = sign_in(world.a.manager)
    page = client.get(at("round", held)).content.decode()
    assert "Publish the round" in page
    answer = client.post(at("round-publish", held), {"seen": held.version}, follow=True)
    assert at("round-take-back", held) in answer.content.decode()
    assert fresh(held).state == "open"
    client.post(at("round-take-back", held))
    assert fresh(held).state == "planned"


def test_who_saw_an_older_version_publishes_nothing(world, sign_in):
    held = plan(world)
    answer = sign_in(world.a.manager).post(
        at("round-publish", held), {"seen": held.version + 1}, follow=True
    )
    assert "Someone else has changed this since you opened it." in answer.content.decode()
    assert fresh(held).state == "planned"


def test_without_a_signed_version_the_way_leads_to_the_label(world, sign_in):
    held = plan(world)
    held.scheme.versions.update(withdrawn_at=timezone.now())
    page = sign_in(world.a.manager).get(at("round", held)).content.decode()
    assert "Publish the label first" in page
    assert "Publish the round" not in page


def test_each_state_has_one_next_step(world, sign_in):
    client = sign_in(world.a.manager)

    def next_of(held):
        return words(client.get(at("round", held)).content.decode())

    held = closed(world)
    assert "There’s no one on the jury yet for: Greek cluster, French cluster." in next_of(held)
    jurors = jury(world, held, 1)
    assert "Start judging" in next_of(held)
    client.post(at("round-judge", held), {"seen": held.version})
    assert "Propose assignments" in next_of(held)
    for one in jurors:
        for application in held.applications.all():
            made.AssignmentFactory(juror=one, application=application)
    assert "4 evaluations aren’t finished." in next_of(held)
    answer = client.post(at("round-discuss", held), {"why": ""})
    assert answer.status_code == 422
    assert "Explain why you’re continuing anyway." in answer.content.decode()
    held.assignments.update(state="done")
    client.post(at("round-discuss", held), {"why": ""})
    assert fresh(held).state == "discussing"
    answer = client.post(at("round-resume", held), {"why": ""})
    assert (answer.status_code, fresh(held).state) == (422, "discussing")
    client.post(at("round-resume", held), {"why": "Two scores were forgotten."})
    assert fresh(held).state == "judging"


def test_ambassadors_read_a_round_without_counts_and_steer_nothing(world, sign_in):
    held = closed(world)
    client = sign_in(world.b.ambassador)
    page = words(client.get(at("round", held)).content.decode())
    assert "Closes" in page
    assert "Applications submitted" not in page
    assert client.post(at("round-judge", held)).status_code == 403
    assert client.get(at("jury", held)).status_code == 403
    for person in [*others(world).values(), juror(world, world.a, "Ioanna")]:
        assert sign_in(person).get(at("round", held)).status_code == 404
        assert sign_in(person).post(at("round-judge", held)).status_code == 404


def test_the_list_counts_what_was_submitted_and_never_a_draft(world, sign_in):
    held = closed(world)
    made.ApplicationFactory(round=held, organisation=world.b.members[1])
    url = reverse("labels:rounds", args=[held.partnership_id, held.scheme_id])
    answer = sign_in(world.a.manager).get(url)
    assert [row["count"] for row in answer.context["rows"]] == [2]
    assert "Closed, not yet judged" in answer.content.decode()


def test_the_list_asks_the_same_for_one_and_three(world, sign_in, django_assert_max_num_queries):
    held = closed(world)
    url = reverse("labels:rounds", args=[held.partnership_id, held.scheme_id])
    client = sign_in(world.a.manager)
    client.get(url)
    with django_assert_max_num_queries(60) as first:
        client.get(url)
    for number in range(2):
        made.RoundFactory(scheme_version=held.scheme_version, title=f"Round {number}")
    with django_assert_max_num_queries(60) as second:
        client.get(url)
    assert len(second) == len(first)


def test_a_published_round_shows_when_it_opens(world, sign_in):
    now = timezone.now()
    held = plan(world, opens_at=now + timedelta(days=2))
    client = sign_in(world.a.manager)
    client.post(at("round-publish", held))
    assert "Published, opens later" in client.get(at("round", held)).content.decode()
