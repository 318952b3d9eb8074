"""Addresses of meetings: the private calendar, how meetings went, outcomes and catch-ups."""

from django.urls import path

from proxeny.meetings import views
from proxeny.meetings.views import catch_ups, outcomes

app_name = "meetings"

_ROOM = "partnerships/<int:pk>/catch-ups/"
_ONE = f"{_ROOM}<int:catch_up_id>/"

urlpatterns = [
    path("calendar/how-did-it-go/", views.show_ratings, name="ratings"),
    path("calendar/how-did-it-go/<int:meeting_id>/", views.rate, name="rate"),
    path("calendar/<str:token>.ics", views.show_feed, name="feed"),
    path("partnerships/<int:pk>/outcomes/", outcomes.show, name="outcomes"),
    path(_ROOM, catch_ups.show_list, name="catch-ups"),
    path(f"{_ROOM}plan/", catch_ups.plan, name="catch-up-plan"),
    path(_ONE, catch_ups.show, name="catch-up"),
    path(f"{_ONE}edit/", catch_ups.edit, name="catch-up-edit"),
    path(f"{_ONE}minutes/", catch_ups.write_minutes, name="catch-up-minutes"),
    path(f"{_ONE}call-off/", catch_ups.call_off, name="catch-up-call-off"),
    path(f"{_ONE}answer/", catch_ups.answer, name="catch-up-answer"),
    path(f"{_ONE}close/", catch_ups.close, name="catch-up-close"),
    path(f"{_ONE}reopen/", catch_ups.reopen, name="catch-up-reopen"),
    path(f"{_ONE}miss/", catch_ups.miss, name="catch-up-miss"),
]
