"""Addresses of requests, briefs, plans and the teams’ work."""

from django.urls import URLPattern, path

from proxeny.assessments.views import board, briefs, engagement, own, plan, workload

_ROOM = "partnerships/<int:pk>/assessments/"
_ONE = f"{_ROOM}<int:engagement_id>/"
_ADVISER = f"{_ONE}advisers/<int:person_id>/"
_STEP = f"{_ONE}steps/<int:step_id>/"
_OWN = "assessments/<int:engagement_id>/"

urlpatterns: list[URLPattern] = [
    # All of a room.
    path(_ROOM, board.show_list, name="list"),
    path(f"{_ROOM}board/", board.show_board, name="board"),
    path(f"{_ROOM}new/", board.note, name="note"),
    path(f"{_ROOM}workload/", workload.show, name="workload"),
    # One of them, as the teams see it.
    path(_ONE, engagement.show, name="engagement"),
    path(f"{_ONE}advisers/", engagement.name, name="adviser-name"),
    path(f"{_ADVISER}release/", engagement.release, name="adviser-release"),
    path(f"{_ADVISER}return/", engagement.take_back, name="adviser-return"),
    path(f"{_ONE}declare/", engagement.declare, name="declare"),
    path(f"{_ONE}decline/", engagement.decline, name="decline"),
    path(f"{_ONE}close/", engagement.close, name="close"),
    path(f"{_ONE}reopen/", engagement.reopen, name="reopen"),
    path(f"{_ONE}brief/", briefs.edit, name="brief-edit"),
    path(f"{_ONE}brief/ask/", briefs.ask, name="brief-ask"),
    path(f"{_ONE}brief/sign/", briefs.sign, name="brief-sign"),
    path(f"{_ONE}brief/refuse/", briefs.refuse, name="brief-refuse"),
    path(f"{_ONE}steps/", plan.add, name="step-add"),
    path(f"{_ONE}steps/restore/", plan.restore, name="step-restore"),
    path(_STEP, plan.edit, name="step-edit"),
    path(f"{_STEP}done/", plan.finish, name="step-finish"),
    path(f"{_STEP}undone/", plan.reopen, name="step-reopen"),
    path(f"{_STEP}drop/", plan.drop, name="step-drop"),
    # A company's own.
    path("services/<int:service_id>/ask/", own.ask, name="ask"),
    path("assessments/", own.show_list, name="own"),
    path(_OWN, own.show, name="own-engagement"),
    path(f"{_OWN}edit/", own.edit, name="own-edit"),
    path(f"{_OWN}withdraw/", own.withdraw, name="own-withdraw"),
    path(f"{_OWN}again/", own.again, name="own-again"),
    path(f"{_OWN}brief/sign/", own.sign, name="own-sign"),
    path(f"{_OWN}brief/refuse/", own.refuse, name="own-refuse"),
]
