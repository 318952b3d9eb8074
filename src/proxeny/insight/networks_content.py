"""The content of a network's pages: tiles, years, movement and suggested partners."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.assessments.statistics.chart import Chart, make_chart
from proxeny.insight.networks_presenters import (
    FIGURES,
    PERCENT,
    TILES,
    name_of,
    tell_change,
    tell_compared,
    tell_number,
    tell_points,
    tell_rank,
    tell_value,
)
from proxeny.insight.networks_regions import region_of
from proxeny.insight.operations.networks_build import LEAST_TO_RANK
from proxeny.insight.queries.networks import Named


def ids_named(present: Mapping[str, Any]) -> set[int]:
    """Return the ids of the organisations named on the page of the position."""
    moved = present["movement"] or {"new_ties": [], "lost_ties": []}
    ids = {one["id"] for name in ("new_ties", "lost_ties") for one in moved[name]}
    for proposal in present["proposals"].values():
        for link in proposal["links"]:
            ids.add(link["id"])
            ids.update(pk for path in link["ways"]["paths"] for pk in path["ids"])
    return ids


def show_tiles(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the tiles: each figure with its sentence, place and change."""
    year = content["year"]
    now, before = (content["years"].get(str(one)) for one in (year, year - 1))
    tiles = []
    for name in TILES:
        figure = now["figures"][name]
        old = before["figures"][name]["value"] if before else None
        parts = (tell_rank(figure), tell_change(name, figure["value"], old, year - 1))
        tiles.append(
            {
                "name": name,
                "label": FIGURES[name].label,
                "says": FIGURES[name].says,
                "value": tell_value(name, figure["value"]),
                "standing": " · ".join(one for one in parts if one),
            }
        )
    return tiles


def show_compared(content: Mapping[str, Any], country: str) -> list[str]:
    """Return the sentences on which clusters are compared."""
    return tell_compared(content["years"][str(content["year"])], region_of(country), LEAST_TO_RANK)


def show_years(content: Mapping[str, Any], name: str, own_name: str) -> Chart:
    """Return one figure over the years: the own cluster's, and the middle of comparable ones."""
    factor = 100 if FIGURES[name].form == PERCENT else 1
    lines: dict[str, list[list[Any]]] = {own_name: []}
    middle = _("Median of comparable clusters")
    for year, one in sorted(content["years"].items()):
        figure = one["figures"][name]
        for line, value in ((own_name, figure["value"]), (middle, figure["middle"])):
            if value is not None:
                lines.setdefault(line, []).append([year, float(f"{factor * value:.4g}")])
    series = [{"name": line, "points": points} for line, points in lines.items() if points]
    return make_chart(
        series,
        key=name,
        title=str(FIGURES[name].label),
        unit="%" if factor == 100 else "",
        source=_(
            "What counts in a year: projects and partnerships running that year, and meetings "
            "and bids from that year and the two before."
        ),
    )


