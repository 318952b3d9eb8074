"""Outcome figures from requests to agreements, by quarter and in total, with their uncertainty.

Unchanged quarters are reused; only those whose rows have changed are counted again, grouped in the
database (`queries.outcome_counts`).
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import date
from typing import Any

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone

from proxeny.insight.aggregates import Tally, add_tallies, chain_in
from proxeny.insight.models import Snapshot
from proxeny.insight.operations.outcome_periods import (
    Cost,
    balances_of,
    figures_of,
    recent_days,
    spans_of,
)
from proxeny.insight.pipeline import Eyes, Figures, Inputs, Part, Report
from proxeny.insight.quarters import quarter_of
from proxeny.insight.queries.outcome_counts import Marks, count_days, count_quarters, read_marks
from proxeny.insight.queries.outcome_waits import ASKED, Wait, read_waits
from proxeny.insight.queries.outcomes import ALL, RECENT
from proxeny.meetings.outcome_days import Days
from proxeny.meetings.queries.outcome import FEWEST, Rate
from proxeny.partnerships.exchange import weigh
from proxeny.partnerships.models import Activity, Partnership, Party
from proxeny.partnerships.queries import get_partnership, parties_of

METHOD = "2"


@dataclass(frozen=True, slots=True)
class Rows:
    """The input of outcome figures; long lists are read later, and only where they have changed."""

    currency: str
    marks: Marks
    waits: Sequence[Wait]
    costs: Sequence[Cost]
    clusters: Sequence[int]
    given: dict[str, list[tuple[int, int]]]


def read_costs(partnership: Partnership) -> list[Cost]:
    """Return the costs of activities that are done. One query."""
    done = Activity.objects.filter(
        partnership=partnership, dropped_at=None, state=Activity.State.DONE, cost__gt=0
    )
    ended = Coalesce(F("done_on"), F("ends_on"))
    return [Cost(*row) for row in done.order_by("pk").values_list("pk", "cost", ended)]


def _always() -> Days:
    return Days(timezone.get_default_timezone())


def _read(eyes: Eyes) -> Inputs:
    partnership = get_partnership(eyes.partnership_id or 0)
    parties = list(parties_of(partnership))
    marks, newest = read_marks(partnership.pk)
    clusters = [one.organisation_id for one in parties if one.state == Party.State.JOINED]
    rows = Rows(
        currency=partnership.currency,
        marks=marks,
        waits=read_waits(partnership.pk, eyes.organisation_id, clusters, _always()),
        costs=read_costs(partnership),
        clusters=clusters,
        given={
            row.kind: [
                (one.organisation_id, counted + confirmed)
                for one, counted, confirmed in row.by_party
            ]
            for row in weigh(partnership, parties, today=eyes.today)
        },
    )
    return Inputs(rows, _digest(rows, eyes.today), newest)


def _digest(rows: Rows, today: date) -> str:
    """Return the SHA-256 of all that is counted; of the day too, since the last months move on."""
    told = [
        rows.currency,
        sorted(rows.marks.items()),
        sorted(astuple(one) for one in rows.costs),
        sorted(str(astuple(one)) for one in rows.waits),
        sorted(rows.given.items()),
        today,
    ]
    return hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest()


def _work_out(eyes: Eyes, inputs: Inputs, before: Snapshot | None, report: Report) -> Figures:
    rows: Rows = inputs.rows
    kept = _kept(before, rows)
    changed = [one for one in sorted(rows.marks) if one not in kept]
    report("count", 5)
    room, recent = eyes.partnership_id or 0, recent_days(eyes.today)
    days = Days(timezone.get_default_timezone(), recent.since, recent.until)
    with eyes.reading():
        tallies = kept | count_quarters(room, changed)
        report("count", 70)
        lately = count_days(room, days)
        waits_lately = read_waits(room, eyes.organisation_id, rows.clusters, days)
    periods = _periods(rows, tallies, eyes.today)
    periods[RECENT] = figures_of(recent, lately, waits_lately, rows.costs, today=eyes.today)
    balances = balances_of(rows.given, eyes.organisation_id)
    return Figures(
        {
            "currency": rows.currency,
            "today": eyes.today.isoformat(),
            "marks": {one: _print_of(mark) for one, mark in rows.marks.items()},
            "counted": changed,
            "periods": periods,
            "balances": balances,
            "board": _board(periods[RECENT], balances, rows.currency),
        }
    )


def _kept(before: Snapshot | None, rows: Rows) -> dict[str, Tally]:
    """Return the tallies of unchanged quarters.

    The room's currency decides which of a meeting's values counts.
    """
    if before is None or before.method != METHOD or before.content["currency"] != rows.currency:
        return {}
    had, periods = before.content["marks"], before.content["periods"]
    return {
        one: periods[one]["tally"]
        for one, mark in rows.marks.items()
        if had.get(one) == _print_of(mark) and one in periods
    }


def _print_of(mark: object) -> str:
    """Return a fingerprint of a mark that hides its counts: it includes rows of all sides."""
    return hashlib.sha256(json.dumps(mark, default=str).encode()).hexdigest()[:32]


def _periods(rows: Rows, tallies: dict[str, Tally], today: date) -> dict[str, Any]:
    quarters = {*tallies, *(one.quarter for one in rows.waits), quarter_of(today)}
    return {
        name: figures_of(
            span,
            add_tallies(tallies[one] for one in within if one in tallies),
            [one for one in rows.waits if one.quarter in within],
            rows.costs,
            today=today,
        )
        for name, (span, within) in spans_of(quarters, today).items()
    }


def _board(
    period: dict[str, Any], balances: Sequence[dict[str, Any]], currency: str
) -> dict[str, dict[str, Any]]:
    """Return the board's figures of the last twelve months, as fields of its values."""
    chain = chain_in(period["tally"])
    return {
        "meetings_held": {"value": chain.held, "why": "" if chain.held else "none"},
        "cooperation_rate": _rate(chain.cooperation_rate),
        "agreement_rate": _rate(chain.agreement_rate),
        "answer_days": _days(period["waits"].get(ASKED)),
        "reciprocity": _share(next((one for one in balances if one["kind"] == ALL), None)),
        "cost_per_cooperation": _cost(period["costs"], currency),
    }


