"""Django application."""

from django.apps import AppConfig
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class AmbassadorsConfig(AppConfig):
    """The ambassador's desk."""

    name = "proxeny.ambassadors"
    label = "ambassadors"

    def ready(self) -> None:
        """Give each room its desk, and say how its deeds read in a history."""
        from proxeny.ambassadors.history import teach
        from proxeny.partnerships.views.frame import add_pages

        add_pages("working", ("desk", _("Desk"), "ambassadors:board"))
        teach()
        _point()
        _tell_days()
        _read_replies()
        _tell_rooms()


def _point() -> None:
    """Say what becomes of the desk's rows when two entries of the directory are merged."""
    from proxeny.directory.pointers import Pointer, point

    introduced = _("Both are being introduced: %(names)s. Close one of the introductions first.")
    over = Q(state__in=("met", "closed"))
    point(
        *(Pointer(f"ambassadors.{name}", "cluster", stays="clusters are never merged")
          for name in ("Mandate", "Introduction", "Side", "Note", "TimeOption", "Mission",
                       "Stop")),
        Pointer("ambassadors.Mandate", "member",
                sentence=_("Both have asked the ambassador: %(names)s. Answer one of them first."),
                named_by="partnership__title",
                over=Q(state__in=("accepted", "declined", "withdrawn"))),
        Pointer("ambassadors.Introduction", "member", sentence=introduced,
                named_by="stakeholder__name", over=over),
        Pointer("ambassadors.Introduction", "stakeholder", sentence=introduced,
                named_by="member__name", over=over),
        Pointer("ambassadors.Side"),
    )  # fmt: skip


def _read_replies() -> None:
    """Let answers by mail to the desk's invitations come to the desk."""
    from proxeny.ambassadors.operations.replies import KEEPER
    from proxeny.meetings.operations.asked import keep_desks

    keep_desks(KEEPER)


def _tell_days() -> None:
    """Say how plans of days read in a history."""
    from proxeny.kernel import audit

    audit.tell({
        "plan_day_of_visits": _("Planned a day of visits"),
        "change_day_of_visits": _("Changed a day of visits"),
        "drop_day_of_visits": _("Put a day of visits away"),
        "add_stop": _("Added a visit to a day"),
        "change_stop": _("Changed a visit of a day"),
        "drop_stop": _("Took a visit out of a day"),
    })  # fmt: skip


def _tell_rooms() -> None:
    """Tell rooms what desks count and await, and outcomes what was asked before a meeting."""
    from proxeny.ambassadors import outcome_groups, room_facts
    from proxeny.meetings.outcome_groups import tell_requests, tell_sources
    from proxeny.partnerships.exchange import count_given
    from proxeny.partnerships.overview import tell_dates, tell_tiles, tell_waiting
    from proxeny.partnerships.report import tell_chapters

    tell_sources(outcome_groups.sources_of)
    tell_requests(outcome_groups.count_requests)
    tell_dates(room_facts.find_dates)
    tell_tiles(room_facts.find_tiles)
    tell_waiting(room_facts.find_waiting)
    tell_chapters(room_facts.find_chapters)
    count_given(room_facts.count_given)
