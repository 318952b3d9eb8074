"""The figures of outcomes: their names, meanings and rows."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.insight.board_figures import COUNT, DAYS, SHARE, SUM
from proxeny.insight.outcome_presenters import (
    ABOUT_BALANCE,
    ABOUT_WAIT,
    ABOUT_WORTH,
    FUNNEL,
    METHODS,
    WAIT_TABLES,
    Words,
)
from proxeny.insight.queries.outcome_waits import KINDS as WAITS
from proxeny.insight.queries.outcomes import ALL, Outcomes, Period
from proxeny.meetings.queries.outcome import FEWEST, Chain
from proxeny.partnerships.models import Favour

_CURRENCY = re.compile(r"[A-Z]{3}")
#: The sections of the page, in their order.
CHAIN, WAIT, BALANCE, WORTH, COST = "chain", "wait", "balance", "worth", "cost"
SECTIONS = {
    CHAIN: gettext_lazy("From request to agreement"),
    WAIT: gettext_lazy("Time to answer"),
    BALANCE: gettext_lazy("Give and take"),
    WORTH: gettext_lazy("Value of the agreements"),
    COST: gettext_lazy("Cost per outcome"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a period.

    Attributes
    ----------
    code : str
        Its name in addresses and files, such as `held`, `wait-asked`, `worth-EUR`.
    unit : str
        `count`, `share` (0 to 1), `days` or `sum` (in `currency`).
    value : float or None
        None where nothing can be said: `why` is `none` (nothing yet), `few` (too few to say) or
        `unknown` (nobody has said yet).
    low, high : float or None
        Between which it lies with 95% confidence, where it is an estimate; None: no such limit.
    of : int or None
        Of how many it was counted.
    reference : float or None
        What ten European matchmaking events came to.
    note : str
        What else there is to say, in a sentence.
    """

    code: str
    section: str
    label: str
    unit: str
    value: float | None
    low: float | None = None
    high: float | None = None
    of: int | None = None
    reference: float | None = None
    currency: str = ""
    why: str = ""
    note: str = ""


def figures_of(outcomes: Outcomes | None, period: Period, currency: str) -> list[Figure]:
    """Return all figures of a period, in the order of the page.

    With `outcomes`, give and take is added; it is reported for all time only.
    """
    found = [*_chain(period), *_waits(period)]
    if outcomes is not None:
        found += _balances(outcomes.balances)
    return [*found, *_worths(period), *_costs(period, currency)]


def _chain(period: Period) -> Iterator[Figure]:
    chain, counts = period.chain, period.counts
    numbers: Mapping[str, int] = {
        "requests": counts.requests,
        "invitations": counts.invitations,
        "planned": chain.planned,
        "cancelled": chain.cancelled,
        "held": chain.held,
        "missed": chain.missed,
        "possible": chain.possible,
        "both": chain.both,
        "cooperations": chain.cooperations,
        "agreements": chain.agreements,
    }
    for code, words in FUNNEL.items():
        if code in numbers:
            yield Figure(code, CHAIN, str(words.label), COUNT, numbers[code])
        else:
            yield _rate(code, str(words.label), chain)


def _rate(code: str, label: str, chain: Chain) -> Figure:
    rate = chain.cooperation_rate if code == "cooperation-rate" else chain.agreement_rate
    reference = rate.reference / 100
    if chain.is_thin or rate.percent is None or rate.low is None or rate.high is None:
        why = "few" if chain.later else "unknown" if chain.held else "none"
        return Figure(code, CHAIN, label, SHARE, None, of=rate.of, reference=reference, why=why)
    return Figure(
        code,
        CHAIN,
        label,
        SHARE,
        rate.percent / 100,
        rate.low / 100,
        rate.high / 100,
        rate.of,
        reference,
    )


def _waits(period: Period) -> Iterator[Figure]:
    for kind, label in WAITS.items():
        found = period.waits.get(kind)
        if found is None:
            continue
        of = found["answered"] + found["waiting"]
        days = [
            None if found[one] is None else found[one] / 24 for one in ("median", "low", "high")
        ]
        note = _("%(answered)s of %(of)s have answered") % {"answered": found["answered"], "of": of}
        if of < FEWEST:
            days, why = [None] * 3, "few"
        elif days[0] is None:
            days, why = [None] * 3, "half"
        else:
            why = ""
        value, low, high = days
        yield Figure(
            f"wait-{kind}", WAIT, str(label), DAYS, value, low, high, of, why=why, note=note
        )


