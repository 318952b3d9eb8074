"""The yearly report: what belongs to the year, in the languages of both sides, as page and PDF."""

import io
import re
import sys
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from proxeny.accounts.models import Person
from proxeny.partnerships import report
from proxeny.partnerships.models import Activity, Agreement, Partnership, SignOff
from tests.factories import rooms
from tests.factories.meetings import DecisionFactory, make_catch_up, make_meeting
from tests.factories.partnerships import AgreementFactory, SignOffFactory
from tests.papers import glued_words
from tests.partnerships.rooms import others, party, team
from tests.stages import staged

YEAR, TODAY = 2025, date(2026, 6, 1)


@staged
def room(world):
    """A room that was signed in 2024, with something in each of three years."""
    made, a, b = world.partnership, party(world, world.a), party(world, world.b)
    for number, year in enumerate((2024, 2025), 1):
        signed = datetime(year, 3, 1, 9, tzinfo=UTC)
        text = AgreementFactory(partnership=made, number=number, completed_at=signed)
        for side, name in ((a, f"Signer {year}"), (b, "Other")):
            SignOffFactory(agreement=text, party=side, person_name=name, signed_at=signed)
    goal = rooms.ObjectiveFactory(partnership=made, title="Customers", due_on=date(2026, 12, 1))
    result = rooms.KeyResultFactory(objective=goal, title="Companies met", start=0, target=10)
    for value, day in ((2, date(2024, 9, 1)), (6, date(2025, 9, 1)), (9, date(2026, 2, 1))):
        rooms.MeasurementFactory(result=result, value=value, measured_on=day)
    rooms.ObjectiveFactory(
        partnership=made, title="Closed", closed_on=date(2025, 5, 1), outcome="All have met"
    )
    for title, day, state in (
        ("Old work", date(2024, 5, 1), "done"),
        ("Done work", date(2025, 5, 1), "done"),
        ("Open work", date(2025, 6, 1), "planned"),
        ("New work", date(2026, 5, 1), "done"),
    ):
        rooms.ActivityFactory(
            partnership=made,
            title=title,
            starts_on=day,
            ends_on=day,
            state=state,
            core=title == "Open work",
            cost=300 if title == "Open work" else 0,
        )
    rooms.ActionFactory(partnership=made, due_on=date(2025, 2, 1), done_on=date(2025, 2, 2))
    rooms.ActionFactory(partnership=made, due_on=date(2025, 8, 1), done_on=date(2026, 2, 2))
    rooms.RiskFactory(partnership=made, title="The grant ends")
    rooms.FavourFactory(giver=a, receiver=b, count=4, confirmed_at=datetime(2025, 1, 1, tzinfo=UTC))
    for kind, amount in (("european", 750), ("own", 250)):
        source = rooms.FundingSourceFactory(partnership=made, kind=kind, name=f"Money {kind}")
        rooms.FundingLineFactory(source=source, year=2025, amount=amount)
    rooms.RecommendationFactory(
        partnership=made, title="Meet more often", state="accepted", decided_on=date(2025, 10, 1)
    )
    review = rooms.HealthReviewFactory(partnership=made, shown_at=datetime(2025, 11, 1, tzinfo=UTC))
    for side, person, value in ((a, world.a.manager, 5), (b, world.b.manager, 2)):
        rooms.HealthAnswerFactory(review=review, party=side, person=person, value=value)
    rooms.RhythmFactory(partnership=made, in_person=False, every_days=90, since_on=date(2025, 1, 1))
    for month, state in ((2, "held"), (5, "held"), (8, "missed")):
        held = make_catch_up(
            made,
            world.a.manager,
            world.b.manager,
            state=state,
            starts_at=datetime(2025, month, 10, 9, tzinfo=UTC),
            time_zone="UTC",
        )
    DecisionFactory(catch_up=held)
    for year in (2024, 2025):
        make_meeting(
            made,
            (world.a.members[0], None),
            (world.b.members[0], None),
            state="held",
            starts_at=datetime(year, 4, 1, 9, tzinfo=UTC),
        )
    return made


@pytest.fixture
def read(room, world, reading):
    """Read the report as somebody, of a year."""

    def ask(person, year=YEAR, today=TODAY):
        with reading(person):
            made = Partnership.objects.get(pk=room.pk)
            parties = list(made.parties.select_related("organisation", "contact").order_by("side"))
            return report.read_report(made, parties, year=year, today=today)

    return ask


def test_what_happened_in_the_year_and_nothing_else(world, read):
    for person in team(world).values():
        year = read(person)
        assert [(one.on, one.signed_by) for one in year.agreed] == [
            (date(2025, 3, 1), ("Signer 2025", "Other"))
        ]
        [goal], [closed] = year.goals.open, year.goals.closed
        # As it stood at the end of that year, not as it stands today.
        assert [(one.now.value, one.percent) for one in goal.results] == [(6, 60)]
        assert closed.record.outcome == "All have met"
        assert [one.title for one in year.work.done] == ["Done work"]
        assert [one.title for one in year.work.open] == ["Open work"]
        assert (year.work.actions_done, year.work.actions_late) == (1, 1)
        assert (year.money.measured.total, year.money.granted, year.money.points) == (
            1000,
            75,
            6250,
        )
        assert year.money.save_core == 50
        assert [one.title for one in year.advice.decided] == ["Meet more often"]
        assert year.opinion.groups[0].verdict == "apart"
        assert [row.kind for row in year.exchange] == ["hosting"]
        assert year.is_over


