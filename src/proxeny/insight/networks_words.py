"""A network's figures in words: what each means, how it is written, and what has become of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from proxeny.insight import networks_regions as regions
from proxeny.insight.telling import with_percent_sign

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
    """A measure: what it is called, how it is written, and what it says."""

    name: str
    label: Promise
    form: str
    says: Promise


FIGURES: dict[str, Figure] = {
    one.name: one
    for one in (
        Figure("degree", gettext_lazy("Partners"), COUNT, gettext_lazy(
            "So many others you and your members have done something with.")),
        Figure("strength", gettext_lazy("Done together"), NUMBER, gettext_lazy(
            "What you did with others, added up: a project counts 1, a meeting 0.2.")),
        Figure("harmonic", gettext_lazy("Closeness"), PERCENT, gettext_lazy(
            "How near you are to everybody: with 100 % you would know each of them yourself.")),
        Figure("betweenness_share", gettext_lazy("Bridges"), PERCENT, gettext_lazy(
            "Of all pairs of others, so many find each other on a shortest way through you.")),
        Figure("constraint", gettext_lazy("Closed circle"), NUMBER, gettext_lazy(
            "How much your partners know each other anyway. The lower, the more you bring together.")),
        Figure("pagerank", pgettext_lazy("in a network", "Weight"), PERCENT, gettext_lazy(
            "Whoever follows ties at random is with you so much of the time.")),
        Figure("effective_size", gettext_lazy("Separate circles"), NUMBER, gettext_lazy(
            "How many partners you would have if those who know each other counted as one.")),
        Figure("coreness", gettext_lazy("Depth"), COUNT, gettext_lazy(
            "You are part of a group in which everybody has so many ties to the others in it.")),
    )
}  # fmt: skip
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
    """Return which place a cluster has; empty where too few are compared."""
    if not figure["rank"]:
        return ""
    best, worst = figure["rank"]
    if best == worst:
        return _("Place %(place)d of %(of)d") % {"place": best, "of": figure["of"]}
    return _("Place %(best)d to %(worst)d of %(of)d") % {
        "best": best, "worst": worst, "of": figure["of"],
    }  # fmt: skip


def tell_change(name: str, now: float | None, before: float | None, year: int) -> str:
    """Return how a figure has changed since a year; empty where it was not there."""
    if now is None or before is None:
        return ""
    difference = now - before
    if tell_value(name, now) == tell_value(name, before):
        return _("as in %(year)d") % {"year": year}
    told = tell_number(abs(difference))
    if FIGURES[name].form == PERCENT:
        # A difference of shares is told in points: 2 % less could be read as a share of a share.
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
    """Return the sentences on who is compared with whom, and what small numbers mean."""
    where = REGION_NAMES.get(region, _("your region"))
    said = []
    if year["compared"] < least:
        said.append(_(
            "Too few to rank: clusters compare themselves with those of %(region)s whose members"
            " you see, and it takes %(least)d with yours. There are %(count)d."
        ) % {"region": where, "least": least, "count": year["compared"]})  # fmt: skip
    else:
        said.append(_(
            "Places are among the %(count)d clusters of %(region)s whose members you see."
        ) % {"count": year["compared"], "region": where})  # fmt: skip
    if year["uncompared"]:
        said.append(ngettext(
            "%(count)d other cluster there is left out: of its members, and so of its ties, you see"
            " too little.",
            "%(count)d other clusters there are left out: of their members, and so of their ties,"
            " you see too little.", year["uncompared"],
        ) % {"count": year["uncompared"]})  # fmt: skip
    if year["tied"] < FEW:
        said.append(ngettext(
            "Only %(count)d organisation has ties here, so that a single one moves every figure.",
            "Only %(count)d organisations have ties here, so that a single one moves every figure.",
            year["tied"],
        ) % {"count": year["tied"]})  # fmt: skip
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
    """Return the name of an organisation, or what stands for one that the reader does not see."""
    return found[pk].name if pk in found else str(ANOTHER)