def show_all_years(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return all figures of all years, the newest first, for the table."""
    return [
        {
            "year": year,
            "size": one["tied"],
            "values": [tell_value(name, one["figures"][name]["value"]) for name in FIGURES],
            "place": tell_rank(one["figures"]["harmonic"]),
        }
        for year, one in sorted(content["years"].items(), reverse=True)
    ]


def show_movement(present: Mapping[str, Any], named: Mapping[int, Named]) -> dict[str, Any] | None:
    """Return the causes of the cluster's movement since last year; None without such a year."""
    moved = present["movement"]
    if moved is None:
        return None
    return {
        "before": tell_value("harmonic", moved["before"]["harmonic"]),
        "after": tell_value("harmonic", moved["after"]["harmonic"]),
        "causes": [
            {
                "label": label,
                "harmonic": tell_points(moved[name]["harmonic"]),
                "betweenness": tell_points(moved[name]["betweenness"]),
            }
            for name, label in (
                ("new", _("Your new ties, combined")),
                ("lost", _("Ties that ended, combined")),
                ("others", _("What others did")),
            )
        ],
        "new": [_tie(one, named) for one in moved["new_ties"]],
        "lost": [_tie(one, named) for one in moved["lost_ties"]],
        "new_rest": _rest(moved["new_rest"]),
        "lost_rest": _rest(moved["lost_rest"]),
        "aside": _aside(moved),
    }


def _tie(one: Mapping[str, Any], named: Mapping[int, Named]) -> dict[str, Any]:
    return {
        "name": name_of(named, one["id"]),
        "id": one["id"] if one["id"] in named else None,
        "weight": tell_number(one["weight"]),
        "harmonic": tell_points(one["effect"]["harmonic"]),
        "betweenness": tell_points(one["effect"]["betweenness"]),
    }


def _rest(one: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if one is None:
        return None
    effect = one["effect"]
    return {
        "count": one["count"],
        "harmonic": tell_points(effect["harmonic"]),
        "betweenness": tell_points(effect["betweenness"]),
    }


def _aside(moved: Mapping[str, Any]) -> list[str]:
    """Return the other changes, as sentences."""
    count = moved["others_new"]
    said = [
        ngettext("Others made %(count)d new tie", "Others made %(count)d new ties", count)
        % {"count": count}
    ]
    count = moved["others_lost"]
    said[0] += " " + ngettext("and lost %(count)d.", "and lost %(count)d.", count) % {
        "count": count
    }
    if count := moved["stronger"]:
        said.append(
            ngettext(
                "%(count)d of your ties grew stronger.",
                "%(count)d of your ties grew stronger.",
                count,
            )
            % {"count": count}
        )
    if count := moved["weaker"]:
        said.append(
            ngettext(
                "%(count)d of your ties grew weaker.", "%(count)d of your ties grew weaker.", count
            )
            % {"count": count}
        )
    return said


def show_proposals(
    present: Mapping[str, Any], named: Mapping[int, Named], kind: str
) -> dict[str, Any]:
    """Return the best new partners of a kind (`clusters`, `organisations`), with introducers."""
    found = present["proposals"][kind]
    return {
        "kind": kind,
        "status": found["status"],
        "proven": found["proven"],
        "sentence": _tell_proposal(found),
        "rows": [
            {
                "id": one["id"] if one["id"] in named else None,
                "named": named.get(one["id"]),
                "name": name_of(named, one["id"]),
                "gain": tell_points(one["gain"]),
                "ways": show_ways(one["ways"], named),
            }
            for one in found["links"]
        ],
    }


def _tell_proposal(found: Mapping[str, Any]) -> str:
    count = len(found["links"])
    if not count:
        return ""
    said = (
        _("With this partner, your closeness would rise from %(before)s to %(after)s.")
        if count == 1
        else _("With all %(count)d, your closeness would rise from %(before)s to %(after)s.")
    ) % {
        "count": count,
        "before": tell_value("harmonic", found["before"]),
        "after": tell_value("harmonic", found["before"] + found["gain"]),
    }
    if found["proven"]:
        return (
            said
            + " "
            + ngettext(
                "No other partner would bring more: this is proven.",
                "No other %(count)d partners together would bring more: this is proven.",
                count,
            )
            % {"count": count}
        )
    return (
        said
        + " "
        + _("Others might bring a little more, but none can take you beyond %(bound)s.")
        % {"bound": tell_value("harmonic", found["before"] + found["bound"])}
    )


def show_ways(ways: Mapping[str, Any], named: Mapping[int, Named]) -> dict[str, Any]:
    """Return the possible introducers of the cluster: each way as names, the best first."""
    paths: Sequence[Mapping[str, Any]] = ways["paths"]
    return {
        "paths": [
            [
                {"name": name_of(named, pk), "id": pk if pk in named else None}
                for pk in path["ids"][1:-1]
            ]
            for path in paths
        ],
        "more": ways["found"] - len(paths),
        "distance": ways["distance"],
    }
