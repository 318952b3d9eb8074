"""Mails to those to whom something is due in a room: who, when, and of what."""

from datetime import UTC, date, datetime
from functools import partial

import pytest
from django.utils import timezone

from proxeny.accounts.models import Seat
from proxeny.kernel import jobs
from proxeny.kernel.models import Job, Mail
from proxeny.kernel.tenancy import SERVICE, STRANGER, acting_as, enter
from proxeny.partnerships import tasks
from proxeny.partnerships.models import Action, Partnership
from proxeny.partnerships.operations import reminders
from tests.factories import rooms
from tests.partnerships.rooms import TODAY, day, party
from tests.stages import staged


def run(on: date = TODAY) -> list[Mail]:
    """Do a day's reminding; return its mails, by recipient."""
    now = datetime(on.year, on.month, on.day, 5, tzinfo=UTC)
    before = set(Mail.objects.values_list("pk", flat=True))
    for person_id in reminders.people_in_charge(today=on):
        with acting_as(SERVICE):
            reminders.remind(person_id=person_id, now=now, reading=tasks.eyes_of_person)
    return list(Mail.objects.exclude(pk__in=before).order_by("recipient"))


@staged
def action(world):
    """Returns actions of A's ambassador, unless another person is named."""
    return partial(
        rooms.ActionFactory,
        partnership=world.partnership,
        party=party(world, world.a),
        person=world.a.ambassador,
    )


def test_one_mail_names_all_that_is_due(world, action):
    action(title="Book the hall", due_on=day(3))
    action(title="Send the list", due_on=day(-2))
    action(title="Done already", due_on=day(-2), done_on=day(-3))
    action(title="Far away", due_on=day(30))
    action(title="Of somebody else", due_on=day(1), person=world.a.manager)
    risk = rooms.RiskFactory(partnership=world.partnership, title="Nobody comes", review_on=TODAY)
    visit = rooms.ActivityFactory(
        partnership=world.partnership, title="The visit", starts_on=day(-9), ends_on=day(-1)
    )
    for values in ({"risk": risk}, {"activity": visit}):
        rooms.ChargeFactory(party=party(world, world.a), person=world.a.ambassador, **values)
    mails = run()
    assert [mail.recipient for mail in mails] == sorted(
        [world.a.ambassador.email, world.a.manager.email]
    )
    mail = next(one for one in mails if one.recipient == world.a.ambassador.email)
    assert mail.subject == "2 of your tasks are overdue"
    places = [
        mail.text.index(title)
        for title in ("Send the list", "The visit", "Nobody comes", "Book the hall")
    ]
    assert places == sorted(places)
    assert "Overdue: this was due by" in mail.text
    assert "Review this risk by" in mail.text
    assert f"/partnerships/{world.partnership.pk}/risks/#risk-{risk.pk}" in mail.text
    assert "Athens – Paris" in mail.text
    for title in ("Done already", "Far away", "Of somebody else"):
        assert title not in mail.text
    assert "The visit" in mail.html


def test_one_mail_a_day_and_again_after_a_week(world, action):
    action(due_on=day(7))
    told = {offset: len(run(day(offset))) for offset in range(24)}
    assert [offset for offset, count in told.items() if count] == [0, 7, 14, 21]
    assert run(day(23)) == []


def test_a_new_thing_does_not_wait_for_the_week(world, action):
    action(title="Old", due_on=day(7))
    assert len(run()) == 1
    action(title="New", due_on=day(9))
    assert run(day(1)) == []
    [mail] = run(day(2))
    assert "New" in mail.text
    assert "Old" in mail.text
    assert run(day(2)) == []


def test_a_missed_day_is_made_up_for(world, action):
    action(due_on=day(7))
    assert len(run()) == 1
    assert len(run(day(10))) == 1
    assert run(day(13)) == []
    assert len(run(day(14))) == 1


def test_what_is_done_reminds_no_more(world, action):
    made = action(due_on=day(-1))
    assert len(run()) == 1
    Action.objects.filter(pk=made.pk).update(done_on=TODAY)
    assert run(day(8)) == []


def test_what_has_no_person_is_for_who_speaks_for_the_side(world, action):
    action(title="Of the side", due_on=TODAY, person=None)
    assert run() == []
    one = party(world, world.a)
    one.contact = world.a.manager
    one.save()
    [mail] = run()
    assert mail.recipient == world.a.manager.email
    assert "Of the side" in mail.text


@pytest.mark.parametrize("gone", ["seat", "partnership", "record", "erased"])
def test_nobody_is_told_of_what_is_over(world, action, gone):
    made = action(due_on=TODAY)
    if gone == "seat":
        Seat.objects.filter(person=world.a.ambassador).update(ends_on=day(-1), starts_on=day(-9))
    elif gone == "partnership":
        Partnership.objects.filter(pk=world.partnership.pk).update(state="ended")
    elif gone == "record":
        Action.objects.filter(pk=made.pk).update(dropped_at=timezone.now())
    else:
        world.a.ambassador.erased_at = timezone.now()
        world.a.ambassador.save()
    assert run() == []


def test_the_mail_is_in_the_readers_language(world, action):
    world.a.ambassador.language = "fr"
    world.a.ambassador.save()
    action(title="Réserver la salle", due_on=TODAY)
    [mail] = run()
    assert 'lang="fr"' in mail.html
    assert "Bonjour" in mail.text


def test_titles_are_no_markup(world, action):
    action(title="<b>Bold</b> & more", due_on=TODAY)
    [mail] = run()
    assert "<b>Bold</b> & more" in mail.text
    assert "&lt;b&gt;Bold&lt;/b&gt; &amp; more" in mail.html


def test_the_daily_work_writes_to_each_and_one_failure_leaves_the_others(
    world, action, monkeypatch
):
    action(due_on=TODAY)
    action(due_on=TODAY, person=world.b.manager, party=party(world, world.b))
    tasks.start_reminding(timezone.now())
    tasks.start_reminding(timezone.now())
    job = Job.objects.get(kind="partnerships.remind")
    real = reminders._write

    def fail_for_one(person, *args, **kwargs):
        if person == world.a.ambassador:
            raise ZeroDivisionError
        return real(person, *args, **kwargs)

    monkeypatch.setattr(reminders, "_write", fail_for_one)
    jobs.run(job.pk)
    enter(SERVICE)
    assert Mail.objects.get().recipient == world.b.manager.email
    job.refresh_from_db()
    assert (job.state, job.person_id) == (Job.State.DONE, STRANGER.person)
    assert job.result == {"mails": 1, "failed": 1}


def test_queries_do_not_grow_with_what_is_due(world, action, django_assert_num_queries):
    action(due_on=TODAY)
    read = partial(reminders.list_due, world.a.ambassador.pk, today=TODAY)
    with django_assert_num_queries(4):
        assert len(list(read())) == 1
    action(due_on=TODAY)
    action(due_on=day(-1))
    with django_assert_num_queries(4):
        assert len(list(read())) == 3
