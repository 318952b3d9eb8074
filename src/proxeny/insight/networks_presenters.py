"""A network's figures in words: their meaning, their format, and their change."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from proxeny.insight import networks_regions as regions
from proxeny.insight.presenters import with_percent_sign

COUNT, NUMBER, PERCENT = "count", "number", "percent"

#: With fewer organisations that have ties, a single tie moves every figure.
FEW = 30

REGION_NAMES: dict[str, Promise] = {
    regions.EUROPE: gettext_lazy("Europe"),
    regions.MIDDLE_EAST_AFRICA: gettext_lazy("the Middle East and Africa"),
    regions.AMERICAS: gettext_lazy("the Americas"),
    regions.ASIA_PACIFIC: gettext_lazy("Asia and the Pacific"),
}
ANOTHER = gettext_lazy("another organisation")


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure: its name, its format, and its meaning."""

    name: str
    label: Promise
    form: str
    says: Promise


FIGURES: dict[str, Figure] = {
    one.name: one
    for one in (
        Figure(
            "degree",
            gettext_lazy("Partners"),
            COUNT,
            gettext_lazy("Organisations that you and your members have worked with."),
        ),
        Figure(
            "strength",
            gettext_lazy("Joint work"),
            NUMBER,
            gettext_lazy(
                "What you’ve done with others, added up: a project counts 1, a meeting 0.2."
            ),
        ),
        Figure(
            "harmonic",
            gettext_lazy("Closeness"),
            PERCENT,
            gettext_lazy(
                "How close you are to everyone: at 100%, you’d know each of them directly."
            ),
        ),
        Figure(
            "betweenness_share",
            gettext_lazy("Bridges"),
            PERCENT,
            gettext_lazy("The share of all other pairs whose shortest path runs through you."),
        ),
        Figure(
            "constraint",
            gettext_lazy("Constraint (network closure)"),
            NUMBER,
            gettext_lazy(
                "How well your partners already know each other. The lower, the more you connect."
            ),
        ),
        Figure(
            "pagerank",
            pgettext_lazy("in a network", "Weight"),
            PERCENT,
            gettext_lazy(
                "The share of the time that someone following ties at random would be with you."
            ),
        ),
        Figure(
            "effective_size",
            gettext_lazy("Separate circles"),
            NUMBER,
            gettext_lazy(
                "How many partners you’d have if those who know each other counted as one."
            ),
        ),
        Figure(
            "coreness",
            gettext_lazy("Depth"),
            COUNT,
            gettext_lazy(
                "You’re part of a group where everyone has at least this many ties to the others."
            ),
        ),
    )
}
#: Those that have a tile; all have a column.
TILES = ("degree", "strength", "harmonic", "betweenness_share", "constraint", "pagerank")


def tell_value(name: str, value: float | None) -> str:
    """Return a figure as it is written in the reader's language; a dash where there is none.

    Examples
    --------
    >>> tell_value("harmonic", 0.4256), tell_value("strength", 12.0), tell_value("degree", None)
    ('42.6 %', '12', '–')
    """
    return write_value(FIGURES[name].form, value)


def write_value(form: str, value: float | None) -> str:
    """Return a value in one of the forms above, a share as percent; a dash where there is none."""
    if value is None:
        return "–"
    if form == PERCENT:
        return with_percent_sign(tell_number(100 * value))
    return tell_number(value)


def tell_number(value: float) -> str:
    """Return a number with three digits that matter at least, and no fraction that says nothing."""
    size = abs(value)
    places = 0 if size >= 100 or float(value).is_integer() else 1 if size >= 10 else 2
    if 0 < size < 0.095:
        places = 3
    text = f"{value:.{places}f}"
    return str(number_format(float(text), _places(text), use_l10n=True, force_grouping=True))


def _places(text: str) -> int:
    return len(text.partition(".")[2].rstrip("0"))


def tell_rank(figure: Mapping[str, Any]) -> str:
    """Return the rank of a cluster; empty if too few are compared."""
    if not figure["rank"]:
        return ""
    best, worst = figure["rank"]
    if best == worst:
        return _("Rank %(place)d of %(of)d") % {"place": best, "of": figure["of"]}
    return _("Rank %(best)d to %(worst)d of %(of)d") % {
        "best": best,
        "worst": worst,
        "of": figure["of"],
    }


def tell_change(name: str, now: float | None, before: float | None, year: int) -> str:
    """Return the change of a figure since a year; empty if there was none."""
    if now is None or before is None:
        return ""
    difference = now - before
    if tell_value(name, now) == tell_value(name, before):
        return _("same as in %(year)d") % {"year": year}
    told = tell_number(abs(difference))
    if FIGURES[name].form == PERCENT:
        # A difference of shares is shown in points: 2% less could be read as a share of a share.
        told = tell_number(100 * abs(difference))
        sentence = (
            _("%(much)s points more than in %(year)d")
            if difference > 0
            else _("%(much)s points less than in %(year)d")
        )
    else:
        sentence = (
            _("%(much)s more than in %(year)d")
            if difference > 0
            else _("%(much)s less than in %(year)d")
        )
    return sentence % {"much": told, "year": year}


def tell_compared(year: Mapping[str, Any], region: str, least: int) -> list[str]:
    """Return the sentences on which clusters are compared, and on the meaning of small numbers."""
    where = REGION_NAMES.get(region, _("your region"))
    said = []
    if year["compared"] < least:
        said.append(
            _(
                "Too few to rank: clusters are compared with those in %(region)s whose members "
                "you can see, and it takes %(least)d including yours. There are %(count)d."
            )
            % {"region": where, "least": least, "count": year["compared"]}
        )
    else:
        said.append(
            _("Ranks are among the %(count)d clusters in %(region)s whose members you can see.")
            % {"count": year["compared"], "region": where}
        )
    if year["uncompared"]:
        said.append(
            ngettext(
                "%(count)d other cluster there is left out: you can’t see enough of its members, "
                "and so of its ties.",
                "%(count)d other clusters there are left out: you can’t see enough of their "
                "members, and so of their ties.",
                year["uncompared"],
            )
            % {"count": year["uncompared"]}
        )
    if year["tied"] < FEW:
        said.append(
            ngettext(
                "Only %(count)d organisation has ties here, so a single tie moves every figure.",
                "Only %(count)d organisations have ties here, so a single tie moves every figure.",
                year["tied"],
            )
            % {"count": year["tied"]}
        )
    if not year["exact"]:
        said.append(_("The network is large: closeness and bridges are estimates."))
    return said


def tell_points(value: float | None) -> str:
    """Return a change of a share as percentage points with its sign."""
    if value is None:
        return "–"
    told = tell_number(abs(100 * value))
    if told == tell_number(0):
        return told
    return f"+{told}" if value > 0 else f"−{told}"


def name_of(found: Mapping[int, Any], pk: int) -> str:
    """Return an organisation's name, or a placeholder for one that the reader does not see."""
    return found[pk].name if pk in found else str(ANOTHER)
