"""The demo world, loaded once for this file and undone after it."""

import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.models import Count
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from proxeny.accounts.models import Person, Role
from proxeny.ambassadors.models import BusyTime, Introduction, Link, Mandate, Side, TimeOption
from proxeny.calls.models import Call, CallWatch
from proxeny.calls.operations.bids import Chosen, look_at_bid
from proxeny.calls.operations.fitting import find_fitting
from proxeny.calls.rules import state_of
from proxeny.demo import demo_sign_ins, load_demo
from proxeny.demo.texts import read_content
from proxeny.directory.models import Interest, Kind, Listing, Organisation, Project
from proxeny.directory.queries.hints import hints_for
from proxeny.engine import agenda as engine
from proxeny.events.models import AgendaEntry, Event, MeetingRequest, Participation
from proxeny.events.operations.agenda import load_problem
from proxeny.events.operations.agenda.problem import pair_of
from proxeny.insight.models import Snapshot, Trend, TrendView
from proxeny.insight.queries.boards import read_board
from proxeny.insight.views.networks_frame import TABS as NETWORK_TABS
from proxeny.kernel.models import AuditEntry, Job, Mail
from proxeny.kernel.tenancy import SERVICE, WEB, acting_as, enter
from proxeny.labels.content import read_scheme, read_selection
from proxeny.labels.models import (
    Appeal,
    Application,
    Assignment,
    Award,
    Checkup,
    Question,
    Round,
    SchemeVersion,
)
from proxeny.labels.operations.verifying import check_document
from proxeny.labels.views.frame import ROUND_TABS, SCHEME_TABS
from proxeny.meetings.models import Meeting, Rating
from proxeny.meetings.operations.rhythm import read_rhythms
from proxeny.meetings.queries import count_open_questions
from proxeny.meetings.queries.catch_ups import day_of, find_catch_ups
from proxeny.notices.models import Notice
from proxeny.partnerships.ledger import find_readings, list_items, tell_readings
from proxeny.partnerships.models import (
    Action,
    HealthReview,
    Partnership,
    Placement,
    Recommendation,
    SharingGrant,
    SignOff,
)
from proxeny.partnerships.queries import get_partnership, parties_of
from proxeny.partnerships.rules import party_joined
from tests.conftest import reader_of

pytestmark = pytest.mark.slow

SIGN_INS = {
    "manager@athens.example",
    "manager@paris.example",
    "ambassador@athens.example",
    "member@athens.example",
    "member@paris.example",
    "manager@london.example",
    "juror@athens.example",
}
PASSWORD = "proxeny-demo-2026"


@pytest.fixture(scope="module")
def loaded_on() -> date:
    """The day of loading; midnight may pass while the tests run."""
    return timezone.now().date()


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: object, loaded_on: date) -> Iterator[list[str]]:
    """The loaded world; the lines it said."""
    with django_db_blocker.unblock(), transaction.atomic():
        lines: list[str] = []
        assert load_demo(say=lines.append) is True
        # What waits for the commit is looked at once, not again after each test.
        connection.check_constraints()
        yield lines
        transaction.set_rollback(True)


def _event(place: str) -> Event:
    title = read_content("events")[place]["title"]
    return Event.objects.get(title=title)


def _room() -> Partnership:
    return Partnership.objects.get(title__startswith="Ανεμόσκαλα", title__contains="Lumiaire")


def test_eight_clusters_have_sixty_members_each(demo, db):
    counts = dict(
        Organisation.objects.filter(kind=Kind.CLUSTER)
        .annotate(members=Count("memberships_given"))
        .values_list("website", "members")
    )
    assert counts == {f"https://www.{slug}.example": 60 for slug in read_content("clusters")}


def test_every_member_offers_and_needs_something_in_its_own_language(demo, db):
    members = Organisation.objects.filter(memberships__isnull=False)
    assert members.count() == 480
    wants = {"offer", "need"}
    for member in members.prefetch_related("listings"):
        listings = member.listings.all()
        assert {one.direction for one in listings} == wants
        # Some also write for partners abroad.
        assert (
            member.language
            in {one.language for one in listings}
            <= {member.language, {"ar": "fr"}.get(member.language, "en")}
        )
    by_language = Counter(Listing.objects.values_list("language", flat=True))
    assert set(by_language) == {"el", "fr", "ar", "en"}
    for title in Listing.objects.filter(language="ar").values_list("title", flat=True):
        assert "ARABIC" in {unicodedata.name(letter).split()[0] for letter in title[:1]}


