"""Facts from catch-ups and meetings for a partnership's room: dates, figures, hosting."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.kernel.kinds import Batch, Kind
from proxeny.kernel.tenancy import Reader
from proxeny.kernel.zones import load_zone
from proxeny.meetings.models import CatchUp, CatchUpGuest, Meeting, MeetingParty
from proxeny.meetings.operations.rhythm import Picture, draw, read_rhythms
from proxeny.meetings.queries.catch_ups import day_of, days_of
from proxeny.meetings.queries.outcome import count_outcome, shown_meetings
from proxeny.partnerships.amounts import tell_rounded
from proxeny.partnerships.exchange import Given
from proxeny.partnerships.models import Favour, Partnership, Party, Rhythm
from proxeny.partnerships.overview import AHEAD, MOST_DATES, Date, Tile
from proxeny.partnerships.signals import Signal, signal_of_rhythm

State = Meeting.State


def find_dates(reader: Reader, partnership: Partnership, today: date) -> Iterator[Kind[Date]]:
    """Yield the catch-ups to come, and the days on which the rhythm wants one.

    One query where there is a rhythm.
    """

    def tell(pk: int, title: str, starts: str, zone: str) -> Date:
        return Date(
            datetime.fromisoformat(starts).astimezone(load_zone(zone)).date(),
            title or _("Catch-up"),
            reverse("meetings:catch-up", args=[partnership.pk, pk]),
            _("Catch-up"),
        )

    found = CatchUp.objects.filter(
        partnership=partnership,
        meeting__state=State.CONFIRMED,
        meeting__ends_at__date__gte=today,
        meeting__starts_at__date__lte=today + AHEAD,
    ).order_by("meeting__starts_at", "pk")
    columns = {
        "title": "meeting__title",
        "starts": "meeting__starts_at",
        "zone": "meeting__time_zone",
    }
    yield Kind(found, tell, columns, most=MOST_DATES)
    if partnership.state == Partnership.State.ACTIVE:
        rhythms = Rhythm.objects.filter(partnership=partnership).order_by("in_person")
        columns = {"in_person": "in_person", "every": "every_days", "since": "since_on"}
        yield Batch(rhythms, partial(_tell_rhythms, partnership.pk, today), columns)


def _tell_rhythms(room: int, today: date, rows: Sequence[dict[str, Any]]) -> Iterator[Date]:
    days = days_of([room]).get(room, [])
    for one in rows:
        since = date.fromisoformat(one["since"])
        rhythm = Rhythm(in_person=one["in_person"], every_days=one["every"], since_on=since)
        picture = draw(rhythm, days, today=today)
        if picture.planned_on is None and picture.due_on <= today + AHEAD:
            url = reverse("meetings:catch-ups", args=[room])
            yield Date(picture.due_on, _tell_due(picture), url, _("Due"))


def _tell_due(picture: Picture) -> str:
    if picture.in_person:
        return _("The next face-to-face catch-up is due, but none is planned")
    return _("The next catch-up is due, but none is planned")


def find_tiles(partnership: Partnership, today: date) -> Iterator[Tile]:
    """Yield when both sides last met, and when they meet next. Two queries."""
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
        note = _("next one on %(day)s") % {"day": day}
    yield Tile(_("Last catch-up"), date_format(day_of(last.meeting)) if last else "", note, url)


def find_outcome_tiles(partnership: Partnership, today: date) -> Iterator[Tile]:
    """Yield how many meetings of members were held, and what they led to. One query."""
    url = reverse("meetings:catch-ups", args=[partnership.pk])
    chain = count_outcome(shown_meetings(partnership.pk))
    notes = []
    if chain.cooperations:
        notes.append(
            ngettext("%(count)d cooperation", "%(count)d cooperations", chain.cooperations)
            % {"count": chain.cooperations}
        )
    if chain.agreements:
        notes.append(
            ngettext("%(count)d agreement", "%(count)d agreements", chain.agreements)
            % {"count": chain.agreements}
        )
    value = ngettext("%(count)d held", "%(count)d held", chain.held) % {"count": chain.held}
    yield Tile(
        _("Members’ meetings"),
        value if chain.planned or chain.cancelled else "",
        " · ".join(notes),
        f"{url}#outcome",
    )


def find_signals(partnership: Partnership, today: date) -> Iterator[Signal]:
    """Yield how the rhythm was kept, and the outcomes of the members' meetings. Four queries."""
    url = reverse("meetings:catch-ups", args=[partnership.pk])
    for picture in read_rhythms(partnership, today=today):
        yield signal_of_rhythm(picture, url=url)
    chain = count_outcome(shown_meetings(partnership.pk))
    if not chain.held:
        return
    note = ""
    rate = chain.cooperation_rate
    if rate.percent is not None:
        note = _(
            "%(part)s%% of the %(of)s with a known outcome led to cooperation; at ten European "
            "events, %(reference)s%% of all"
        ) % {
            "part": tell_rounded(rate.percent),
            "of": number_format(rate.of),
            "reference": tell_rounded(rate.reference),
        }
    yield Signal(
        "outcome",
        _("Members’ meetings"),
        ngettext("%(count)d held", "%(count)d held", chain.held) % {"count": chain.held},
        note,
        f"{url}#outcome",
        "",
        ("benefit", "unique"),
    )


def count_hosting(partnership: Partnership, parties: Sequence[Party]) -> Iterator[Given]:
    """Yield hosts and guests of catch-ups face to face that took place. One query.

    A host gives to each other side that was there. Without recorded attendance, guests who
    did not decline count.
    """
    sides = {one.pk: one.organisation_id for one in parties}
    guests = CatchUpGuest.objects.filter(
        partnership=partnership,
        catch_up__meeting__state=State.HELD,
        catch_up__in_person=True,
        catch_up__host__isnull=False,
    ).exclude(came=False)
    guests = guests.exclude(came=None, answer=MeetingParty.Answer.DECLINED)
    rows = guests.values_list("catch_up_id", "catch_up__host_id", "party_id").distinct()
    for _catch_up, host, party in rows.order_by("catch_up_id", "party_id"):
        if party != host and host in sides and party in sides:
            yield Given(Favour.Kind.HOSTING, sides[host], sides[party], 1)
