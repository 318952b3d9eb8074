"""Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BidsConfig(AppConfig):
    """Joint bids."""

    name = "proxeny.bids"
    label = "bids"

    def ready(self) -> None:
        """Say how its deeds read, what rooms know of it, and which columns name organisations."""
        from django.urls import reverse

        from proxeny.bids import history, public_facts, room_facts, year_facts
        from proxeny.bids.operations import (
            answering,  # noqa: F401  (says what follows a letter of intent)
            kept,  # noqa: F401  (says what is refused)
            signing_off,  # noqa: F401  (says what follows the signatures under a bid)
        )
        from proxeny.bids.operations.deciding import settle_bids
        from proxeny.bids.operations.leaving import leave_with_party
        from proxeny.bids.queries.own import name_partners
        from proxeny.bids.queries.texts import name_bids
        from proxeny.bids.views.calls import show_bids_of_call
        from proxeny.calls.asides import add_aside
        from proxeny.directory.pointers import Doubled, Pointer, point
        from proxeny.partnerships.exchange import count_given
        from proxeny.partnerships.models import Agreement
        from proxeny.partnerships.operations.parties import (
            when_a_party_leaves,
            when_parties_change,
        )
        from proxeny.partnerships.overview import tell_dates, tell_tiles, tell_waiting
        from proxeny.partnerships.public_results import tell_results, tell_supporters
        from proxeny.partnerships.report import tell_chapters
        from proxeny.partnerships.texts import name_subjects
        from proxeny.partnerships.views.frame import add_pages
        from proxeny.partnerships.views.records import ORIGIN_PAGES

        add_pages("working", ("bids", _("Bids"), "bids:list"))
        ORIGIN_PAGES["bid"] = lambda pk, number: reverse("bids:bid", args=[pk, number])
        history.teach()
        when_a_party_leaves(leave_with_party)
        when_parties_change(settle_bids)
        name_subjects(Agreement.Kind.LETTER, name_partners, _("the letter of intent of %(name)s"))
        name_subjects(Agreement.Kind.BID, name_bids, _("the bid “%(name)s”"))
        tell_results("bid", _("Bid that was won"), public_facts.find_results)
        tell_supporters(public_facts.find_supporters)
        add_aside(show_bids_of_call)
        tell_dates(room_facts.find_dates)
        tell_tiles(room_facts.find_tiles)
        tell_waiting(room_facts.find_waiting)
        tell_chapters(year_facts.find_chapters)
        count_given(room_facts.count_given)
        point(Pointer("bids.Partner", doubled=Doubled.LEAVE))
