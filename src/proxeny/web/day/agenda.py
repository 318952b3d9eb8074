"""What comes next: meetings, events, and calls that close."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.assessments.queries.reports import find_hand_overs
from proxeny.calls.queries.watching import list_closing
from proxeny.calls.rules import BRUSSELS
from proxeny.events.models import Event
from proxeny.events.queries.events import list_coming
from proxeny.events.queries.next_step import next_steps
from proxeny.kernel.lists import join_items
from proxeny.kernel.tenancy import Reader
from proxeny.kernel.zones import city_of, is_same_clock, load_zone
from proxeny.meetings.models import Meeting
from proxeny.meetings.queries import (
    count_open_questions,
    own_meetings,
    own_organisations,
    title_of_catch_up,
    title_of_hand_over,
    with_parties,
)
from proxeny.web.day.model import NextMeeting, Task

#: Events that are looked at for what waits.
EVENTS = 4
MEETINGS = 5
CALLS = 3
#: A watched call that closes within so many days is a matter of haste.
HASTE_DAYS = 3


def find_ratings(reader: Reader, now: datetime) -> Iterator[Task]:
    count = count_open_questions(reader, now=now)
    if count:
        text = ngettext(
            "%(count)d meeting took place. How did it go?",
            "%(count)d meetings took place. How did they go?",
            count,
        )
        yield Task(
            title=_("Your meetings"),
            text=text % {"count": count},
            url=reverse("meetings:ratings"),
            label=_("Answer with one tap"),
            tone="info",
        )


def find_events(reader: Reader, now: datetime) -> Iterator[Task]:
    coming = list(list_coming(today=now.date())[:EVENTS])
    steps = next_steps(reader, coming, now=now)
    for event in coming:
        step = steps.get(event.pk)
        # What is well needs nobody today; it is on the event's own page.
        if step is not None and step.url and step.tone != "ok":
            text = " ".join(part for part in (step.text, _until(event, now)) if part)
            yield Task(event.title, text, step.url, step.label, step.tone)


def _until(event: Event, now: datetime) -> str:
    """Return until when wishes are taken, by the event's own clocks."""
    if event.state != Event.State.OPEN or now > event.deadline_at:
        return ""
    moment = date_format(
        event.deadline_at.astimezone(load_zone(event.time_zone)), "DATETIME_FORMAT"
    )
    return _("Wishes are taken until %(moment)s (%(city)s).") % {
        "moment": moment, "city": city_of(event.time_zone),
    }  # fmt: skip


def find_calls(reader: Reader, now: datetime) -> Iterator[Task]:
    """Tell of watched calls that close soon."""
    for one in list_closing(reader, now=now, most=CALLS):
        text = ngettext(
            "A call that you watch closes in %(count)d day, on %(day)s.",
            "A call that you watch closes in %(count)d days, on %(day)s.",
            one.days,
        )
        if not one.days:
            text = _("A call that you watch closes today.")
        day = date_format(one.closes_at.astimezone(BRUSSELS), "DATE_FORMAT")
        yield Task(
            title=one.call.title,
            text=text % {"count": one.days, "day": day},
            url=reverse("calls:detail", args=[one.call.pk]),
            label=_("Open the call"),
            tone="warn" if one.days <= HASTE_DAYS else "info",
        )


def find_next_meetings(reader: Reader, now: datetime) -> tuple[NextMeeting, ...]:
    coming = with_parties(
        own_meetings(reader)
        .filter(ends_at__gte=now, state__in=("provisional", "confirmed"))
        .order_by("starts_at", "pk")[:MEETINGS]
    )
    reports = find_hand_overs(reader, coming)
    found = []
    for meeting in coming:
        own = own_organisations(meeting, reader)
        others = list(dict.fromkeys(
            p.organisation.name for p in meeting.parties.all() if p.organisation_id not in own
        ))  # fmt: skip
        catch_up = {}
        if meeting.kind == "catch-up":
            catch_up = {
                "title": title_of_catch_up(meeting),
                "url": reverse("meetings:catch-up", args=[meeting.partnership_id, meeting.pk]),
                "video_url": meeting.catch_up.video_url,
            }
        elif meeting.kind == "handover":
            catch_up = {
                "title": title_of_hand_over(meeting),
                "url": reports.get(meeting.pk, ""),
            }
        found.append(
            NextMeeting(
                starts_at=meeting.starts_at,
                ends_at=meeting.ends_at,
                time_zone=meeting.time_zone,
                others=join_items(others),
                place=meeting.place,
                is_provisional=meeting.state == "provisional",
                city=_city(meeting, reader),
                **catch_up,
            )
        )
    return tuple(found)


def _city(meeting: Meeting, reader: Reader) -> str:
    # Where nobody said which clocks they read, the place's name does no harm.
    zone = reader.time_zone
    is_same = zone and is_same_clock(meeting.starts_at, meeting.time_zone, zone)
    return "" if is_same else city_of(meeting.time_zone)
