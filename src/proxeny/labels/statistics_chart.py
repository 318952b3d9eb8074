"""The figures of a label as pages and files show them: names, ranges, and tables."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from proxeny.directory.countries import country_name
from proxeny.labels.models import Checkup, Scheme
from proxeny.labels.queries.awards import level_names
from proxeny.labels.queries.statistics import (
    FIELD,
    LEVEL,
    ORIGIN,
    ROUND,
    YEAR,
    Achieved,
    Group,
    PublicFigures,
    Statistics,
)
from proxeny.partnerships.amounts import tell_amount

type Table = tuple[list[Any], list[Sequence[Any]]]


def _headings() -> dict[str, str]:
    return {
        ROUND: _("Round"),
        ORIGIN: _("Origin"),
        FIELD: _("Field"),
        YEAR: _("Year"),
        LEVEL: _("Level"),
    }


def _name(by: str, key: str, names: dict[str, dict[str, str]]) -> str:
    if not key:
        return _("not given")
    return country_name(key) if by == ORIGIN else names.get(by, {}).get(key, key)


def _names(found: Statistics, scheme: Scheme) -> dict[str, dict[str, str]]:
    return {
        ROUND: {str(one.pk): one.title for one in found.rounds},
        LEVEL: level_names(scheme),
    }


def show_statistics_of(found: Statistics, scheme: Scheme) -> dict[str, Any]:
    """Return the content of the page; with names of groups and ranges of pictures. One query."""
    names = _names(found, scheme)
    return {
        "found": found,
        "has_rates": any(
            not one.share.is_thin for by in (ROUND, ORIGIN, FIELD, YEAR) for one in found.groups[by]
        ),
        "groups": [
            {
                "by": by,
                "heading": _headings()[by],
                "rows": [
                    {
                        "name": _name(by, one.key, names),
                        "one": one,
                        "share": one.share,
                        "range": _range(one),
                    }
                    for one in found.groups[by]
                ],
            }
            for by in (ROUND, ORIGIN, FIELD, YEAR)
            if found.groups[by]
        ],
        "levels": [
            {
                "name": _name(LEVEL, one.key, names),
                "count": one.chosen,
                "share": 100 * one.chosen / max(found.all.chosen, 1),
            }
            for one in found.groups[LEVEL]
        ],
        "achieved": [{"one": one, **tell_achieved(one)} for one in found.achieved],
    }


def _range(one: Group) -> dict[str, str] | None:
    """Return the position of a range in a picture 100 wide; None if too few were counted."""
    share = one.share
    if share.is_thin:
        return None
    places = {"low": share.low, "width": max(share.high - share.low, 1), "x": share.percent}
    return {name: f"{value:.2f}" for name, value in places.items()}


def tell_achieved(one: Achieved) -> dict[str, str]:
    """Return a kind of success and its total in words."""
    kind = str(dict(Checkup.Kind.choices).get(one.kind, one.kind))
    return {"kind": kind, "total": tell_total(one.total, one.currency)}


def tell_total(total: Decimal | None, currency: str) -> str:
    """Return a sum with its currency, or a number; empty where no figure was given."""
    if total is None:
        return ""
    if currency:
        return tell_amount(total, currency)
    whole = total == total.to_integral_value()
    return str(number_format(total, 0 if whole else 2, use_l10n=True, force_grouping=True))


def group_table(found: Statistics, scheme: Scheme) -> Table:
    """Return all groups as one table, for a file. One query."""
    header = [
        _("Compared by"),
        _("Group"),
        _("Applied"),
        _("Passed"),
        _("Chosen"),
        _("Awarded"),
        _("Selection rate, in percent"),
        _("Range from"),
        _("Range to"),
    ]
    return header, list(_group_rows(found, _names(found, scheme)))


def _group_rows(found: Statistics, names: dict[str, dict[str, str]]) -> Iterator[Sequence[Any]]:
    headings = _headings()
    for by, heading in headings.items():
        for one in found.groups[by]:
            counts = (one.applied, one.passed, one.chosen, one.awarded)
            share = one.share
            # Of too few, and for levels, which only selected projects have, there is no rate.
            rates = (
                ("", "", "")
                if share.is_thin or by == LEVEL
                else tuple(round(value, 1) for value in (share.percent, share.low, share.high))
            )
            yield (heading, _name(by, one.key, names), *counts, *rates)


def achieved_table(found: Statistics) -> Table:
    """Return the achievements as a table, for a file."""
    header = [
        _("Type of success"),
        _("Currency"),
        _("Projects"),
        _("Sum of the figures"),
        _("Figures given"),
        _("Reviews answered"),
        _("Reviews requested"),
    ]
    return header, [
        (
            tell_achieved(one)["kind"],
            one.currency,
            one.projects,
            float(one.total) if one.total is not None else "",
            one.figures,
            one.answered,
            one.asked,
        )
        for one in found.achieved
    ]


def show_public(found: PublicFigures) -> dict[str, Any]:
    """Return the figures on the public page of a label, in words. No query."""
    kinds = dict(Checkup.Kind.choices)
    return {
        "given": found.given,
        "holding": found.holding,
        "origins": [(country_name(code), count) for code, count in found.origins],
        "achieved": [
            {
                "kind": str(kinds.get(kind, kind)),
                "projects": projects,
                "total": tell_total(total, currency),
            }
            for kind, currency, projects, total in found.achieved
        ],
    }
