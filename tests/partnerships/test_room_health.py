"""Health reviews: answered alone, seen by nobody before all are shown, then side by side."""

import re
from datetime import date, timedelta

import pytest
from django.db import ProgrammingError, connection
from django.urls import reverse
from django.utils import timezone

from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.models import Mail
from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.partnerships import signals
from proxeny.partnerships.factors import FACTORS
from proxeny.partnerships.health import own_answers, read_review
from proxeny.partnerships.health_chart import draw_lines, mark_scale
from proxeny.partnerships.models import HealthAnswer, HealthReview, Partnership, Recommendation
from proxeny.partnerships.operations import reviews
from proxeny.partnerships.operations.health import gather_signals
from tests.factories import rooms
from tests.partnerships.rooms import TODAY, do, others, party, team, words
from tests.stages import staged

WEEK = timedelta(days=7)


def address(world, name="health", **more):
    return reverse(f"partnerships:{name}", kwargs={"pk": world.partnership.pk, **more})


def page(client, world, name="health", status=200, **more):
    answer = client.get(address(world, name, **more))
    assert answer.status_code == status
    return answer.content.decode()


@staged
def review(world):
    return rooms.HealthReviewFactory(partnership=world.partnership, due_on=TODAY + WEEK)


def all_of(value, **given):
    """Answers to every question, some of them otherwise."""
    return {one.code: (given.get(one.code, value), "") for one in FACTORS}


def answer(person, review, answers):
    return do(
        person,
        reviews.answer_review,
        partnership_id=review.partnership_id,
        review_id=review.pk,
        answers=answers,
    )


def show(person, review):
    return do(
        person, reviews.show_review, partnership_id=review.partnership_id, review_id=review.pk
    )


@staged
def shown(world, review):
    """A’s manager sees trust at 5, B’s at 2; A’s ambassador gives a remark."""
    answer(world.a.manager, review, all_of(4, trust=5))
    answer(world.a.ambassador, review, {**all_of(4, trust=4), "trust": (4, "We said so openly.")})
    answer(world.b.manager, review, all_of(4, trust=2, money=None))
    show(world.b.manager, review)
    review.refresh_from_db()
    return review


# --- Asking


def test_a_manager_asks_and_the_other_side_is_told(world, sign_in):
    client = sign_in(world.a.manager)
    assert "Ask both teams how it’s going" in page(client, world)
    answered = client.post(address(world, "review-open"), {"due_on": str(TODAY + WEEK)})
    assert answered["Location"] == address(world)
    made = HealthReview.objects.get()
    assert (made.due_on, made.shown_at, made.answered) == (TODAY + WEEK, None, {})
    assert Mail.objects.filter(recipient=world.b.manager.email).count() == 1
    assert "A review is open" in page(sign_in(world.b.ambassador), world)
    answered = client.post(address(world, "review-open"), {"due_on": str(TODAY + WEEK)})
    assert answered.status_code == 422
    assert HealthReview.objects.count() == 1


@pytest.mark.parametrize("day", [TODAY - timedelta(days=1), TODAY + timedelta(days=400), ""])
def test_a_day_out_of_reach_is_said_beside_its_field(world, sign_in, day):
    answered = sign_in(world.a.manager).post(address(world, "review-open"), {"due_on": str(day)})
    assert answered.status_code == 422
    assert "px-error" in answered.content.decode()
    assert not HealthReview.objects.exists()


def test_only_managers_ask_and_show(world, review, sign_in):
    routes = (address(world, "review-open"), address(world, "review-show", review_id=review.pk))
    for route in routes:
        assert sign_in(world.a.ambassador).post(route, {}).status_code == 403
        for person in others(world).values():
            assert sign_in(person).post(route, {}).status_code == 404


def test_nobody_else_sees_the_pages(world, shown, sign_in):
    for person in team(world).values():
        page(sign_in(person), world)
        page(sign_in(person), world, "review", review_id=shown.pk)
    for person in others(world).values():
        for name, more in (
            ("health", {}),
            ("review", {"review_id": shown.pk}),
            ("review-answer", {"review_id": shown.pk}),
        ):
            page(sign_in(person), world, name, 404, **more)


