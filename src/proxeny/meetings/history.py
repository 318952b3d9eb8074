"""How what happens to meetings reads in a history, and the history of a catch-up."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.queries import names_of
from proxeny.accounts.trail import Trail, keep_trail
from proxeny.kernel import audit
from proxeny.kernel.errors import NotFound
from proxeny.meetings.models import CatchUp, MeetingParty
from proxeny.meetings.queries.catch_ups import catch_up_names
from proxeny.partnerships import history
from proxeny.partnerships.models import Action, Party

SENTENCES = {
    "answer_catch_up": _("Answered whether they come"),
    "answer_meeting": _("Answered whether they come to a meeting"),
    "answer_tentatively": _("Answered that they may come"),
    "ask_what_came_of_it": _("Asked what came of the meetings"),
    "cancel_meeting": _("Called a meeting off"),
    "change_catch_up": _("Changed what is planned for a catch-up"),
    "delegate_catch_up": _("Answered that somebody else is to come"),
    "move_meeting": _("Moved a meeting"),
    "rate_meeting": _("Rated a meeting"),
}
#: What both sides read on the page of their partnership.
NEWS = {
    "plan_catch_up": _("Planned a catch-up"),
    "move_catch_up": _("Moved a catch-up"),
    "call_off_catch_up": _("Called a catch-up off"),
    "propose_time": _("Proposed another time by mail"),
    "write_minutes": _("Wrote the minutes of a catch-up"),
    "close_catch_up": _("Closed the minutes of a catch-up"),
    "reopen_catch_up": _("Opened a catch-up again"),
    "miss_catch_up": _("Marked a catch-up as missed"),
}
LABELS: Mapping[str, Any] = {
    "starts_at": _("Begins"),
    "ends_at": _("Ends"),
    "time_zone": _("Time zone"),
    "place": _("Place"),
    "host_id": _("Host"),
    "guests": _("Who is asked"),
    "came": _("Who came"),
    "decisions": _("Decisions"),
    "answer": _("Answer"),
    "proposed": _("Proposed time"),
}


def _find(pk: int) -> CatchUp:
    found = CatchUp.objects.filter(pk=pk).select_related("meeting").first()
    if found is None:
        raise NotFound(_("There is no such catch-up."))
    return found


def _name(person_id: Any) -> str:
    return names_of([int(person_id)]).get(int(person_id), str(_("somebody who has left")))


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
    audit.tell(SENTENCES)
    for verb, sentence in NEWS.items():
        history.tell(verb, sentence)
    history.name_things("meetings.catchup", catch_up_names)
    keep_trail(
        "catch-up",
        Trail(
            find=_find,
            address=lambda one: reverse("meetings:catch-up", args=[one.partnership_id, one.pk]),
            related=lambda one: {
                "partnerships.Action": Action.objects.filter(
                    partnership_id=one.partnership_id, origin=Action.Origin.CATCH_UP,
                    origin_id=one.pk,
                ).values("pk"),
            },
            labels=LABELS,
            words={
                "starts_at": _moment, "ends_at": _moment, "guests": _name, "came": _name,
                "host_id": _side, "answer": _answer, "proposed": _moment,
            },
        ),
    )  # fmt: skip