def test_some_texts_are_written_whole_and_interest_stands_at_each_step(demo, db):
    whole = Listing.objects.exclude(partner_role="")
    assert Counter(whole.values_list("language", flat=True)) == {"el": 2, "fr": 2, "ar": 1, "en": 1}
    (waiting,) = Listing.objects.filter(status=Listing.Status.REVIEW)
    assert {flag.code for flag in hints_for(waiting, today=timezone.now().date())} >= {
        "advert",
        "role",
    }
    (quiet,) = Listing.objects.filter(is_anonymous=True)
    assert quiet.organisation.is_cluster
    assert Counter(Interest.objects.values_list("state", flat=True)) == {
        "asked": 1,
        "returned": 1,
        "passed": 1,
        "offered": 1,
        "accepted": 1,
        "declined": 1,
    }


def test_four_partnerships_are_signed_and_shared_by_both_sides(demo, db):
    assert Partnership.objects.filter(state=Partnership.State.ACTIVE).count() == 4
    assert Partnership.objects.count() == 4
    signed = SignOff.objects.filter(agreement__kind="text")
    assert signed.values("agreement").annotate(n=Count("pk")).filter(n=2).count() == 4
    lists = SharingGrant.objects.filter(withdrawn_at=None, kind=SharingGrant.Kind.LIST)
    assert lists.count() == 8
    assert signed.filter(signed_at__gte=timezone.now() - timedelta(days=60)).count() == 0


def test_one_ledger_shows_what_a_ledger_can_hold(demo, db):
    partnership = Partnership.objects.get(parties__organisation__name__startswith="Ανεμόσκαλα")
    french = reader_of(Person.objects.get(email="manager@paris.example"))
    with acting_as(WEB, french):
        found = get_partnership(partnership.pk)
        items = list_items(french, found, today=timezone.now().date())
        readings = tell_readings(found, list(find_readings(found)))
    assert Counter((one.grant.kind, one.is_live) for one in items) == {
        ("list", True): 2,
        ("member", True): 1,
        ("file", True): 1,
        ("file", False): 1,
    }
    assert [one.what for one in items if one.is_near_its_end] == ["Stand and programme, Athens.txt"]
    assert Counter((one.verb, one.side) for one in readings) == {
        ("export_shared_list", "b"): 1,
        ("read_shared_file", "b"): 2,
        ("read_shared_member", "b"): 1,
        ("read_shared_member", "a"): 1,
    }


def test_three_events_stand_where_the_tour_needs_them(demo, loaded_on, db):
    states = {one.state: (one.starts_on - loaded_on).days for one in Event.objects.all()}
    assert states == {"finished": -92, "published": 21, "open": 42}
    for place in ("finished", "published"):
        event = _event(place)
        assert event.participations.filter(state="registered").count() == 40
    invited = _event("open").participations
    assert dict(invited.values_list("state").annotate(Count("pk"))) == {
        "registered": 34,
        "invited": 10,
    }


@pytest.mark.parametrize("place", ["finished", "published"])
def test_the_agenda_passes_the_independent_checker(demo, db, place):
    event = _event(place)
    draft = load_problem(event)
    entries = AgendaEntry.objects.filter(event=event, is_live=True)
    rows = [[*pair_of(e.first_id, e.second_id), e.slot_id, e.table_id] for e in entries]
    assignment = draft.from_rows(rows)
    assert len(assignment) == len(rows) >= 120
    verdict = engine.check(draft.problem, assignment, fairness=event.fairness)
    assert verdict.errors == ()
    assert verdict.ok
    run = event.runs.get()
    assert run.verdict["ok"] is True
    assert (run.verdict["placed"], run.breaks) == (len(rows), verdict.objective)


def test_the_finished_event_has_outcomes(demo, db):
    event = _event("finished")
    meetings = Meeting.objects.filter(agenda_entry__event=event)
    assert set(meetings.values_list("state", flat=True)) <= {"held", "missed", "confirmed"}
    assert meetings.filter(state="held").count() > 0.8 * meetings.count()
    day = Rating.objects.filter(phase="day", party__meeting__in=meetings)
    assert day.count() > 1.4 * meetings.count()
    later = Rating.objects.filter(phase="later", party__meeting__in=meetings)
    assert later.filter(value="agreement").values("party__meeting").distinct().count() >= 1
    assert event.participations.filter(checked_in_at__isnull=False).count() == 39
    others = Rating.objects.exclude(party__meeting__in=meetings)
    assert others.filter(party__meeting__desk=None).count() == 0