def test_a_review_of_another_room_is_none(world, sign_in):
    from tests.factories.partnerships import PartnershipFactory

    other = rooms.HealthReviewFactory(partnership=PartnershipFactory(lead=world.c.cluster))
    for name in ("review", "review-answer"):
        page(sign_in(world.a.manager), world, name, 404, review_id=other.pk)


# --- Answering alone


def test_each_change_is_kept_at_once_and_can_be_changed(world, review, sign_in):
    client = sign_in(world.b.ambassador)
    route = address(world, "review-answer", review_id=review.pk)
    part = client.post(
        route,
        {"trust": "4", "roles": "-", "pace-remark": "Slowly."},
        headers={"HX-Request": "true", "HX-Target": "answer-progress"},
    )
    assert "3 of 20" in words(part.content.decode())
    assert "kept" in part.content.decode()
    rows = HealthAnswer.objects.order_by("factor").values_list("factor", "value", "comment")
    assert list(rows) == [("pace", None, "Slowly."), ("roles", None, ""), ("trust", 4, "")]
    html = page(client, world, "review-answer", review_id=review.pk)
    assert re.search(r'name="trust" value="4" checked', html)
    assert re.search(r'name="roles" value="-" checked', html)
    assert "Slowly.</textarea>" in html
    answered = client.post(route, {"trust": "2"})
    assert answered["Location"] == address(world)
    assert list(HealthAnswer.objects.values_list("factor", "value")) == [("trust", 2)]
    told = words(page(client, world))
    assert "You have answered 1 of 20." in told
    assert "19 questions are open" in told


def test_every_question_has_five_answers_and_none(world, review, sign_in):
    html = page(sign_in(world.a.manager), world, "review-answer", review_id=review.pk)
    for factor in FACTORS:
        assert html.count(f'name="{factor.code}" value=') == 6
        assert f'name="{factor.code}-remark"' in html
    assert html.count("not at all") >= 20


@pytest.mark.parametrize("sent", [{"trust": "6"}, {"trust": "x"}, {"trust-remark": "a" * 1001}])
def test_what_was_not_asked_is_not_kept(world, review, sign_in, sent):
    client = sign_in(world.a.manager)
    answered = client.post(address(world, "review-answer", review_id=review.pk), sent)
    assert answered.status_code == 302
    assert not HealthAnswer.objects.exists()


def test_an_answer_beyond_the_scale_is_refused_by_the_operation(world, review):
    for answers in ({"trust": (6, "")}, {"luck": (3, "")}):
        with pytest.raises(InvalidInput):
            answer(world.a.manager, review, answers)


def test_nobody_reads_an_answer_before_all_are_shown(world, review, reading, sign_in):
    """Not the other side, not a colleague: not on a page, not in the database itself."""
    answer(world.a.manager, review, {"trust": (1, "Between us and the wall.")})

    def rows(person, what):
        with reading(person), connection.cursor() as cursor:
            cursor.execute(f"SELECT {what} FROM partnerships_healthanswer")  # noqa: S608
            return cursor.fetchall()

    assert rows(world.a.manager, "factor, value") == [("trust", 1)]
    for person in (
        world.a.ambassador,
        world.b.manager,
        world.b.ambassador,
        None,
        *others(world).values(),
    ):
        assert rows(person, "factor, value") == []
        assert rows(person, "count(*)") == [(0,)]
    for name, person in team(world).items():
        client = sign_in(person)
        assert "wall" not in page(client, world), name
        if person != world.a.manager:
            html = page(client, world, "review-answer", review_id=review.pk)
            assert "wall" not in html, name
            assert "checked" not in html, name
        answered = client.get(address(world, "review", review_id=review.pk))
        assert answered["Location"] == address(world), name


