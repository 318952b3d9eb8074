"""Steps of an event that all sides agree to: one proposes, the others confirm, the last does it.

What is agreed is a text that all parties sign (`partnerships.operations.signing`); a party that
has delegated its events need not be asked.
"""

from collections.abc import Callable
from datetime import datetime

from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.events.models import Event
from proxeny.events.operations._guards import find_event, lock_event
from proxeny.events.operations.notifications import tell_step
from proxeny.events.steps import FROM, Step, mark_of, parse_subject, subject_of
from proxeny.kernel.errors import Conflict
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.kernel.zones import load_zone
from proxeny.partnerships.models import Agreement, Delegation, Partnership
from proxeny.partnerships.operations import guards, signing
from proxeny.partnerships.operations.signers import Side

Kind = Agreement.Kind
#: Raises the objection to a step of a locked event, if there is one.
Check = Callable[[Event, datetime], None]
#: Does a step on a locked event, once all sides agree; with the words that were given for it.
Perform = Callable[[Reader, Event, str, datetime], None]
_STEPS: dict[str, tuple[Check, Perform]] = {}


def on_agreement(step: str, check: Check, perform: Perform) -> None:
    """Say what a step asks for, and what it does; called on import."""
    _STEPS[step] = (check, perform)


def take_step(*, actor: Reader, event_id: int, step: str, now: datetime, reason: str = "") -> Event:
    """Propose a step of an event, or confirm what another side proposes; the last yes does it.

    Call it in a transaction.

    Parameters
    ----------
    reason : str
        What everybody invited reads, where a step needs that; a proposal that waits has its own.

    Side effects: audit rows and a signature; notices to the managers of the other sides; with the
    last yes, or with the delegations of all others, what the step itself does.

    Raises
    ------
    NotFound, NotAllowed
        The actor does not see the event, or manages none of its sides.
    Conflict
        It is not possible at this stage, or the actor's side has agreed already.
    InvalidInput
        What the step asks for is missing.
    """
    found = find_event(actor, event_id)
    # The partnership before the event, as for every signature.
    partnership, parties = guards.lock(found.partnership_id)
    event = lock_event(actor, event_id)
    _STEPS[step][0](event, now)
    waiting = _open(event).filter(subject=subject_of(event.pk, step)).first()
    if waiting is not None and _fits(event, waiting):
        signing.sign_text(
            actor=actor,
            partnership_id=partnership.pk,
            agreement_id=waiting.pk,
            text_hash=waiting.text_hash,
            now=now,
        )
    else:
        signing.ask_signatures(
            actor=actor,
            partnership=partnership,
            parties=parties,
            kind=Kind.EVENT,
            subject=subject_of(event.pk, step),
            text=_write(event, step, reason),
            now=now,
        )
    event.refresh_from_db()
    return event


def void_stale(event: Event) -> None:
    """Close the proposals that no longer fit an event. Call it after any change to the event."""
    with as_service("A change by one side closes what another side has proposed."):
        stale = [one.pk for one in _open(event) if not _fits(event, one)]
        Agreement.objects.filter(pk__in=stale).update(
            closed_at=Now(), closed_why=_("What was proposed has since changed.")
        )


def _open(event: Event) -> QuerySet[Agreement]:
    return Agreement.objects.filter(
        partnership_id=event.partnership_id,
        kind=Kind.EVENT,
        subject__startswith=f"{event.pk}:",
        completed_at=None,
        closed_at=None,
    )


def _fits(event: Event, agreement: Agreement) -> bool:
    _event_id, step = parse_subject(agreement.subject)
    return event.state in FROM[step] and agreement.text.endswith(mark_of(event, step))


def _write(event: Event, step: str, reason: str) -> str:
    """Return what all sides agree to: in words, and with the fingerprint of what it covers."""
    lines = [_WORDS[Step(step)](event)]
    if reason:
        lines.append(reason)
    if mark := mark_of(event, step):
        lines.append(_("Fingerprint of the agreed content: %(mark)s") % {"mark": mark})
    return "\n\n".join(lines)


def _open_words(event: Event) -> str:
    local = event.deadline_at.astimezone(load_zone(event.time_zone))
    return _(
        "Open “%(title)s” (%(days)s, %(place)s): members can see it, and meeting requests are "
        "accepted until %(until)s (%(zone)s)."
    ) % {
        "title": event.title,
        "days": _days(event),
        "place": event.place,
        "until": date_format(local, "DATETIME_FORMAT"),
        "zone": event.time_zone,
    }


def _close_words(event: Event) -> str:
    return _("Close requests for “%(title)s”. No one can change their list after that.") % {
        "title": event.title
    }


def _publish_words(event: Event) -> str:
    count = event.entries.filter(is_live=True).count()
    return ngettext(
        "Publish the agenda of “%(title)s” (%(days)s, %(place)s): %(count)d meeting. Each "
        "participant receives an email with their own agenda.",
        "Publish the agenda of “%(title)s” (%(days)s, %(place)s): %(count)d meetings. Each "
        "participant receives an email with their own agenda.",
        count,
    ) % {"title": event.title, "days": _days(event), "place": event.place, "count": count}


def _cancel_words(event: Event) -> str:
    return _(
        "Cancel “%(title)s” (%(days)s, %(place)s). Everyone invited will read this reason:"
    ) % {
        "title": event.title,
        "days": _days(event),
        "place": event.place,
    }


def _days(event: Event) -> str:
    first = date_format(event.starts_on, "DATE_FORMAT")
    if event.ends_on == event.starts_on:
        return first
    return _("%(first)s to %(last)s") % {
        "first": first,
        "last": date_format(event.ends_on, "DATE_FORMAT"),
    }


_WORDS: dict[Step, Callable[[Event], str]] = {
    Step.OPEN: _open_words,
    Step.CLOSE: _close_words,
    Step.PUBLISH: _publish_words,
    Step.CANCEL: _cancel_words,
}


def _check_text(
    actor: Reader,
    _partnership: Partnership,
    agreement: Agreement,
    _mine: Side,
    now: datetime,
) -> None:
    """Refuse a signature under what is no longer so."""
    event_id, step = parse_subject(agreement.subject)
    event = lock_event(actor, event_id)
    _STEPS[step][0](event, now)
    if not _fits(event, agreement):
        raise Conflict(_("What was proposed has since changed. Review it and propose it again."))


def _perform(
    actor: Reader,
    _partnership: Partnership,
    agreement: Agreement,
    _mine: Side,
    now: datetime,
) -> None:
    event_id, step = parse_subject(agreement.subject)
    event = lock_event(actor, event_id)
    _first, _break, reason = agreement.text.partition("\n\n")
    _STEPS[step][1](actor, event, reason, now)
    event.refresh_from_db()
    void_stale(event)


def _tell(
    kind: str,
    actor: Reader,
    partnership: Partnership,
    agreement: Agreement,
    mine: Side,
    now: datetime,
) -> None:
    event_id, step = parse_subject(agreement.subject)
    tell_step(
        kind,
        actor=actor,
        event=Event.objects.get(pk=event_id),
        step=step,
        agreement=agreement,
        mine=mine,
        today=now.date(),
    )


signing.FOLLOWS.add(
    Kind.EVENT,
    signing.Follow(_perform, each=_check_text, tell=_tell, matter=Delegation.Matter.EVENTS),
)
