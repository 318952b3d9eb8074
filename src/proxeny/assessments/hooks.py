"""Contributions of this capability to the others."""

from django.utils.translation import gettext_lazy as _

from proxeny.assessments import engagement_history, outcome_facts, room_facts
from proxeny.assessments.deadlines import find_deadlines
from proxeny.assessments.history import teach
from proxeny.assessments.models import Engagement
from proxeny.assessments.operations import briefs  # noqa: F401  (says what follows)
from proxeny.assessments.operations.advice_letters import tell_step
from proxeny.assessments.operations.terms import name_services, rewrite_terms
from proxeny.assessments.operations.work import FIGURE, FINDING, NOTE
from proxeny.assessments.queries import advised
from proxeny.assessments.waiting import find_waiting
from proxeny.directory.merge_references import Pointer, point
from proxeny.kernel.waiting import WAITING
from proxeny.notices.deadlines import DEADLINES
from proxeny.notices.grouping import OBJECTS, titles_of
from proxeny.partnerships.evidence import EVIDENCE, HOMES
from proxeny.partnerships.models import Agreement
from proxeny.partnerships.operations.advice_following import STEP_TAKEN
from proxeny.partnerships.overview import DATES, ITEMS, TILES
from proxeny.partnerships.report import CHAPTERS
from proxeny.partnerships.texts import READINGS, SUBJECTS, Subject
from proxeny.partnerships.views.frame import ROOM_PAGES, Page

DEADLINES.add(find_deadlines)
ROOM_PAGES.add(
    Page(
        "assessments",
        _("Assessments"),
        "assessments:list",
        "work",
        _("Find out for a company whether the other market is worth entering."),
    )
)
teach()
point(
    Pointer("assessments.Engagement", "client"),
    Pointer("assessments.Engagement", "cluster", stays="clusters are never merged"),
    Pointer("assessments.Remark"),
)
EVIDENCE.add(FINDING, advised.find_finding_addresses)
EVIDENCE.add(NOTE, advised.find_note_addresses)
EVIDENCE.add(FIGURE, advised.find_figure_addresses)
HOMES.add("assessment", advised.home_of)
STEP_TAKEN.add("assessment", tell_step)
READINGS.add(Agreement.Kind.SERVICE, rewrite_terms)
SUBJECTS.add(Agreement.Kind.SERVICE, Subject(name_services, _("the terms of “%(name)s”")))
engagement_history.teach()
SUBJECTS.add(
    Agreement.Kind.BRIEF, Subject(engagement_history.name_briefs, _("the brief “%(name)s”"))
)
DATES.add(room_facts.find_dates)
TILES.add("assessments", room_facts.find_tiles)
ITEMS.add("assessments", room_facts.find_items)
WAITING.add(find_waiting)
CHAPTERS.add(outcome_facts.find_chapters)
OBJECTS.add("assessments:engagement", titles_of(Engagement))
OBJECTS.add("assessments:own-engagement", titles_of(Engagement))
