"""Saying whom one wants to meet. The one who is marked never learns of it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.events.models import Event, MeetingRequest, Participation
from proxeny.events.operations._checks import lock_participation, say_moment
from proxeny.events.queries.events import directions_of
from proxeny.events.rules import MUST_LIMIT, allowed_kinds, takes_requests
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.tenancy import Reader
from proxeny.kernel.versions import fingerprint

Kind = MeetingRequest.Kind


def mark_version(kind: str, note: str) -> int:
    """Return a number that is another one as soon as a mark or its note is (empty: no mark)."""
    return fingerprint(kind, note)


@transaction.atomic
def set_request(
    *,
    actor: Reader,
    participation_id: int,
    target_id: int,
    kind: str,
    now: datetime,
    note: str | None = None,
    version: int | None = None,
) -> MeetingRequest:
    """Mark another participant as must, wish or no-thanks, in place of an earlier mark.

    Parameters
    ----------
    participation_id, target_id : int
        Who says it, and of whom.
    note : str, optional
        Why; None keeps the note there was.
    version : int, optional
        What `mark_version` gave for the mark that the note was written on.

    Side effects: an audit row that only the asker's own managers can read. The other side is
    never told. Two calls at once leave one mark, the later one's.

    Raises
    ------
    NotFound, NotAllowed
        See `lock_participation`; NotFound also for a target that does not take part.
    InvalidInput
        An unknown kind, oneself, a direction the event's rules close, or one must too many.
    Conflict
        Requests are not open, the deadline has passed, or the asker has not registered; or a
        colleague has changed the mark or its note since `version`.
    """
    found = lock_participation(actor, participation_id)
    _refuse_changed(found, target_id, version)
    _refuse_unless_open(found, now)
    target = _find_target(found, target_id)
    _check(found, target, kind, note)
    # One statement: a second click on the same mark waits for the first and replaces it.
    request = MeetingRequest(
        event_id=found.event_id,
        source=found,
        target=target,
        kind=kind,
        note=(note or "").strip(),
        updated_at=now,
    )
    MeetingRequest.objects.bulk_create(
        [request],
        update_conflicts=True,
        unique_fields=["source", "target"],
        update_fields=["kind", "updated_at", *([] if note is None else ["note"])],
    )
    audit.record(
        actor,
        "set_request",
        found,
        organisation_id=found.organisation_id,
        changes={"target": target.pk, "kind": kind},
    )
    return MeetingRequest.objects.get(source=found, target=target)


@transaction.atomic
def clear_request(*, actor: Reader, participation_id: int, target_id: int, now: datetime) -> bool:
    """Take a mark back; return whether there was one. Raises as `set_request`."""
    found = lock_participation(actor, participation_id)
    _refuse_unless_open(found, now)
    count, _each = MeetingRequest.objects.filter(source=found, target_id=target_id).delete()
    if count:
        audit.record(
            actor,
            "clear_request",
            found,
            organisation_id=found.organisation_id,
            changes={"target": target_id},
        )
    return bool(count)


def _refuse_unless_open(found: Participation, now: datetime) -> None:
    event = found.event
    if takes_requests(event, now):
        if found.state != Participation.State.REGISTERED:
            raise Conflict(_("Register first; then say whom you want to meet."))
        return
    if event.state == Event.State.OPEN:
        raise Conflict(
            _("Requests could be made until %(deadline)s. Your list stays as it was then.")
            % {"deadline": say_moment(event, event.deadline_at)}
        )
    raise Conflict(
        _("Requests are not open now: the event is at the stage “%(state)s”.")
        % {"state": event.get_state_display()}
    )


def _refuse_changed(found: Participation, target_id: int, version: int | None) -> None:
    if version is None:
        return
    marks = MeetingRequest.objects.filter(source=found, target_id=target_id)
    kind, note = marks.values_list("kind", "note").first() or ("", "")
    if mark_version(kind, note) != version:
        raise Conflict(_("A colleague has changed this note. Look at it again."))


def _find_target(found: Participation, target_id: int) -> Participation:
    if target_id == found.pk:
        raise InvalidInput(_("You cannot meet yourself."), field="target")
    target = Participation.objects.filter(
        pk=target_id, event_id=found.event_id, state=Participation.State.REGISTERED
    ).first()
    if target is None:
        raise NotFound(_("There is no such participant."))
    return target


def _check(found: Participation, target: Participation, kind: str, note: str | None) -> None:
    if kind not in Kind.values:
        raise InvalidInput(_("Say must, wish or no thanks."), field="kind")
    if note is not None and len(note.strip()) > 300:
        raise InvalidInput(_("At most %(most)d characters fit here.") % {"most": 300}, field="note")
    if kind not in allowed_kinds(directions_of(found.event), found.group_id, target.group_id):
        raise InvalidInput(
            _("The rules of this event do not let your group ask theirs."), field="kind"
        )
    if kind == Kind.MUST:
        others = MeetingRequest.objects.filter(
            source=found, kind=Kind.MUST, target__state=Participation.State.REGISTERED
        ).exclude(target=target)
        if others.count() >= MUST_LIMIT:
            raise InvalidInput(
                ngettext(
                    "You have %(count)d “must” already, which is the most. Turn it into a wish"
                    " first.",
                    "You have %(count)d “must” already, which is the most. Turn one into a wish"
                    " first.",
                    MUST_LIMIT,
                )
                % {"count": MUST_LIMIT},
                field="kind",
            )
