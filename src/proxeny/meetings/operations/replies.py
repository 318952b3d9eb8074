"""Answers received by mail, applied as if they had been given on the page.

A reply only sets an answer, or makes a proposal that people see: it moves nothing and cancels
nothing. It counts if its sender was invited; see `kernel.inbox` for the parts of a mail that are
read, and the checks on its sender. The desk interprets replies to its own meetings
(`asked.Keeper`).
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from proxeny.accounts.queries import get_reader_of_person
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, NotAllowed, NotFound, ProxenyError
from proxeny.kernel.inbox.calendars import Reply
from proxeny.kernel.inbox.messages import Letter, clean, plain_address
from proxeny.kernel.inbox.reading import Done, about_of, entries_of, is_newer_known
from proxeny.kernel.models import AuditEntry, ReceivedMail
from proxeny.kernel.tenancy import GATE, WEB, Reader, acting_as
from proxeny.meetings.models import CatchUp, CatchUpGuest, Meeting, MeetingParty
from proxeny.meetings.operations.asked import (
    Asked,
    find_asked,
    keeper_of,
    keepers,
    was_invited,
)
from proxeny.meetings.operations.catch_ups import answer_catch_up, lock_own, note
from proxeny.meetings.operations.reply_mails import tell_back, tell_news, tell_stranger
from proxeny.partnerships.models import Partnership

Answer = MeetingParty.Answer
Outcome = ReceivedMail.Outcome
State = Meeting.State
#: Longer than this no proposal is taken at its word.
_MOST_S = 3 * 24 * 3600


def apply_reply(letter: Letter, now: datetime) -> Done:
    """Apply the answer in a letter. Service role; the person's own role for their own records.

    Side effects: as those of the page: the answer, an audit row of the person's. A mail to the
    invited person if the answer does not count; to the contact of the inviting side if nobody was
    invited under the sender's address; to the contact of each side if another time is proposed. For
    a meeting that a desk arranged the desk is notified, and neither side reads the other's words.
    """
    reply = letter.reply
    assert reply is not None  # noqa: S101
    meeting = _find(reply.uid)
    if meeting is None:
        return Done(Outcome.NOT_UNDERSTOOD)
    asked = find_asked(meeting, letter.sender)
    if asked is None or plain_address(reply.attendee) != plain_address(letter.sender):
        tell_stranger(meeting, sender=letter.sender, excerpt=letter.excerpt, today=now)
        return Done(Outcome.STRANGER)
    if letter.is_forged:
        tell_back(meeting, asked, kind="forged", now=now)
        return Done(Outcome.FORGED)
    if meeting.kind == Meeting.Kind.BUSINESS and not was_invited(meeting, asked.email):
        return Done(Outcome.NOT_UNDERSTOOD)
    stamped_at = min(reply.stamped_at or letter.sent_at or now, now)
    return _take_up(meeting, asked, reply, stamped_at=stamped_at, now=now)


def tell_unread(letter: Letter, now: datetime) -> None:
    """Tell an invited sender that the calendar in their letter is unreadable; strangers nothing."""
    for uid in letter.unread:
        meeting = _find(uid)
        asked = find_asked(meeting, letter.sender) if meeting and not letter.is_forged else None
        if meeting and asked and meeting.ends_at > now:
            tell_back(meeting, asked, kind="unread", now=now)


def _find(uid: str) -> Meeting | None:
    """Find what a calendar names, and hold it: it must not move while an answer is compared."""
    found = Meeting.objects.filter(uid=uid).exclude(state=State.DRAFT)
    # The catch-up's row first, as who changes one does; or the desk's.
    for keeper in keepers():
        keeper.hold(uid)
    CatchUp.objects.select_for_update().filter(meeting__uid=uid).first()
    found.select_for_update().first()
    return found.select_related("partnership", "catch_up__partnership").first()


def _take_up(
    meeting: Meeting, asked: Asked, reply: Reply, *, stamped_at: datetime, now: datetime
) -> Done:
    about = about_of(meeting.uid, asked.mark)
    if is_newer_known(about, stamped_at) or _is_newer_on_page(meeting, asked, about, stamped_at):
        return Done(Outcome.OLDER, about, stamped_at)
    if _is_of_another_time(meeting, reply):
        tell_back(meeting, asked, kind="moved", now=now)
        return Done(Outcome.MOVED, about, stamped_at)
    before = _last_entry(meeting, asked)
    try:
        with override(asked.language):
            is_read = _apply(meeting, asked, reply, now)
    except ProxenyError as error:
        with override(asked.language):
            tell_back(meeting, asked, kind="closed", now=now, why=_why(error))
        return Done(Outcome.CLOSED, about, stamped_at)
    if not is_read:
        tell_back(meeting, asked, kind="unread", now=now)
        return Done(Outcome.NOT_UNDERSTOOD)
    after = _last_entry(meeting, asked)
    return Done(Outcome.APPLIED, about, stamped_at, after if after != before else None)


def _why(error: ProxenyError) -> str:
    # A person without access must not learn what exists.
    if isinstance(error, NotFound | NotAllowed):
        return _("You’re no longer taking part.")
    return str(error)


def _is_of_another_time(meeting: Meeting, reply: Reply) -> bool:
    """Whether an answer is for a time that has changed since.

    The sequence also rises with a new guest or place, for which the other guests get no new
    request: an answer for the current time counts. A proposal is only for its own time.
    """
    is_older = reply.sequence < meeting.sequence
    return reply.method == "REPLY" and is_older and reply.starts_at != meeting.starts_at


def _target(meeting: Meeting) -> str:
    model: Any = CatchUp if meeting.kind == Meeting.Kind.CATCH_UP else Meeting
    return str(model._meta.label_lower)


def _last_entry(meeting: Meeting, asked: Asked) -> int | None:
    found = AuditEntry.objects.filter(
        person_id=asked.person_id, target=_target(meeting), target_id=meeting.pk
    )
    return found.order_by("-pk").values_list("pk", flat=True).first()


def _is_newer_on_page(meeting: Meeting, asked: Asked, about: str, stamped_at: datetime) -> bool:
    """Whether the person answered on the page after they wrote."""
    given = AuditEntry.objects.filter(
        person_id=asked.person_id,
        target=_target(meeting),
        target_id=meeting.pk,
        verb="answer_catch_up",
        at__gt=stamped_at,
    )
    return given.exclude(pk__in=entries_of(about)).exists()


def _apply(meeting: Meeting, asked: Asked, reply: Reply, now: datetime) -> bool:
    """Write down what was answered; return False where what it takes cannot be read."""
    if keeper := keeper_of(meeting):
        _refuse_over(meeting, now)
        return keeper.apply(meeting, asked, reply, now)
    if reply.method == "COUNTER":
        return _propose(meeting, asked, reply, now)
    _answer(meeting, asked, reply, now)
    if reply.answer == "DELEGATED":
        tell_news(meeting, asked, reply, kind="delegated", now=now)
    return True


def _answer(meeting: Meeting, asked: Asked, reply: Reply, now: datetime) -> None:
    if reply.answer == "NEEDS-ACTION":
        return
    if meeting.kind == Meeting.Kind.BUSINESS:
        _as_asked(
            asked,
            now,
            lambda reader: answer_meeting(
                actor=reader,
                meeting=meeting,
                asked=asked,
                answer=reply.answer,
                why=clean(reply.comment),
                now=now,
            ),
        )
        if reply.answer == "DECLINED":
            tell_news(meeting, asked, reply, kind="declined", now=now)
        return
    whole: dict[str, Any] = {"partnership_id": meeting.partnership_id, "catch_up_id": meeting.pk}
    if reply.answer in ("ACCEPTED", "DECLINED"):
        will_come = reply.answer == "ACCEPTED"
        _as_asked(
            asked,
            now,
            lambda reader: answer_catch_up(actor=reader, will_come=will_come, now=now, **whole),
        )
    else:
        verb = "answer_tentatively" if reply.answer == "TENTATIVE" else "delegate_catch_up"
        _as_asked(
            asked,
            now,
            lambda reader: note_answer(
                actor=reader, verb=verb, why=clean(reply.comment), now=now, **whole
            ),
        )


def _propose(meeting: Meeting, asked: Asked, reply: Reply, now: datetime) -> bool:
    starts_at = reply.starts_at
    if starts_at is None or starts_at <= now:
        return False
    length = meeting.ends_at - meeting.starts_at
    ends_at = reply.ends_at or starts_at + length
    if not 0 < (ends_at - starts_at).total_seconds() <= _MOST_S:
        return False
    if (starts_at, ends_at) != (meeting.starts_at, meeting.ends_at):
        _as_asked(
            asked,
            now,
            lambda reader: propose_time(
                actor=reader,
                meeting=meeting,
                starts_at=starts_at,
                why=clean(reply.comment),
                now=now,
            ),
        )
        tell_news(
            meeting, asked, reply, kind="proposal", now=now, starts_at=starts_at, ends_at=ends_at
        )
    if reply.answer == "DECLINED":
        _answer(meeting, asked, reply, now)
    return True


def reader_of(asked: Asked, now: datetime) -> Reader:
    """Return an invited person as a reader: a stranger if there is no sign-in. Service role."""
    with acting_as(GATE):
        return get_reader_of_person(asked.person_id or 0, today=now.date())


def _as_asked(asked: Asked, now: datetime, deed: Callable[[Reader], object]) -> None:
    """Run an action in the role of the invited person, with their database permissions."""
    reader = reader_of(asked, now)
    with acting_as(WEB, reader):
        deed(reader)


@transaction.atomic
def note_answer(
    *, actor: Reader, partnership_id: int, catch_up_id: int, verb: str, why: str, now: datetime
) -> CatchUpGuest:
    """Note that a guest may come, or wants to send somebody else: they stay to be waited for.

    Parameters
    ----------
    verb : {"answer_tentatively", "delegate_catch_up"}
        What the audit row says.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As `answer_catch_up`.
    """
    one, parties, guest = lock_own(actor, partnership_id, catch_up_id, now)
    before = guest.answer
    guest.answer = Answer.WAITING
    changes = {"answer": [before, guest.answer]} if guest.answer != before else {}
    if changes:
        guest.save(update_fields=["answer"])
    note(actor, parties, verb, one, changes, why=why)
    return guest


@transaction.atomic
def propose_time(
    *, actor: Reader, meeting: Meeting, starts_at: datetime, why: str, now: datetime
) -> None:
    """Record that an invited person proposes another time. Nothing is moved; an audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As `answer_catch_up`.
    """
    changes = {"proposed": [meeting.starts_at.isoformat(), starts_at.isoformat()]}
    if meeting.kind == Meeting.Kind.CATCH_UP:
        one, parties, _guest = lock_own(actor, meeting.partnership_id, meeting.pk, now)
        note(actor, parties, "propose_time", one, changes, why=why)
        return
    _refuse_over(meeting, now)
    audit.record(
        actor,
        "propose_time",
        meeting,
        partnership_id=meeting.partnership_id,
        changes=changes,
        why=why,
    )


@transaction.atomic
def answer_meeting(
    *, actor: Reader, meeting: Meeting, asked: Asked, answer: str, why: str, now: datetime
) -> None:
    """Set the answer of a party to a business meeting; an audit row if it is another one.

    Raises
    ------
    NotAllowed
        The actor speaks for that organisation no longer.
    Conflict
        The meeting is over or called off, or the partnership has ended.
    """
    _refuse_over(meeting, now)
    wanted = answer if answer in (Answer.ACCEPTED, Answer.DECLINED) else Answer.WAITING
    party = MeetingParty.objects.filter(pk=asked.party_id or 0).first()
    if party is None:
        raise NotFound(_("We couldn’t find this meeting."))
    if party.answer == wanted:
        return
    # Rows that the policy does not let the actor change are not found here.
    if not MeetingParty.objects.filter(pk=party.pk).update(answer=wanted):
        raise NotAllowed(_("You’re no longer taking part."))
    audit.record(
        actor,
        "answer_meeting",
        meeting,
        organisation_id=party.organisation_id,
        partnership_id=meeting.partnership_id,
        changes={"answer": [party.answer, wanted]},
        why=why,
    )


def _refuse_over(meeting: Meeting, now: datetime) -> None:
    if meeting.state == State.CANCELLED:
        raise Conflict(_("This meeting was cancelled."))
    if meeting.ends_at <= now:
        raise Conflict(_("This meeting has ended."))
    if meeting.partnership.state != Partnership.State.ACTIVE:
        raise Conflict(_("This partnership has ended. Its records stay as they are."))
