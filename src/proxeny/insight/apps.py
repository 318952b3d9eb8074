"""Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class InsightConfig(AppConfig):
    """Network position, foresight, outcomes and boards."""

    name = "proxeny.insight"
    label = "insight"

    def ready(self) -> None:
        """Say how its deeds read, which pages rooms have, and which columns name organisations."""
        from proxeny.directory.pointers import Pointer, point
        from proxeny.insight import history
        from proxeny.partnerships.views.frame import add_pages

        # A page joins the rooms when its address is there (add yours when it resolves).
        for page in (
            ("board", pgettext_lazy("figures", "Board"), "insight:board"),
            ("outcome-figures", _("Outcome figures"), "insight:outcomes"),
            ("radar", _("Radar"), "insight:radar"),
            ("needs", _("Needs and calls"), "insight:needs"),
        ):
            add_pages("insight", page)
        history.teach()
        never_merged = "of clusters, which are never merged"
        point(Pointer("insight.Snapshot", stays=never_merged))
        point(Pointer("insight.TrendView", stays=never_merged))
