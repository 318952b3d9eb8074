"""Registering for an event, changing it, withdrawing, and arriving."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Self

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.events.models import Event, Participation
from proxeny.events.operations._guards import lock_event, lock_participation, refuse_state
from proxeny.events.operations.repair import cancel_participation_meetings
from proxeny.events.rules import can_organise, can_register_now
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.tenancy import Reader

State = Participation.State
#: Languages that people at an event may say they speak, the four of the pages first.
LANGUAGES = (
    "en",
    "fr",
    "el",
    "ar",
    "de",
    "es",
    "it",
    "nl",
    "pt",
    "pl",
    "ro",
    "sv",
    "da",
    "tr",
    "uk",
)
MAX_CAP = 60


@dataclass(frozen=True, slots=True)
class Registration:
    """Registration details of a participant. `unavailable` holds numbers of the event's slots."""

    contact: str
    languages: Sequence[str]
    pitch: str = ""
    unavailable: Sequence[int] = ()
    by_video: bool = False
    cap: int | None = None

    @classmethod
    def of(cls, found: Participation) -> Self:
        """Return what a participant says of itself now, to change some of it."""
        return cls(**{one.name: getattr(found, one.name) for one in fields(cls)})


@transaction.atomic
def register(
    *,
    actor: Reader,
    participation_id: int,
    registration: Registration,
    now: datetime,
    version: int | None = None,
) -> Participation:
    """Accept an invitation, or change an earlier registration; also after a withdrawal.

    Side effects: a person who registers their own organisation becomes its contact for the agenda;
    an audit row. No notifications.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        See `lock_participation`; Conflict also when registration is over, or `version` is old.
    InvalidInput
        An invalid value; `field` names it.
    """
    found = lock_participation(actor, participation_id, version=version)
    _refuse_late(actor, found.event)
    _check(found.event, registration)
    before = found.state
    found.contact = registration.contact.strip()
    found.pitch = registration.pitch.strip()
    found.languages = list(dict.fromkeys(registration.languages))
    found.unavailable = sorted(set(registration.unavailable))
    found.by_video = registration.by_video
    found.cap = registration.cap
    if found.organisation_id in actor.organisations and not actor.is_guest:
        found.person_id = actor.person
    found.state = State.REGISTERED
    found.withdraw_reason = ""
    _save(actor, found, "register", {"state": [before, found.state]})
    return found


@transaction.atomic
def update_registration(
    *,
    actor: Reader,
    participation_id: int,
    version: int,
    registration: Registration,
    now: datetime,
) -> Participation:
    """Change the details of a registered participant. Side effects and errors: `register`.

    Conflict also if the participant is only invited, or has withdrawn: a correction never registers
    anybody.
    """
    found = lock_participation(actor, participation_id, version=version)
    if found.state != State.REGISTERED:
        raise Conflict(_("Register first. You can change your details afterwards."))
    return register(
        actor=actor,
        participation_id=participation_id,
        registration=registration,
        now=now,
        version=version,
    )


@transaction.atomic
def withdraw_participation(
    *, actor: Reader, participation_id: int, reason: str, now: datetime
) -> Participation:
    """Take a participant out. Its marks stay, and count for nothing while it is out.

    Side effects: meetings that the agenda gives it and that have not begun are called off, and the
    other participants notified by mail; an audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        See `lock_participation`; Conflict also when it is out already, or all is over.
    InvalidInput
        No reason.
    """
    found = lock_participation(actor, participation_id)
    refuse_state(
        found.event,
        Event.State.OPEN,
        Event.State.CLOSED,
        Event.State.PROVISIONAL,
        Event.State.PUBLISHED,
    )
    if found.state == State.WITHDRAWN:
        raise Conflict(_("This participant has already withdrawn."))
    if not reason.strip():
        raise InvalidInput(_("Give a short reason. The organisers will read it."), field="reason")
    if found.event.state in (Event.State.PROVISIONAL, Event.State.PUBLISHED):
        cancel_participation_meetings(
            actor=actor, participation_id=found.pk, reason=reason.strip()[:300], now=now
        )
    before = found.state
    found.state, found.withdraw_reason = State.WITHDRAWN, reason.strip()[:300]
    found.checked_in_at = None
    _save(
        actor,
        found,
        "withdraw_participation",
        {"state": [before, found.state]},
        why=found.withdraw_reason,
    )
    return found


@transaction.atomic
def check_in(
    *, actor: Reader, event_id: int, participation_id: int, is_here: bool = True, now: datetime
) -> Participation:
    """Record the arrival of a registered participant, or undo that. Any organiser may do so.

    Recording it again keeps the time of the first arrival.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        See `lock_event`; Conflict also before the agenda is there, or for an unregistered one.
    """
    event = lock_event(actor, event_id)
    refuse_state(event, Event.State.CLOSED, Event.State.PROVISIONAL, Event.State.PUBLISHED)
    found = (
        event.participations.select_for_update(of=("self",))
        .select_related("organisation", "event", "group")
        .filter(pk=participation_id, state=State.REGISTERED)
        .first()
    )
    if found is None:
        raise Conflict(_("Only registered participants can be checked in."))
    if bool(found.checked_in_at) != is_here:
        found.checked_in_at = now if is_here else None
        found.save(update_fields=["checked_in_at"])
        audit.record(
            actor,
            "check_in",
            found,
            organisation_id=found.organisation_id,
            partnership_id=event.partnership_id,
            changes={"is_here": [not is_here, is_here]},
        )
    return found


def _refuse_late(actor: Reader, event: Event) -> None:
    if can_register_now(actor, event):
        return
    if event.state == Event.State.DRAFT:
        raise Conflict(_("Registration hasn’t opened yet."))
    if event.state in (Event.State.CLOSED, Event.State.PROVISIONAL) and not can_organise(
        actor, event
    ):
        raise Conflict(
            _(
                "Requests are closed and the agenda is being prepared. Ask your cluster to make "
                "this change."
            )
        )
    raise Conflict(
        _("Registration has closed: the event is at the “%(state)s” stage.")
        % {"state": event.get_state_display()}
    )


def _check(event: Event, registration: Registration) -> None:
    if not registration.contact.strip():
        raise InvalidInput(_("Enter who’s coming."), field="contact")
    for name, text, most in (
        ("contact", registration.contact, 150),
        ("pitch", registration.pitch, 500),
    ):
        if len(text.strip()) > most:
            raise InvalidInput(_("Enter up to %(most)d characters.") % {"most": most}, field=name)
    if not registration.languages:
        raise InvalidInput(_("Choose at least one language."), field="languages")
    if not set(registration.languages) <= set(LANGUAGES):
        raise InvalidInput(_("Choose languages from the list."), field="languages")
    numbers = set(event.slots.values_list("number", flat=True))
    if not set(registration.unavailable) <= numbers:
        raise InvalidInput(
            _("This event’s times have changed. Check them again."), field="unavailable"
        )
    if numbers and set(registration.unavailable) == numbers:
        raise InvalidInput(
            _("Leave at least one time free, or withdraw instead."), field="unavailable"
        )
    if registration.cap is not None and not 1 <= registration.cap <= MAX_CAP:
        raise InvalidInput(
            _("Enter a number from 1 to %(most)d, or leave this empty.") % {"most": MAX_CAP},
            field="cap",
        )


def _save(
    actor: Reader, found: Participation, verb: str, changes: dict[str, object], *, why: str = ""
) -> None:
    found.version += 1
    found.save()
    audit.record(
        actor,
        verb,
        found,
        organisation_id=found.organisation_id,
        partnership_id=found.event.partnership_id,
        changes=changes,
        why=why,
    )
