"""Django application."""

from django.apps import AppConfig
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    """Joint events: participation, requests, agenda runs, publication."""

    name = "proxeny.events"
    label = "events"

    def ready(self) -> None:
        """Say how an event's steps read in a history, and who hosted, in give and take."""
        from proxeny.events.deadlines import find_deadlines
        from proxeny.notices.deadlines import show_deadlines_of

        show_deadlines_of(find_deadlines)
        from proxeny.directory.pointers import Pointer, point
        from proxeny.events import outcome_groups
        from proxeny.events.history import teach
        from proxeny.events.public_facts import find_supporters
        from proxeny.events.room_facts import count_hosting
        from proxeny.meetings.outcome_groups import (
            Grouping,
            tell_groups,
            tell_requests,
            tell_sources,
        )
        from proxeny.partnerships.exchange import count_given
        from proxeny.partnerships.public_results import tell_supporters

        teach()
        point(
            Pointer("events.Group"),
            Pointer("events.Participation",
                    sentence=_("Both take part in %(names)s. First withdraw the one that will be merged away."),
                    named_by="event__title", over=Q(state="withdrawn")),
        )  # fmt: skip
        count_given(count_hosting)
        tell_supporters(find_supporters)
        tell_groups("event", Grouping(outcome_groups.events_of, outcome_groups.name_events))
        tell_sources(outcome_groups.sources_of)
        tell_requests(outcome_groups.count_requests)