def test_in_the_open_event_some_have_marked_and_some_have_not(demo, db):
    registered = Participation.objects.filter(event=_event("open"), state="registered")
    marked = registered.filter(requests__isnull=False).distinct().count()
    assert 10 <= marked <= 25
    assert registered.count() - marked >= 8
    kinds = MeetingRequest.objects.filter(event=_event("open")).values_list("kind", flat=True)
    assert {"must", "wish"} <= set(kinds) <= {"must", "wish", "no-thanks"}


def test_both_participants_with_a_sign_in_have_an_agenda(demo, db):
    for email in ("member@athens.example", "member@paris.example"):
        person = Person.objects.get(email=email)
        for place in ("finished", "published"):
            assert Meeting.objects.filter(
                agenda_entry__event=_event(place), parties__person=person
            ).exists()


def test_both_participants_with_a_sign_in_are_still_asked_how_a_meeting_went(demo, db):
    for email in ("member@athens.example", "member@paris.example"):
        reader = reader_of(Person.objects.get(email=email))
        with acting_as(WEB, reader):
            assert count_open_questions(reader, now=timezone.now()) >= 1, email


def test_one_sign_in_for_each_role_is_shown(demo, db):
    lines = demo_sign_ins()
    assert {line.split()[-2] for line in lines} == SIGN_INS
    assert {line.split()[-1] for line in lines} == {PASSWORD}
    assert len({line.index("@") - len(line.split()[-2].split("@")[0]) for line in lines}) == 1


@pytest.mark.parametrize("email", sorted(SIGN_INS))
def test_a_shown_sign_in_works_through_the_login_page(demo, db, email):
    client = Client()
    answer = client.post(reverse("account_login"), {"login": email, "password": PASSWORD})
    assert answer.status_code == 302
    assert answer.url == "/"
    enter(SERVICE)
    assert client.session["_auth_user_id"] == str(Person.objects.get(email=email).account_id)


def test_the_stranger_has_a_cluster_of_its_own_and_no_part_in_the_events(demo, db):
    stranger = reader_of(Person.objects.get(email="manager@london.example"))
    greek = reader_of(Person.objects.get(email="manager@athens.example"))
    assert len(stranger.managed) == 1
    assert not set(stranger.partnerships) & set(greek.partnerships)


def test_roles_are_what_the_list_says(demo, db):
    roles = {
        one.email: set(one.seats.values_list("role", flat=True))
        for one in Person.objects.filter(email__in=SIGN_INS).prefetch_related("seats")
    }
    assert {email: next(iter(found)) for email, found in roles.items()} == {
        "manager@athens.example": Role.MANAGER,
        "manager@paris.example": Role.MANAGER,
        "ambassador@athens.example": Role.AMBASSADOR,
        "manager@london.example": Role.MANAGER,
        "member@athens.example": Role.REPRESENTATIVE,
        "member@paris.example": Role.REPRESENTATIVE,
        "juror@athens.example": Role.JUROR,
    }


def test_nothing_is_left_to_send_or_to_do(demo, db):
    assert Mail.objects.count() > 100
    assert Mail.objects.filter(sent_at=None).count() == 0
    assert Job.objects.exclude(state=Job.State.DONE).count() == 0
    domains = {
        address.rpartition(".")[2] for address in Mail.objects.values_list("recipient", flat=True)
    }
    assert domains == {"example"}


def test_no_job_waits_for_a_mail_that_is_marked_as_sent(demo, db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s", ["proxeny.send_mail"]
        )
        assert cursor.fetchone() == (0,)


def test_a_second_load_changes_nothing(demo, db):
    before = AuditEntry.objects.count()
    assert load_demo(say=pytest.fail) is False
    assert AuditEntry.objects.count() == before


def test_it_says_how_far_it_is(demo, db):
    assert len(demo) >= 12
    assert all("60 members" in line for line in demo[1:9])


