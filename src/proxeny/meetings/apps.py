"""Django application."""

from django.apps import AppConfig
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    """The one meeting model, its outcome chain, and the catch-ups of partnerships."""

    name = "proxeny.meetings"
    label = "meetings"

    def ready(self) -> None:
        """Say how its deeds read in a history; matching learns who has met, rooms of catch-ups."""
        from proxeny.directory.operations.profiles import know_liking, know_meetings
        from proxeny.directory.pointers import Pointer, point
        from proxeny.meetings.history import teach
        from proxeny.meetings.met_queries import pairs_met, pairs_rated

        teach()
        point(
            Pointer("meetings.MeetingParty",
                    sentence=_("Both are at the meeting %(names)s. Cancel it first."),
                    named_by="meeting__title", over=Q(meeting__state="cancelled")),
            Pointer("meetings.Meeting", "organisations"),
            Pointer("meetings.Meeting", "desk", stays="clusters are never merged"),
        )  # fmt: skip
        know_meetings(pairs_met)
        know_liking(pairs_rated, own_word=True)
        _furnish_rooms()


def _furnish_rooms() -> None:
    """Give each room its page of catch-ups, and tell it what it counts, awaits and shows of them."""
    from django.urls import reverse

    from proxeny.meetings import room_facts, year_facts
    from proxeny.meetings.queries.catch_ups import count_held
    from proxeny.partnerships.exchange import count_given
    from proxeny.partnerships.facts import count_catch_ups
    from proxeny.partnerships.overview import tell_dates, tell_tiles, tell_waiting
    from proxeny.partnerships.report import tell_chapters
    from proxeny.partnerships.signals import tell_signals
    from proxeny.partnerships.views.frame import add_pages
    from proxeny.partnerships.views.records import ORIGIN_PAGES

    add_pages(
        "working",
        ("catch-ups", _("Catch-ups"), "meetings:catch-ups"),
        ("outcomes", _("Outcomes"), "meetings:outcomes"),
    )
    ORIGIN_PAGES["catch-up"] = lambda pk, number: reverse("meetings:catch-up", args=[pk, number])
    count_catch_ups(count_held)
    tell_dates(room_facts.find_dates)
    tell_tiles(room_facts.find_tiles)
    tell_waiting(room_facts.find_waiting)
    tell_signals(room_facts.find_signals)
    tell_chapters(year_facts.find_chapters)
    count_given(room_facts.count_hosting)
