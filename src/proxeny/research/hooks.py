"""Contributions of this capability to the others."""

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from proxeny.kernel.waiting import WAITING
from proxeny.notices.grouping import OBJECTS, titles_of
from proxeny.partnerships.evidence import EVIDENCE, ORIGINS, WAYS, Origin, Way
from proxeny.partnerships.models import Agreement, Recommendation
from proxeny.partnerships.overview import DATES, ITEMS, TILES
from proxeny.partnerships.public_results import RESULTS, Results
from proxeny.partnerships.report import CHAPTERS
from proxeny.partnerships.texts import SUBJECTS, Subject
from proxeny.partnerships.views.frame import ROOM_PAGES, Page
from proxeny.partnerships.views.records import ORIGIN_PAGES
from proxeny.research import history, room_facts, rules, year_facts
from proxeny.research.models import Study
from proxeny.research.operations import validators  # noqa: F401  (says what is refused)
from proxeny.research.operations.publishing import name_publications
from proxeny.research.public_facts import find_results
from proxeny.research.queries import advice
from proxeny.research.waiting import find_waiting

ROOM_PAGES.add(
    Page(
        "studies",
        _("Studies"),
        "research:studies",
        "work",
        _("Research together, with data and recommendations that others can use."),
    )
)
history.teach()
ORIGIN_PAGES.add("study", lambda pk, number: reverse("research:study", args=[pk, number]))
DATES.add(room_facts.find_dates)
TILES.add("studies", room_facts.find_tiles)
ITEMS.add("studies", room_facts.find_items)
WAITING.add(find_waiting)


def point_at_rows(one: Recommendation) -> Way:
    url = reverse("research:advice-rows", args=[one.partnership_id, one.pk])
    return Way(url, gettext("Cite rows of a table"), "table")


EVIDENCE.add(rules.FILE, advice.find_row_spots)
ORIGINS.add("study", Origin(advice.tell_study, advice.list_url_of))
WAYS.add(point_at_rows)
CHAPTERS.add(year_facts.find_chapters)
sentence = _("the publication of the study “%(name)s”")
SUBJECTS.add(Agreement.Kind.STUDY, Subject(name_publications, sentence))
RESULTS.add("study", Results(_("Published study"), find_results))
OBJECTS.add("research:study", titles_of(Study))
