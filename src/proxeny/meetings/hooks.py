"""Contributions of this capability to the others."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from proxeny.directory.merge_references import Pointer, point
from proxeny.directory.operations.profiles import PAST_MEETINGS, know_liking
from proxeny.kernel.waiting import WAITING
from proxeny.meetings import room_facts, year_facts
from proxeny.meetings.history import teach
from proxeny.meetings.met_queries import pairs_met, pairs_rated
from proxeny.meetings.queries.catch_ups import catch_up_names, find_held
from proxeny.meetings.waiting import find_waiting
from proxeny.notices.grouping import OBJECTS
from proxeny.partnerships.exchange import GIVEN
from proxeny.partnerships.facts import CATCH_UPS_HELD
from proxeny.partnerships.overview import DATES, TILES
from proxeny.partnerships.report import CHAPTERS
from proxeny.partnerships.signals import SIGNALS
from proxeny.partnerships.views.frame import ROOM_PAGES, Page
from proxeny.partnerships.views.records import ORIGIN_PAGES

teach()
point(
    Pointer(
        "meetings.MeetingParty",
        sentence=_("Both take part in the meeting %(names)s. Cancel it first."),
        named_by="meeting__title",
        over=Q(meeting__state="cancelled"),
    ),
    Pointer("meetings.Meeting", "organisations"),
    Pointer("meetings.Meeting", "desk", stays="clusters are never merged"),
)
PAST_MEETINGS.add(pairs_met)
know_liking(pairs_rated, own_word=True)
ROOM_PAGES.add(
    Page(
        "catch-ups",
        _("Catch-ups"),
        "meetings:catch-ups",
        "work",
        _("Regular meetings of the two teams, with minutes and tasks."),
    )
)
ROOM_PAGES.add(
    Page(
        "outcomes",
        _("Outcomes"),
        "meetings:outcomes",
        "results",
        _("What members’ meetings led to."),
    )
)
ORIGIN_PAGES.add("catch-up", lambda pk, number: reverse("meetings:catch-up", args=[pk, number]))
CATCH_UPS_HELD.add(find_held)
DATES.add(room_facts.find_dates)
TILES.add("catch-ups", room_facts.find_tiles)
TILES.add("outcomes", room_facts.find_outcome_tiles)
WAITING.add(find_waiting)
SIGNALS.add(room_facts.find_signals)
CHAPTERS.add(year_facts.find_chapters)
GIVEN.add(room_facts.count_hosting)
OBJECTS.add("meetings:catch-up", catch_up_names)