def test_catch_ups_and_meetings_of_the_year(world, read):
    touch, came = read(world.b.ambassador).chapters
    told = {str(one.label): (one.value, one.note) for one in touch.figures}
    assert told["Catch-ups held"] == ("2", "")
    # Four windows of ninety days end in 2025: two with a catch-up, one missed, one empty.
    assert told["Catch-ups in the agreed rhythm"] == ("2 of 4 kept", "")
    assert told["Missed or cancelled"] == ("1", "")
    # What was decided at one that was missed was not decided.
    assert told["Decisions recorded"] == ("0", "")
    assert {str(one.label): one.value for one in came.figures}["Members’ meetings"] == "1"


def test_a_year_that_runs_ends_today(world, read):
    year = read(world.a.manager, year=2026)
    assert (year.until, year.is_over, year.opinion) == (TODAY, False, None)
    assert [one.title for one in year.work.done] == ["New work"]
    assert year.money is None


def test_years_begin_with_the_first_signature_and_end_with_the_partnership(world, room):
    assert report.years_of(room, today=TODAY) == [2026, 2025, 2024]
    room.state, room.ends_on = Partnership.State.ENDED, date(2025, 8, 1)
    assert report.years_of(room, today=TODAY) == [2025, 2024]
    SignOff.objects.all().delete()
    Agreement.objects.all().delete()
    room.state = Partnership.State.ACTIVE
    assert report.years_of(room, today=TODAY) == [2026]


def _address(room, name="report") -> str:
    return reverse(f"partnerships:{name}", args=[room.pk])


def test_the_page_tells_it_to_both_teams_and_to_nobody_else(world, room, sign_in):
    for person in team(world).values():
        page = sign_in(person).get(_address(room), {"year": YEAR}).content.decode()
        for words in (
            "Report for 2025",
            "Signer 2025",
            "Companies met",
            "Done work",
            "The grant ends",
            "Meet more often",
            "Money european",
        ):
            assert words in page
        assert "Signer 2024" not in page
    for person in others(world).values():
        for name in ("report", "report-pdf"):
            assert sign_in(person).get(_address(room, name)).status_code == 404
    client = sign_in(world.a.manager)
    for year in ("2019", "abcd", "20255", "-1"):
        wanted = 404 if year == "2019" else 200
        assert client.get(_address(room), {"year": year}).status_code == wanted


def test_the_file_tells_it_in_the_languages_of_both_sides(world, room, sign_in):
    for side, language in ((world.a, "el"), (world.b, "fr")):
        Person.objects.filter(pk=side.manager.pk).update(language=language)
        room.parties.filter(organisation=side.cluster).update(contact=side.manager)
    client = sign_in(world.b.ambassador)
    assert "Greek, French" in client.get(_address(room)).content.decode()
    answer = client.get(_address(room, "report-pdf"), {"year": YEAR, "language": "all"})
    assert answer["Content-Type"] == "application/pdf"
    text = " ".join(one.extract_text() for one in PdfReader(io.BytesIO(answer.content)).pages)
    text = re.sub(r"\s+", " ", text)
    for words in (
        "Έκθεση του έτους 2025",
        "Rapport de l’année 2025",
        "Companies met",
        "Ce que vous",
    ):
        assert words in text
    one = client.get(_address(room, "report-pdf"), {"year": YEAR, "language": "fr"})
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(one.content)).pages)
    assert "Rapport de l’année 2025" in text
    assert "Έκθεση" not in text
    Person.objects.filter(pk=world.b.ambassador.pk).update(language="fr")
    page = client.get(_address(room), {"year": YEAR}, headers={"accept-language": "fr"})
    assert glued_words(one.content, page.text) == set()


def test_without_pango_the_page_says_so(world, room, sign_in, monkeypatch):
    monkeypatch.setitem(sys.modules, "weasyprint", None)
    answer = sign_in(world.a.manager).get(_address(room, "report-pdf"), follow=True)
    assert "has to install Pango" in answer.content.decode()


def test_the_number_of_queries_does_not_grow(world, room, sign_in):
    client = sign_in(world.a.manager)

    def count() -> int:
        client.get(_address(room), {"year": YEAR})
        with CaptureQueriesContext(connection) as found:
            assert client.get(_address(room), {"year": YEAR}).status_code == 200
        return len(found)

    before = count()
    for number in range(4):
        rooms.ActivityFactory(
            partnership=room,
            starts_on=date(2025, 7, 1),
            ends_on=date(2025, 7, 1),
            state=Activity.State.DONE,
        )
        goal = rooms.ObjectiveFactory(partnership=room)
        rooms.MeasurementFactory(
            result=rooms.KeyResultFactory(objective=goal), measured_on=date(2025, 4, 1)
        )
        rooms.RiskFactory(partnership=room)
        rooms.RecommendationFactory(
            partnership=room,
            state="adopted",
            decided_on=date(2025, 2, 1),
            adopted_on=date(2025, 9, 1),
        )
        source = rooms.FundingSourceFactory(partnership=room)
        rooms.FundingLineFactory(source=source, year=2025)
        AgreementFactory(
            partnership=room, number=10 + number, completed_at=datetime(2025, 9, 1, tzinfo=UTC)
        )
        make_catch_up(
            room,
            world.a.manager,
            world.b.manager,
            state="held",
            starts_at=datetime(2025, 9, 10, 9, tzinfo=UTC),
        )
    assert count() == before
