"""Watching a call: reminders, a deadline that moves, and nothing for who sees it no more."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from proxeny.calls.models import CallWatch
from proxeny.calls.operations import watching
from proxeny.calls.queries.watching import list_closing, news_of, next_deadline
from proxeny.kernel import jobs
from proxeny.kernel.errors import InvalidInput, NotFound
from proxeny.kernel.models import AuditEntry, Job, Mail
from proxeny.kernel.tenancy import SERVICE, WEB, acting_as, enter
from tests.conftest import reader_of
from tests.factories.calls import CallFactory, CallWatchFactory, end_of_day

pytestmark = pytest.mark.django_db


def do(person, operation, **given):
    actor = reader_of(person)
    with acting_as(WEB, actor):
        return operation(actor=actor, **given)


def closing(world, days, **values):
    """A call of A that closes in so many days."""
    return CallFactory(steward=world.a.cluster, closes_at=end_of_day(days), **values)


def tell(name="1"):
    """Run the hour's job; return all mails about calls."""
    job = Job.objects.create(kind="calls.remind", key=f"tell-{name}", arguments={})
    jobs.run(job.pk)
    enter(SERVICE)
    return list(Mail.objects.filter(key__startswith="call:").order_by("pk"))


def watch(world, call, person=None, **given):
    return do(
        person or world.b.representatives[0],
        watching.watch_call,
        call_id=call.pk,
        now=timezone.now(),
        **given,
    )


def test_the_other_side_watches_and_again_changes_nothing(world):
    call = closing(world, 40)
    made = watch(world, call)
    assert (made.days_before, made.reminded) == ([30, 14, 3], [])
    assert made.told_closes_at == call.closes_at
    assert watch(world, call).pk == made.pk
    assert watch(world, call, days_before=[3]).days_before == [3]
    assert CallWatch.objects.count() == 1
    assert AuditEntry.objects.filter(verb="follow").count() == 1


def test_a_stranger_watches_nothing_and_other_days_are_refused(world):
    call = closing(world, 40)
    with pytest.raises(NotFound):
        watch(world, call, world.c.manager)
    with pytest.raises(InvalidInput, match="30, 14 and 3"):
        watch(world, call, days_before=[7])
    call.put_away_at = timezone.now()
    call.save()
    with pytest.raises(InvalidInput, match="This call is archived"):
        watch(world, call)


def test_one_watches_no_longer_even_what_one_sees_no_more(world):
    call = closing(world, 40)
    CallWatchFactory(call=call, person=world.c.manager)
    watch(world, call)
    for person in (world.c.manager, world.b.representatives[0]):
        do(person, watching.unwatch_call, call_id=call.pk)
    assert not CallWatch.objects.exists()


def test_a_reminder_comes_once_for_each_day_chosen(world):
    call = closing(world, 14, title="Clean harbours")
    CallWatchFactory(call=call, person=world.b.representatives[0], reminded=[30])
    (mail,) = tell("1")
    assert mail.recipient == world.b.representatives[0].email
    assert mail.subject == "14 days left: Clean harbours"
    assert "The call closes on" in mail.text
    assert "time in Brussels" in mail.text
    assert f"/calls/{call.pk}/" in mail.text
    assert "because you watch this call" in mail.text
    assert "Stop watching" in mail.text
    assert len(tell("2")) == 1
    assert CallWatch.objects.get().reminded == [14, 30]


def test_of_days_that_passed_together_one_mail_is_enough(world):
    CallWatchFactory(call=closing(world, 2), person=world.a.manager)
    assert [one.subject[:11] for one in tell()] == ["2 days left"]


def test_who_begins_to_watch_late_is_not_reminded_of_days_that_passed(world):
    made = watch(world, closing(world, 10))
    assert made.reminded == [14, 30]
    assert tell() == []


def test_the_last_day_is_told_as_today(world):
    call = CallFactory(steward=world.a.cluster, closes_at=timezone.now() + timedelta(minutes=1))
    row = CallWatchFactory(call=call, person=world.a.manager, reminded=[30, 14])
    now = call.closes_at - timedelta(seconds=1)
    actor = reader_of(world.a.manager)
    assert watching.tell_watcher(row.pk, now=now, reading=lambda _: acting_as(WEB, actor)) == 1
    assert Mail.objects.get(key__startswith="call:").subject.startswith("Closes today:")


def test_a_deadline_that_moves_is_told_and_reminders_begin_anew(world):
    call = closing(world, 2, title="Clean harbours")
    CallWatchFactory(call=call, person=world.b.manager, reminded=[3, 14, 30])
    call.closes_at += timedelta(days=20)
    call.save()
    (mail,) = tell("1")
    assert mail.subject == "Deadline changed: Clean harbours"
    assert "The call now closes on" in mail.text
    assert "The previous deadline was" in mail.text
    assert CallWatch.objects.get().reminded == [30]
    assert len(tell("2")) == 1


def test_a_deadline_that_comes_and_one_that_goes_are_told(world):
    call = CallFactory(steward=world.a.cluster, closes_at=None)
    CallWatchFactory(call=call, person=world.b.manager)
    assert tell("0") == []
    call.closes_at = timezone.now() + timedelta(days=50)
    call.save()
    assert [one.subject.partition(":")[0] for one in tell("1")] == ["Deadline set"]
    call.closes_at = None
    call.version += 1
    call.save()
    assert tell("2")[-1].subject.startswith("No upcoming deadline:")


def test_of_two_stages_the_second_is_reminded_of_without_word_of_a_move():
    now = datetime(2026, 5, 1, tzinfo=UTC)
    call = CallFactory.build(
        closes_at=now - timedelta(days=1), second_closes_at=now + timedelta(days=60)
    )
    row = CallWatch(call=call, told_closes_at=call.closes_at, days_before=[30], reminded=[30])
    assert next_deadline(call, now=now) == call.second_closes_at
    assert news_of(row, now=now).kind == ""
    later = now + timedelta(days=40)
    row.told_closes_at, row.reminded = call.second_closes_at, []
    assert news_of(row, now=later).kind == "due"
    assert news_of(row, now=now + timedelta(days=70)) is None


def test_nothing_is_told_of_what_is_closed_put_away_or_not_seen(world):
    for call, person in (
        (closing(world, -1), world.b.manager),
        (closing(world, 2, put_away_at=timezone.now()), world.b.manager),
        (closing(world, 2), world.c.manager),
    ):
        CallWatchFactory(call=call, person=person)
    assert tell() == []


def test_the_mail_is_in_the_persons_language_and_zone(world):
    person = world.b.manager
    person.time_zone = "Asia/Tokyo"
    person.save()
    CallWatchFactory(call=closing(world, 2), person=person)
    (mail,) = tell()
    assert "time in Brussels (" in mail.text
    assert "time in Tokyo" in mail.text


def test_what_closes_soon_is_in_order_and_one_query(world, reading, django_assert_num_queries):
    near, far = closing(world, 5), closing(world, 20)
    for call in (far, near, closing(world, 60), closing(world, 3, put_away_at=timezone.now())):
        CallWatchFactory(call=call, person=world.b.manager)
    CallWatchFactory(call=near, person=world.a.manager)
    reader = reader_of(world.b.manager)
    with reading(world.b.manager), django_assert_num_queries(1):
        found = list_closing(reader, now=timezone.now(), most=5)
    assert [(one.call, one.days) for one in found] == [(near, 5), (far, 20)]