def test_the_trail_tells_of_a_year_and_not_of_the_hour_of_loading(demo, db):
    noted = AuditEntry.objects.exclude(verb="load_demo")
    assert noted.filter(at__gte=timezone.now() - timedelta(hours=5)).count() == 0
    signed = noted.filter(verb="sign_agreement").order_by("at")
    assert (timezone.now() - signed[0].at).days >= 300
    last = noted.filter(verb="publish_agenda").order_by("-at")[0]
    assert (timezone.now() - last.at).days <= 1


def test_what_people_were_told_came_over_weeks_and_most_of_it_was_read(demo, db):
    told = Notice.objects.order_by("person", "-created_at")
    unread = Counter(told.filter(read_at=None).values_list("person", flat=True))
    assert max(unread.values()) == 4
    days = {one.created_at.date() for one in told}
    assert len(days) > 20
    assert max(days) <= timezone.now().date()
    assert not any(one.read_at and one.read_at > timezone.now() for one in told)


def test_the_room_of_the_first_partnership_tells_of_a_year(demo, db):
    room = _room()
    assert room.stage == "working"
    signed = SignOff.objects.filter(agreement__partnership=room).values_list("agreement__kind")
    assert Counter(kind for (kind,) in signed) == {
        "text": 2,
        "risk": 6,
        "exit": 2,
        "stage": 2,
        "service": 4,
        "brief": 13,
        "study": 2,
        "letter": 3,
        "bid": 2,
        "scheme": 2,
        "award": 2,
        "revoke": 2,
        "event": 14,
        "advice": 6,
        "round": 4,
    }
    assert HealthReview.objects.get(partnership=room).shown_at is not None
    states = Recommendation.objects.filter(partnership=room).values_list("state", flat=True)
    assert {"accepted", "proposed"} <= set(states)


def test_both_teams_kept_in_touch_for_a_year(demo, loaded_on, db):
    catch_ups = list(find_catch_ups(_room().pk).order_by("meeting__starts_at"))
    assert Counter(one.meeting.state for one in catch_ups) == {
        "held": 9,
        "missed": 1,
        "cancelled": 1,
        "confirmed": 1,
    }
    days = [day_of(one.meeting) for one in catch_ups]
    assert all(day.weekday() < 5 for day in days)
    assert -290 <= (days[0] - loaded_on).days <= -288
    assert [one.host.side for one in catch_ups if one.in_person] == ["B", "A"]
    coming = catch_ups[-1]
    assert 7 <= (days[-1] - loaded_on).days <= 9
    assert coming.agenda
    assert sorted(guest.answer for guest in coming.guests.all()) == [
        "ACCEPTED",
        "ACCEPTED",
        "ACCEPTED",
        "NEEDS-ACTION",
    ]
    for one in catch_ups:
        if one.meeting.state == "held":
            assert one.minutes
            assert one.decisions.exists()
            assert day_of(one.meeting) == one.closed_at.date()


def test_the_rhythm_was_kept_but_for_one_month(demo, loaded_on, db):
    monthly, half_yearly = read_rhythms(_room(), today=loaded_on)
    assert [mark.state for mark in monthly.marks] == [
        *["kept"] * 5,
        "missed",
        *["kept"] * 4,
        "planned",
    ]
    assert [mark.state for mark in half_yearly.marks] == ["kept", "kept"]
    assert not monthly.is_near
    assert not half_yearly.is_near


def test_what_was_taken_on_is_done_or_still_to_come(demo, loaded_on, db):
    taken_on = Action.objects.filter(partnership=_room(), origin=Action.Origin.CATCH_UP)
    assert taken_on.count() == 16
    for one in taken_on:
        assert one.done_on or one.due_on >= loaded_on
    assert taken_on.filter(done_on=None).count() == 3
    assert not taken_on.filter(done_on__gt=loaded_on).exists()


def test_the_ambassador_stays_in_paris_and_was_there_before(demo, loaded_on, db):
    visit, stay = Placement.objects.filter(partnership=_room()).order_by("starts_on")
    assert visit.closed_on == visit.ends_on < stay.starts_on < loaded_on < stay.ends_on
    assert stay.closed_on is None
    assert visit.agreed_at
    assert stay.agreed_at
    assert BusyTime.objects.filter(person=stay.person).count() >= 10


