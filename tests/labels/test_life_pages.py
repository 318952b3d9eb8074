"""The pages of awards once they are given: their holders', and the clusters' check-ups."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from proxeny.labels.models import Application, Award, Checkup
from tests.factories import labels as made
from tests.labels.living import DAY, asked, at, ending, give, open_round
from tests.partnerships.rooms import words

pytestmark = pytest.mark.django_db


def read(client, name, *numbers, status=200, **query):
    answer = client.get(at(name, *numbers), query)
    assert answer.status_code == status, answer.status_code
    return words(answer.content.decode())


def room(award):
    return award.partnership_id, award.scheme_id


@pytest.fixture
def holder(world, sign_in):
    return sign_in(world.a.representatives[0])


def test_an_empty_list_says_what_will_stand_there(world, holder):
    assert "No awards yet" in read(holder, "own-awards")


def test_the_list_tells_state_end_and_what_is_to_do(world, holder):
    award = ending(world)
    asked(award, due_on=timezone.localdate() - DAY)
    give(world, held=award.application.round, organisation=world.b.members[0], title="Harbours")
    text = read(holder, "own-awards")
    for said in ("Nets", "Atlas", "Nets Valid", "a review is overdue", "can be renewed now"):
        assert said in text, said
    assert "Harbours" not in text


def test_the_list_asks_as_often_for_one_as_for_three(world, holder):
    award = give(world)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as caught:
            read(holder, "own-awards")
        counts.append(len(caught))
        for _more in range(2):
            asked(give(world, held=award.application.round))
    assert counts[0] == counts[1]


def test_an_award_tells_its_holder_what_it_is_good_for(world, holder):
    award = give(world)
    text = read(holder, "own-award", award.pk)
    for said in (
        "How to use the badge",
        "It can be renewed from",
        "They haven’t asked yet.",
        "Request a name change",
        "Open the public page",
    ):
        assert said in text, said


def test_a_revoked_award_says_why_and_offers_nothing(world, holder):
    award = give(world, revoked_at=timezone.now(), revoked_why="The project has ended.")
    asked(award)
    text = read(holder, "own-award", award.pk)
    assert "The project has ended." in text
    for gone in ("How to use the badge", "Request a name change", "Answer now"):
        assert gone not in text


def test_a_holder_renews_on_the_page(world, holder):
    award = ending(world)
    assert "no round of this label has been announced yet" in read(holder, "own-award", award.pk)
    now = timezone.now()
    held = open_round(award, opens_at=now + DAY, closes_at=now + 9 * DAY)
    assert "accepts applications from" in read(holder, "own-award", award.pk)
    type(held).objects.filter(pk=held.pk).update(opens_at=now - DAY)
    assert "You can renew it now" in read(holder, "own-award", award.pk)
    answer = holder.post(at("own-award-renew", award.pk), {"changed": "They mend faster."})
    one = Application.objects.get(renews=award)
    assert (answer.status_code, answer.url) == (302, at("application", one.pk))
    assert "They mend faster." in holder.get(answer.url).content.decode()
    assert "You’ve started the renewal" in read(holder, "own-award", award.pk)


def test_a_refused_renewal_keeps_what_was_typed(world, holder):
    award = ending(world)
    answer = holder.post(at("own-award-renew", award.pk), {"changed": "They mend faster."})
    assert answer.status_code == 422
    text = words(answer.content.decode())
    assert "No round of this label is accepting applications right now." in text
    assert "They mend faster." in text


def test_a_holder_answers_a_check_up_on_the_page(world, holder):
    one = asked(give(world))
    url = at("own-checkup", one.award_id, one.pk)
    assert "Does the project still match what the label was awarded for?" in words(
        holder.get(url).content.decode()
    )
    wrong = holder.post(url, {"still_holds": "no", "achieved": "Two ports bought it."})
    assert wrong.status_code == 422
    assert "Describe what has changed in a sentence or two." in words(wrong.content.decode())
    assert "Two ports bought it." in wrong.content.decode()
    given = {
        "still_holds": "yes",
        "achieved": "Two ports bought it.",
        "kind": "funding",
        "amount": "2500",
        "currency": "eur",
        "is_public": "on",
    }
    assert holder.post(url, given).status_code == 302
    text = read(holder, "own-award", one.award_id)
    assert "still matches what it was awarded for" in text
    assert "€2,500" in text
    Checkup.objects.update(reviewed_at=timezone.now(), review="Well done.")
    assert "You can no longer change anything here." in words(holder.get(url).content.decode())
    assert "Well done." in read(holder, "own-award", one.award_id)


def test_a_holder_asks_for_a_new_name_on_the_page(world, holder):
    award = give(world)
    url = at("own-award-name", award.pk)
    assert holder.post(url, {"name": ""}).status_code == 422
    assert holder.post(url, {"name": "Nets and Knots", "why": ""}).status_code == 302
    again = holder.post(url, {"name": "Nets and Knots"})
    assert again.status_code == 422
    assert "already requested this name" in words(again.content.decode())


def test_nobody_else_reads_a_holders_pages(world, sign_in):
    one = asked(give(world))
    for person in (world.a.manager, world.a.representatives[1], world.b.representatives[0]):
        client = sign_in(person)
        read(client, "own-award", one.award_id, status=404)
        read(client, "own-checkup", one.award_id, one.pk, status=404)
        assert client.post(at("own-award-renew", one.award_id)).status_code == 404


def test_the_clusters_ask_read_and_look_at_check_ups(world, sign_in):
    award = give(world, days=400)
    client = sign_in(world.a.manager)
    text = read(client, "checkups", *room(award))
    assert "1 award was issued, or had its last review, a year ago." in text
    assert "No reviews of this label yet" in text
    assert client.post(at("checkups-ask-due", *room(award))).status_code == 302
    one = Checkup.objects.get()
    assert "Awaiting answer" in read(client, "checkups", *room(award))
    Checkup.objects.update(
        answered_at=timezone.now(), still_holds=False, changed="We closed.", is_public=True
    )
    page = read(client, "checkup", *room(award), one.pk)
    assert "We closed." in page
    assert "no longer matches what it was awarded for" in page
    assert (
        client.post(at("checkup", *room(award), one.pk), {"review": "x" * 501}).status_code == 422
    )
    assert (
        client.post(at("checkup", *room(award), one.pk), {"review": "Thanks."}).status_code == 302
    )
    assert "Greek member 1 Checked" in read(client, "checkups", *room(award))


def test_one_award_is_asked_about_on_the_page(world, sign_in):
    award = give(world, days=10)
    client = sign_in(world.b.manager)
    url = at("checkup-ask", *room(award))
    past = client.post(url, {"award": award.pk, "due_on": "2020-01-01"})
    assert past.status_code == 422
    assert "within the next year" in words(past.content.decode())
    assert client.post(url, {"award": award.pk + 99}).status_code == 422
    assert client.post(url, {"award": award.pk}).status_code == 302
    assert Checkup.objects.count() == 1


def test_check_ups_are_narrowed_by_state_and_words(world, sign_in):
    award = give(world)
    other = give(
        world, held=award.application.round, organisation=world.b.members[0], title="Ports"
    )
    asked(award, due_on=timezone.localdate() - DAY)
    asked(other, answered_at=timezone.now(), still_holds=True)
    client = sign_in(world.a.manager)
    late = read(client, "checkups", *room(award), state="late")
    assert "Nets" in late.partition("Answer by")[2]
    assert "Ports Other" not in late
    assert "Ports" in read(client, "checkups", *room(award), q="Ports").partition("Requested on")[2]
    assert "Nothing matches" in read(client, "checkups", *room(award), q="none such")


def test_the_check_ups_ask_as_often_for_one_as_for_three(world, sign_in):
    award = give(world)
    asked(award)
    client, counts = sign_in(world.a.manager), []
    for _ in range(2):
        with CaptureQueriesContext(connection) as caught:
            read(client, "checkups", *room(award))
        counts.append(len(caught))
        for _more in range(2):
            asked(award)
    assert counts[0] == counts[1]


def test_an_award_in_another_name_is_its_holders_too(world, holder):
    award = give(world)
    made.AwardFactory(
        scheme=award.scheme,
        scheme_version=award.scheme_version,
        organisation=award.organisation,
        status_list=award.status_list,
        replaces=award,
        why="name",
        holder="New name",
    )
    Award.objects.filter(pk=award.pk).update(revoked_at=timezone.now())
    text = read(holder, "own-awards")
    assert "Replaced" in text
    assert "New name" in text
