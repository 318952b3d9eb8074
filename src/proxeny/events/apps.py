"""Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    """Joint events: participation, requests, agenda runs, publication."""

    name = "proxeny.events"
    label = "events"

    def ready(self) -> None:
        """Say how an event's steps read in the history of its partnership."""
        from proxeny.partnerships.history import tell

        for verb, sentence in {
            "create_event": _("Began a joint event"),
            "open_event": _("Opened an event for requests"),
            "close_requests": _("Closed the requests of an event"),
            "show_provisional": _("Showed a provisional agenda to the participants"),
            "publish_agenda": _("Published an agenda"),
            "finish_event": _("Closed a finished event"),
            "cancel_event": _("Called an event off"),
        }.items():
            tell(verb, sentence)