def test_the_desks_have_introductions_in_each_state(demo, db):
    greek, french = (
        Counter(Introduction.objects.filter(cluster__country=one).values_list("state", flat=True))
        for one in ("GR", "FR")
    )
    assert greek == {"noted": 2, "asking": 2, "finding": 3, "booked": 4, "met": 5, "closed": 2}
    assert french == {"noted": 1, "asking": 1, "booked": 1, "met": 1}
    mandates = Mandate.objects.order_by("cluster__country", "state")
    assert list(mandates.values_list("cluster__country", "state")) == [
        ("FR", "accepted"),
        ("GR", "accepted"),
        ("GR", "asked"),
        ("GR", "question"),
    ]


def test_each_page_of_the_desk_has_something_that_waits(demo, loaded_on, db):
    late = Introduction.objects.filter(next_on__lt=loaded_on).values_list("state", flat=True)
    assert set(late) == {"noted", "finding", "met"}
    waiting = Side.objects.filter(introduction__state="asking", answer="waiting")
    assert sorted(waiting.values_list("reminded", flat=True)) == [0, 0, 2]
    seen = waiting.exclude(person=None).values_list("person__account__email", flat=True)
    assert set(seen) == {"member@athens.example", "member@paris.example"}
    times = TimeOption.objects.filter(introduction__state="finding", withdrawn_at=None)
    assert times.filter(proposed_by="stakeholder", desk=None).count() == 1
    assert times.filter(desk=True, member=None).count() == 3


def test_three_meetings_on_one_day_make_a_day_of_visits(demo, loaded_on, db):
    booked = Meeting.objects.filter(desk__country="GR", state="confirmed").order_by("starts_at")
    days = Counter(one.starts_at.date() for one in booked)
    assert sorted(days.values()) == [1, 3]
    assert all(3 <= (day - loaded_on).days <= 10 for day in days)
    assert len({one.place for one in booked}) == 4
    moved = [one for one in booked if one.sequence]
    assert [one.introduction.stakeholder.name[:12] for one in moved] == ["Maison Qamar"]
    assert len(set(booked.values_list("introduction__stakeholder__latitude", flat=True))) >= 3


def test_those_who_met_said_what_came_of_it(demo, db):
    said = Rating.objects.filter(party__meeting__desk__isnull=False)
    assert Counter(said.values_list("phase", flat=True)) == {"day": 11, "later": 4}
    agreed = said.filter(value="agreement").values_list("agreed", "worth", "currency")
    assert set(agreed) == {("supply", Decimal(38500), "EUR")}
    asked = Link.objects.filter(purpose="later").values("side__introduction__meeting")
    for meeting in Meeting.objects.filter(pk__in=asked):
        assert timezone.now() - meeting.ends_at > timedelta(days=182)


def test_calls_stand_in_each_state_and_one_is_watched_from_both_sides(demo, loaded_on, db):
    calls = list(Call.objects.order_by("reference"))
    now = timezone.now()
    assert [state_of(one, now=now) for one in calls] == ["closed", "open", "open", "coming"]
    assert all("invented" in f"{one.programme} {one.text}".lower() for one in calls)
    assert [one.call_id for one in CallWatch.objects.all()] == [calls[1].pk] * 2
    actor = reader_of(Person.objects.get(account__email="ambassador@paris.example"))
    with acting_as(WEB, actor):
        fitting = find_fitting(actor=actor, call_id=calls[1].pk)
        chosen = [Chosen(one.organisation.pk) for one in fitting.found]
        bid = look_at_bid(
            actor=actor, call_id=calls[1].pk, chosen=chosen, leads=None, today=loaded_on
        )
    assert {one.organisation.country for one in fitting.found} == {"FR", "GR"}
    assert bid.state == "broken"
    assert bid.told[0].gaps[0].startswith("1 more participant is needed.")


def test_the_label_is_published_by_both_in_four_languages(demo, db):
    (version,) = SchemeVersion.objects.all()
    text = read_scheme(version.content)
    assert version.published_at is not None
    assert (text.name, text.languages) == ("Atlas", ("en", "fr", "el", "ar"))
    assert {len(one.title) for one in text.indicators()} == {4}
    states = Round.objects.order_by("closes_at").values_list("state", "places")
    assert list(states) == [("decided", 3), ("judging", 2), ("open", 3)]


