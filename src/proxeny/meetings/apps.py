"""Django application."""

from django.apps import AppConfig
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    """The one meeting model and its outcome chain."""

    name = "proxeny.meetings"
    label = "meetings"

    def ready(self) -> None:
        """Say how its deeds read in a history; matching learns who has met, and how it went."""
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
        )  # fmt: skip
        know_meetings(pairs_met)
        know_liking(pairs_rated, own_word=True)