@pytest.mark.parametrize(
    "command",
    [
        "UPDATE partnerships_healthanswer SET value = 5",
        "DELETE FROM partnerships_healthanswer",
        "SELECT person_id FROM partnerships_healthanswer",
    ],
)
def test_the_database_refuses_what_only_the_operation_may(world, review, reading, command):
    answer(world.a.manager, review, {"trust": (1, "")})
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        reading(world.a.manager),
        connection.cursor() as cursor,
    ):
        cursor.execute(command)


def test_who_answered_what_is_nobodys_even_afterwards(world, shown, reading):
    with reading(world.b.manager), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM partnerships_healthanswer")
        assert cursor.fetchone() == (60,)
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        reading(world.b.manager),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT person_id FROM partnerships_healthanswer")


def test_only_counts_are_told_while_it_is_open(world, review, sign_in):
    answer(world.a.manager, review, all_of(3))
    answer(world.a.ambassador, review, {"trust": (3, "")})
    told = words(page(sign_in(world.b.manager), world))
    assert "Greek cluster 1 person has answered, 1 is still answering" in told
    assert "French cluster no one has answered yet" in told
    assert "Waiting for: French cluster" in told
    review.refresh_from_db()
    counts = {party(world, world.a).pk: reviews.Counted(2, 1)}
    with acting_as(SERVICE):
        assert reviews.count_answers(review) == counts
    assert review.answered[str(party(world, world.a).pk)] == 2


def test_the_page_counts_the_same_for_every_role(world, review, sign_in):
    answer(world.b.manager, review, all_of(3))
    for person in team(world).values():
        assert "French cluster 1 person has answered" in words(page(sign_in(person), world))


def test_a_late_review_still_takes_answers(world, sign_in):
    late = rooms.HealthReviewFactory(partnership=world.partnership, due_on=TODAY - WEEK)
    assert "answers were due by" in page(sign_in(world.a.manager), world)
    answer(world.a.manager, late, {"trust": (3, "")})
    assert HealthAnswer.objects.count() == 1


# --- Showing


def test_nothing_is_shown_before_both_sides_have_answered(world, review, sign_in):
    answer(world.a.manager, review, all_of(3))
    client = sign_in(world.a.manager)
    answered = client.post(address(world, "review-show", review_id=review.pk))
    assert answered["Location"] == address(world)
    told = words(page(client, world))
    assert "French cluster hasn’t answered yet. Nothing is shown until all sides have." in told
    review.refresh_from_db()
    assert review.shown_at is None


def test_once_shown_nobody_changes_an_answer(world, shown, sign_in):
    route = address(world, "review-answer", review_id=shown.pk)
    here = address(world, "review", review_id=shown.pk)
    assert sign_in(world.a.manager).get(route)["Location"] == here
    with pytest.raises(Conflict):
        answer(world.a.manager, shown, all_of(1))
    part = sign_in(world.a.manager).post(route, {"trust": "1"}, headers={"HX-Request": "true"})
    assert part.status_code == 302
    assert HealthAnswer.objects.filter(factor="trust", value=1).count() == 0


def test_an_answer_that_comes_too_late_leads_to_what_is_shown(world, review, sign_in, monkeypatch):
    """Somebody shows the review between the page and the click."""
    answer(world.a.manager, review, all_of(4))
    answer(world.b.manager, review, all_of(4))
    client = sign_in(world.a.manager)
    route = address(world, "review-answer", review_id=review.pk)
    real = reviews.answer_review

    def late(**given):
        HealthReview.objects.filter(pk=review.pk).update(shown_at=timezone.now())
        return real(**given)

    monkeypatch.setattr("proxeny.partnerships.views.health.reviews.answer_review", late)
    part = client.post(route, {"trust": "1"}, headers={"HX-Request": "true"})
    assert part["HX-Redirect"] == address(world, "review", review_id=review.pk)


