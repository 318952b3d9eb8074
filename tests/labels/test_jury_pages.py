"""The pages of a jury: managers ask, assign and remind; jurors declare outside the room."""

import pytest
from django.urls import reverse

from proxeny.labels.models import Assignment, Juror
from proxeny.partnerships.models import Interest
from tests.factories import labels as made
from tests.factories.accounts import SeatFactory
from tests.labels.juries import closed, has_conflict, juror, jury
from tests.partnerships.rooms import others, words

pytestmark = pytest.mark.django_db


def at(name, held, *more):
    return reverse(f"labels:{name}", args=[held.partnership_id, held.pk, *more])


def own(name, *numbers):
    return reverse(f"labels:{name}", args=numbers)


def test_a_manager_asks_changes_reminds_and_takes_out(world, sign_in):
    held = closed(world)
    person = juror(world, world.a, "Ioanna")
    client = sign_in(world.a.manager)
    page = client.get(at("jury", held)).content.decode()
    assert "Invite someone from Greek cluster" in page
    assert "Invite a juror" in page
    answer = client.post(
        at("jury", held), {"person_id": person.pk, "topics": "Ports, Fishing", "most": "4"}
    )
    assert answer.status_code == 302
    one = Juror.objects.get()
    assert one.topics == ["ports", "fishing"]
    client.post(at("juror", held, one.pk), {"topics": "Ports", "most": ""})
    one.refresh_from_db()
    assert (one.topics, one.most) == (["ports"], None)
    answer = client.post(at("jury-remind", held), follow=True)
    assert "Reminder sent to 1 juror." in answer.content.decode()
    client.post(at("juror-out", held, one.pk))
    one.refresh_from_db()
    assert one.state == "out"


def test_bad_input_is_shown_again(world, sign_in):
    held = closed(world)
    one = juror(world, world.a, "Ioanna", held)
    client = sign_in(world.a.manager)
    answer = client.post(at("jury", held), {"person_id": "", "topics": "Ports", "most": "0"})
    assert answer.status_code == 422
    assert "Ports" in answer.content.decode()
    answer = client.post(at("juror", held, one.pk), {"topics": "x" * 90, "most": "2"})
    assert answer.status_code == 422
    assert "is too long" in answer.content.decode()


def test_the_other_side_sees_the_jury_but_changes_only_its_own(world, sign_in):
    held = closed(world)
    one = juror(world, world.a, "Ioanna", held, topics=["ports"])
    client = sign_in(world.b.manager)
    page = client.get(at("jury", held)).content.decode()
    assert "Ioanna" in page
    assert at("juror", held, one.pk) not in page
    assert client.post(at("juror", held, one.pk), {"topics": ""}).status_code == 403


def test_an_assignment_is_shown_and_taken_with_a_click(world, sign_in):
    held = closed(world, state="judging")
    jury(world, held, 1)
    client = sign_in(world.a.manager)
    page = client.get(at("reading", held) + "?propose=1")
    assert "Proposed: 4 assignments" in words(page.content.decode())
    seen = page.context["proposal"].fingerprint
    answer = client.post(at("reading-take", held), {"seen": seen}, follow=True)
    assert "4 assignments made." in answer.content.decode()
    assert Assignment.objects.count() == 4
    page = client.get(at("reading", held) + "?propose=1").content.decode()
    assert "Nothing left to assign" in page


def test_why_it_cannot_be_assigned_stands_on_the_page(world, sign_in):
    held = closed(world, state="judging")
    juror(world, world.a, "Ioanna", held)
    page = words(sign_in(world.a.manager).get(at("reading", held) + "?propose=1").content.decode())
    assert "These can’t be assigned yet" in page
    assert "needs 1 more juror from French cluster" in page


def test_one_is_given_and_taken_by_hand(world, sign_in):
    held = closed(world, state="judging")
    one = juror(world, world.a, "Ioanna", held)
    application = held.applications.earliest("pk")
    client = sign_in(world.b.manager)
    given = {"juror_id": one.pk, "application_id": application.pk}
    assert client.post(at("reading-add", held), given).status_code == 302
    assert client.post(at("reading-add", held), given).status_code == 422
    assert client.post(at("reading-add", held), {"juror_id": ""}).status_code == 422
    client.post(at("reading-remove", held, Assignment.objects.get().pk))
    assert not Assignment.objects.exists()


def test_a_manager_with_a_conflict_reads_nothing_of_that_application(world, sign_in):
    held = closed(world, state="judging")
    application = held.applications.earliest("pk")
    manager = made.JurorFactory(
        round=held, person=world.a.manager, party=held.partnership.parties.get(side="A")
    )
    has_conflict(manager, application)
    page = sign_in(world.a.manager).get(at("reading", held) + "?propose=1").content.decode()
    assert "Project 1" not in page
    assert "Project 2" in page
    assert "Project 1" in sign_in(world.b.manager).get(at("reading", held)).content.decode()


