"""The figures of a board: those of its own, and those of the other kinds that lead."""

import json
from dataclasses import asdict, dataclass
from datetime import date
from hashlib import sha256
from statistics import fmean
from typing import Any

from proxeny.insight.models import Snapshot
from proxeny.insight.operations import board_parts
from proxeny.insight.pipeline import Eyes, Figures, Inputs, Part, Report
from proxeny.insight.quarters import quarter_of
from proxeny.partnerships.goal_queries import read_goals
from proxeny.partnerships.health import list_reviews, read_review
from proxeny.partnerships.models import Action, FundingSource, Partnership, Party
from proxeny.partnerships.money import GRANTS, read_ledger
from proxeny.partnerships.operations.funding import (
    measure_years,
    save_core_without_grants,
    stress_ledger,
)
from proxeny.partnerships.queries import get_partnership, parties_of
from proxeny.partnerships.risk_queries import read_register

#: Likelihood times impact from which on a risk is grave.
_GRAVE = 15
#: So many risks stand on a board.
_RISKS = 5


@dataclass(frozen=True, slots=True)
class Value:
    """The value of a figure.

    Attributes
    ----------
    value : float or None
        None where nothing can be said; `why` gives the reason.
    low, high : float or None
        The limits of its 95% confidence interval, if it is an estimate.
    of : int or None
        The number it was counted from; for a share with a currency, the amount of money.
    currency : str
        The currency of a sum, or of the amount that a share refers to.
    why : str
        Why there is no value: `none` (nothing yet), `unknown` (no reports yet), `few` (too few to
        say), `wait` (not calculated).
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    of: int | None = None
    currency: str = ""
    why: str = ""


Values = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Room:
    """A partnership as one side's board looks at it."""

    partnership: Partnership
    parties: list[Party]
    mine: Party
    today: date


def _read(eyes: Eyes) -> Inputs:
    partnership = get_partnership(eyes.partnership_id or 0)
    parties = list(parties_of(partnership))
    mine = next(one for one in parties if one.organisation_id == eyes.organisation_id)
    room = Room(partnership, parties, mine, eyes.today)
    values: Values = {}
    rest: dict[str, Any] = {}
    for section in (_health, _plan, _money):
        found, more = section(room)
        values |= found
        rest |= more
    parts = _snapshots(eyes)
    told, more = board_parts.read_parts(parts)
    values |= {code: Value(**one) for code, one in told.items()}
    rest |= more
    content = {
        "values": {code: asdict(one) for code, one in values.items()},
        **rest,
        "parts": {kind: one.computed_at.isoformat() for kind, one in parts.items()},
    }
    text = json.dumps(content, sort_keys=True, default=str)
    moments = [one.counted_until for one in parts.values() if one.counted_until]
    return Inputs(json.loads(text), sha256(text.encode()).hexdigest(), max(moments, default=None))


def _snapshots(eyes: Eyes) -> dict[str, Snapshot]:
    """Return the current snapshots of the side's other figures. One query."""
    found = Snapshot.objects.filter(organisation_id=eyes.organisation_id, period="").exclude(
        kind=Snapshot.Kind.BOARD
    )
    return {one.kind: one for one in found if one.partnership_id in {None, eyes.partnership_id}}


def _health(room: Room) -> tuple[Values, dict[str, Any]]:
    """Return the results of the last shared review."""
    shown = [one for one in list_reviews(room.partnership) if one.shown_at]
    if not shown:
        return dict.fromkeys(
            ("health_mean", "health_mean_other", "health_apart", "health_concerns"),
            Value(why="none"),
        ), {}
    reading = read_review(shown[0], room.parties)
    means: dict[bool, list[float]] = {True: [], False: []}
    for factor in reading.factors.values():
        for party, said in factor.parties.items():
            if said.mean is not None:
                means[party == room.mine.pk].append(said.mean)
    verdicts = [one.verdict for one in reading.factors.values()]

    def mean_of(own: bool) -> Value:
        found = means[own]
        return Value(fmean(found), of=len(found)) if found else Value(why="none")

    values = {
        "health_mean": mean_of(True),
        "health_mean_other": mean_of(False),
        "health_apart": Value(verdicts.count("apart"), of=len(verdicts)),
        "health_concerns": Value(verdicts.count("concern"), of=len(verdicts)),
    }
    return values, {"review": {"id": shown[0].pk, "shown_at": shown[0].shown_at}}


def _plan(room: Room) -> tuple[Values, dict[str, Any]]:
    """Return the progress of goals, late tasks, and the gravest risks."""
    goals = read_goals(room.partnership.pk, today=room.today)
    late = Action.objects.filter(
        partnership=room.partnership, dropped_at=None, done_on=None, due_on__lt=room.today
    ).count()
    register = read_register(room.partnership, room.parties, today=room.today)
    results = goals.results
    grave = sum(one.current.value >= _GRAVE for one in register.open)
    values = {
        "goals_reached": Value(goals.reached / len(results), of=len(results))
        if results
        else Value(why="none"),
        "goals_late": Value(goals.late, of=len(results)),
        "actions_late": Value(late),
        "risks_open": Value(len(register.open)),
        "risks_grave": Value(grave, of=len(register.open)),
    }
    return values, {"risks": [one.record.pk for one in register.open[:_RISKS]]}


def _money(room: Room) -> tuple[Values, dict[str, Any]]:
    """Return this year's funders, and the activities that would continue if all grants ended."""
    ledger = read_ledger(room.partnership, today=room.today)
    year = next((one for one in measure_years(ledger) if one.year == room.today.year), None)
    codes = ("money_total", "money_granted", "money_largest", "money_goes_on", "money_save_core")
    if year is None or not year.total:
        return dict.fromkeys(codes, Value(why="none")), {}
    ended = {one.pk: 0 for one in ledger.sources if one.kind in GRANTS}
    stress = stress_ledger(ledger, parts_left=ended, secured_only=False, year=year.year)
    activities = len(stress.kept) + len(stress.stopped)
    core = save_core_without_grants(ledger, year=year.year)
    currency, total = ledger.currency, round(year.total)
    values = {
        "money_total": Value(float(year.total), currency=currency),
        "money_granted": Value(year.granted, of=total, currency=currency),
        "money_largest": Value(
            max(year.by_source.shares.values(), default=0.0), of=total, currency=currency
        ),
        "money_goes_on": Value(len(stress.kept) / activities, of=activities)
        if activities
        else Value(why="none"),
        "money_save_core": Value(float(core), currency=currency)
        if core is not None
        else Value(why="none"),
    }
    stopped = [one.pk for one, _code, _missing in stress.stopped]
    return values, {
        "stopped": stopped,
        "kinds": {
            str(FundingSource.Kind(kind)): share for kind, share in year.by_kind.shares.items()
        },
    }


def _work_out(eyes: Eyes, inputs: Inputs, before: Snapshot | None, report: Report) -> Figures:
    return Figures(inputs.rows)


#: 2: rates of outcomes are of the meetings that are known.
PART = Part(Snapshot.Kind.BOARD, "2", _read, _work_out, quarter_of)