def test_both_sides_stand_side_by_side_what_lies_apart_first(world, shown, sign_in):
    for person in team(world).values():
        html = page(sign_in(person), world, "review", review_id=shown.pk)
        told = words(html)
        assert told.index("Seen differently") < told.index("Strengths")
        assert "Greek cluster 4.5 French cluster 2.0 2.5 apart" in told
        assert "We said so openly. Greek cluster" in told
        assert told.index("Trust") < told.index("Experience of working together")
        assert "Not answered by all sides" in told
    html = page(sign_in(world.b.manager), world, "review", review_id=shown.pk)
    assert world.a.ambassador.name not in html


def test_showing_drafts_what_follows_and_names_its_evidence(world, shown, sign_in):
    made = Recommendation.objects.get()
    assert made.title == "Discuss why the sides see this differently: Trust"
    told = "Greek cluster 4.5 out of 5 (2) · French cluster 2.0 out of 5 (1)"
    assert made.evidence.get().text == told
    html = page(sign_in(world.b.ambassador), world, "review", review_id=shown.pk)
    assert "1 recommendation follows" in html
    assert f"?source=review&amp;review={shown.pk}" in html


def test_marks_meet_where_the_sides_agree_and_stand_apart_where_not():
    assert [(one.side, one.x) for one in mark_scale([("a", 1.0), ("b", 5.0), ("c", None)])] == [
        ("a", "5.00%"),
        ("b", "95.00%"),
    ]
    assert mark_scale([("a", 3.0)])[0].x == "50.00%"


def test_lines_leave_out_what_was_not_answered():
    line = draw_lines([("a", (1.0, None, 5.0))])[0]
    assert line.points == "5.0,35.0 115.0,5.0"
    assert draw_lines([("a", (3.0,))])[0].dots == (("5.0", "20.0"),)


def older(world, days, **values):
    made = rooms.HealthReviewFactory(
        partnership=world.partnership,
        opened_at=timezone.now() - timedelta(days=days),
        shown_at=timezone.now() - timedelta(days=days - 1),
    )
    for side, given in values.items():
        one = getattr(world, side)
        for factor, value in given.items():
            rooms.HealthAnswerFactory(
                review=made, party=party(world, one), person=one.manager, factor=factor, value=value
            )
    return made


def test_how_it_went_by_factor_and_side(world, sign_in):
    assert "From the second review on" not in page(sign_in(world.a.manager), world)
    older(world, 800, a={"trust": 2}, b={"trust": 3})
    assert "From the second review on" in page(sign_in(world.a.manager), world)
    last = older(world, 400, a={"trust": 4}, b={"trust": 3})
    told = words(page(sign_in(world.b.manager), world))
    assert "Trust Greek cluster: 2.0 · 4.0 French cluster: 3.0 · 3.0" in told
    told = words(page(sign_in(world.b.manager), world, "review", review_id=last.pk))
    assert "Greek cluster 4.0 +2.0 French cluster 3.0 1.0 apart" in told


def test_a_party_that_answered_nothing_takes_no_part_in_the_reading(world):
    last = older(world, 10, a={"trust": 4})
    parties = list(world.partnership.parties.all())
    found = read_review(last, parties)
    assert list(found.factors["trust"].parties) == [party(world, world.a).pk]


def test_own_answers_are_none_once_all_are_shown(world, shown, reading):
    with reading(world.a.manager):
        assert own_answers(shown) == {}


# --- What was measured


