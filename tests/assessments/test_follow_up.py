"""What came of a report: asked by mail, reminded once, answered, changed, read by the teams."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from proxeny.assessments import tasks
from proxeny.assessments.models import Engagement, Later
from proxeny.assessments.operations.follow_up import (
    LaterFacts,
    answer_later,
    ask_later,
    find_due,
    find_unanswered,
    remind_later,
)
from proxeny.assessments.queries.follow_up import seen_of
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.jobs.schedule import look_after
from proxeny.kernel.models import AuditEntry, Job, Mail
from proxeny.partnerships.models import Partnership
from tests.assessments.reporting import NOW, do, give, put_together, wall
from tests.factories.assessments import LaterFactory
from tests.forms import form_of
from tests.stages import staged

pytestmark = pytest.mark.django_db
DUE = date(2027, 5, 26)
THEN = datetime(2027, 5, 26, 9, 0, tzinfo=NOW.tzinfo)


@staged
def one(world):
    """An engagement that was handed over half a year ago."""
    made = put_together(world)
    give(world, made)
    Engagement.objects.update(state="handed-over", handed_over_at=NOW)
    LaterFactory(engagement=made, months=6, due_on=DUE)
    LaterFactory(engagement=made, months=12, due_on=date(2027, 11, 26))
    Mail.objects.all().delete()
    made.refresh_from_db()
    return made


def answer(person, one, value="preparing", months=6, now=THEN, seen=None, **facts):
    row = Later.objects.get(engagement=one, months=months)
    return do(
        person,
        answer_later,
        engagement_id=one.pk,
        months=months,
        now=now,
        seen=seen_of(row) if seen is None else seen,
        facts=LaterFacts(value, **facts),
    )


def test_the_company_is_asked_when_it_is_due_and_reminded_once(world, one):
    (half,) = (row.pk for row in Later.objects.filter(months=6))
    assert find_due(THEN - timedelta(days=1)) == []
    assert ask_later(half, now=THEN - timedelta(days=1)) == 0
    assert find_due(THEN) == [half]
    assert ask_later(half, now=THEN) == 1
    assert (find_due(THEN), ask_later(half, now=THEN)) == ([], 0)
    mail = Mail.objects.get()
    assert mail.recipient == world.a.representatives[0].email
    assert mail.subject == f"What came of your report? {one.title}"
    assert "Did you use it?" in mail.text
    assert f"/assessments/{one.pk}/later/" in mail.text
    soon, later = THEN + timedelta(days=13), THEN + timedelta(days=14)
    assert (find_unanswered(soon), remind_later(half, now=soon)) == ([], 0)
    assert find_unanswered(later) == [half]
    assert remind_later(half, now=later) == 1
    assert (find_unanswered(later), remind_later(half, now=later)) == ([], 0)
    assert Mail.objects.latest("pk").subject.startswith("Reminder: what came of your report?")


def test_nobody_is_asked_who_has_answered_or_whose_partnership_has_ended(world, one):
    half = Later.objects.get(months=6)
    Partnership.objects.update(state="ended")
    assert (find_due(THEN), ask_later(half.pk, now=THEN)) == ([], 0)
    Partnership.objects.update(state="active")
    ask_later(half.pk, now=THEN)
    answer(world.a.representatives[0], one)
    after = THEN + timedelta(days=20)
    assert (find_unanswered(after), remind_later(half.pk, now=after)) == ([], 0)
    # What was answered before it was asked by mail is not asked either.
    Later.objects.update(asked_at=None)
    assert find_due(after) == []


class _Going:
    """The job's context, as nobody stops it."""

    def should_stop(self) -> bool:
        return False


def test_an_hourly_look_asks_and_reminds(world, one):
    today = timezone.localtime()
    Later.objects.filter(months=6).update(due_on=today.date())
    Later.objects.filter(months=12).update(due_on=today.date(), asked_at=today - timedelta(days=20))
    assert "start_asking_later" not in look_after(today)
    assert Job.objects.filter(kind="assessments.ask_later").count() == 1
    assert tasks.ask_later(_Going()) == {"done": 2, "failed": 0}
    assert sorted(mail.subject[:10] for mail in Mail.objects.filter(key__contains=":later:")) == [
        "Reminder: ",
        "What came ",
    ]


