"""How what happens at the desk reads in a history, and the history of an introduction."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.queries import names_of
from proxeny.accounts.trail import Trail, keep_trail
from proxeny.ambassadors.models import Introduction, Mandate, Side
from proxeny.ambassadors.queries.cases import get_case, get_mandate
from proxeny.kernel import audit
from proxeny.meetings.models import MeetingParty

SENTENCES = {
    "accept_time": _("Agreed to a time for the desk"),
    "agree_introduction": _("Both would like to meet"),
    "answer_booking": _("Answered the invitation by mail"),
    "answer_mandate": _("Answered a mandate"),
    "answer_times": _("Said which times suit"),
    "answer_wish": _("Said whether to meet"),
    "ask_again": _("Asked again for what was withdrawn"),
    "ask_mandate": _("Asked the ambassador to act"),
    "ask_sides": _("Asked whether they want to meet"),
    "book_meeting": _("The meeting was booked"),
    "bring_calendar": _("Brought a calendar to read busy times from"),
    "call_off_booking": _("Called the booked meeting off"),
    "change_introduction": _("Changed an introduction"),
    "change_mandate": _("Changed a mandate"),
    "close_introduction": _("Closed an introduction"),
    "drop_note": _("Put a note away"),
    "forget_calendar": _("Deleted all busy times"),
    "hand_on_introduction": _("Handed the answer on to a colleague"),
    "mark_bounce": _("A mail came back"),
    "meeting_over": _("The meeting is over"),
    "move_booking": _("The meeting was moved"),
    "note_answer": _("Noted an answer given by phone or in person"),
    "note_introduction": _("Noted an introduction"),
    "note_stakeholder": _("Noted somebody abroad"),
    "note_time": _("Noted a time that was agreed in another way"),
    "offer_times": _("Proposed times"),
    "reassign_introduction": _("Gave an introduction to somebody else"),
    "refuse_time": _("Refused a time for the desk"),
    "reopen_introduction": _("Took an introduction up again"),
    "restore_note": _("Brought a note back"),
    "set_working_hours": _("Said when they can be met"),
    "withdraw_mandate": _("Withdrew a mandate"),
    "withdraw_time": _("Took a proposed time back"),
    "write_note": _("Kept a note"),
}
#: What calendars answer that is neither yes nor no.
_BY_MAIL = {"TENTATIVE": _("May come"), "DELEGATED": _("Wants to send somebody else")}
LABELS = {
    "desk": _("The ambassador"),
    "state": _("State"), "in_charge": _("In charge"), "in_charge_id": _("In charge"),
    "member": _("Member"), "stakeholder": _("Stakeholder"), "time": _("Time"), "times": _("Times"),
    "starts_at": _("Begins"), "proposed": _("Proposed time"), "roles": _("Who"), "role": _("Who"),
    "seeks": _("What it seeks"), "material": _("What may be shown"), "no_go": _("Not to approach"),
    "until": _("Until"), "material_url": _("Link to more"),
}  # fmt: skip


def _moment(text: Any) -> str:
    moment = parse_datetime(str(text)) if text else None
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT") if moment else str(text)


def _state(value: Any) -> str:
    known = dict(Introduction.State.choices) | dict(Mandate.State.choices)
    return str(known.get(value, value))


def _answer_or_moment(value: Any) -> str:
    known = dict(Side.Answer.choices) | dict(MeetingParty.Answer.choices) | _BY_MAIL
    return str(known[value]) if value in known else _moment(value)


def _name(person_id: Any) -> str:
    if not str(person_id).isdecimal():
        return str(_("nobody yet"))
    return names_of([int(person_id)]).get(int(person_id), str(_("somebody who has left")))


def _role(value: Any) -> str:
    return str(dict(Side.Role.choices).get(value, value))


def teach() -> None:
    """Called when Django is ready."""
    audit.tell(SENTENCES)
    words = {
        "state": _state, "in_charge": _name, "in_charge_id": _name, "member": _answer_or_moment,
        "stakeholder": _answer_or_moment, "time": _moment, "times": _moment, "starts_at": _moment,
        "proposed": _moment, "roles": _role, "role": _role, "desk": _answer_or_moment,
    }  # fmt: skip
    keep_trail(
        "introduction",
        Trail(
            find=get_case,
            address=lambda one: reverse("ambassadors:case", args=[one.partnership_id, one.pk]),
            labels=LABELS,
            words=words,
        ),
    )
    keep_trail(
        "mandate",
        Trail(
            find=get_mandate,
            address=lambda one: reverse("ambassadors:own-mandate", args=[one.pk]),
            labels=LABELS,
            words=words,
        ),
    )
