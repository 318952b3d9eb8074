"""Addresses of events."""

from proxeny.events.agenda_urls import urlpatterns as agenda_urlpatterns

app_name = "events"

urlpatterns = [*agenda_urlpatterns]
