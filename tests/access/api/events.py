"""Who may use which route under /api/v1/events."""

from tests.access.api.route import ApiRoute
from tests.access.crowd import Crowd

EVENTS = "/api/v1/events"
EVENT = f"{EVENTS}/{{event_id}}"
TAKEN = f"{EVENTS}/participations/{{participation_id}}"
ENTRY = f"{EVENT}/agenda/entries/{{entry_id}}"
#: The two who meet.
PAIR = ("a_member", "b_member")
#: A deed may also find the event at another stage; who may do it reads so.
DEED = (200, 202, 204, 409)


def _event(crowd: Crowd) -> dict:
    return {"event_id": crowd.taken.event.pk}


def _draft(crowd: Crowd) -> dict:
    return {"event_id": crowd.draft_event.pk}


def _greek(crowd: Crowd) -> dict:
    return {"participation_id": crowd.taken.greek[0].pk}


def _mark(crowd: Crowd) -> dict:
    return _greek(crowd) | {"target_id": crowd.taken.french[2].pk}


def _entry(crowd: Crowd) -> dict:
    return _event(crowd) | {"entry_id": crowd.meeting.agenda_entry.pk}


def _hidden_entry(crowd: Crowd) -> dict:
    return _event(crowd) | {"entry_id": crowd.hidden_meeting.agenda_entry.pk}


def _facts(crowd: Crowd) -> dict:
    return {
        "partnership": crowd.world.partnership.pk,
        "title": "Next spring",
        "place": "Lyon",
        "time_zone": "Europe/Paris",
        "starts_on": "2084-05-03",
        "ends_on": "2084-05-03",
        "deadline_at": "2084-04-20T12:00:00Z",
    }


def _days(crowd: Crowd) -> dict:
    return {"days": [{"on": "2083-03-10", "starts": "09:00", "ends": "12:00"}]}


def _tables(crowd: Crowd) -> dict:
    return {"tables": [{"name": f"Table {number}"} for number in range(1, 4)]}


def _groups(crowd: Crowd) -> dict:
    groups = crowd.taken.event.groups.order_by("pk")
    return {
        "groups": [
            {"id": one.pk, "name": one.name, "organisation_id": one.organisation_id}
            for one in groups
        ]
    }


def _rules(crowd: Crowd) -> dict:
    source, target = (one.group_id for one in (crowd.taken.greek[0], crowd.taken.french[0]))
    return {"rules": [{"source": source, "target": target, "is_allowed": True}]}


def _registration(crowd: Crowd) -> dict:
    return {"contact": "The director", "languages": ["en"], "unavailable": [1]}


def _place(crowd: Crowd) -> dict:
    event = crowd.taken.event
    slot, table = event.slots.get(number=4), event.tables.get(number=1)
    return {"slot": slot.pk, "table": table.pk}


def _pair(crowd: Crowd) -> dict:
    return {"first": crowd.taken.greek[2].pk, "second": crowd.taken.french[2].pk}


def _why(crowd: Crowd) -> dict:
    return {"reason": "It does not fit."}


def _no_show(crowd: Crowd) -> dict:
    return {"participation": crowd.taken.greek[0].pk}


def _nothing(crowd: Crowd) -> dict:
    return {}


_SETUP: dict[str, ApiRoute] = {
    "list_events": ApiRoute("GET", EVENTS),
    "export_events": ApiRoute("GET", f"{EVENTS}/export", query=(("format", "xlsx"),)),
    "create_event": ApiRoute("POST", EVENTS, data=_facts),
    "show_event": ApiRoute("GET", EVENT, _event),
    "show_event draft": ApiRoute("GET", EVENT, _draft),
    "update_event": ApiRoute("PATCH", EVENT, _event, lambda _: {"title": "Another"}),
    "list_event_history": ApiRoute("GET", f"{EVENT}/history", _event),
    "list_event_history draft": ApiRoute("GET", f"{EVENT}/history", _draft),
    "open_event": ApiRoute("POST", f"{EVENT}/open", _draft, statuses=(200, 422)),
    "close_requests": ApiRoute("POST", f"{EVENT}/close", _event),
    "reopen_requests": ApiRoute("POST", f"{EVENT}/reopen", _event, _nothing, statuses=DEED),
    "cancel_event": ApiRoute("POST", f"{EVENT}/cancel", _event, _why),
    "finish_event": ApiRoute("POST", f"{EVENT}/finish", _event, statuses=DEED),
    "show_event_days": ApiRoute("GET", f"{EVENT}/days", _event),
    "show_event_days draft": ApiRoute("GET", f"{EVENT}/days", _draft),
    # Meetings lie in its slots.
    "set_days": ApiRoute("PUT", f"{EVENT}/days", _event, _days, statuses=(409,)),
    "preview_days": ApiRoute("POST", f"{EVENT}/days/preview", _event, _days),
    "list_event_tables": ApiRoute("GET", f"{EVENT}/tables", _event),
    "set_tables": ApiRoute("PUT", f"{EVENT}/tables", _event, _tables),
    "list_event_groups": ApiRoute("GET", f"{EVENT}/groups", _event),
    "set_groups": ApiRoute("PUT", f"{EVENT}/groups", _event, _groups),
    "list_event_rules": ApiRoute("GET", f"{EVENT}/rules", _event),
    "set_rules": ApiRoute("PUT", f"{EVENT}/rules", _event, _rules),
}

