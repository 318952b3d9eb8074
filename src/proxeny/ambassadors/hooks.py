"""Contributions of this capability to the others."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from proxeny.ambassadors import first_steps, outcome_groups, room_facts
from proxeny.ambassadors.history import teach
from proxeny.ambassadors.operations.replies import KEEPER
from proxeny.ambassadors.waiting import find_waiting
from proxeny.directory.merge_references import Pointer, point
from proxeny.kernel import audit
from proxeny.kernel.first_steps import FIRST_STEPS
from proxeny.kernel.waiting import WAITING
from proxeny.meetings.operations.asked import KEEPERS
from proxeny.meetings.outcome_groups import REQUESTS, SOURCES
from proxeny.partnerships.exchange import GIVEN
from proxeny.partnerships.overview import DATES, TILES
from proxeny.partnerships.report import CHAPTERS
from proxeny.partnerships.views.frame import ROOM_PAGES, Page

ROOM_PAGES.add(
    Page(
        "desk",
        _("Desk"),
        "ambassadors:board",
        "work",
        _("Meetings that an ambassador arranges for members on the other side."),
    )
)
teach()
introduced = _("Both have an open introduction: %(names)s. Close one of the introductions first.")
over = Q(state__in=("met", "closed"))
point(
    *(
        Pointer(f"ambassadors.{name}", "cluster", stays="clusters are never merged")
        for name in ("Mandate", "Introduction", "Side", "Note", "TimeOption", "Mission", "Stop")
    ),
    Pointer(
        "ambassadors.Mandate",
        "member",
        sentence=_(
            "Both are waiting for an answer from the ambassador: %(names)s. Answer one of them "
            "first."
        ),
        named_by="partnership__title",
        over=Q(state__in=("accepted", "declined", "withdrawn")),
    ),
    Pointer(
        "ambassadors.Introduction",
        "member",
        sentence=introduced,
        named_by="stakeholder__name",
        over=over,
    ),
    Pointer(
        "ambassadors.Introduction",
        "stakeholder",
        sentence=introduced,
        named_by="member__name",
        over=over,
    ),
    Pointer("ambassadors.Side"),
)
audit.SENTENCES.update(
    {
        "plan_day_of_visits": _("Planned a day of visits"),
        "change_day_of_visits": _("Changed a day of visits"),
        "drop_day_of_visits": _("Archived a day of visits"),
        "add_stop": _("Added a visit to a day"),
        "change_stop": _("Changed a visit on a day"),
        "drop_stop": _("Removed a visit from a day"),
    }
)
KEEPERS.add(KEEPER)
SOURCES.add(outcome_groups.sources_of)
REQUESTS.add(outcome_groups.count_requests)
DATES.add(room_facts.find_dates)
TILES.add("desk", room_facts.find_tiles)
WAITING.add(find_waiting)
CHAPTERS.add(room_facts.find_chapters)
GIVEN.add(room_facts.count_given)
FIRST_STEPS.extend(first_steps.STEPS)