def test_measured_figures_stand_beside_the_opinions(world, shown, sign_in):
    partnership = world.partnership
    rooms.ActivityFactory(
        partnership=partnership,
        title="Desk",
        core=True,
        cost=100,
        starts_on=date(TODAY.year, 1, 1),
        ends_on=date(TODAY.year, 12, 31),
    )
    rooms.ActivityFactory(
        partnership=partnership, title="Visit", starts_on=TODAY - 2 * WEEK, ends_on=TODAY - WEEK
    )
    rooms.ActionFactory(partnership=partnership, due_on=TODAY - WEEK)
    rooms.ActionFactory(partnership=partnership, due_on=TODAY + WEEK)
    rooms.RiskFactory(partnership=partnership, current_likelihood=4, current_impact=4)
    grant = rooms.FundingSourceFactory(partnership=partnership)
    rooms.FundingLineFactory(source=grant, year=TODAY.year, amount=100)
    a, b = party(world, world.a), party(world, world.b)
    rooms.FavourFactory(giver=a, receiver=b, count=3, confirmed_at=timezone.now())
    rooms.FavourFactory(giver=b, receiver=a, count=9)
    told = words(page(sign_in(world.b.ambassador), world))
    measured = told.split("What was measured")[1]
    assert "Plan 0 of 2 done 1 overdue" in measured
    assert "Actions 2 open 1 overdue" in measured
    assert "Risks 1 open 1 of them serious" in measured
    assert "Money this year €100 100% from grants; as concentrated as 1.0 equal sources" in measured
    assert "The core without grants stops €100 would save it" in measured
    assert "Give and take 0 of 1 types balanced Hosting 3 : 0" in measured
    told = words(page(sign_in(world.b.ambassador), world, "review", review_id=shown.pk))
    assert "Measured: Actions : 2 open (1 overdue)" in told
    assert "Measured: The core without grants : stops (€100 would save it)" in told


def test_an_empty_room_measures_nothing_and_says_so(world):
    found = gather_signals(world.partnership, list(world.partnership.parties.all()), today=TODAY)
    assert [
        (one.code, one.value) for one in found if one.code not in ("rhythm", "rhythm-face")
    ] == [
        ("plan", "no plan yet"),
        ("actions", "0 open"),
        ("risks", "none recorded"),
        ("money", "none recorded"),
        ("exchange", "nothing counted yet"),
    ]


def test_capabilities_above_add_what_they_measure(world, monkeypatch, sign_in):
    class Kept:
        in_person, kept, missed, missed_in_a_row = True, 3, 2, 2

    found = [signals.signal_of_rhythm(Kept, url="/there/")]
    monkeypatch.setattr(signals, "SIGNALS", [lambda partnership, today: iter(found)])
    html = page(sign_in(world.a.manager), world)
    assert "Catch-ups face to face 3 of 5 kept the last 2 were missed" in words(html)
    assert 'href="/there/"' in html


def test_health_takes_the_same_queries_with_one_review_and_three(
    world, sign_in, django_assert_num_queries
):
    client = sign_in(world.a.manager)
    older(world, 30, a={"trust": 4}, b={"trust": 4})
    page(client, world)
    with django_assert_num_queries(QUERIES):
        page(client, world)
    for days in (400, 800):
        older(world, days, a={"trust": 4, "roles": 2}, b={"trust": 4})
        rooms.ActionFactory(partnership=world.partnership)
        rooms.RiskFactory(partnership=world.partnership)
    with django_assert_num_queries(QUERIES):
        page(client, world)


QUERIES = 32


def test_an_ended_room_keeps_what_was_said(world, shown, sign_in):
    rooms.HealthReviewFactory(partnership=world.partnership, due_on=TODAY + WEEK)
    Partnership.objects.update(state="ended")
    html = page(sign_in(world.a.manager), world)
    assert "Answer now" not in html
    assert "Ask the teams" not in html
    assert "2.5 apart" in words(html)
    open_one = HealthReview.objects.get(shown_at=None)
    page(sign_in(world.a.manager), world, "review-answer", 403, review_id=open_one.pk)
    with pytest.raises(Conflict, match="has ended"):
        answer(world.a.manager, open_one, all_of(3))


def test_remarks_are_text(world, review, sign_in):
    evil = "<script>alert(1)</script>"
    answer(world.a.manager, review, {"trust": (1, evil)})
    answer(world.b.manager, review, {"trust": (5, evil)})
    show(world.a.manager, review)
    html = page(sign_in(world.a.manager), world, "review", review_id=review.pk)
    assert evil not in html
    assert "&lt;script&gt;alert(1)" in html
