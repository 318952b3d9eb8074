"""Pages of the desk: as who works at it, as the rest of the team, as the other side, as others."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from proxeny.accounts.models import Person, Role, Seat
from proxeny.ambassadors.models import Introduction, Mandate, Note, Side, TimeOption
from proxeny.ambassadors.queries.cases import Contact
from proxeny.directory.models import Details, Organisation
from proxeny.kernel.models import Mail
from proxeny.meetings.models import Meeting
from proxeny.partnerships.models import SharingGrant
from tests.ambassadors.desk import CLAIRE, note
from tests.factories.accounts import PersonFactory, SeatFactory
from tests.factories.ambassadors import make_case

pytestmark = pytest.mark.django_db
State = Introduction.State


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def url(world, name, *more) -> str:
    return reverse(f"ambassadors:{name}", args=[world.partnership.pk, *more])


def count_queries(client, address) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def test_an_empty_desk_says_what_to_do_first(world, sign_in):
    text = text_of(sign_in(world.a.ambassador).get(url(world, "board")))
    assert "No introductions yet" in text
    assert "New introduction" in text


def test_the_board_shows_each_case_in_its_column_and_who_is_waited_for(world, sign_in):
    make_case(
        world,
        state=State.NOTED,
        next_step="Call the owner",
        next_on=timezone.localdate() - timedelta(days=1),
    )
    make_case(world, 1, 1, state=State.ASKING)
    text = text_of(sign_in(world.a.ambassador).get(url(world, "board")))
    assert "Noted 1" in text
    assert "Waiting for answers 1" in text
    assert "Call the owner overdue since" in text
    assert "Waiting for Greek member 2, French member 2" in text


@pytest.mark.parametrize("name", ["board", "list"])
def test_board_and_list_ask_the_same_number_of_queries(world, sign_in, name):
    client = sign_in(world.a.ambassador)
    make_case(world)
    one = count_queries(client, url(world, name))
    make_case(world, 1, 1, state=State.BOOKED)
    make_case(world, 2, 2, state=State.FINDING)
    assert count_queries(client, url(world, name)) == one


@pytest.mark.parametrize("who", ["b.manager", "b.ambassador"])
def test_the_other_side_has_a_desk_of_its_own(world, sign_in, who):
    case = make_case(world, state=State.ASKING, reason="Marble and bytes")
    side, role = who.split(".")
    client = sign_in(getattr(getattr(world, side), role))
    for name in ("board", "list"):
        answer = client.get(url(world, name))
        assert answer.status_code == 200
        assert "Greek member 1" not in text_of(answer)
    assert client.get(url(world, "case", case.pk)).status_code == 404


@pytest.mark.parametrize(
    "who", ["a.representatives", "b.representatives", "c.manager", "nobody_special"]
)
def test_nobody_else_finds_the_desk(world, sign_in, who):
    case = make_case(world, state=State.ASKING)
    side, _dot, role = who.partition(".")
    person = getattr(getattr(world, side), role) if role else getattr(world, side)
    client = sign_in(person[0] if isinstance(person, list) else person)
    for address in (
        url(world, "board"),
        url(world, "list"),
        url(world, "new"),
        url(world, "case", case.pk),
        url(world, "case-edit", case.pk),
    ):
        assert client.get(address).status_code == 404
    for name in ("case-ask", "case-close", "case-offer", "case-reopen", "case-note"):
        assert client.post(url(world, name, case.pk), {"why": "x", "text": "x"}).status_code == 404
    assert Introduction.objects.get().state == State.ASKING


def test_an_adviser_reads_and_does_nothing(world, sign_in):
    adviser = PersonFactory(name="Greek adviser")
    SeatFactory(person=adviser, organisation=world.a.cluster, role=Role.ADVISER)
    case = make_case(world)
    client = sign_in(adviser)
    text = text_of(client.get(url(world, "case", case.pk)))
    assert "Ask both" not in text
    assert client.post(url(world, "case-ask", case.pk)).status_code == 403
    assert client.get(url(world, "new")).status_code == 403


def test_two_are_brought_together(world, sign_in):
    client = sign_in(world.a.ambassador)
    member, other = world.a.members[0], world.b.members[0]
    address = url(world, "new")
    assert "Greek member 1" in text_of(client.get(address))
    found = client.get(address, {"member": member.pk, "q": "french MEMBER 1"})
    assert f"member={member.pk}&amp;stakeholder={other.pk}" in found.content.decode()
    form = f"{address}?member={member.pk}&stakeholder={other.pk}"
    assert "Why they should meet" in text_of(client.get(form))
    answer = client.post(
        form,
        {
            "reason": "",
            "duration_min": "45",
            "member_person": str(world.a.representatives[0].pk),
        },
    )
    assert answer.status_code == 422
    values = {
        "reason": "Marble meets bytes.",
        "duration_min": "45",
        "place": "12 rue de Rome",
        "in_charge": str(world.a.ambassador.pk),
        "next_step": "Ask Claire",
        "next_on": "",
        "member_person": str(world.a.representatives[0].pk),
        "member_language": "el",
        "member_time_zone": "Europe/Athens",
        "stakeholder_name": CLAIRE.name,
        "stakeholder_email": CLAIRE.email,
        "stakeholder_language": "fr",
        "stakeholder_time_zone": "Europe/Paris",
    }
    answer = client.post(form, values, follow=True)
    case = Introduction.objects.get()
    assert (case.state, case.reason) == (State.NOTED, "Marble meets bytes.")
    assert "No one has been asked yet." in text_of(answer)
    side = Side.objects.get(role="stakeholder")
    assert (side.email, side.language, side.kept_by_id) == (
        CLAIRE.email,
        "fr",
        world.a.ambassador.pk,
    )
    # The same two once more.
    answer = client.post(form, values)
    assert answer.status_code == 422
    assert "These two are already being introduced." in text_of(answer)


def test_whom_a_mandate_forbids_is_refused_with_the_reason(world, sign_in):
    Mandate.objects.create(
        partnership=world.partnership,
        cluster=world.a.cluster,
        member=world.a.members[0],
        seeks="Buyers",
        no_go="FRENCH member 1\nOther house",
        state="accepted",
        until=timezone.localdate() + timedelta(days=10),
    )
    form = f"{url(world, 'new')}?member={world.a.members[0].pk}&stakeholder={world.b.members[0].pk}"
    answer = sign_in(world.a.ambassador).post(form, {"reason": "Because", "duration_min": "45"})
    assert answer.status_code == 422
    assert "Greek member 1 has asked not to be introduced to French member 1." in text_of(answer)


def test_somebody_who_is_not_listed_is_noted_for_the_own_cluster_alone(world, sign_in):
    client = sign_in(world.a.ambassador)
    address = f"{url(world, 'stakeholder-new')}?member={world.a.members[0].pk}"
    answer = client.post(
        address,
        {
            "name": "Maison Claire",
            "kind": "company",
            "country": "FR",
            "city": "Paris",
            "website": "",
        },
    )
    assert answer.status_code == 302
    assert "stakeholder=" in answer["Location"]
    answer = client.get(answer["Location"])
    assert answer.status_code == 200
    pk = int(re.search(r"stakeholder=(\d+)", answer.request["QUERY_STRING"])[1])
    entry = reverse("directory:detail", args=[pk])
    assert client.get(entry).status_code == 200
    for person in (world.b.manager, world.c.manager, world.a.representatives[0]):
        assert sign_in(person).get(entry).status_code == 404


def test_from_asking_to_a_booked_meeting_by_the_pages(world, sign_in):
    case = make_case(world)
    client = sign_in(world.a.ambassador)
    client.post(url(world, "case-ask", case.pk))
    assert "Waiting for their answers" in text_of(client.get(url(world, "case", case.pk)))
    for role in ("member", "stakeholder"):
        answer = client.post(
            url(world, "case-answer", case.pk, role),
            {
                f"{role}-role": role,
                f"{role}-wants": "yes",
                f"{role}-why": "On the phone on Monday",
            },
        )
        assert answer.status_code == 302
    case.refresh_from_db()
    assert case.state == State.FINDING
    text = text_of(client.get(url(world, "case", case.pk)))
    assert "Times that suit all three" in text
    day = timezone.localdate() + timedelta(days=9)
    answer = client.post(
        url(world, "case-offer", case.pk),
        {
            "on": day.isoformat(),
            "at": "10:30",
            "time_zone": "Europe/Paris",
            "place": "Rue de Rome",
        },
    )
    assert answer.status_code == 302
    assert TimeOption.objects.filter(introduction=case, desk=True).count() == 1
    bad = client.post(url(world, "case-offer", case.pk), {"time_zone": "Europe/Paris"})
    assert bad.status_code == 422
    answer = client.post(
        url(world, "case-book", case.pk),
        {
            "book-on": day.isoformat(),
            "book-at": "11:30",
            "book-time_zone": "Europe/Paris",
            "book-place": "",
            "book-why": "Both said so on the phone",
        },
    )
    assert answer.status_code == 302
    case.refresh_from_db()
    assert (case.state, case.meeting.state) == (State.BOOKED, Meeting.State.CONFIRMED)
    text = text_of(client.get(url(world, "case", case.pk)))
    assert "It’s in all three calendars." in text
    answer = client.post(url(world, "case-call-off", case.pk), {"off-why": ""})
    assert answer.status_code == 422
    client.post(url(world, "case-call-off", case.pk), {"off-why": "A strike"})
    assert Introduction.objects.get().state == State.FINDING


def test_a_time_that_the_clocks_jump_over_is_refused(world, sign_in):
    case = make_case(world, state=State.FINDING)
    answer = sign_in(world.a.ambassador).post(
        url(world, "case-offer", case.pk),
        {
            "on": "2027-03-28",
            "at": "02:30",
            "time_zone": "Europe/Paris",
        },
    )
    assert answer.status_code == 422
    assert not TimeOption.objects.exists()


def test_notes_are_kept_put_away_and_brought_back(world, sign_in):
    case = make_case(world)
    client = sign_in(world.a.ambassador)
    client.post(url(world, "case-note", case.pk), {"text": "She likes <b>short</b> mails."})
    page = client.get(url(world, "case", case.pk)).content.decode()
    assert "She likes &lt;b&gt;short&lt;/b&gt; mails." in page
    note = Note.objects.get()
    client.post(url(world, "note-drop", case.pk, note.pk))
    assert Note.objects.get().dropped_at is not None
    client.post(url(world, "note-drop", case.pk, note.pk))
    assert Note.objects.get().dropped_at is None


def test_an_address_that_may_not_be_passed_on_is_shown_to_who_wrote_it_down(world, sign_in):
    case = make_case(world)
    Side.objects.filter(role="stakeholder").update(kept_by=world.a.ambassador)
    assert (
        CLAIRE.email
        in sign_in(world.a.ambassador).get(url(world, "case", case.pk)).content.decode()
    )
    for page in ("case", "case-edit"):
        shown = sign_in(world.a.manager).get(url(world, page, case.pk)).content.decode()
        assert CLAIRE.email not in shown
    Side.objects.filter(role="stakeholder").update(may_pass_on=True)
    assert (
        CLAIRE.email in sign_in(world.a.manager).get(url(world, "case", case.pk)).content.decode()
    )


def test_cases_are_given_to_somebody_else_with_a_reason(world, sign_in):
    cases = [make_case(world, number, number) for number in range(3)]
    client = sign_in(world.a.ambassador)
    values = {"case": [one.pk for one in cases[:2]], "person": world.a.manager.pk, "why": ""}
    assert client.post(url(world, "reassign"), values).status_code == 422
    answer = client.post(url(world, "reassign"), values | {"why": "I leave in May"}, follow=True)
    assert "2 introductions handed over." in text_of(answer)
    assert set(Introduction.objects.filter(in_charge=world.a.manager)) == set(cases[:2])
    mail = Mail.objects.get(recipient=world.a.manager.email)
    assert "I leave in May" in mail.text


def test_the_list_is_searched_sorted_narrowed_and_exported(world, sign_in):
    make_case(world, reason="Marble")
    make_case(world, 1, 1, reason="Bytes", state=State.CLOSED)
    client = sign_in(world.a.ambassador)
    assert "Greek member 2" not in text_of(client.get(url(world, "list")))
    assert "Greek member 2" in text_of(client.get(url(world, "list"), {"state": "all"}))
    assert "Greek member 1" not in text_of(client.get(url(world, "list"), {"q": "bytes"}))
    for sort in ("member", "-stakeholder", "state", "changed", "nonsense"):
        assert client.get(url(world, "list"), {"sort": sort}).status_code == 200
    export = client.get(url(world, "list"), {"state": "all", "export": "csv"})
    assert export["Content-Type"].startswith("text/csv")
    assert len(export.content.decode("utf-8-sig").strip().splitlines()) == 3
    hostile = client.get(url(world, "list"), {"page": "9" * 50, "who": "x", "member": "-1"})
    assert hostile.status_code == 200


def test_a_partnership_that_ended_keeps_its_desk_to_read(world, sign_in):
    case = make_case(world)
    world.partnership.state = "ended"
    world.partnership.save()
    client = sign_in(world.a.ambassador)
    assert "Ask both" not in text_of(client.get(url(world, "case", case.pk)))
    assert client.post(url(world, "case-ask", case.pk)).status_code == 403
    assert Person.objects.filter(pk=world.a.ambassador.pk).exists()


def test_the_form_begins_with_the_shared_contact_and_its_clocks(world, sign_in):
    member, other = world.a.members[0], world.b.members[1]
    Organisation.objects.filter(pk=other.pk).update(country="GB")
    Seat.objects.filter(organisation=other).delete()
    Details.objects.update_or_create(
        organisation=other, defaults={"contact": "Claire Fontaine", "email": "claire@buyer.example"}
    )
    address = f"{url(world, 'new')}?member={member.pk}&stakeholder={other.pk}"
    client = sign_in(world.a.ambassador)
    begun = client.get(address).context["form"].initial
    assert (begun["stakeholder_name"], begun["stakeholder_email"]) == (
        "Claire Fontaine",
        "claire@buyer.example",
    )
    assert begun["stakeholder_time_zone"] == "Europe/London"
    SharingGrant.objects.filter(organisation=world.b.cluster).update(fields=[])
    begun = client.get(address).context["form"].initial
    assert (begun["stakeholder_name"], begun["stakeholder_email"]) == ("", "")


def test_a_contact_without_a_zone_has_that_of_the_country(world):
    case = note(world, stakeholder_contact=Contact("Claire", "claire@buyer.example", "fr"))
    Organisation.objects.filter(pk=world.b.members[1].pk).update(country="GB")
    other = note(
        world,
        member_id=world.a.members[1].pk,
        stakeholder_id=world.b.members[1].pk,
        stakeholder_contact=Contact("Ann", "ann@buyer.example"),
    )
    zones = (
        Side.objects.filter(role="stakeholder")
        .order_by("introduction")
        .values_list("introduction", "time_zone")
    )
    assert list(zones) == [(case.pk, "Europe/Paris"), (other.pk, "Europe/London")]
