"""Contributions of this capability to the others."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from proxeny.bids import history, public_facts, room_facts, year_facts
from proxeny.bids.models import Bid, Partner
from proxeny.bids.operations import (
    answering,  # noqa: F401  (says what follows a letter of intent)
    signing_off,  # noqa: F401  (says what follows the signatures under a bid)
    validators,  # noqa: F401  (says what is refused)
)
from proxeny.bids.operations.deciding import settle_bids
from proxeny.bids.operations.leaving import leave_with_party
from proxeny.bids.queries.own import name_partners
from proxeny.bids.queries.texts import name_bids
from proxeny.bids.views.calls import begin_bids, show_bids_of_call
from proxeny.bids.waiting import find_waiting
from proxeny.calls.panels import ASIDES, BEGINNINGS
from proxeny.directory.merge_references import Doubled, Pointer, point
from proxeny.kernel.waiting import WAITING
from proxeny.notices.grouping import OBJECTS, titles_of
from proxeny.partnerships.exchange import GIVEN
from proxeny.partnerships.models import Agreement
from proxeny.partnerships.operations.parties import (
    PARTIES_CHANGED,
    PARTY_LEAVES,
)
from proxeny.partnerships.overview import DATES, ITEMS, TILES
from proxeny.partnerships.public_results import RESULTS, SUPPORTERS, Results
from proxeny.partnerships.report import CHAPTERS
from proxeny.partnerships.texts import SUBJECTS, Subject
from proxeny.partnerships.views.frame import ROOM_PAGES, Page
from proxeny.partnerships.views.records import ORIGIN_PAGES

ROOM_PAGES.add(
    Page(
        "bids",
        _("Bids"),
        "bids:list",
        "work",
        _("Answer calls together: consortium, work plan, budget, signatures."),
    )
)
ORIGIN_PAGES.add("bid", lambda pk, number: reverse("bids:bid", args=[pk, number]))
history.teach()
PARTY_LEAVES.add(leave_with_party)
PARTIES_CHANGED.add(settle_bids)
SUBJECTS.add(Agreement.Kind.LETTER, Subject(name_partners, _("the letter of intent of %(name)s")))
SUBJECTS.add(Agreement.Kind.BID, Subject(name_bids, _("the bid “%(name)s”")))
RESULTS.add("bid", Results(_("Won bid"), public_facts.find_results))
SUPPORTERS.add(public_facts.find_supporters)
ASIDES.add(show_bids_of_call)
BEGINNINGS.add(begin_bids)
DATES.add(room_facts.find_dates)
TILES.add("bids", room_facts.find_tiles)
ITEMS.add("bids", room_facts.find_items)
WAITING.add(find_waiting)
CHAPTERS.add(year_facts.find_chapters)
GIVEN.add(room_facts.count_given)
point(Pointer("bids.Partner", doubled=Doubled.LEAVE))
OBJECTS.add("bids:bid", titles_of(Bid))
OBJECTS.add("bids:own", titles_of(Partner, column="bid__title"))
