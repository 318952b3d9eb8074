"""How each page is tried: an event's agenda."""

from tests.access.crowd import Crowd
from tests.access.routes._route import Route, by_matrix, event, reason


def _entry(crowd: Crowd) -> dict:
    return {"event_id": crowd.taken.event.pk, "entry_id": crowd.meeting.agenda_entry.pk}


def _hidden_entry(crowd: Crowd) -> dict:
    return {"event_id": crowd.taken.event.pk, "entry_id": crowd.hidden_meeting.agenda_entry.pk}


def _place(crowd: Crowd) -> dict:
    slot, table = crowd.taken.event.slots.last(), crowd.taken.event.tables.last()
    return {"place": f"{slot.pk}-{table.pk}"}


def _pair(crowd: Crowd) -> dict:
    first, second = crowd.taken.greek[2].pk, crowd.taken.french[2].pk
    return {"first": first, "second": second, **_place(crowd)}


AGENDA = by_matrix(
    {
        # Participants are led to their own agenda, staff who take no part to the timetable.
        "events:agenda": Route(event),
        "events:timetable": Route(event),
        "events:whole-agenda": Route(event),
        "events:my-agenda": Route(event),
        "events:my-agenda-ics": Route(event),
        "events:agenda-run": Route(event, posts_only=True),
        "events:agenda-progress": Route(event),
        "events:agenda-stop": Route(event, posts_only=True),
        "events:agenda-show": Route(event, posts_only=True),
        "events:agenda-publish": Route(event, posts_only=True),
        "events:agenda-discard": Route(event, posts_only=True),
        "events:agenda-export": Route(event),
        "events:outcome": Route(event),
        "events:outcome-ask": Route(event, posts_only=True),
        "events:agenda-print": Route(event),
        "events:entry-add": Route(event, data=_pair),
        "events:entry": Route(_entry),
        "events:entry-lock": Route(_entry, data=lambda _: {"locked": "1"}, posts_only=True),
        "events:entry-move": Route(_entry, data=_place, posts_only=True),
        "events:entry-cancel": Route(_entry, data=reason, posts_only=True),
        "events:repair": Route(event),
        "events:repair-apply": Route(event, posts_only=True),
        # The two who meet, and nobody else; while it is not shown yet, not even they.
        "events:meeting-withdraw": Route(_entry, data=reason),
        "events:meeting-withdraw hidden": Route(_hidden_entry, data=reason),
    }
)