def test_an_answer_is_given_changed_and_read_by_the_teams(world, one, sign_in):
    client = world.a.representatives[0]
    row = answer(client, one, worth=Decimal("1200.50"), currency="gbp", text="A reseller.\r\n")
    assert (row.value, row.worth, row.currency, row.text) == (
        "preparing",
        Decimal("1200.50"),
        "GBP",
        "A reseller.",
    )
    assert (row.answered_at, row.answered_by_id) == (THEN, client.pk)
    row = answer(client, one, value="entered")
    assert (row.value, row.worth, row.currency) == ("entered", None, "")
    assert [
        entry.changes["value"]
        for entry in AuditEntry.objects.filter(verb="answer_later").order_by("pk")
    ] == [
        ["", "preparing"],
        ["preparing", "entered"],
    ]
    page = reverse("assessments:report", args=[one.partnership_id, one.pk])
    for person in (world.a.manager, world.b.ambassador):
        assert "We have entered the market" in sign_in(person).get(page).content.decode()


def test_what_is_no_answer(world, one):
    client = world.a.representatives[0]
    for facts, field in (
        ({"value": "sold"}, "value"),
        ({"worth": Decimal(-1)}, "worth"),
        ({"worth": Decimal("NaN")}, "worth"),
        ({"worth": Decimal("1.234")}, "worth"),
        ({"worth": Decimal(10) ** 13}, "worth"),
        ({"worth": Decimal(5), "currency": "XYZ1"}, "currency"),
        ({"text": "x" * 2001}, "text"),
    ):
        with pytest.raises(InvalidInput) as refused:
            answer(client, one, **facts)
        assert refused.value.field == field, facts
    with pytest.raises(Conflict, match="This question comes later"):
        answer(client, one, months=12)
    with pytest.raises(NotFound):
        do(
            client,
            answer_later,
            engagement_id=one.pk,
            months=9,
            seen=0,
            now=THEN,
            facts=LaterFacts("useful"),
        )
    seen = seen_of(Later.objects.get(months=6))
    answer(client, one)
    with pytest.raises(Conflict, match="A colleague has answered since"):
        answer(client, one, value="unused", seen=seen)
    for person, refusal in (
        (world.a.ambassador, NotAllowed),
        (world.a.representatives[1], NotFound),
        (world.b.representatives[0], NotFound),
        (world.c.manager, NotFound),
        (world.nobody_special, NotFound),
    ):
        with pytest.raises(refusal):
            answer(person, one)
    assert Later.objects.get(months=6).value == "preparing"


def test_who_reads_what_came_of_it(world, one, reading):
    wall(world.b.manager, one)
    for person, count in (
        (world.a.representatives[0], 2),
        (world.b.ambassador, 2),
        (world.b.manager, 0),
        (world.a.representatives[1], 0),
        (world.c.manager, 0),
        (world.nobody_special, 0),
    ):
        with reading(person):
            assert Later.objects.count() == count, person


def test_it_is_answered_on_the_page(world, one, sign_in):
    url = reverse("assessments:own-later", args=[one.pk])
    client = sign_in(world.a.representatives[0])
    text = client.get(url).content.decode()
    assert "Nothing to answer yet" in text
    Later.objects.filter(months=6).update(due_on=timezone.localdate())
    form = form_of(client.get(url), "version")
    answered = client.post(url, {**form, "value": ""})
    assert answered.status_code == 422
    assert "Choose one of the answers." in answered.content.decode()
    sent = {**form, "value": "stayed-out", "worth": "5000", "currency": "EUR", "text": "Saved us."}
    answered = client.post(url, sent, follow=True)
    assert "Thank you. The teams can read your answer" in answered.content.decode()
    assert "We decided against this market" in answered.content.decode()
    row = Later.objects.get(months=6)
    assert (row.value, row.worth) == ("stayed-out", Decimal(5000))
    # Who had the page open before reads both.
    answered = client.post(url, {**sent, "value": "unused"})
    assert answered.status_code == 409
    assert client.get(url, {"months": "12"}).status_code == 404
    for person, status in (
        (world.a.ambassador, 403),
        (world.a.representatives[1], 404),
        (world.c.manager, 404),
        (world.nobody_special, 404),
    ):
        assert sign_in(person).get(url).status_code == status, person
        assert sign_in(person).post(url, sent).status_code == status, person
