"""Briefings: what each of the three reads before a meeting, and what nobody but the desk does."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from proxeny.accounts.models import Person
from proxeny.ambassadors.models import Introduction, Link
from proxeny.ambassadors.operations.introductions import write_note
from proxeny.directory.models import Listing, Organisation, Visibility
from proxeny.meetings.models import Meeting, MeetingParty, Rating
from tests.ambassadors.desk import CLAIRE, FIRST, agree, ask, book, do, note, token, tokens
from tests.ambassadors.linking import english, read
from tests.factories.directory import ListingFactory
from tests.factories.meetings import RatingFactory, make_meeting
from tests.stages import staged

pytestmark = pytest.mark.django_db

NOTE = "They pay late. Ask for a deposit."
THEIRS, OURS = "Too expensive for us.", "Worth a second meeting."
MAIL = CLAIRE.email


@staged
def case(world) -> Introduction:
    """A booked meeting of two who met before, with a note, words of both, and their offers."""
    member, stakeholder = world.a.members[0], world.b.members[0]
    Person.objects.filter(pk=world.a.representatives[0].pk).update(time_zone="Europe/Athens")
    made = note(world, bring="Two samples", needs_interpreter=True, interpreter="Maria Petrou")
    made.reasons = []
    do(world.a.ambassador, write_note, introduction_id=made.pk, text=NOTE)
    before = make_meeting(
        world.partnership,
        (member, world.a.representatives[0]),
        (stakeholder, None),
        starts_at=FIRST - timedelta(days=400),
        ends_at=FIRST - timedelta(days=400, hours=-1),
        state=Meeting.State.HELD,
        place="Lyon, quai 5",
    )
    words = {member.pk: OURS, stakeholder.pk: THEIRS}
    for party in MeetingParty.objects.filter(meeting=before):
        RatingFactory(party=party, note=words[party.organisation_id])
    ListingFactory(organisation=stakeholder, direction=Listing.Direction.NEED, title="Needs looms")
    ListingFactory(organisation=member, direction=Listing.Direction.OFFER, title="Offers looms")
    return book(made, world)


def _desk(case, audience="", *, pdf=False):
    end = "briefing/pdf/" if pdf else "briefing/"
    return f"/partnerships/{case.partnership_id}/desk/{case.pk}/{end}?for={audience}"


def _own(case, *, pdf=False):
    return f"/introductions/{case.pk}/briefing/{'pdf/' if pdf else ''}"


def _text(answer) -> str:
    assert answer.headers["Content-Type"] == "application/pdf"
    pages = PdfReader(BytesIO(answer.getvalue())).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_the_desk_reads_everything(case, world, sign_in):
    page = read(english(sign_in(world.a.ambassador)).get(_desk(case)))
    for text in (
        NOTE,
        THEIRS,
        OURS,
        MAIL,
        world.a.representatives[0].email,
        "Lyon, quai 5",
        "Two samples",
        "Maria Petrou",
        "Needs looms",
        "Offers looms",
    ):
        assert text in page, text
    assert "09:00–09:45" in page
    assert "10:00–10:45" in page


@pytest.mark.parametrize("by", ["own", "desk"])
def test_the_member_reads_its_own_words_alone(case, world, sign_in, by):
    if by == "own":
        answer = english(sign_in(world.a.representatives[0])).get(_own(case))
    else:
        answer = english(sign_in(world.a.ambassador)).get(_desk(case, "member"))
    page = read(answer)
    for text in (OURS, CLAIRE.name, "Needs looms", "Two samples", "Paris, 12 rue de Rome"):
        assert text in page, text
    for text in (NOTE, THEIRS, MAIL):
        assert text not in page, text
    assert "openstreetmap.org/search?query=Paris%2C%2012%20rue%20de%20Rome" in page


def test_what_the_desk_shows_of_a_side_is_no_more_than_that_side_reads(case, world, sign_in):
    Listing.objects.filter(title="Offers looms").update(title="Offers to friends")
    Organisation.objects.filter(pk=case.member_id).update(visibility=Visibility.PARTNERSHIP)
    desk = english(sign_in(world.a.ambassador))
    assert "Offers to friends" in read(desk.get(_desk(case)))
    # Who speaks for the stakeholder has no sign-in: to nobody the member's entry is not shown.
    page = read(desk.get(_desk(case, "stakeholder")))
    assert "Offers to friends" not in page
    for text in (NOTE, OURS, world.a.representatives[0].email):
        assert text not in page, text
    assert THEIRS in page
    assert world.a.representatives[0].name in page


def test_an_offer_without_a_name_stays_without_one(case, world, sign_in):
    Listing.objects.filter(title="Needs looms").update(is_anonymous=True)
    assert "Needs looms" not in read(english(sign_in(world.a.ambassador)).get(_desk(case)))


def test_others_find_nothing(case, world, sign_in):
    refused = {
        "the other side's desk": (world.b.ambassador, _desk(case)),
        "the other side's desk, as PDF": (world.b.ambassador, _desk(case, pdf=True)),
        "a member at the desk": (world.a.representatives[0], _desk(case)),
        "another member": (world.a.representatives[1], _own(case)),
        "another member, as PDF": (world.a.representatives[1], _own(case, pdf=True)),
        "a stranger": (world.c.manager, _own(case)),
        "a stranger at the desk": (world.c.manager, _desk(case)),
    }
    found = {
        name: sign_in(person).get(path).status_code for name, (person, path) in refused.items()
    }
    assert set(found.values()) == {404}, found
    assert sign_in(world.a.ambassador).get(_own(case)).status_code == 403
    assert Client().get(_desk(case)).status_code == 302


def test_the_stakeholder_with_a_sign_in_reads_its_side(case, world, sign_in):
    case.sides.filter(role="stakeholder").update(person=world.b.representatives[0], email="")
    page = read(english(sign_in(world.b.representatives[0])).get(_own(case)))
    assert THEIRS in page
    for text in (NOTE, OURS, world.a.representatives[0].email):
        assert text not in page, text


def test_there_is_none_before_a_meeting_is_booked(world, sign_in):
    case = note(world)
    agree(case, world)
    desk = english(sign_in(world.a.ambassador))
    assert "No meeting is booked yet" in read(desk.get(_desk(case)))
    assert desk.get(_desk(case, pdf=True)).status_code == 404
    assert sign_in(world.a.representatives[0]).get(_own(case)).status_code == 404


def test_the_file_is_in_the_language_of_who_goes(case, world, sign_in):
    desk = english(sign_in(world.a.ambassador))
    case.sides.filter(role="stakeholder").update(language="fr")
    answer = desk.get(_desk(case, "stakeholder", pdf=True))
    reader = PdfReader(BytesIO(answer.getvalue()))
    assert reader.trailer["/Root"]["/Lang"] == "fr"
    text = _text(answer)
    assert "mars 2083" in text
    assert THEIRS in text
    for hidden in (NOTE, OURS, world.a.representatives[0].email):
        assert hidden not in text, hidden
    ours = _text(desk.get(_desk(case, pdf=True)))
    assert NOTE in ours
    assert MAIL in ours


def test_the_link_gives_the_file_and_nothing_of_the_other(case, world):
    answer = Client().get(f"/answer/{token(MAIL)}/briefing.pdf")
    text = _text(answer)
    assert answer["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]
    assert world.a.members[0].name in text
    for hidden in (NOTE, OURS, THEIRS, world.a.representatives[0].email):
        assert hidden not in text, hidden


def test_a_link_for_something_else_gives_no_file(world):
    case = note(world)
    ask(case, world)
    wish = token(MAIL)
    assert Client().get(f"/answer/{wish}/briefing.pdf").url == f"/answer/{wish}/"
    assert Client().get("/answer/nonsense/briefing.pdf").status_code == 404


def test_a_closed_link_gives_no_file(case, world):
    Link.objects.update(closed_at=timezone.now())
    assert Client().get(f"/answer/{tokens(MAIL)[-1]}/briefing.pdf").status_code == 404


def _more(world, case, count):
    """Book so many more meetings of other members on the same day."""
    for number in range(1, count + 1):
        other = note(
            world, member_id=world.a.members[number].pk, stakeholder_id=world.b.members[number].pk
        )
        starts_at = FIRST + timedelta(hours=number)
        other.meeting = make_meeting(
            world.partnership,
            (world.a.members[number], world.a.representatives[number]),
            (world.b.members[number], None),
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=45),
            desk=world.a.cluster,
            place=f"Paris, quai {number}",
        )
        other.state = Introduction.State.BOOKED
        other.save()
        do(world.a.ambassador, write_note, introduction_id=other.pk, text=f"Note {number}")


def _day(case, *, pdf=False, on="2083-03-15"):
    return f"/partnerships/{case.partnership_id}/desk/day/{'pdf/' if pdf else ''}?on={on}"


def test_a_day_shows_all_meetings_in_order(case, world, sign_in):
    _more(world, case, 2)
    page = read(english(sign_in(world.a.ambassador)).get(_day(case)))
    places = [page.index(member.name) for member in world.a.members]
    assert places == sorted(places)
    assert NOTE in page
    assert "Note 2" in page
    assert "about 20 minutes of travel" in page


def test_a_day_takes_as_many_queries_for_three_as_for_one(case, world, sign_in):
    client = sign_in(world.a.ambassador)
    client.get(_day(case))
    before = _count(client, case)
    _more(world, case, 2)
    assert _count(client, case) == before


def _count(client, case) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as seen:
        assert client.get(_day(case)).status_code == 200
    return len(seen)


def test_a_day_as_file_and_a_day_of_nothing(case, world, sign_in):
    _more(world, case, 2)
    client = english(sign_in(world.a.ambassador))
    text = _text(client.get(_day(case, pdf=True)))
    assert all(member.name in text for member in world.a.members)
    assert "Nothing booked for this day" in read(client.get(_day(case, on="2083-03-16")))
    wrong = client.get(_day(case, on="2083-02-30"))
    assert wrong.status_code == 422
    assert client.get(f"{_day(case)}&who=999999").status_code == 200


def test_only_the_desk_sees_a_day(case, world, sign_in):
    found = [
        sign_in(person).get(_day(case)).status_code
        for person in (world.a.representatives[0], world.c.manager)
    ]
    assert found == [404, 404]
    # The other side's team has a desk of its own, on which nothing stands.
    other = read(english(sign_in(world.b.ambassador)).get(_day(case)))
    assert world.a.members[0].name not in other


def test_ratings_of_later_meetings_are_not_of_last_time(case, world, sign_in):
    later = make_meeting(
        world.partnership,
        (world.a.members[0], None),
        (world.b.members[0], None),
        starts_at=FIRST + timedelta(days=9),
        ends_at=FIRST + timedelta(days=9, hours=1),
        state=Meeting.State.HELD,
        place="Nowhere yet",
    )
    RatingFactory(party=later.parties.first(), value=Rating.Value.POSSIBLE)
    assert "Nowhere yet" not in read(english(sign_in(world.a.ambassador)).get(_desk(case)))
