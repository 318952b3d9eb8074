"""Contributions of this capability to the others."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from proxeny.directory.merge_references import Pointer, point
from proxeny.insight import history
from proxeny.partnerships.views.frame import ROOM_PAGES, Page

ROOM_PAGES.add(
    Page(
        "board",
        pgettext_lazy("figures", "Board"),
        "insight:board",
        "results",
        _("The figures of a period on one page, with open data."),
    )
)
ROOM_PAGES.add(
    Page(
        "outcome-figures",
        _("Outcome figures"),
        "insight:outcomes",
        "results",
        _("Each figure down to the records behind it."),
    )
)
ROOM_PAGES.add(
    Page(
        "radar",
        _("Radar"),
        "insight:radar",
        "work",
        _("Trends that matter to your members, rated by both sides."),
    )
)
ROOM_PAGES.add(
    Page(
        "needs",
        _("Needs and calls"),
        "insight:needs",
        "work",
        _("What members need, beside the calls that would pay for it."),
    )
)
history.teach()
point(
    Pointer("insight.Snapshot", stays="of clusters, which are never merged"),
    Pointer("insight.TrendView", stays="of clusters, which are never merged"),
)
