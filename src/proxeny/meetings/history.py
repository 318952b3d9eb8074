"""History texts for meetings, and the history of a catch-up."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from proxeny.accounts.queries import names_of
from proxeny.accounts.trail import TRAILS, Trail
from proxeny.kernel import audit
from proxeny.kernel.errors import NotFound
from proxeny.meetings.models import CatchUp, MeetingParty
from proxeny.meetings.queries.catch_ups import catch_up_names
from proxeny.partnerships import history
from proxeny.partnerships.models import Action, Party

SENTENCES = {
    "answer_catch_up": _("Answered a catch-up invitation"),
    "answer_meeting": _("Answered a meeting invitation"),
    "answer_tentatively": _("Answered that they may attend"),
    "ask_what_came_of_it": _("Asked for the outcomes of the meetings"),
    "cancel_meeting": _("Cancelled a meeting"),
    "change_catch_up": _("Changed the plans for a catch-up"),
    "delegate_catch_up": _("Answered that someone else will attend"),
    "move_meeting": _("Rescheduled a meeting"),
    "rate_meeting": _("Rated a meeting"),
}
#: News for both sides on the page of their partnership.
NEWS = {
    "plan_catch_up": _("Planned a catch-up"),
    "move_catch_up": _("Rescheduled a catch-up"),
    "call_off_catch_up": _("Cancelled a catch-up"),
    "propose_time": _("Proposed another time by email"),
    "write_minutes": _("Wrote the minutes of a catch-up"),
    "close_catch_up": _("Closed the minutes of a catch-up"),
    "reopen_catch_up": _("Reopened a catch-up"),
    "miss_catch_up": _("Marked a catch-up as missed"),
}
LABELS: Mapping[str, Any] = {
    "starts_at": _("Begins"),
    "ends_at": _("Ends"),
    "time_zone": _("Time zone"),
    "place": _("Place"),
    "host_id": _("Host"),
    "guests": _("Invitees"),
    "came": _("Attendees"),
    "decisions": _("Decisions"),
    "answer": pgettext_lazy("what someone answered", "Answer"),
    "proposed": _("Proposed time"),
}


def _find(pk: int) -> CatchUp:
    found = CatchUp.objects.filter(pk=pk).select_related("meeting").first()
    if found is None:
        raise NotFound(_("We couldn’t find this catch-up."))
    return found


def _name(person_id: Any) -> str:
    return names_of([int(person_id)]).get(int(person_id), str(_("someone who has left")))


def _side(party_id: Any) -> str:
    found = Party.objects.filter(pk=party_id).select_related("organisation").first()
    return found.organisation.name if found else ""


def _moment(text: Any) -> str:
    moment = parse_datetime(str(text))
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT") if moment else str(text)


def _answer(value: Any) -> str:
    return str(dict(MeetingParty.Answer.choices).get(value, value))


def teach() -> None:
    """Called when Django is ready."""
    audit.SENTENCES.update(SENTENCES)
    for verb, sentence in NEWS.items():
        history.tell(verb, sentence)
    history.THINGS.add("meetings.catchup", catch_up_names)
    TRAILS.add(
        "catch-up",
        Trail(
            find=_find,
            address=lambda one: reverse("meetings:catch-up", args=[one.partnership_id, one.pk]),
            related=lambda one: {
                "partnerships.Action": Action.objects.filter(
                    partnership_id=one.partnership_id,
                    origin=Action.Origin.CATCH_UP,
                    origin_id=one.pk,
                ).values("pk"),
            },
            labels=LABELS,
            words={
                "starts_at": _moment,
                "ends_at": _moment,
                "guests": _name,
                "came": _name,
                "host_id": _side,
                "answer": _answer,
                "proposed": _moment,
            },
        ),
    )
