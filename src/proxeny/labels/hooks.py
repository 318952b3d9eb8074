"""Contributions of this capability to the others."""

from django.utils.translation import gettext_lazy as _

from proxeny.directory.merge_references import Doubled, Pointer, point
from proxeny.kernel.waiting import WAITING
from proxeny.labels import history, public_facts, room_facts, year_facts
from proxeny.labels.deadlines import find_deadlines
from proxeny.labels.forms.jury import use_round_form
from proxeny.labels.models import Application, Round, Scheme
from proxeny.labels.operations import (  # noqa: F401  (say what is refused)
    deciding_appeals,
    moving_up,
    round_validators,
    signing_awards,
    validators,
)
from proxeny.labels.operations.leaving import end_with_partnership, leave_with_party
from proxeny.labels.operations.publishing import name_schemes
from proxeny.labels.queries.awards import name_awards, name_decisions
from proxeny.labels.queries.decisions import name_decided, page_of
from proxeny.labels.waiting import find_waiting
from proxeny.notices.deadlines import DEADLINES
from proxeny.notices.grouping import OBJECTS, titles_of
from proxeny.partnerships.models import Agreement
from proxeny.partnerships.operations.endings import ENDED
from proxeny.partnerships.operations.parties import PARTY_LEAVES
from proxeny.partnerships.overview import DATES, ITEMS, TILES
from proxeny.partnerships.public_results import RESULTS, Results
from proxeny.partnerships.report import CHAPTERS
from proxeny.partnerships.texts import PAGES, SUBJECTS, Subject
from proxeny.partnerships.views.frame import ROOM_PAGES, Page

DEADLINES.add(find_deadlines)
ROOM_PAGES.add(
    Page(
        "labels",
        _("Labels"),
        "labels:list",
        "work",
        _("Award a label that both countries recognise."),
    )
)
history.teach()
use_round_form()
SUBJECTS.add(Agreement.Kind.SCHEME, Subject(name_schemes, _("the label “%(name)s”")))
SUBJECTS.add(Agreement.Kind.AWARD, Subject(name_decisions, _("the awards of “%(name)s”")))
SUBJECTS.add(Agreement.Kind.REVOKE, Subject(name_awards, _("the revocation of “%(name)s”")))
SUBJECTS.add(Agreement.Kind.ROUND, Subject(name_decided, _("the decision on “%(name)s”")))
PAGES.add(Agreement.Kind.ROUND, page_of)
PARTY_LEAVES.add(leave_with_party)
ENDED.add(end_with_partnership)
RESULTS.add("award", Results(_("Awarded label"), public_facts.find_results))
DATES.add(room_facts.find_dates)
TILES.add("labels", room_facts.find_tiles)
ITEMS.add("labels", room_facts.find_items)
WAITING.add(find_waiting)
CHAPTERS.add(year_facts.find_chapters)
point(Pointer("labels.Application", doubled=Doubled.LEAVE))
point(Pointer("labels.Award", doubled=Doubled.LEAVE))
point(Pointer("labels.Checkup", doubled=Doubled.LEAVE))
point(Pointer("labels.IssuerKey", stays="of clusters that sign, which are never merged"))
OBJECTS.add("labels:scheme", titles_of(Scheme))
OBJECTS.add("labels:round", titles_of(Round))
OBJECTS.add("labels:application", titles_of(Application))