def test_the_first_round_of_the_label_was_decided_within_quotas(demo, db):
    held = Round.objects.get(state="decided")
    results = held.results.filter(is_newest=True)
    by_title = {
        one.application.title: (one.standing, one.rank)
        for one in results.select_related("application")
    }
    assert by_title == {
        "A reader of old hands": ("chosen", 1),
        "Three languages at one counter": ("chosen", 2),
        "A theatre that stands nowhere": ("waiting", 3),
        "The museum in a box": ("chosen", 4),
        "A game about the wind": ("waiting", 5),
        "A tutor who asks back": ("below", None),
        "Voices of the market hall": ("below", None),
        "A campus on the phone": ("out", None),
    }
    assert results.filter(told_at=None).count() == 0
    chosen = read_selection(held.decisions.get(number=1).content)
    assert {one.least for one in chosen.quotas} == {1}
    assert chosen.lost > 0
    assert [one.state for one in Appeal.objects.all()] == ["refused"]
    given = held.assignments.filter(is_appeal=False)
    sides = given.values("application").annotate(
        n=Count("pk"), s=Count("juror__party", distinct=True)
    )
    assert set(sides.values_list("n", "s")) == {(3, 2)}
    assert held.assignments.filter(frozen_at=None).count() == 0


def test_awards_of_the_label_are_signed_by_both_and_one_is_revoked(demo, db):
    enter(SERVICE)
    now = timezone.now()
    found = {one.title: one for one in Award.objects.all()}
    said = {
        title: check_document(document=one.credential, now=now).state
        for title, one in found.items()
    }
    assert said == {
        "A reader of old hands": "valid",
        "Three languages at one counter": "valid",
        "The museum in a box": "revoked",
    }
    levels = {
        one.key: one.title["en"] for one in read_scheme(SchemeVersion.objects.get().content).levels
    }
    assert {levels[one.level] for one in found.values()} == {"Gold", "Silver", "Bronze"}
    (checkup,) = Checkup.objects.all()
    assert checkup.is_public
    assert checkup.reviewed_at is not None
    (renewal,) = Application.objects.exclude(renews=None)
    assert (renewal.renews.title, renewal.state) == ("A reader of old hands", "draft")


def test_in_the_second_round_a_juror_has_something_to_score(demo, db):
    held = Round.objects.get(state="judging")
    states = Counter(held.assignments.values_list("state", flat=True))
    assert states["open"] > 2
    assert states["done"] > 2
    assert states["abstained"] == 1
    juror = Person.objects.get(email="juror@athens.example")
    mine = held.assignments.filter(person=juror)
    assert {"open", "done"} <= set(mine.values_list("state", flat=True))
    asked = Question.objects.filter(application__round=held)
    assert sorted(bool(one.answer) for one in asked) == [False, True]


def test_one_can_apply_in_the_third_round(demo, db):
    held = Round.objects.get(state="open")
    states = Counter(held.applications.values_list("state", flat=True))
    assert states == {"draft": 2, "submitted": 1}


@pytest.mark.parametrize("email", ["manager@athens.example", "manager@paris.example"])
def test_each_page_of_the_label_opens_for_its_managers(demo, db, email):
    room, scheme = _room().pk, SchemeVersion.objects.get().scheme_id
    rounds = list(Round.objects.order_by("pk").values_list("pk", flat=True))
    urls = [reverse(name, args=[room, scheme]) for _code, _label, name in SCHEME_TABS]
    urls += [reverse(tab[2], args=[room, held]) for held in rounds for tab in ROUND_TABS]
    assert _opened(email, urls) == dict.fromkeys(urls, 200)


@pytest.mark.parametrize(
    ("email", "names"),
    [
        ("juror@athens.example", ["labels:own-juries"]),
        ("member@paris.example", ["labels:applications", "labels:own-awards"]),
    ],
)
def test_jurors_and_holders_find_their_pages(demo, db, email, names):
    urls = [reverse(name) for name in names]
    if email.startswith("juror"):
        mine = Assignment.objects.filter(person__email=email)
        urls += [reverse("labels:score", args=[pk]) for pk in mine.values_list("pk", flat=True)]
        assert len(urls) > 4
    assert _opened(email, urls) == dict.fromkeys(urls, 200)


