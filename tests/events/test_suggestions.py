"""Suggested for you: whom a participant should ask, as it, its cluster, the other side, a stranger."""

import json

from django.urls import reverse
from django.utils import timezone

from proxeny.directory.models import Listing
from proxeny.events.models import MeetingRequest, Participation
from proxeny.events.operations import set_request
from proxeny.events.operations.suggest import start_suggestions
from proxeny.kernel import jobs
from proxeny.kernel.models import Job
from proxeny.kernel.tenancy import SERVICE, WEB, acting_as, enter
from tests.conftest import reader_of
from tests.directory.test_past_work import work
from tests.factories.directory import ListingFactory
from tests.factories.events import MeetingRequestFactory
from tests.factories.world import make_event


def _room(world):
    taken = make_event(world)
    own, other = taken.greek[0], taken.french[1]
    ListingFactory(organisation=own.organisation, direction="offer", title="Aluminium castings")
    Participation.objects.filter(pk=own.pk).update(pitch="Temperature sensors for our furnaces")
    ListingFactory(
        organisation=other.organisation, direction="offer", title="Sensors that watch a furnace"
    )
    Participation.objects.filter(pk=other.pk).update(pitch="A foundry for aluminium castings")
    # Of the own group, whom the event's rules do not let meet.
    ListingFactory(
        organisation=taken.greek[1].organisation,
        direction="offer",
        title="Temperature sensors for furnaces",
    )
    own.refresh_from_db()
    return taken, own, other


def _suggest(person, own) -> Job:
    with acting_as(WEB, reader_of(person)):
        job = start_suggestions(
            actor=reader_of(person), participation_id=own.pk, now=timezone.now()
        )
    jobs.run(job.pk)
    enter(SERVICE)
    job.refresh_from_db()
    return job


def _page(client, own):
    return client.get(reverse("events:suggestions", args=[own.pk]))


def test_who_fits_is_suggested_with_reasons_and_becomes_a_request(world, sign_in):
    _taken, own, other = _room(world)
    person = world.a.representatives[0]
    client = sign_in(person)
    assert "Find matches" in _page(client, own).text
    job = _suggest(person, own)
    assert job.state == "done", job.error
    assert [one["target"] for one in job.result["proposals"]] == [other.pk]
    text = _page(client, own).text
    assert "They offer “\u2068Sensors that watch a furnace\u2069”; you need" in text
    assert "“\u2068Temperature sensors for our furnaces\u2069”" in text
    assert "You offer “\u2068Aluminium castings\u2069”; they need" in text
    url = reverse("events:mark", args=[own.pk, other.pk])
    client.post(url, {"kind": "wish"}, headers={"HX-Request": "true"})
    assert MeetingRequest.objects.get(source=own).kind == "wish"
    assert _suggest(person, own).result["proposals"] == []


def test_the_own_cluster_has_them_made_too_and_others_see_nothing(world, sign_in):
    _taken, own, _other = _room(world)
    assert _suggest(world.a.manager, own).result["proposals"]
    assert _page(sign_in(world.a.manager), own).status_code == 200
    for person in (world.a.representatives[1], world.b.manager, world.b.representatives[1]):
        assert _page(sign_in(person), own).status_code == 403
    for person in (world.c.manager, world.nobody_special):
        assert _page(sign_in(person), own).status_code == 404


def test_a_list_of_one_person_is_not_shown_to_another(world, sign_in):
    _taken, own, other = _room(world)
    _suggest(world.a.manager, own)
    assert other.organisation.name not in _page(sign_in(world.a.representatives[0]), own).text


def test_nothing_is_suggested_once_requests_are_closed(world, sign_in):
    taken, own, _other = _room(world)
    taken.event.state = "closed"
    taken.event.save()
    client = sign_in(world.a.representatives[0])
    client.post(reverse("events:suggestions-find", args=[own.pk]))
    assert not Job.objects.filter(kind="events.suggest").exists()
    assert "Requests are closed" in _page(client, own).text


def test_who_was_refused_or_has_withdrawn_is_not_shown(world, sign_in):
    _taken, own, other = _room(world)
    person = world.a.representatives[0]
    _suggest(person, own)
    Participation.objects.filter(pk=other.pk).update(state="withdrawn")
    assert other.organisation.name not in _page(sign_in(person), own).text
    Participation.objects.filter(pk=other.pk).update(state="registered")
    reader = reader_of(person)
    with acting_as(WEB, reader):
        set_request(
            actor=reader,
            participation_id=own.pk,
            target_id=other.pk,
            kind="no-thanks",
            now=timezone.now(),
        )
    assert _suggest(person, own).result["proposals"] == []


def test_past_work_moves_people_up_and_down_and_is_told(world, sign_in):
    taken, own, _other = _room(world)
    person = world.a.representatives[0]
    first, second, third = (one.organisation for one in taken.french)
    for one in (first, third):
        ListingFactory(organisation=one, direction="offer", title="Sensors that watch a furnace")
    assert _suggest(person, own).result["proposals"][0]["target"] == taken.french[1].pk
    work("First", own.organisation, second)
    work("Second", second, third)
    targets = [one["target"] for one in _suggest(person, own).result["proposals"]]
    assert targets == [taken.french[2].pk, taken.french[0].pk, taken.french[1].pk]
    text = _page(sign_in(person), own).text
    assert f"You worked with \u2068{second.name}\u2069, who worked with them in" in text
    assert "Have worked together in \u2068First\u2069." in text


def test_the_work_keeps_no_word_and_tells_what_stands_today(world, sign_in, call):
    _taken, own, other = _room(world)
    person = world.a.representatives[0]
    ListingFactory(organisation=other.organisation, direction="offer", title="Temperatures, too")
    job = _suggest(person, own)
    kept = json.dumps(job.result).lower()
    for word in ("furnace", "sensor", "temperature", "casting", "foundry", "aluminium"):
        assert word not in kept, word
    client, program = sign_in(person), call(person)

    def told() -> str:
        answers = [
            _page(client, own),
            program.get(f"/events/participations/{own.pk}/suggestions"),
            program.get(f"/work/jobs/{job.pk}"),
        ]
        assert {one.status_code for one in answers} == {200}
        return "\n".join(one.text for one in answers)

    assert "Sensors that watch a furnace" in told()
    assert "A foundry for aluminium castings" in told()
    Listing.objects.filter(organisation=other.organisation).update(status="on_hold")
    Participation.objects.filter(pk=other.pk).update(pitch="A printer")
    text = told()
    assert [word for word in ("watch", "Temperatures", "foundry") if word in text] == []


def test_queries_do_not_grow_with_the_list(world, sign_in, django_assert_num_queries):
    taken, own, other = _room(world)
    person = world.a.representatives[0]
    client = sign_in(person)
    _suggest(person, own)
    _page(client, own)
    with django_assert_num_queries(19):
        assert _page(client, own).text.count('class="ev-card') == 1
    for one in taken.french[::2]:
        ListingFactory(
            organisation=one.organisation,
            direction="offer",
            title="Temperature sensors for a furnace",
        )
    _suggest(person, own)
    with django_assert_num_queries(19):
        assert _page(client, own).text.count('class="ev-card') == 3
    # Whoever asked for it does not show.
    MeetingRequestFactory(event=taken.event, source=other, target=own)
    with django_assert_num_queries(19):
        _page(client, own)
