"""Who may use which route under /api/v1/desk."""

from collections.abc import Callable

from proxeny.ambassadors.models import Introduction, Mandate
from tests.access import desk
from tests.access.api.route import ApiRoute
from tests.access.crowd import Crowd

D = "/api/v1/desk"
DESK = f"{D}/{{partnership_id}}"
ALL = f"{DESK}/introductions"
ONE = f"{ALL}/{{introduction_id}}"
TIME = f"{ONE}/times/{{time_id}}"
MANDATE = f"{DESK}/mandates/{{mandate_id}}"
OWN = f"{D}/own/introductions/{{introduction_id}}"
OWN_MANDATE = f"{D}/own/mandates/{{mandate_id}}"
State = Introduction.State
Arguments = Callable[[Crowd], dict]


def _of(found: Arguments) -> Arguments:
    """Return a page's arguments as the API calls them."""
    names = {"pk": "partnership_id", "option_id": "time_id"}
    return lambda crowd: {names.get(name, name): value for name, value in found(crowd).items()}


_DESK, _MAIN = _of(desk.desk), _of(desk.at())
_TIME = _of(desk.at(option_id=desk.option_id))


def _new(crowd: Crowd) -> dict:
    a, b = crowd.world.a.members[0].pk, crowd.world.b.members[2].pk
    return {"member_id": a, "stakeholder_id": b, "reason": "They fit."}


def _asked(crowd: Crowd) -> dict:
    return {
        "partnership_id": crowd.world.partnership.pk,
        "member_id": crowd.world.a.members[0].pk,
        "seeks": "Buyers in Lyon",
        "until": desk.day(90),
    }


def _given(crowd: Crowd) -> dict:
    return {
        "introduction_ids": [desk.main_case().pk],
        "person_id": crowd.world.a.manager.pk,
        "why": "She goes on leave.",
    }


ROUTES: dict[str, ApiRoute] = {
    "list_desk_introductions": ApiRoute("GET", ALL, _DESK, query=(("state", "all"),)),
    # B's manager may note one at their own desk, but of no member of A.
    "note_introduction": ApiRoute("POST", ALL, _DESK, data=_new, statuses=(201, 422)),
    "show_desk_introduction": ApiRoute("GET", ONE, _MAIN),
    "show_desk_introduction noted": ApiRoute("GET", ONE, _of(desk.noted)),
    "change_introduction": ApiRoute("PATCH", ONE, _MAIN, data=lambda _: {"place": "Lyon"}),
    "change_introduction noted": ApiRoute(
        "PATCH", ONE, _of(desk.noted), data=lambda _: {"next_step": "Ask her"}
    ),
    "ask_sides": ApiRoute("POST", f"{ONE}/ask", _of(desk.at(State.NOTED)), data=lambda _: {}),
    "note_answer": ApiRoute(
        "POST",
        f"{ONE}/answer",
        _of(desk.at(State.ASKING)),
        data=lambda _: {"role": "stakeholder", "wants": True, "why": "On the phone."},
    ),
    "suggest_meeting_times": ApiRoute("GET", f"{ONE}/times/suggested", _MAIN),
    "offer_times": ApiRoute(
        "POST",
        f"{ONE}/times",
        _MAIN,
        data=lambda _: {"times": [{"starts_at": desk.moment()}], "time_zone": "Europe/Paris"},
    ),
    "answer_for_desk": ApiRoute("POST", f"{TIME}/answer", _TIME, data=lambda _: {"suits": True}),
    "withdraw_time": ApiRoute("POST", f"{TIME}/withdraw", _TIME),
    "book_directly": ApiRoute(
        "POST",
        f"{ONE}/book",
        _of(desk.at(State.FINDING)),
        data=lambda crowd: {
            **desk.why(crowd),
            "starts_at": desk.moment(),
            "time_zone": "Europe/Paris",
        },
    ),
    "call_off_booking": ApiRoute("POST", f"{ONE}/call-off", _MAIN, data=desk.why),
    "close_introduction": ApiRoute("POST", f"{ONE}/close", _MAIN, data=desk.why),
    "reopen_introduction": ApiRoute("POST", f"{ONE}/reopen", _of(desk.at(State.CLOSED))),
    "reassign_introductions": ApiRoute("POST", f"{DESK}/hand-over", _DESK, data=_given),
    "list_desk_notes": ApiRoute("GET", f"{ONE}/notes", _MAIN),
    "write_desk_note": ApiRoute(
        "POST", f"{ONE}/notes", _MAIN, data=lambda _: {"text": "Call again"}
    ),
    "drop_desk_note": ApiRoute(
        "POST", f"{ONE}/notes/{{note_id}}/drop", _of(desk.at(note_id=desk.note_id))
    ),
    "note_stakeholder": ApiRoute(
        "POST", f"{DESK}/stakeholders", _DESK, data=lambda _: {"name": "Buyer", "country": "FR"}
    ),
    "list_desk_mandates": ApiRoute("GET", f"{DESK}/mandates", _DESK),
    "show_desk_mandate": ApiRoute("GET", MANDATE, _of(desk.mandate)),
    "answer_mandate": ApiRoute(
        "POST", f"{MANDATE}/answer", _of(desk.mandate), data=lambda _: {"state": "accepted"}
    ),
    "list_own_introductions": ApiRoute("GET", f"{D}/own/introductions"),
    "show_own_introduction": ApiRoute("GET", OWN, desk.own()),
    "answer_wish": ApiRoute(
        "POST", f"{OWN}/wish", desk.own(State.ASKING), data=lambda _: {"wants": True}
    ),
    "answer_times": ApiRoute(
        "POST", f"{OWN}/times", desk.own(), data=lambda _: {"suits": [desk.option_id()]}
    ),
    "decline_introduction": ApiRoute("POST", f"{OWN}/decline", desk.own(), data=desk.why),
    "list_ambassadors": ApiRoute("GET", f"{D}/own/ambassadors"),
    "list_own_mandates": ApiRoute("GET", f"{D}/own/mandates"),
    # It waits for an answer already.
    "ask_mandate": ApiRoute("POST", f"{D}/own/mandates", data=_asked, statuses=(409,)),
    "show_own_mandate": ApiRoute("GET", OWN_MANDATE, desk.own_mandate()),
    "change_mandate": ApiRoute(
        "PATCH", OWN_MANDATE, desk.own_mandate(), data=lambda _: {"no_go": "Nobody"}
    ),
    "withdraw_mandate": ApiRoute("POST", f"{OWN_MANDATE}/withdraw", desk.own_mandate()),
    "ask_mandate_again": ApiRoute(
        "POST", f"{OWN_MANDATE}/again", desk.own_mandate(Mandate.State.WITHDRAWN)
    ),
    "show_working_hours": ApiRoute("GET", f"{D}/own/hours"),
    "set_working_hours": ApiRoute(
        "PUT",
        f"{D}/own/hours",
        data=lambda _: {"weekdays": [0, 1], "opens_min": 540, "closes_min": 1020},
    ),
    "show_busy_times": ApiRoute("GET", f"{D}/own/busy"),
    "bring_calendar": ApiRoute("POST", f"{D}/own/busy", data=desk.calendar, form=True),
    "forget_calendar": ApiRoute("DELETE", f"{D}/own/busy"),
}
