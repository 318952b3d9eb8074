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

        from proxeny.bids import history
        from proxeny.bids.operations import kept  # noqa: F401  (says what is refused)
        from proxeny.bids.views.calls import show_bids_of_call
        from proxeny.calls.asides import add_aside
        from proxeny.directory.pointers import Doubled, Pointer, point
        from proxeny.partnerships.views.frame import add_pages
        from proxeny.partnerships.views.records import ORIGIN_PAGES

        add_pages("working", ("bids", _("Bids"), "bids:list"))
        ORIGIN_PAGES["bid"] = lambda pk, number: reverse("bids:bid", args=[pk, number])
        history.teach()
        add_aside(show_bids_of_call)
        point(Pointer("bids.Partner", doubled=Doubled.LEAVE))
