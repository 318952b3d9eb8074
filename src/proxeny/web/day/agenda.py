"""The next meetings."""

from datetime import datetime

from django.urls import reverse

from proxeny.assessments.queries.reports import find_hand_overs
from proxeny.kernel.lists import join_items
from proxeny.kernel.tenancy import Reader
from proxeny.kernel.zones import city_of, is_same_clock
from proxeny.meetings.models import Meeting
from proxeny.meetings.queries import (
    own_meetings,
    own_organisations,
    title_of_catch_up,
    title_of_hand_over,
    with_parties,
)
from proxeny.web.day.model import NextMeeting

MEETINGS = 5


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
        others = list(
            dict.fromkeys(
                p.organisation.name for p in meeting.parties.all() if p.organisation_id not in own
            )
        )
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
