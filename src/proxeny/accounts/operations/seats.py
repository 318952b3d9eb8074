"""Ending a seat now or on a later day, taking that back, and handing a seat over."""

from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from proxeny.accounts import queries, rules
from proxeny.accounts.models import Invitation, Role, Seat
from proxeny.accounts.operations.invitations import invite_person
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.tenancy import Reader, as_service

#: For so long an ended seat can be given back without a new invitation.
UNDO_DAYS = 2


@transaction.atomic
def end_seat(*, actor: Reader, seat_id: int, today: date) -> Seat:
    """End a seat at once: its last day is yesterday.

    Raises
    ------
    NotFound
        The actor does not see the seat.
    NotAllowed
        The actor neither manages the organisation nor holds the seat.
    Conflict
        It is the last manager's seat, or it has ended already.

    Notes
    -----
    A seat that began today is made to have begun yesterday too: it never counted for a whole day,
    and a seat cannot end before it begins.
    """
    seat = queries.get_seat(seat_id)
    if not rules.can_end_seat(actor, seat):
        raise NotAllowed(_("Only a manager of the organisation can end this role."))
    with as_service("Everybody may leave their own seat, but only managers may write seats."):
        _keep_a_manager(seat, today=today)
        live = queries.open_seats(today=today).filter(pk=seat_id)
        yesterday = today - timedelta(days=1)
        live.filter(starts_on__gt=yesterday).update(starts_on=yesterday)
        if not live.update(ends_on=yesterday):
            raise Conflict(_("This role has already ended."))
    seat.ends_on = yesterday
    audit.record(
        actor,
        "end_seat",
        seat,
        organisation_id=seat.organisation_id,
        changes={"name": seat.person.name, "role": seat.role},
    )
    return seat


def _keep_a_manager(seat: Seat, *, today: date) -> None:
    if seat.role != Role.MANAGER:
        return
    # Locked, so that two managers leaving at the same moment do not each count on the other.
    managers = (
        queries.live_seats(today=today)
        .filter(organisation_id=seat.organisation_id, role=Role.MANAGER)
        .select_for_update()
        .order_by("pk")
    )
    others = [one for one in managers if one.pk != seat.pk]
    if not others:
        raise Conflict(
            _("This is the last manager. Hand over the role or invite another manager first.")
        )
    # A manager with an end date already set cannot be counted on.
    if all(one.ends_on for one in others):
        raise Conflict(
            _("All other managers already have a last day. Remove one of these dates first.")
        )


@transaction.atomic
def set_last_day(*, actor: Reader, seat_id: int, last_day: date | None, today: date) -> Seat:
    """Set the day on which a seat ends, or remove it.

    Until the end of that day nothing changes; from the next one on the person sees nothing of the
    organisation any more. Their sign-in stays.

    Raises
    ------
    NotFound
        The actor does not see the seat.
    NotAllowed
        The actor may not fill this seat.
    InvalidInput
        The day is over, or lies before the seat's first.
    Conflict
        No manager without a last day would be left, or the seat has ended in the meantime.
    """
    seat = queries.get_seat(seat_id)
    if not rules.can_fill(actor, seat):
        raise NotAllowed(_("Only a manager of the organisation can set a role’s last day."))
    if last_day and last_day < max(today, seat.starts_on):
        raise InvalidInput(_("Choose today or a later day."), field="last_day")
    with as_service("The right to this seat was checked, as its manager or as its cluster's."):
        if last_day:
            _keep_a_manager(seat, today=today)
        if not _write_last_day(seat, last_day, today=today):
            raise Conflict(_("This role has already ended."))
    before, seat.ends_on = seat.ends_on, last_day
    audit.record(
        actor,
        "set_last_day",
        seat,
        organisation_id=seat.organisation_id,
        changes={
            "name": seat.person.name,
            "ends_on": [before and before.isoformat(), last_day and last_day.isoformat()],
        },
    )
    return seat


def _write_last_day(seat: Seat, last_day: date | None, *, today: date) -> int:
    try:
        with transaction.atomic():
            return queries.open_seats(today=today).filter(pk=seat.pk).update(ends_on=last_day)
    except IntegrityError:
        # The person holds the same seat a second time, without an end.
        return 0


@transaction.atomic
def restore_seat(*, actor: Reader, seat_id: int, today: date) -> Seat:
    """Give an ended seat back: the undo of `end_seat`, for two days.

    Raises
    ------
    NotFound
        The actor does not see the seat.
    NotAllowed
        The actor may not fill this seat.
    Conflict
        It ended too long ago, is not ended, or the person holds the same seat again.
    """
    seat = queries.get_seat(seat_id)
    if not rules.can_fill(actor, seat):
        raise NotAllowed(_("Only a manager of the organisation can restore this role."))
    ended = Seat.objects.filter(
        pk=seat_id, ends_on__gte=today - timedelta(days=UNDO_DAYS), ends_on__lt=today
    )
    try:
        with transaction.atomic():
            restored = ended.update(ends_on=None)
    except IntegrityError:
        restored = 0
    if not restored:
        raise Conflict(_("This can no longer be undone. Invite the person again."))
    seat.ends_on = None
    audit.record(
        actor,
        "restore_seat",
        seat,
        organisation_id=seat.organisation_id,
        changes={"name": seat.person.name, "role": seat.role},
    )
    return seat


@transaction.atomic
def hand_over_seat(
    *,
    actor: Reader,
    seat_id: int,
    name: str,
    email: str,
    now: datetime,
    language: str = "en",
    starts_on: date | None = None,
) -> Invitation:
    """Invite a successor to a seat, which ends in the moment the successor accepts.

    So there is always somebody on the seat, even when it is the last manager's. With a first day
    for the successor, it ends on the day before.

    Raises
    ------
    NotFound, NotAllowed, InvalidInput, Conflict
        As for `invite_person`; `Conflict` also when the seat has ended, or another successor is
        invited already.
    """
    seat = queries.get_seat(seat_id)
    if not queries.open_seats(today=now.date()).filter(pk=seat_id).exists():
        raise Conflict(_("This role has already ended."))
    if queries.is_being_handed_over(seat_id, now=now):
        raise Conflict(_("A successor has already been invited. Withdraw that invitation first."))
    return invite_person(
        actor=actor,
        organisation_id=seat.organisation_id,
        role=seat.role,
        name=name,
        email=email,
        now=now,
        language=language,
        starts_on=starts_on,
        replaces=seat,
    )
