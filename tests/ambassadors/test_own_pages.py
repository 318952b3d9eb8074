"""Pages of one's own introductions: by whom, what they show, and what they answer."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from proxeny.accounts.models import Role
from proxeny.ambassadors.models import Introduction, Mandate, Side, TimeOption
from proxeny.ambassadors.operations.booking import answer_times
from proxeny.ambassadors.operations.introductions import close_introduction, note_introduction
from proxeny.ambassadors.operations.reminders import close_day
from proxeny.ambassadors.operations.wishes import ask_sides
from proxeny.ambassadors.queries.cases import Contact
from proxeny.directory.models import Organisation, Visibility
from proxeny.kernel.models import Mail
from proxeny.meetings.models import Rating
from tests.ambassadors.desk import do, facts, offer
from tests.ambassadors.own import OWN, State, agreed, asked, mandate, note, page, state, text_of
from tests.factories.accounts import SeatFactory
from tests.factories.directory import OrganisationFactory
from tests.forms import form_of

pytestmark = pytest.mark.django_db


def test_an_empty_page_explains_and_offers_to_ask(world, sign_in):
    text = text_of(sign_in(world.a.representatives[0]).get(OWN))
    assert "No open introductions" in text
    assert "Ask the ambassador" in text
    # Whose cluster has no partnership has nobody to ask.
    text = text_of(sign_in(world.c.representatives[0]).get(OWN))
    assert "you’ll be asked by email" in text
    assert "Ask the ambassador" not in text
    assert sign_in(world.nobody_special).get(OWN).status_code == 200


def test_who_finds_it_in_the_navigation(world, sign_in):
    for person, is_there in (
        (world.a.representatives[0], True),
        (world.c.representatives[0], True),
        (world.a.manager, False),
        (world.a.ambassador, False),
        (world.nobody_special, False),
    ):
        html = sign_in(person).get("/directory/").content.decode()
        assert (f'href="{OWN}"' in html) is is_there, person


def test_both_sides_see_it_once_they_are_asked_and_nobody_else(world, sign_in):
    case = note(world)
    both = (world.a.representatives[0], world.b.representatives[0])
    for person in both:
        assert sign_in(person).get(page("own-case", case.pk)).status_code == 404
    do(world.a.ambassador, ask_sides, introduction_id=case.pk, now=timezone.now())
    for person, other in zip(both, ("French member 1", "Greek member 1"), strict=True):
        text = text_of(sign_in(person).get(OWN))
        assert other in text
        assert "Waiting for your answer" in text
        text = text_of(sign_in(person).get(page("own-case", case.pk)))
        assert "Yes, I’d like to meet" in text
        # Nobody's name or address but the ambassador's.
        assert not any(one.name in text or one.email in text for one in both if one != person)
    for person in (
        world.a.representatives[1],
        world.b.representatives[1],
        world.b.manager,
        world.c.manager,
        world.nobody_special,
    ):
        assert sign_in(person).get(page("own-case", case.pk)).status_code == 404, person
        assert "member 1" not in text_of(sign_in(person).get(OWN)), person
    # The desk has a page of its own, and answers for nobody there.
    assert sign_in(world.a.ambassador).get(page("own-case", case.pk)).status_code == 403


def test_a_side_that_is_not_asked_yet_knows_nothing(world, sign_in):
    case = note(world)
    do(
        world.a.ambassador,
        ask_sides,
        introduction_id=case.pk,
        roles=[Side.Role.MEMBER],
        now=timezone.now(),
    )
    client = sign_in(world.b.representatives[0])
    assert client.get(page("own-case", case.pk)).status_code == 404
    assert client.post(page("own-wish", case.pk), {"wants": "yes"}).status_code == 404
    assert "Greek member 1" not in text_of(client.get(OWN))


def test_a_wish_is_answered_and_no_reason_reaches_the_other_side(world, sign_in):
    case = asked(world)
    greek, french = (sign_in(s.representatives[0]) for s in (world.a, world.b))
    answer = greek.post(page("own-wish", case.pk), {"wants": "maybe"})
    assert answer.status_code == 422
    assert "Choose one of the two answers." in text_of(answer)
    answer = greek.post(page("own-wish", case.pk), {"wants": "yes"}, follow=True)
    assert "As soon as French member 1 says yes too" in text_of(answer)
    french.post(page("own-wish", case.pk), {"wants": "no", "why": "They are too small for us."})
    assert state(case) == State.CLOSED
    for show in ("", "past"):
        assert "too small" not in text_of(greek.get(OWN, {"show": show}))
    text = text_of(greek.get(page("own-case", case.pk)))
    assert "It hasn’t worked out this time." in text
    assert "too small" not in text
    assert "You declined" in text_of(french.get(page("own-case", case.pk)))
    answer = greek.post(page("own-wish", case.pk), {"wants": "yes"}, follow=True)
    assert "no longer possible" in text_of(answer)


def test_the_desks_reason_for_closing_stays_at_the_desk(world, sign_in):
    case = asked(world)
    do(
        world.a.ambassador,
        close_introduction,
        introduction_id=case.pk,
        why="Rude on the phone.",
        now=timezone.now(),
    )
    for side in (world.a, world.b):
        answer = sign_in(side.representatives[0]).get(page("own-case", case.pk))
        assert "Rude" not in text_of(answer)


def test_whom_only_the_desk_knows_is_answered_by_name(world, sign_in):
    hidden = OrganisationFactory(
        name="Atelier Caché", country="FR", steward=world.a.cluster, visibility=Visibility.PRIVATE
    )
    case = do(
        world.a.ambassador,
        note_introduction,
        partnership_id=world.partnership.pk,
        member_id=world.a.members[0].pk,
        stakeholder_id=hidden.pk,
        facts=facts(world),
        now=timezone.now(),
    )
    do(world.a.ambassador, ask_sides, introduction_id=case.pk, now=timezone.now())
    client = sign_in(world.a.representatives[0])
    html = client.get(page("own-case", case.pk)).content.decode()
    assert "Atelier Caché" in html
    # Who is to be met has a page for who is asked, and for no other member.
    assert client.get(reverse("directory:detail", args=[hidden.pk])).status_code == 200
    other = sign_in(world.a.representatives[1])
    assert other.get(reverse("directory:detail", args=[hidden.pk])).status_code == 404
    assert "Atelier Caché" in text_of(client.get(OWN, {"q": "cache"}))
    assert client.post(page("own-wish", case.pk), {"wants": "yes"}).status_code == 302
    assert Side.objects.get(introduction=case, role="member").answer == "yes"


def test_a_stakeholder_outside_of_both_clusters_answers_too(world, sign_in):
    outside = OrganisationFactory(name="Musée du Nord", country="FR")
    person = world.nobody_special
    SeatFactory(person=person, organisation=outside, role=Role.REPRESENTATIVE)
    Organisation.objects.filter(pk=outside.pk).update(visibility=Visibility.PUBLIC)
    contact = Contact(person.name, person.email, "fr", "Europe/Paris", person.pk)
    case = do(
        world.a.ambassador,
        note_introduction,
        partnership_id=world.partnership.pk,
        member_id=world.a.members[0].pk,
        stakeholder_id=outside.pk,
        facts=facts(world, stakeholder_contact=contact),
        now=timezone.now(),
    )
    do(world.a.ambassador, ask_sides, introduction_id=case.pk, now=timezone.now())
    client = sign_in(person)
    assert "Greek member 1" in text_of(client.get(page("own-case", case.pk)))
    client.post(page("own-wish", case.pk), {"wants": "yes"})
    assert Side.objects.get(introduction=case, role="stakeholder").answer == "yes"


def test_a_time_is_chosen_on_both_pages_and_the_meeting_is_a_file(world, sign_in):
    case = agreed(world)
    greek, french = (sign_in(s.representatives[0]) for s in (world.a, world.b))
    assert "is looking for a time." in text_of(greek.get(page("own-case", case.pk)))
    first, second = offer(case, world)
    text = text_of(greek.get(OWN))
    assert "2 times are proposed: which ones suit you?" in text
    answer = greek.post(page("own-times", case.pk), {})
    assert answer.status_code == 422
    assert "Select a time, propose another or choose “None of these suits me”." in text_of(answer)
    greek.post(page("own-times", case.pk), {"suits": [first, second]})
    assert "You’ve answered" in text_of(greek.get(OWN))
    answer = french.post(page("own-times", case.pk), {"suits": [second]}, follow=True)
    assert "Meeting booked." in text_of(answer)
    # The mail leads each to the page that they may open.
    for person, url in (
        (world.a.representatives[0], page("own-case", case.pk)),
        (world.b.representatives[0], page("own-case", case.pk)),
        (world.a.ambassador, page("case", world.partnership.pk, case.pk)),
    ):
        mail = Mail.objects.filter(recipient=person.email).exclude(calendar="").get()
        assert url in mail.text
        assert url in mail.calendar.replace("\r\n ", "")
        assert sign_in(person).get(url).status_code == 200
    for client, other in ((greek, "French member 1"), (french, "Greek member 1")):
        text = text_of(client.get(OWN))
        assert "Your next meeting" in text
        file = client.get(page("own-meeting", case.pk))
        assert file["Content-Type"].startswith("text/calendar")
        assert case_uid(case) in file.content.decode()
        assert other in file.content.decode().replace("\r\n ", "")
        # Only Proxeny's own address stands in it, as whom it is from.
        assert file.content.decode().count("@") == 1 + case_uid(case).count("@")
    assert sign_in(world.b.manager).get(page("own-meeting", case.pk)).status_code == 404


def case_uid(case) -> str:
    return Introduction.objects.get(pk=case.pk).meeting.uid


def test_another_time_is_proposed_in_ones_own_zone(world, sign_in):
    case = agreed(world)
    offer(case, world)
    person = world.a.representatives[0]
    person.time_zone = "Europe/Athens"
    person.save()
    client = sign_in(person)
    day = timezone.localdate() + timedelta(days=20)
    values = {"on": str(day), "at": "", "note": "After the fair"}
    answer = client.post(page("own-times", case.pk), values)
    assert answer.status_code == 422
    assert "Enter both a day and a time." in text_of(answer)
    answer = client.post(page("own-times", case.pk), {**values, "on": "2001-03-20", "at": "10:00"})
    assert answer.status_code == 422
    assert "This time has already passed." in text_of(answer)
    answer = client.post(page("own-times", case.pk), {**values, "at": "10:00"}, follow=True)
    option = TimeOption.objects.get(introduction=case, proposed_by="member")
    assert option.starts_at == datetime.combine(day, time(10), tzinfo=ZoneInfo("Europe/Athens"))
    assert (option.desk, option.stakeholder) == (None, None)
    # It stands ticked for who proposed it, and waits for the desk before the other side reads it.
    assert str(option.pk) in form_of(answer, "note")["suits"]
    french = sign_in(world.b.representatives[0]).get(page("own-case", case.pk))
    assert [one.proposed_by for one in french.context["row"].options] == ["desk", "desk"]
    client.post(page("own-times", case.pk), {"none": "1", "suits": [option.pk]})
    option.refresh_from_db()
    assert option.member is False


def test_a_booked_meeting_is_cancelled_for_this_time_or_for_good(world, sign_in):
    case = agreed(world)
    greek, french = (sign_in(s.representatives[0]) for s in (world.a, world.b))
    first, _second = offer(case, world)
    for client in (greek, french):
        client.post(page("own-times", case.pk), {"suits": [first]})
    answer = greek.post(page("own-decline", case.pk), {"why": " ", "for_good": "False"})
    assert answer.status_code == 422
    assert "Give a reason" in text_of(answer)
    greek.post(page("own-decline", case.pk), {"why": "I am ill.", "for_good": "False"})
    assert state(case) == State.FINDING
    assert "I am ill." not in text_of(french.get(page("own-case", case.pk)))
    french.post(page("own-decline", case.pk), {"why": "We moved on."})
    assert state(case) == State.CLOSED
    assert sign_in(world.b.representatives[1]).post(page("own-decline", case.pk)).status_code == 404


def test_what_is_met_asks_how_it_went_and_is_past_once_said(world, sign_in):
    case = agreed(world)
    first, _second = offer(case, world)
    for side in (world.a, world.b):
        do(
            side.representatives[0],
            answer_times,
            introduction_id=case.pk,
            suits=[first],
            now=timezone.now(),
        )
    case.refresh_from_db()
    close_day(case.pk, now=case.meeting.ends_at + timedelta(hours=1))
    person = world.a.representatives[0]
    html = sign_in(person).get(OWN).content.decode()
    assert "How did it go?" in html
    assert reverse("meetings:ratings") in html
    party = case.meeting.parties.get(person=person)
    Rating.objects.create(party=party, phase=Rating.Phase.DAY, value=Rating.Value.POSSIBLE)
    assert "No open introductions" in text_of(sign_in(person).get(OWN))
    assert "shared how it went" in text_of(sign_in(person).get(OWN, {"show": "past"}))
    # The other side has said nothing yet.
    assert "How did it go?" in text_of(sign_in(world.b.representatives[0]).get(OWN))


def test_lists_are_searched_and_past_ones_stand_apart(world, sign_in):
    first, second = asked(world), asked(world, 1)
    client = sign_in(world.a.representatives[0])
    text = text_of(client.get(OWN, {"q": "french member 2"}))
    assert "1 introduction" in text
    assert "French member 1" not in text
    assert "Nothing matches" in text_of(client.get(OWN, {"q": "nobody"}))
    # A name that is one's own finds nothing by itself.
    assert "Nothing matches" in text_of(client.get(OWN, {"q": "greek"}))
    do(
        world.a.ambassador,
        close_introduction,
        introduction_id=first.pk,
        why="x",
        now=timezone.now(),
    )
    assert "French member 1" not in text_of(client.get(OWN))
    text = text_of(client.get(OWN, {"show": "past"}))
    assert "French member 1" in text
    assert "French member 2" not in text
    assert client.get(OWN, {"show": "x", "page": "99"}).status_code == 200
    assert state(second) == State.ASKING


def _count(client, url) -> int:
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_lists_ask_the_database_as_often_for_one_as_for_three(world, sign_in, record_property):
    member, desk = sign_in(world.a.representatives[0]), sign_in(world.a.ambassador)
    lists = page("mandates", world.partnership.pk)
    offer(agreed(world), world)
    mandate(world)
    before = {OWN: _count(member, OWN), lists: _count(desk, lists)}
    for number in (1, 2):
        offer(agreed(world, number), world)
        mandate(world, number)
    for person in (0, 0):
        Mandate.objects.filter(member=world.a.members[0]).update(state=Mandate.State.ACCEPTED)
        mandate(world, person)
    after = {OWN: _count(member, OWN), lists: _count(desk, lists)}
    assert before == after
    assert len(member.get(OWN).context["rows"]) == 3
    assert len(member.get(OWN).context["mandates"]) == 3
    record_property("queries of a member's own page, of the desk's mandates", list(after.values()))