def _balances(balances: Sequence[Mapping[str, Any]]) -> Iterator[Figure]:
    for one in balances:
        of, sure = one["own"] + one["others"], one["sure"]
        label = _("All types combined") if one["kind"] == ALL else Favour.Kind(one["kind"]).label
        code, note = f"balance-{one['kind']}", _tell_given(one)
        if of < FEWEST or sure is None:
            why = "few" if of else "none"
            yield Figure(code, BALANCE, str(label), SHARE, None, of=of, why=why, note=note)
        else:
            yield Figure(
                code,
                BALANCE,
                str(label),
                SHARE,
                sure["share"],
                sure["low"],
                sure["high"],
                of,
                note=note,
            )


def _tell_given(one: Mapping[str, Any]) -> str:
    told = _("we gave %(own)s, they gave %(others)s") % {"own": one["own"], "others": one["others"]}
    if one["own"] + one["others"] < FEWEST or one["sure"] is None:
        return told
    if one["sure"]["is_even"]:
        return _("%(told)s; not distinguishable from an even split") % {"told": told}
    more = one["sure"]["share"] > one["sure"]["even"]
    words = (
        _("%(told)s; more than chance would explain")
        if more
        else _("%(told)s; less than chance would explain")
    )
    return words % {"told": told}


def _worths(period: Period) -> Iterator[Figure]:
    for worth in period.terms.worths:
        label = _("Agreements in %(currency)s") % {"currency": worth.currency}
        yield Figure(
            f"worth-{worth.currency}",
            WORTH,
            label,
            SUM,
            float(worth.amount),
            of=worth.count,
            currency=worth.currency,
        )


_COSTS = {
    "held": gettext_lazy("Per meeting held"),
    "cooperations": gettext_lazy("Per cooperation"),
    "agreements": gettext_lazy("Per agreement"),
}


def _costs(period: Period, currency: str) -> Iterator[Figure]:
    for name, label in _COSTS.items():
        code = f"cost-{name}"
        if period.costs is None:
            yield Figure(code, COST, str(label), SUM, None, currency=currency, why="none")
            continue
        one = period.costs[name]
        if one["value"] is None:
            yield Figure(
                code,
                COST,
                str(label),
                SUM,
                None,
                one["low"],
                None,
                0,
                currency=currency,
                why="zero",
            )
        else:
            yield Figure(
                code,
                COST,
                str(label),
                SUM,
                one["value"],
                one["low"],
                one["high"],
                one["count"],
                currency=currency,
            )


def find_figure(figures: Sequence[Figure], code: str) -> Figure | None:
    """Return a figure by its code; one without data in a period is marked as such.

    None where there is no such figure at all.
    """
    for one in figures:
        if one.code == code:
            return one
    kind, _dash, more = code.partition("-")
    if kind == WAIT and more in WAITS:
        return Figure(code, WAIT, str(WAITS[more]), DAYS, None, of=0, why="none")
    if kind == BALANCE and more in Favour.Kind.values:
        return Figure(code, BALANCE, str(Favour.Kind(more).label), SHARE, None, of=0, why="none")
    if kind == WORTH and _CURRENCY.fullmatch(more):
        label = _("Agreements in %(currency)s") % {"currency": more}
        return Figure(code, WORTH, label, SUM, None, of=0, currency=more, why="none")
    return None


@dataclass(frozen=True, slots=True)
class Explained:
    """The composition of a figure, in words."""

    about: str
    formula: str
    tables: str
    method: str


def explain(figure: Figure) -> Explained:
    """Return a figure's meaning, calculation, source records and uncertainty."""
    if figure.section == CHAIN:
        words: Words = FUNNEL[figure.code]
    elif figure.section == WAIT:
        kind = figure.code.removeprefix("wait-")
        words = Words(figure.label, ABOUT_WAIT.about, ABOUT_WAIT.formula, WAIT_TABLES[kind], "wait")
    else:
        words = {BALANCE: ABOUT_BALANCE, WORTH: ABOUT_WORTH}.get(figure.section, _ABOUT_COST)
    return Explained(
        str(words.about), str(words.formula), str(words.tables), str(METHODS[words.method])
    )


_ABOUT_COST = Words(
    gettext_lazy("Cost per outcome"),
    gettext_lazy("What completed activities cost, per outcome in the same period."),
    gettext_lazy(
        "Planned costs of all completed activities in the plan that ended in the period ÷ number "
        "of outcomes of meetings in the period"
    ),
    gettext_lazy("Activities in the plan; meetings and what was reported about them"),
    "cost",
)