_PEOPLE: dict[str, ApiRoute] = {
    "list_participants": ApiRoute("GET", f"{EVENT}/participants", _event),
    "list_participants draft": ApiRoute("GET", f"{EVENT}/participants", _draft),
    "export_participants": ApiRoute("GET", f"{EVENT}/participants/export", _event),
    "list_event_answers": ApiRoute("GET", f"{EVENT}/answers", _event),
    "show_event_arrivals": ApiRoute("GET", f"{EVENT}/arrivals", _event),
    "list_invitable_members": ApiRoute("GET", f"{EVENT}/invitable", _event),
    # Each cluster brings its own; what the other names is not there for it.
    "invite_members": ApiRoute(
        "POST",
        f"{EVENT}/invite",
        _event,
        lambda crowd: {"organisations": [crowd.hidden.pk]},
    ),
    "remind_participants": ApiRoute("POST", f"{EVENT}/remind", _event, _nothing),
    "show_participation": ApiRoute("GET", TAKEN, _greek),
    "update_registration": ApiRoute("PATCH", TAKEN, _greek, lambda _: {"pitch": "Wood"}),
    "register_participant": ApiRoute("POST", f"{TAKEN}/register", _greek, _registration),
    "withdraw_participation": ApiRoute("POST", f"{TAKEN}/withdraw", _greek, _why),
    "check_in_participant": ApiRoute("POST", f"{TAKEN}/check-in", _greek, _nothing, statuses=DEED),
    # Whom somebody marked is told to nobody but the own cluster.
    "list_counterparts": ApiRoute("GET", f"{TAKEN}/counterparts", _greek),
    "list_suggestions": ApiRoute("GET", f"{TAKEN}/suggestions", _greek),
    "find_suggested": ApiRoute("POST", f"{TAKEN}/suggestions", _greek),
    "list_meeting_requests": ApiRoute("GET", f"{TAKEN}/requests", _greek),
    "count_meeting_requests": ApiRoute("GET", f"{TAKEN}/requests/counts", _greek),
    "set_meeting_request": ApiRoute(
        "PUT", f"{TAKEN}/requests/{{target_id}}", _mark, lambda _: {"kind": "no-thanks"}
    ),
    "clear_meeting_request": ApiRoute("DELETE", f"{TAKEN}/requests/{{target_id}}", _mark),
}

_AGENDA: dict[str, ApiRoute] = {
    "show_agenda": ApiRoute("GET", f"{EVENT}/agenda", _event),
    "list_agenda_runs": ApiRoute("GET", f"{EVENT}/agenda/runs", _event),
    "start_agenda_run": ApiRoute(
        "POST", f"{EVENT}/agenda/runs", _event, lambda _: {"time_limit_s": 5}, statuses=DEED
    ),
    # The crowd's run has no job that could be stopped.
    "stop_agenda_run": ApiRoute("POST", f"{EVENT}/agenda/stop", _event, statuses=(404,)),
    "discard_agenda": ApiRoute("POST", f"{EVENT}/agenda/discard", _event, statuses=DEED),
    "show_provisional": ApiRoute("POST", f"{EVENT}/agenda/show", _event, statuses=DEED),
    "publish_agenda": ApiRoute("POST", f"{EVENT}/agenda/publish", _event, statuses=DEED),
    "list_agenda_announcements": ApiRoute("GET", f"{EVENT}/agenda/announcements", _event),
    "export_agenda": ApiRoute("GET", f"{EVENT}/agenda/export", _event),
    "list_agenda_entries": ApiRoute("GET", f"{EVENT}/agenda/entries", _event),
    "add_agenda_entry": ApiRoute(
        "POST",
        f"{EVENT}/agenda/entries",
        _event,
        lambda crowd: _pair(crowd) | _place(crowd),
        statuses=(201, 409),
    ),
    "list_agenda_places": ApiRoute(
        # Two who take part in no event, whatever numbers were handed out.
        "GET",
        f"{EVENT}/agenda/places",
        _event,
        statuses=(404,),
        query=(("first", str(2**62)), ("second", str(2**62 + 1))),
    ),
    "show_agenda_entry": ApiRoute("GET", ENTRY, _entry),
    "list_agenda_entry_places": ApiRoute("GET", f"{ENTRY}/places", _entry),
    "lock_agenda_entry": ApiRoute("POST", f"{ENTRY}/lock", _entry, statuses=DEED),
    "unlock_agenda_entry": ApiRoute("POST", f"{ENTRY}/unlock", _entry, statuses=DEED),
    "move_agenda_entry": ApiRoute("POST", f"{ENTRY}/move", _entry, _place, statuses=DEED),
    "cancel_agenda_entry": ApiRoute("POST", f"{ENTRY}/cancel", _entry, _why, statuses=DEED),
    # The two who meet, and nobody else; while it is not shown yet, not even they.
    "withdraw_from_agenda_entry": ApiRoute("POST", f"{ENTRY}/withdraw", _entry, _why),
    "withdraw_from_agenda_entry hidden": ApiRoute("POST", f"{ENTRY}/withdraw", _hidden_entry, _why),
    "plan_repair": ApiRoute("POST", f"{EVENT}/agenda/repair/plan", _event, _no_show, statuses=DEED),
    "apply_repair": ApiRoute(
        "POST",
        f"{EVENT}/agenda/repair/apply",
        _event,
        lambda _: {"token": "x"},
        statuses=(409,),
    ),
    "report_no_show": ApiRoute(
        "POST", f"{EVENT}/agenda/repair/no-show", _event, _no_show, statuses=DEED
    ),
    "show_event_outcome": ApiRoute("GET", f"{EVENT}/agenda/outcome", _event),
    "ask_event_outcome": ApiRoute("POST", f"{EVENT}/agenda/outcome/ask", _event, statuses=DEED),
    "show_my_agenda": ApiRoute("GET", f"{EVENT}/my-agenda", _event),
    "download_my_agenda": ApiRoute("GET", f"{EVENT}/my-agenda.ics", _event),
}

ROUTES: dict[str, ApiRoute] = _SETUP | _PEOPLE | _AGENDA