def test_the_radar_has_trends_of_all_kinds_and_both_sides_weigh_them(demo, db):
    trends = Trend.objects.filter(partnership=_room())
    assert trends.count() == 8
    assert set(trends.values_list("area", flat=True)) == set(Trend.Area.values)
    assert {"now", "soon", "later"} == set(trends.values_list("horizon", flat=True))
    for one in trends.prefetch_related("evidence"):
        assert 1 <= len(one.evidence.all()) <= 3
        for proof in one.evidence.all():
            assert proof.link.startswith("https://")
    said: dict[int, list[int]] = {}
    for trend, relevance in TrendView.objects.values_list("trend", "relevance"):
        said.setdefault(trend, []).append(relevance)
    assert sorted(map(len, said.values())) == [1, *[2] * 7]
    assert sum(max(both) - min(both) >= 2 for both in said.values()) >= 3


@pytest.mark.parametrize("country", ["GR", "FR"])
def test_needs_and_calls_meet_or_miss_each_other_in_every_way(demo, db, country):
    found = Snapshot.objects.get(
        kind="foresight", organisation__country=country, partnership=_room()
    )
    names = dict(Trend.objects.values_list("pk", "title"))
    gaps = {names[one["trend"]]: one["gap"] for one in found.content["table"]}
    assert gaps == {
        "Accessibility by design": "need_without_call",
        "Immersive heritage": "need_without_call",
        "Rights management with open standards": "need_without_call",
        "Digital product passports": "unmet_need",
        "Green hosting": "unmet_need",
        "Skills for small studios": "call_without_need",
        "Virtual production": "trend_alone",
        "Generative AI in design": None,
    }
    courses = {
        one["label"]: view["course"]["state"]
        for one in found.content["topics"]
        if "course" in (view := one["views"].get(one["main"], {}))
    }
    assert {courses["generative AI"], courses["digital product passport"]} == {"emerging"}
    assert courses["blockchain"] == "declining"


@pytest.mark.parametrize("email", ["manager@athens.example", "manager@paris.example"])
def test_a_board_shows_how_figures_moved_over_three_quarters(demo, loaded_on, db, email):
    reader, room = reader_of(Person.objects.get(account__email=email)), _room()
    with acting_as(WEB, reader):
        mine = party_joined(reader, list(parties_of(room)))
        board = read_board(room, mine)
    assert len(board.quarters) == 3
    figures = {one.figure.code: one for one in board.figures}
    assert [value for _quarter, value in figures["trends"].course] == [4, 6, 8]
    assert figures["meetings_held"].change is not None
    assert figures["network_partners"].value > 10
    boards = Snapshot.objects.filter(kind="board", organisation=mine.organisation_id)
    days = [one.computed_at.date() for one in boards.order_by("period")]
    assert days == sorted(set(days))
    assert days[-1] == loaded_on


def test_past_projects_tie_both_clusters_to_others_and_say_that_they_are_invented(demo, db):
    found = Project.objects.all()
    assert all("(invented)" in one.acronym for one in found)
    assert all("invented for the demonstration" in one.objective for one in found)
    assert found.values("reference").distinct().count() == 129
    both = found.values("reference").annotate(n=Count("pk")).filter(n=2)
    assert both.count() == 14
    for country in ("GR", "FR"):
        network = Snapshot.objects.get(kind="network", organisation__country=country).content
        assert len(network["years"]) == 8
        best = network["present"]["proposals"]["organisations"]["links"]
        assert any(one["ways"]["found"] for one in best)


@pytest.mark.parametrize("email", ["manager@athens.example", "manager@paris.example"])
def test_each_page_of_figures_opens_for_its_managers(demo, db, email):
    room = _room().pk
    trends = list(Trend.objects.values_list("pk", flat=True))
    urls = [
        reverse(f"insight:{name}", args=[room]) for name in ("board", "outcomes", "radar", "needs")
    ]
    urls += [
        reverse(f"insight:{name}", args=[room, pk]) for name in ("trend", "cell") for pk in trends
    ]
    urls += [reverse(name) for _code, _label, name in NETWORK_TABS]
    assert _opened(email, urls) == dict.fromkeys(urls, 200)


def _opened(email: str, urls: list[str]) -> dict[str, int]:
    """Return what each page answers to somebody."""
    client = Client()
    client.force_login(Person.objects.get(email=email).account)
    try:
        return {url: client.get(url).status_code for url in urls}
    finally:
        enter(SERVICE)
