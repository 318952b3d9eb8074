"""Addresses of events."""

from django.urls import path, re_path

from proxeny.events.agenda_urls import urlpatterns as agenda_urlpatterns
from proxeny.events.views import (
    answers,
    events,
    guests,
    opening,
    participants,
    registration,
    requests,
    setup,
    suggestions,
)

app_name = "events"

urlpatterns = [
    path("", events.show_events, name="list"),
    path("export", events.export_events, name="export"),
    path("new", setup.create, name="create"),
    path("<int:event_id>/", events.show_event, name="detail"),
    # Before the rest: addresses are tried in this order, and on the day these are asked for most.
    *agenda_urlpatterns,
    path("<int:event_id>/participants/", participants.show_participants, name="participants"),
    path(
        "<int:event_id>/participants/export",
        participants.export_participants,
        name="participants-export",
    ),
    path("<int:event_id>/setup/", setup.edit_basics, name="setup"),
    path("<int:event_id>/setup/days", setup.edit_days, name="setup-days"),
    path("<int:event_id>/setup/days/preview", setup.preview, name="setup-preview"),
    path("<int:event_id>/setup/tables", setup.edit_tables, name="setup-tables"),
    path("<int:event_id>/setup/groups", setup.edit_groups, name="setup-groups"),
    path("<int:event_id>/setup/rules", setup.edit_rules, name="setup-rules"),
    path("<int:event_id>/setup/opening", opening.show_opening, name="setup-opening"),
    path("<int:event_id>/setup/reopen", opening.reopen, name="reopen"),
    path("<int:event_id>/setup/cancel", opening.cancel, name="cancel"),
    re_path(
        r"^(?P<event_id>\d+)/setup/(?P<verb>open|close|finish)$",
        opening.change_state,
        name="change-state",
    ),
    path("by-link/new", guests.ask_again, name="guest-again"),
    path("by-link/<str:token>/", guests.open_link, name="guest"),
    path("by-link/<str:token>/meetings.ics", guests.show_calendar, name="guest-calendar"),
    path(
        "participations/<int:participation_id>/account", guests.make_account, name="guest-account"
    ),
    path("<int:event_id>/invite", registration.invite, name="invite"),
    path("<int:event_id>/answers/", answers.show_answers, name="answers"),
    path("<int:event_id>/answers/remind", answers.remind, name="remind"),
    path("<int:event_id>/check-in/", answers.show_check_in, name="check-in"),
    path("participations/<int:participation_id>/", registration.show_registration, name="register"),
    path("participations/<int:participation_id>/withdraw", registration.withdraw, name="withdraw"),
    path("participations/<int:participation_id>/here", answers.set_here, name="set-here"),
    path(
        "participations/<int:participation_id>/requests/", requests.show_requests, name="requests"
    ),
    path(
        "participations/<int:participation_id>/requests/<int:target_id>",
        requests.set_mark,
        name="mark",
    ),
    path(
        "participations/<int:participation_id>/suggestions/",
        suggestions.show_suggestions,
        name="suggestions",
    ),
    path(
        "participations/<int:participation_id>/suggestions/find",
        suggestions.find,
        name="suggestions-find",
    ),
    path(
        "participations/<int:participation_id>/suggestions/progress",
        suggestions.show_progress,
        name="suggestions-progress",
    ),
]