def _rate(rate: Rate) -> dict[str, Any]:
    if rate.of < FEWEST or rate.percent is None or rate.low is None or rate.high is None:
        return {"of": rate.of, "why": "few" if rate.of else "unknown"}
    low, high = rate.low / 100, rate.high / 100
    return {"value": rate.percent / 100, "low": low, "high": high, "of": rate.of}


def _days(waits: dict[str, Any] | None) -> dict[str, Any]:
    of = waits["answered"] + waits["waiting"] if waits else 0
    if waits is None or of < FEWEST:
        return {"of": of, "why": "few" if of else "none"}
    if waits["median"] is None:
        return {"of": of, "why": "half"}
    limits = {name: None if waits[name] is None else waits[name] / 24 for name in ("low", "high")}
    return {"value": waits["median"] / 24, **limits, "of": of}


def _share(balance: dict[str, Any] | None) -> dict[str, Any]:
    of = balance["own"] + balance["others"] if balance else 0
    if balance is None or not balance["sure"] or of < FEWEST:
        return {"of": of, "why": "few" if of else "none"}
    sure = balance["sure"]
    return {"value": sure["share"], "low": sure["low"], "high": sure["high"], "of": of}


def _cost(costs: dict[str, Any] | None, currency: str) -> dict[str, Any]:
    if costs is None:
        return {"why": "none"}
    one = costs["cooperations"]
    if one["count"] < FEWEST:
        return {"of": one["count"], "why": "few", "currency": currency}
    return {
        "value": one["value"],
        "low": one["low"],
        "high": one["high"],
        "of": one["count"],
        "currency": currency,
    }


PART = Part(Snapshot.Kind.OUTCOMES, METHOD, _read, _work_out)