def test_the_jury_is_closed_to_all_but_managers(world, sign_in):
    held = closed(world, state="judging")
    one = juror(world, world.a, "Ioanna", held)
    for name in ("jury", "reading"):
        assert sign_in(world.a.ambassador).get(at(name, held)).status_code == 403
        for person in [*others(world).values(), one.person]:
            assert sign_in(person).get(at(name, held)).status_code == 404


def test_a_juror_answers_declares_and_finds_what_is_theirs(world, sign_in):
    held = closed(world, state="judging", conflicts="Work for one another in the last three years.")
    one = juror(world, world.a, "Ioanna", held, state="asked", declared=False)
    client = sign_in(one.person)
    page = words(client.get(own("own-juries")).content.decode())
    assert "waiting for your answer" in page
    client.post(own("own-jury-answer", one.pk), {"takes_part": "yes"})
    page = words(client.get(own("own-jury", one.pk)).content.decode())
    assert "Work for one another in the last three years." in page
    assert "French member 1" in page
    assert "Fishing nets that show where they tear." not in page
    member = world.b.members[0].pk
    posted = {f"conflict_{member}": "on", f"reason_{member}": "", "looked": "on"}
    answer = client.post(own("own-jury", one.pk), posted)
    assert answer.status_code == 422
    assert "Describe it in a few words." in answer.content.decode()
    posted[f"reason_{member}"] = "We share an office."
    assert client.post(own("own-jury", one.pk), {**posted, "looked": ""}).status_code == 422
    assert client.post(own("own-jury", one.pk), posted).status_code == 302
    assert Interest.objects.filter(person=one.person, conflicts=True).count() == 1
    application = held.applications.get(organisation=world.a.members[0])
    given = made.AssignmentFactory(juror=one, application=application)
    page = words(client.get(own("own-jury", one.pk)).content.decode())
    assert "1 application for you to read" in page
    assert "1 to score" in words(client.get(own("own-juries")).content.decode())
    client.post(own("abstain", given.pk), {"why": "I know too little of nets."})
    given.refresh_from_db()
    assert given.state == "abstained"


def test_an_own_organisation_is_ticked_and_locked(world, sign_in):
    held = closed(world)
    one = juror(world, world.a, "Ioanna", held, declared=False)
    SeatFactory(person=one.person, organisation=world.a.members[0])
    client = sign_in(one.person)
    assert "your own organisation" in client.get(own("own-jury", one.pk)).content.decode()
    client.post(own("own-jury", one.pk), {"looked": "on"})
    said = Interest.objects.get(person=one.person, conflicts=True)
    assert said.reason == "My own organisation."


def test_own_pages_are_the_jurors_alone(world, sign_in):
    one = juror(world, world.a, "Ioanna", closed(world), declared=False)
    people = [world.a.manager, *others(world).values(), juror(world, world.b, "Jules")]
    for person in people:
        client = sign_in(person)
        assert client.get(own("own-jury", one.pk)).status_code == 404
        assert client.post(own("own-jury-answer", one.pk), {"takes_part": "yes"}).status_code == 404
        assert (
            "You’re not judging anything at the moment"
            in client.get(own("own-juries")).content.decode()
        )


def test_who_steps_back_says_why(world, sign_in):
    one = juror(world, world.a, "Ioanna", closed(world))
    client = sign_in(one.person)
    client.post(own("own-jury-answer", one.pk), {"takes_part": "no"})
    assert Juror.objects.get(pk=one.pk).state == "in"
    client.post(own("own-jury-answer", one.pk), {"takes_part": "no", "why": "I am ill."})
    page = client.get(own("own-jury", one.pk)).content.decode()
    assert "You’re not on this jury" in page


def test_pages_ask_the_same_for_one_and_three(world, sign_in, django_assert_max_num_queries):
    held = closed(world, state="judging", applicants=world.b.members[:1])
    one = juror(world, world.a, "Ioanna", held)
    manager, reader = sign_in(world.a.manager), sign_in(one.person)
    pages = [
        (manager, at("jury", held)),
        (manager, at("reading", held)),
        (reader, own("own-jury", one.pk)),
    ]

    def measure():
        found = []
        for client, url in pages:
            client.get(url)
            with django_assert_max_num_queries(80) as asked:
                client.get(url)
            found.append(len(asked))
        return found

    made.AssignmentFactory(juror=one, application=held.applications.get())
    before = measure()
    for member, name in zip(world.a.members, ("Irini", "Jason", "Kostas"), strict=True):
        application = made.make_submitted(held, member)
        juror(world, world.a, name, held)
        made.AssignmentFactory(juror=one, application=application)
    assert measure() == before
