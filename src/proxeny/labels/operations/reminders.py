"""Automatic reminders: to holders about check-ups and renewals, and to authors of drafts."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from proxeny.labels.models import Application, Award, Checkup, Round
from proxeny.labels.operations import life_mails
from proxeny.labels.queries.life import next_round, renewals_open, with_renewal

#: Before the day of a check-up, and before a round closes.
SOON = timedelta(days=7)
CLOSES_SOON = timedelta(days=3)


def find_checkups(now: datetime) -> list[int]:
    """Return the check-ups whose reminder is due today. Service role."""
    today = now.date()
    soon = Q(reminded_at=None, due_on__lte=today + SOON, asked_at__lte=now - SOON)
    late = Q(due_on__lt=today) & (Q(reminded_at=None) | Q(reminded_at__date__lte=F("due_on")))
    found = Checkup.objects.filter(soon | late, answered_at=None, award__revoked_at=None)
    return list(found.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def remind_checkup(checkup_id: int, *, now: datetime) -> int:
    """Remind a holder, once before the day and once after; return the mails sent. Service role."""
    found = Checkup.objects.filter(pk=checkup_id, answered_at=None).select_for_update(of=("self",))
    one = found.select_related("award__scheme_version").first()
    if one is None:
        return 0
    one.reminded_at = now
    one.save(update_fields=["reminded_at"])
    kind = "late" if one.due_on < now.date() else "soon"
    return life_mails.ask_checkup(one, kind=kind, today=now.date())


def find_renewals(now: datetime) -> list[int]:
    """Return the awards whose last months have begun. Service role."""
    return renewals_open(now)


@transaction.atomic
def tell_renewal(award_id: int, *, now: datetime) -> int:
    """Tell a holder once that an award can be renewed; return the mails sent. Service role."""
    found = with_renewal(Award.objects.filter(pk=award_id, reminded_at=None, revoked_at=None))
    award = found.select_for_update(of=("self",)).select_related("scheme_version").first()
    if award is None or award.renews_from > now:
        return 0
    award.reminded_at = now
    award.save(update_fields=["reminded_at"])
    return life_mails.tell_renewal(award, next_round(award.scheme_id, now), now=now)


def find_drafts(now: datetime) -> list[int]:
    """Return the drafts whose rounds close within three days. Service role."""
    found = Application.objects.filter(
        state=Application.State.DRAFT,
        round__state=Round.State.OPEN,
        round__dropped_at=None,
        round__closes_at__gt=now,
        round__closes_at__lte=now + CLOSES_SOON,
    )
    return list(found.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def tell_closing(application_id: int, *, now: datetime) -> int:
    """Tell the author of a draft that its round closes; return the mails sent. Service role."""
    found = Application.objects.select_related("round", "scheme_version", "person")
    one = found.filter(pk=application_id, state=Application.State.DRAFT).first()
    if one is None or one.round.closes_at <= now:
        return 0
    return life_mails.tell_closing(one)
