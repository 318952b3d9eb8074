"""Addresses of the desk, of what members ask and answer, and of links for people without a sign-in."""

from django.urls import path

from proxeny.ambassadors.views import (
    adding,
    briefing,
    calendars,
    case,
    desk,
    handover,
    link,
    mandates,
    missions,
    own,
    own_mandates,
    report,
)

app_name = "ambassadors"

_DESK = "partnerships/<int:pk>/desk/"
_CASE = f"{_DESK}<int:introduction_id>/"
_MISSION = f"{_DESK}missions/<int:mission_id>/"
_OWN = "introductions/<int:introduction_id>/"
_MANDATE = "introductions/mandates/<int:mandate_id>/"

urlpatterns = [
    # The desk: the board, the list, one case and what is done with it.
    path("desk/", desk.show_desks, name="desks"),
    path(_DESK, desk.show_board, name="board"),
    path(f"{_DESK}list/", desk.show_list, name="list"),
    path(f"{_DESK}list/hand-over/", desk.reassign, name="reassign"),
    path(f"{_DESK}new/", adding.add, name="new"),
    path(f"{_DESK}new/stakeholder/", adding.add_stakeholder, name="stakeholder-new"),
    path(_CASE, case.show, name="case"),
    path(f"{_CASE}edit/", case.edit, name="case-edit"),
    path(f"{_CASE}ask/", case.ask, name="case-ask"),
    path(f"{_CASE}answer/<str:role>/", case.note_answer, name="case-answer"),
    path(f"{_CASE}times/", case.offer, name="case-offer"),
    path(f"{_CASE}times/<int:option_id>/", case.accept_time, name="case-time"),
    path(f"{_CASE}times/<int:option_id>/withdraw/", case.withdraw_time, name="case-time-withdraw"),
    path(f"{_CASE}book/", case.book, name="case-book"),
    path(f"{_CASE}call-off/", case.call_off, name="case-call-off"),
    path(f"{_CASE}close/", case.close, name="case-close"),
    path(f"{_CASE}reopen/", case.reopen, name="case-reopen"),
    path(f"{_CASE}notes/", case.write_note, name="case-note"),
    path(f"{_CASE}notes/<int:note_id>/drop/", case.drop_note, name="note-drop"),
    # Mandates, as the desk sees them.
    path(f"{_DESK}mandates/", mandates.show_list, name="mandates"),
    path(f"{_DESK}mandates/<int:mandate_id>/", mandates.show, name="mandate"),
    path(f"{_DESK}mandates/<int:mandate_id>/answer/", mandates.answer, name="mandate-answer"),
    # Handover and report.
    path(f"{_DESK}hand-over/", handover.show, name="hand-over"),
    path(f"{_DESK}hand-over/pdf/", handover.take, name="hand-over-pdf"),
    path(f"{_DESK}report/", report.show, name="report"),
    path(f"{_DESK}report/pdf/", report.take, name="report-pdf"),
    # Mandates and answers of members.
    path("introductions/", own.show_list, name="own"),
    path("introductions/mandates/new/", own_mandates.ask, name="own-mandate-new"),
    path(_MANDATE, own_mandates.show, name="own-mandate"),
    path(f"{_MANDATE}edit/", own_mandates.edit, name="own-mandate-edit"),
    path(f"{_MANDATE}withdraw/", own_mandates.withdraw, name="own-mandate-withdraw"),
    path(f"{_MANDATE}again/", own_mandates.ask_again, name="own-mandate-again"),
    path("introductions/calendar/", calendars.show, name="calendar"),
    path("introductions/calendar/hours/", calendars.set_hours, name="calendar-hours"),
    path("introductions/calendar/bring/", calendars.bring, name="calendar-bring"),
    path("introductions/calendar/forget/", calendars.forget, name="calendar-forget"),
    path(_OWN, own.show, name="own-case"),
    path(f"{_OWN}wish/", own.answer_wish, name="own-wish"),
    path(f"{_OWN}times/", own.answer_times, name="own-times"),
    path(f"{_OWN}decline/", own.decline, name="own-decline"),
    path(f"{_OWN}meeting.ics", own.show_meeting, name="own-meeting"),
    # Links for people without a sign-in.
    path("answer/<str:token>/", link.show, name="link"),
    path("answer/<str:token>/meeting.ics", link.show_calendar, name="link-calendar"),
    # Briefings and missions.
    path(f"{_CASE}briefing/", briefing.show, name="briefing"),
    path(f"{_CASE}briefing/pdf/", briefing.take, name="briefing-file"),
    path(f"{_DESK}day/", briefing.show_day, name="day"),
    path(f"{_DESK}day/pdf/", briefing.take_day, name="day-file"),
    path(f"{_DESK}missions/", missions.show_list, name="missions"),
    path(f"{_DESK}missions/new/", missions.add, name="mission-new"),
    path(_MISSION, missions.show, name="mission"),
    path(f"{_MISSION}edit/", missions.edit, name="mission-edit"),
    path(f"{_MISSION}drop/", missions.drop, name="mission-drop"),
    path(f"{_MISSION}propose/", missions.propose, name="mission-propose"),
    path(f"{_MISSION}visits/", missions.add_stop, name="mission-stop-add"),
    path(f"{_MISSION}visits/<int:stop_id>/", missions.edit_stop, name="mission-stop"),
    path(f"{_MISSION}visits/<int:stop_id>/drop/", missions.drop_stop, name="mission-stop-drop"),
    path("introductions/<int:introduction_id>/briefing/", briefing.show_own, name="own-briefing"),
    path(
        "introductions/<int:introduction_id>/briefing/pdf/",
        briefing.take_own,
        name="own-briefing-file",
    ),
    path("answer/<str:token>/briefing.pdf", briefing.take_by_link, name="link-briefing"),
]
