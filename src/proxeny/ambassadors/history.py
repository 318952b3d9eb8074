"""History texts for the desk's actions, and the history of an introduction."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.queries import names_of
from proxeny.accounts.trail import TRAILS, Trail
from proxeny.ambassadors.models import Introduction, Mandate, Side
from proxeny.ambassadors.queries.cases import get_case, get_mandate
from proxeny.kernel import audit
from proxeny.meetings.models import MeetingParty

SENTENCES = {
    "accept_time": _("Accepted a time on behalf of the desk"),
    "agree_introduction": _("Both would like to meet"),
    "answer_booking": _("Answered the invitation by email"),
    "answer_mandate": _("Answered a mandate"),
    "answer_times": _("Indicated which times suit"),
    "answer_wish": _("Answered the meeting proposal"),
    "ask_again": _("Resent a withdrawn mandate"),
    "ask_mandate": _("Sent the ambassador a mandate"),
    "ask_sides": _("Asked whether they’d like to meet"),
    "book_meeting": _("Booked the meeting"),
    "bring_calendar": _("Imported busy times from a calendar"),
    "call_off_booking": _("Cancelled the booked meeting"),
    "change_introduction": _("Changed an introduction"),
    "change_mandate": _("Changed a mandate"),
    "close_introduction": _("Closed an introduction"),
    "drop_note": _("Archived a note"),
    "forget_calendar": _("Deleted all busy times"),
    "hand_on_introduction": _("Forwarded the request to a colleague"),
    "mark_bounce": _("An email bounced"),
    "meeting_over": _("Meeting ended"),
    "move_booking": _("Rescheduled the meeting"),
    "note_answer": _("Recorded an answer given by phone or in person"),
    "note_introduction": _("Recorded an introduction"),
    "note_stakeholder": _("Added an organisation abroad"),
    "note_time": _("Recorded a time agreed another way"),
    "offer_times": _("Proposed times"),
    "reassign_introduction": _("Reassigned an introduction"),
    "refuse_time": _("Declined a time on behalf of the desk"),
    "reopen_introduction": _("Reopened an introduction"),
    "restore_note": _("Restored a note"),
    "set_working_hours": _("Set their working hours"),
    "withdraw_mandate": _("Withdrew a mandate"),
    "withdraw_time": _("Withdrew a proposed time"),
    "write_note": _("Added a note"),
}
#: Calendar answers that are neither yes nor no.
_BY_MAIL = {"TENTATIVE": _("May attend"), "DELEGATED": _("Wants to send someone else")}
LABELS = {
    "desk": _("The ambassador"),
    "state": _("State"),
    "in_charge": _("In charge"),
    "in_charge_id": _("In charge"),
    "member": _("Member"),
    "stakeholder": _("Stakeholder"),
    "time": _("Time"),
    "times": _("Times"),
    "starts_at": _("Begins"),
    "proposed": _("Proposed time"),
    "roles": _("Who"),
    "role": _("Who"),
    "seeks": _("Looking for"),
    "material": _("What can be shared"),
    "no_go": _("Do not approach"),
    "until": _("Until"),
    "material_url": _("Link to more information"),
}


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
        return str(_("no one yet"))
    return names_of([int(person_id)]).get(int(person_id), str(_("someone who has left")))


def _role(value: Any) -> str:
    return str(dict(Side.Role.choices).get(value, value))


def teach() -> None:
    """Called when Django is ready."""
    audit.SENTENCES.update(SENTENCES)
    words = {
        "state": _state,
        "in_charge": _name,
        "in_charge_id": _name,
        "member": _answer_or_moment,
        "stakeholder": _answer_or_moment,
        "time": _moment,
        "times": _moment,
        "starts_at": _moment,
        "proposed": _moment,
        "roles": _role,
        "role": _role,
        "desk": _answer_or_moment,
    }
    TRAILS.add(
        "introduction",
        Trail(
            find=get_case,
            address=lambda one: reverse("ambassadors:case", args=[one.partnership_id, one.pk]),
            labels=LABELS,
            words=words,
        ),
    )
    TRAILS.add(
        "mandate",
        Trail(
            find=get_mandate,
            address=lambda one: reverse("ambassadors:own-mandate", args=[one.pk]),
            labels=LABELS,
            words=words,
        ),
    )
