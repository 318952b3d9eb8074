"""The whole bid in words, as all partners sign it, and the fingerprint of its figures."""

from collections.abc import Callable
from typing import Any

from babel.numbers import format_currency
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import override

from proxeny.bids.models import Partner, WorkPackage
from proxeny.bids.operations.budgets import to_amount
from proxeny.bids.operations.standing import Standing
from proxeny.kernel.canonical import digest_of
from proxeny.partnerships.models import Partnership

#: As much as a text that is signed may hold, with room to spare.
_MOST = 19_000
#: Names are cut to so many letters where the text would be too long: first mildly, then harder.
_CUTS = (200, 60, 30)


def fingerprint_of(standing: Standing) -> str:
    """Return the SHA-256 of all figures that are signed: other figures, another number."""
    bid, budget = standing.bid, standing.budget
    figures: dict[str, Any] = {
        "call": bid.call_id,
        "title": bid.title,
        "acronym": bid.acronym,
        "months": bid.months,
        "starts_on": bid.starts_on.isoformat() if bid.starts_on else None,
        "overhead": f"{bid.overhead:f}",
        "partners": sorted(
            [
                one.organisation_id,
                one.role,
                one.leads,
                budget.lines[str(one.pk)].total,
                budget.requests[str(one.pk)],
                f"{budget.lines[str(one.pk)].months:f}",
            ]
            for one in standing.counted
        ),
        "packages": [
            [one.number, one.title, one.first_month, one.last_month, one.lead_id]
            for one in standing.packages
        ],
        "cells": sorted(
            [
                *key,
                f"{cell.months:f}",
                cell.people,
                cell.subcontracting,
                cell.travel,
                cell.equipment,
                cell.goods,
                cell.indirect,
            ]
            for key, cell in budget.cells.items()
        ),
    }
    return digest_of(figures)


def write_text(standing: Standing, partnership: Partnership) -> str:
    """Return the text that all partners sign, in English: the same text for the same figures.

    If it is too long, names are cut, and finally the work packages are left out: the fingerprint of
    the figures, which precedes them, covers them all.
    """
    with override("en"):
        head = _head(standing, partnership)
        for most in _CUTS:
            cut = _cutting(most)
            text = _join(*head, _partners(standing, cut), _packages(standing, cut))
            if len(text) <= _MOST:
                return text
        left_out = _("Work packages: %(count)d, as listed in the partnership’s room.") % {
            "count": len(standing.packages)
        }
        return _join(*head, _partners(standing, cut), left_out)[:_MOST]


def _join(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)


def _cutting(most: int) -> Callable[[str], str]:
    return lambda text: str(Truncator(text).chars(most))


def _head(standing: Standing, partnership: Partnership) -> list[str]:
    bid, budget = standing.bid, standing.budget
    requests = sum(budget.requests.values())
    named = f"{bid.title} ({bid.acronym})" if bid.acronym else bid.title
    return [
        _("Bid for the call “%(call)s” (%(reference)s)")
        % {"call": bid.call.title, "reference": bid.call.reference},
        _("Project: %(title)s") % {"title": named},
        _("Partnership that prepared it: %(title)s") % {"title": partnership.title},
        _("Duration: %(months)d months, from %(day)s")
        % {
            "months": bid.months,
            "day": bid.starts_on.isoformat() if bid.starts_on else _("a date still to be set"),
        },
        _("Total costs: %(total)s. Requested: %(request)s. Own contribution: %(own)s.")
        % {
            "total": _sum(standing, budget.total.total),
            "request": _sum(standing, requests),
            "own": _sum(standing, budget.total.total - requests),
        },
        _("Indirect costs: %(percent)s percent of direct costs, excluding subcontracting")
        % {"percent": f"{bid.overhead.normalize():f}"},
        _("SHA-256 of all figures: %(checksum)s") % {"checksum": fingerprint_of(standing)},
    ]


def _sum(standing: Standing, minor: int) -> str:
    # The code before the figures, the same everywhere: a text is signed word for word.
    amount, currency = to_amount(minor), standing.bid.call.currency
    return format_currency(amount, currency, "¤¤ #,##0.00", locale="en", currency_digits=False)


def _partners(standing: Standing, cut: Callable[[str], str]) -> str:
    lines = [_("Partners:")]
    ordered = sorted(standing.counted, key=lambda one: (not one.leads, one.name, one.pk))
    lines += [
        f"{number}. {_partner(standing, one, cut)}" for number, one in enumerate(ordered, start=1)
    ]
    return "\n".join(lines)


def _partner(standing: Standing, one: Partner, cut: Callable[[str], str]) -> str:
    key, budget = str(one.pk), standing.budget
    role = one.get_role_display().lower()
    return _(
        "%(name)s (%(country)s), %(role)s: costs %(total)s, requests %(request)s, own "
        "contribution %(own)s"
    ) % {
        "name": cut(one.name),
        "country": one.country,
        "role": _("%(role)s, coordinator") % {"role": role} if one.leads else role,
        "total": _sum(standing, budget.lines[key].total),
        "request": _sum(standing, budget.requests[key]),
        "own": _sum(standing, budget.own(key)),
    }


def _packages(standing: Standing, cut: Callable[[str], str]) -> str:
    if not standing.packages:
        return ""
    names = {one.pk: one.name for one in standing.partners}
    lines = [_("Work packages:")]
    lines += [_package(standing, one, names, cut) for one in standing.packages]
    return "\n".join(lines)


def _package(
    standing: Standing, one: WorkPackage, names: dict[int, str], cut: Callable[[str], str]
) -> str:
    cell = standing.budget.packages[str(one.pk)]
    return _(
        "%(number)d. %(title)s, months %(first)d to %(last)d, led by %(lead)s:"
        " %(effort)s person-months, %(total)s"
    ) % {
        "number": one.number,
        "title": cut(one.title),
        "first": one.first_month,
        "last": one.last_month,
        "lead": cut(names.get(one.lead_id or 0, "")) or _("no one"),
        "effort": f"{cell.months.normalize():f}",
        "total": _sum(standing, cell.total),
    }
