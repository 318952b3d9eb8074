"""What catch-ups and meetings tell the room of a partnership: facts, dates, figures, hosting."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.kernel.tenancy import Reader
from proxeny.meetings.models import CatchUp, CatchUpGuest, Meeting, MeetingParty
from proxeny.meetings.operations.rhythm import Picture, read_rhythms
from proxeny.meetings.queries.catch_ups import (
    day_of,
    list_unanswered,
    tell_unanswered,
    title_of,
)
from proxeny.meetings.queries.outcome import count_outcome, shown_meetings
from proxeny.partnerships.amounts import tell_rounded
from proxeny.partnerships.exchange import Given
from proxeny.partnerships.models import Favour, Partnership, Party
from proxeny.partnerships.overview import AHEAD, DATES, Date, Tile, Waiting
from proxeny.partnerships.signals import Signal, signal_of_rhythm

State = Meeting.State


def find_waiting(reader: Reader, partnership: Partnership, today: date) -> Iterator[Waiting]:
    """Yield the catch-ups that the reader is asked to, and has not answered. One query."""
    for one in list_unanswered(reader, now=timezone.now()).filter(partnership=partnership):
        yield Waiting(
            tell_unanswered(one.meeting),
            reverse("meetings:catch-up", args=[partnership.pk, one.pk]), _("Answer"),
        )  # fmt: skip


def find_dates(reader: Reader, partnership: Partnership, today: date) -> Iterator[Date]:
    """Yield the catch-ups to come, and the days on which the rhythm wants one. Four queries."""
    found = CatchUp.objects.filter(
        partnership=partnership, meeting__state=State.CONFIRMED, meeting__ends_at__date__gte=today,
        meeting__starts_at__date__lte=today + AHEAD,
    ).select_related("meeting")  # fmt: skip
    for one in found.order_by("meeting__starts_at", "pk")[:DATES]:
        yield Date(day_of(one.meeting), title_of(one),
                   reverse("meetings:catch-up", args=[partnership.pk, one.pk]),
                   _("Catch-up"))  # fmt: skip
    if partnership.state != Partnership.State.ACTIVE:
        return
    for picture in read_rhythms(partnership, today=today):
        if picture.planned_on is None and picture.due_on <= today + AHEAD:
            yield Date(picture.due_on, _tell_due(picture),
                       reverse("meetings:catch-ups", args=[partnership.pk]), _("Due"))  # fmt: skip


def _tell_due(picture: Picture) -> str:
    if picture.in_person:
        return _("The next catch-up face to face is due, and none is planned")
    return _("The next catch-up is due, and none is planned")


def find_tiles(partnership: Partnership, today: date) -> Iterator[Tile]:
    """Yield when both sides last met, and what came of the members' meetings. Three queries."""
    url = reverse("meetings:catch-ups", args=[partnership.pk])
    held = CatchUp.objects.filter(partnership=partnership, meeting__state=State.HELD)
    last = held.select_related("meeting").order_by("-meeting__starts_at").first()
    coming = CatchUp.objects.filter(
        partnership=partnership, meeting__state=State.CONFIRMED, meeting__ends_at__date__gte=today
    )
    following = coming.select_related("meeting").order_by("meeting__starts_at").first()
    note = ""
    if following:
        day = date_format(day_of(following.meeting), "SHORT_DATE_FORMAT")
        note = _("the next one on %(day)s") % {"day": day}
    yield Tile(_("Last catch-up"), date_format(day_of(last.meeting)) if last else "", note, url)
    yield _meetings(partnership, url)


def _meetings(partnership: Partnership, url: str) -> Tile:
    chain = count_outcome(shown_meetings(partnership.pk))
    notes = []
    if chain.cooperations:
        notes.append(ngettext("%(count)d cooperation", "%(count)d cooperations",
                              chain.cooperations) % {"count": chain.cooperations})  # fmt: skip
    if chain.agreements:
        notes.append(ngettext("%(count)d agreement", "%(count)d agreements",
                              chain.agreements) % {"count": chain.agreements})  # fmt: skip
    value = ngettext("%(count)d held", "%(count)d held", chain.held) % {"count": chain.held}
    return Tile(_("Meetings of members"), value if chain.planned or chain.cancelled else "",
                " · ".join(notes), f"{url}#outcome")  # fmt: skip


def find_signals(partnership: Partnership, today: date) -> Iterator[Signal]:
    """Yield how the rhythm was kept, and what came of the members' meetings. Four queries."""
    url = reverse("meetings:catch-ups", args=[partnership.pk])
    for picture in read_rhythms(partnership, today=today):
        yield signal_of_rhythm(picture, url=url)
    chain = count_outcome(shown_meetings(partnership.pk))
    if not chain.held:
        return
    note = ""
    if chain.later:
        note = _("%(part)s %% led to cooperation; at ten European events %(reference)s %%") % {
            "part": tell_rounded(chain.cooperation_rate.percent),
            "reference": tell_rounded(chain.cooperation_rate.reference),
        }
    yield Signal(
        "outcome", _("Meetings of members"),
        ngettext("%(count)d held", "%(count)d held", chain.held) % {"count": chain.held}, note,
        f"{url}#outcome", "", ("benefit", "unique"),
    )  # fmt: skip


def count_hosting(partnership: Partnership, parties: Sequence[Party]) -> Iterator[Given]:
    """Yield who hosted whom: catch-ups face to face that took place. One query.

    A host gives each other side that was there. Where nobody noted who came, those count who did
    not say no.
    """
    sides = {one.pk: one.organisation_id for one in parties}
    guests = CatchUpGuest.objects.filter(
        partnership=partnership, catch_up__meeting__state=State.HELD, catch_up__in_person=True,
        catch_up__host__isnull=False,
    ).exclude(came=False)  # fmt: skip
    guests = guests.exclude(came=None, answer=MeetingParty.Answer.DECLINED)
    rows = guests.values_list("catch_up_id", "catch_up__host_id", "party_id").distinct()
    for _catch_up, host, party in rows.order_by("catch_up_id", "party_id"):
        if party != host and host in sides and party in sides:
            yield Given(Favour.Kind.HOSTING, sides[host], sides[party], 1)
