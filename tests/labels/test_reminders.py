"""What is written by itself: check-ups, renewals, and drafts whose round closes."""

import pytest
from django.utils import timezone

from proxeny.kernel import jobs
from proxeny.kernel.models import Job, Mail
from proxeny.labels.models import Award, Checkup
from proxeny.labels.operations import reminders
from proxeny.labels.tasks import start_reminding
from tests.factories import labels as made
from tests.labels.living import DAY, asked, ending, give, open_round

pytestmark = pytest.mark.django_db


def mails(key):
    return set(Mail.objects.filter(key__startswith=key).values_list("recipient", flat=True))


def test_a_check_up_is_reminded_of_before_its_day_and_once_after(world):
    now = timezone.now()
    one = asked(give(world), due_on=now.date() + 30 * DAY)
    assert reminders.find_checkups(now) == []
    soon = now + 25 * DAY
    assert reminders.find_checkups(soon) == [one.pk]
    assert reminders.remind_checkup(one.pk, now=soon) == 2
    assert world.a.representatives[0].email in mails(f"checkup:{one.pk}:soon")
    assert reminders.find_checkups(soon + DAY) == []
    late = now + 32 * DAY
    assert reminders.find_checkups(late) == [one.pk]
    assert reminders.remind_checkup(one.pk, now=late) == 2
    assert reminders.find_checkups(late + DAY) == []


def test_what_is_answered_or_revoked_is_not_reminded_of(world):
    award = give(world)
    one = asked(award, due_on=timezone.now().date() - DAY)
    Checkup.objects.update(answered_at=timezone.now())
    assert reminders.find_checkups(timezone.now()) == []
    assert reminders.remind_checkup(one.pk, now=timezone.now()) == 0
    Checkup.objects.update(answered_at=None)
    Award.objects.update(revoked_at=timezone.now())
    assert reminders.find_checkups(timezone.now()) == []


def test_a_holder_is_told_once_that_an_award_can_be_renewed(world):
    award = ending(world)
    open_round(award)
    give(world, version=award.scheme_version)
    now = timezone.now()
    assert reminders.find_renewals(now) == [award.pk]
    assert reminders.tell_renewal(award.pk, now=now) == 2
    assert reminders.find_renewals(now) == []
    assert reminders.tell_renewal(award.pk, now=now) == 0
    text = str(Mail.objects.filter(key__startswith=f"award:{award.pk}:renew").first().text)
    assert "Autumn" in text


def test_what_is_renewed_already_is_not_told(world):
    award = ending(world)
    made.ApplicationFactory(round=open_round(award), organisation=award.organisation, renews=award)
    assert reminders.find_renewals(timezone.now()) == []


def test_who_writes_a_draft_is_told_that_the_round_closes(world):
    version = made.make_scheme(world.partnership)
    now = timezone.now()
    held = made.RoundFactory(scheme_version=version, closes_at=now + 2 * DAY)
    one = made.ApplicationFactory(
        round=held, organisation=world.a.members[0], person=world.a.representatives[0]
    )
    made.make_submitted(held, world.b.members[0])
    later = made.RoundFactory(scheme_version=version)
    made.ApplicationFactory(round=later, organisation=world.a.members[0])
    assert reminders.find_drafts(now) == [one.pk]
    assert reminders.tell_closing(one.pk, now=now) == 2
    assert mails(f"label-application:{one.pk}:closing") == {
        world.a.representatives[0].email,
        one.contact_email,
    }
    assert reminders.tell_closing(one.pk, now=now) == 0


def test_the_job_is_queued_once_a_day_and_does_it_all(world):
    award = ending(world)
    asked(award, due_on=timezone.now().date() - DAY)
    start_reminding(timezone.now())
    start_reminding(timezone.now())
    job = Job.objects.get(kind="labels.remind")
    assert job.key == f"labels.remind:{timezone.now():%Y-%m-%d}"
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result) == (Job.State.DONE, {"done": 4, "failed": 0})
