"""Meeting requests of a participant. The participant that is marked never learns of it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.events.models import Event, MeetingRequest, Participation
from proxeny.events.operations._guards import lock_participation, say_moment
from proxeny.events.queries.events import directions_of
from proxeny.events.rules import MUST_LIMIT, allowed_kinds, takes_requests
from proxeny.kernel import audit
from proxeny.kernel.edit_conflicts import fingerprint
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.tenancy import Reader

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

    The result has the asker as `source`; its `note` is the given one.

    Parameters
    ----------
    participation_id, target_id : int
        The participant who asks, and the one asked for.
    note : str, optional
        The reason; None keeps the existing note.
    version : int, optional
        The result of `mark_version` for the mark that the note was written on.

    Side effects: an audit row that only the asker's own managers can read. The other side is never
    notified. If two calls arrive at once, the later mark is kept.

    Raises
    ------
    NotFound, NotAllowed
        See `lock_participation`; NotFound also for a target that does not take part.
    InvalidInput
        An unknown kind, the participant itself, a direction the event's rules close, or one must
        too many.
    Conflict
        Requests are not open, the deadline has passed, or the asker has not registered; or a
        colleague has changed the mark or its note since `version`.
    """
    found = lock_participation(actor, participation_id)
    if version is not None:
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
    return request


@transaction.atomic
def clear_request(
    *, actor: Reader, participation_id: int, target_id: int, now: datetime
) -> Participation:
    """Take a mark back, if there is one; return the asker. Raises as `set_request`."""
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
    return found


def _refuse_unless_open(found: Participation, now: datetime) -> None:
    event = found.event
    if takes_requests(event, now):
        if found.state != Participation.State.REGISTERED:
            raise Conflict(_("Register first, then choose who you want to meet."))
        return
    if event.state == Event.State.OPEN:
        raise Conflict(
            _("Requests closed on %(deadline)s. Your list stays as it was then.")
            % {"deadline": say_moment(event, event.deadline_at)}
        )
    raise Conflict(
        _("Requests aren’t open: the event is at the “%(state)s” stage.")
        % {"state": event.get_state_display()}
    )


def _refuse_changed(found: Participation, target_id: int, version: int) -> None:
    marks = MeetingRequest.objects.filter(source=found, target_id=target_id)
    kind, note = marks.values_list("kind", "note").first() or ("", "")
    if mark_version(kind, note) != version:
        raise Conflict(_("A colleague has changed this note. Check the latest version."))


def _find_target(found: Participation, target_id: int) -> Participation:
    if target_id == found.pk:
        raise InvalidInput(_("You can’t meet yourself."), field="target")
    target = Participation.objects.filter(
        pk=target_id, event_id=found.event_id, state=Participation.State.REGISTERED
    ).first()
    if target is None:
        raise NotFound(_("We couldn’t find this participant."))
    return target


def _check(found: Participation, target: Participation, kind: str, note: str | None) -> None:
    if kind not in Kind.values:
        raise InvalidInput(_("Choose “Must meet”, “Want to meet” or “No thanks”."), field="kind")
    if note is not None and len(note.strip()) > 300:
        raise InvalidInput(_("Enter up to %(most)d characters.") % {"most": 300}, field="note")
    if kind not in allowed_kinds(directions_of(found.event), found.group_id, target.group_id):
        raise InvalidInput(
            _("This event’s rules don’t allow your group to request meetings with theirs."),
            field="kind",
        )
    if kind == Kind.MUST:
        others = MeetingRequest.objects.filter(
            source=found, kind=Kind.MUST, target__state=Participation.State.REGISTERED
        ).exclude(target=target)
        if others.count() >= MUST_LIMIT:
            raise InvalidInput(
                ngettext(
                    "You already have %(count)d “Must meet” request, which is the maximum. "
                    "Change it to “Want to meet” first.",
                    "You already have %(count)d “Must meet” requests, which is the maximum. "
                    "Change one to “Want to meet” first.",
                    MUST_LIMIT,
                )
                % {"count": MUST_LIMIT},
                field="kind",
            )
