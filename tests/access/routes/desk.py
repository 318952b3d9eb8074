"""How each page of the desk is tried, and of what members and people by a link answer."""

from proxeny.ambassadors.models import Introduction, Mandate
from tests.access import desk
from tests.access.crowd import Crowd
from tests.access.routes._route import Route, by_matrix

State = Introduction.State


def _reassigned(crowd: Crowd) -> dict:
    return {
        "case": [desk.main_case().pk],
        "person": crowd.world.a.manager.pk,
        "why": "She goes on leave.",
    }


def _offer(crowd: Crowd) -> dict:
    return {"times": [desk.moment()], "time_zone": "Europe/Paris"}


def _book(crowd: Crowd) -> dict:
    found = {"on": desk.day(), "at": "10:00", "time_zone": "Europe/Paris", "why": "On the phone."}
    return {f"book-{name}": value for name, value in found.items()}


def _answer(crowd: Crowd) -> dict:
    found = {"role": "stakeholder", "wants": "yes", "why": "On the phone."}
    return {f"stakeholder-{name}": value for name, value in found.items()}


def _mandate(crowd: Crowd) -> dict:
    return {"seeks": "Buyers in Lyon", "until": desk.day(90), "version": 1}


def _facts(crowd: Crowd) -> dict:
    return {"reason": "They fit.", "duration_min": 45, "version": 1}


def _mission(crowd: Crowd) -> dict:
    return {
        "on": desk.day(30),
        "person": crowd.world.a.manager.pk,
        "city": "Paris",
        "country": "FR",
        "starts": "09:00",
        "ends": "18:00",
        "time_zone": "Europe/Paris",
        "mode": "walking",
        "apart_min": 20,
    }


def _stop(crowd: Crowd) -> dict:
    return {"name": "The town hall", "duration_min": 45, "weight": "should"}


def _hand_over(crowd: Crowd) -> dict:
    return {"person": crowd.world.a.manager.pk, "why": "She goes on leave."}


def _taken_from(crowd: Crowd) -> dict:
    desk.at()(crowd)
    return desk.desk(crowd)


def _role(crowd: Crowd) -> dict:
    return {**desk.at(State.ASKING)(crowd), "role": "stakeholder"}


#: Of the desk itself.
DESK = by_matrix(
    {
        "ambassadors:desks": Route(),
        "ambassadors:board": Route(desk.desk),
        "ambassadors:list": Route(desk.desk),
        "ambassadors:reassign": Route(desk.desk, data=_reassigned, posts_only=True),
        "ambassadors:new": Route(desk.desk),
        "ambassadors:stakeholder-new": Route(
            desk.desk, data=lambda _: {"name": "Buyer", "kind": "company", "country": "FR"}
        ),
        "ambassadors:mandates": Route(desk.desk),
        "ambassadors:mandate": Route(desk.mandate),
        "ambassadors:mandate-answer": Route(
            desk.mandate, data=lambda _: {"seen": 1, "state": "accepted"}, posts_only=True
        ),
        "ambassadors:case": Route(desk.at()),
        "ambassadors:case noted": Route(desk.noted),
        "ambassadors:case-edit": Route(desk.at(), data=_facts),
        "ambassadors:case-edit noted": Route(desk.noted, data=_facts),
        "ambassadors:case-ask": Route(desk.at(State.NOTED), posts_only=True),
        "ambassadors:case-answer": Route(_role, data=_answer, posts_only=True),
        "ambassadors:case-offer": Route(desk.at(), data=_offer, posts_only=True),
        "ambassadors:case-time": Route(
            desk.at(option_id=desk.option_id), data=lambda _: {"suits": "yes"}, posts_only=True
        ),
        "ambassadors:case-time-withdraw": Route(desk.at(option_id=desk.option_id), posts_only=True),
        "ambassadors:case-book": Route(desk.at(State.FINDING), data=_book, posts_only=True),
        "ambassadors:case-call-off": Route(
            desk.at(), data=lambda _: {"off-why": "A strike"}, posts_only=True
        ),
        "ambassadors:case-close": Route(
            desk.at(), data=lambda _: {"close-why": "They merge"}, posts_only=True
        ),
        "ambassadors:case-reopen": Route(desk.at(State.CLOSED), posts_only=True),
        "ambassadors:case-note": Route(
            desk.at(), data=lambda _: {"text": "Call again"}, posts_only=True
        ),
        "ambassadors:note-drop": Route(desk.at(note_id=desk.note_id), posts_only=True),
        "ambassadors:briefing": Route(desk.at()),
        "ambassadors:briefing-file": Route(desk.at()),
        "ambassadors:day": Route(desk.desk),
        "ambassadors:day-file": Route(desk.desk),
        "ambassadors:missions": Route(desk.desk),
        "ambassadors:mission-new": Route(desk.desk, data=_mission),
        "ambassadors:mission": Route(desk.mission),
        "ambassadors:mission-edit": Route(desk.mission, data=_mission),
        "ambassadors:mission-drop": Route(desk.mission, posts_only=True),
        "ambassadors:mission-propose": Route(desk.mission, posts_only=True),
        "ambassadors:mission-stop-add": Route(desk.mission, data=_stop, posts_only=True),
        "ambassadors:mission-stop": Route(desk.stop, data=_stop),
        "ambassadors:mission-stop-drop": Route(desk.stop, posts_only=True),
        "ambassadors:hand-over": Route(desk.desk, data=_hand_over),
        "ambassadors:hand-over-pdf": Route(_taken_from),
        "ambassadors:report": Route(desk.desk),
        "ambassadors:report-pdf": Route(desk.desk),
        "history:show introduction": Route(
            lambda crowd: {"kind": "introduction", "pk": desk.own()(crowd)["introduction_id"]}
        ),
        "history:show mandate": Route(
            lambda crowd: {"kind": "mandate", "pk": desk.mandate(crowd)["mandate_id"]}
        ),
    }
)

#: Of those who are to meet.
INTRODUCED = by_matrix(
    {
        "ambassadors:own": Route(),
        "ambassadors:own-case": Route(desk.own()),
        "ambassadors:own-wish": Route(
            desk.own(State.ASKING), data=lambda _: {"wants": "yes"}, posts_only=True
        ),
        "ambassadors:own-times": Route(
            desk.own(), data=lambda _: {"suits": [desk.option_id()]}, posts_only=True
        ),
        "ambassadors:own-decline": Route(desk.own(), data=desk.why, posts_only=True),
        "ambassadors:own-meeting": Route(desk.own()),
        "ambassadors:own-briefing": Route(desk.own()),
        "ambassadors:own-briefing-file": Route(desk.own()),
        "ambassadors:own-mandate-new": Route(data=_mandate),
        "ambassadors:own-mandate": Route(desk.own_mandate()),
        "ambassadors:own-mandate-edit": Route(desk.own_mandate(), data=_mandate),
        "ambassadors:own-mandate-withdraw": Route(desk.own_mandate(), posts_only=True),
        "ambassadors:own-mandate-again": Route(
            desk.own_mandate(Mandate.State.WITHDRAWN), posts_only=True
        ),
        "ambassadors:calendar": Route(),
        "ambassadors:calendar-hours": Route(
            data=lambda _: {"weekdays": [0, 1], "opens": "09:00", "closes": "17:00"},
            posts_only=True,
        ),
        "ambassadors:calendar-bring": Route(posts_only=True),
        "ambassadors:calendar-forget": Route(posts_only=True),
    }
)
