"""A selection in sentences: what quotas cost, why there is none, and what would help."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.engine.label import Change, Clash, Infeasible, NextUp, TooFewPassed
from proxeny.kernel.lists import join_items
from proxeny.labels.content import read_selection
from proxeny.labels.models import Decision, Result, Round, Submission
from proxeny.labels.operations.selecting import Proposal, quota_of
from proxeny.labels.operations.standing import tell_percent
from proxeny.labels.presenters import tell_quota_in_places
from proxeny.labels.queries.rounds import text_of_round
from proxeny.labels.result_explanations import figure_of, missed_of

Standing = Result.Standing


def tell_points(points: Fraction | Decimal | None) -> str:
    """Return points with at most two decimals, as the reader writes numbers."""
    return figure_of(tell_percent(points) if isinstance(points, Fraction) else points)


def name_some(proposal: Proposal, keys: Iterable[int | str]) -> str:
    """Return applications of a proposal by number and title."""
    numbers = [int(key) for key in keys]
    return name_all({one: proposal.title(one) for one in numbers}, numbers)


def name_all(titles: Mapping[int, str], numbers: Iterable[int]) -> str:
    """Return applications by number and title: 3 “Nets”, 5 “Harbours”.

    Each is isolated, whatever direction its title is written in.
    """
    return join_items(
        "\u2068%s\u2069"
        % (_("%(number)s “%(title)s”") % {"number": one, "title": titles.get(one, "")})
        for one in numbers
    )


def tell_quotas(proposal: Proposal) -> list[dict[str, object]]:
    """Return each quota: what it asks for, its result, and its cost, in sentences."""
    selection = proposal.selection
    counts = dict(selection.counts) if selection else {}
    costs = {one.quota: one for one in selection.costs} if selection else {}
    told = []
    for one in proposal.quotas:
        quota, is_off = quota_of(one, proposal.places), one.key in proposal.wish.without
        line = {
            "key": one.key,
            "name": proposal.text.told(one.title),
            "is_off": is_off,
            "asks": tell_quota_in_places(one, proposal.places),
            "taken": counts.get(one.key),
            "cost": "",
            "short": "",
        }
        cost = costs.get(one.key)
        if is_off:
            line["cost"] = _("Left out here for comparison.")
        elif cost is not None and (cost.points > 0 or cost.places > 0 or cost.out_by):
            line["cost"] = tell_cost(proposal, cost.points, cost.places, cost.in_by, cost.out_by)
        elif cost is not None:
            line["cost"] = _("It costs nothing: the same projects are chosen without it.")
        if counts.get(one.key, quota.least) < quota.least:
            line["short"] = _("Only %(taken)d passed; at least %(least)d needed.") % {
                "taken": counts[one.key],
                "least": quota.least,
            }
        told.append(line)
    return told


def _asks(least: int, most: int | None) -> str:
    if most is None:
        return ngettext("at least %(least)d place", "at least %(least)d places", least) % {
            "least": least
        }
    return _("%(least)d to %(most)d places") % {"least": least, "most": most}


def tell_cost(
    proposal: Proposal,
    points: Fraction,
    places: int,
    into: Iterable[int | str],
    out: Iterable[int | str],
) -> str:
    """Return the cost of a quota as one sentence."""
    into, out = list(into), list(out)
    values = {
        "points": tell_points(abs(points)),
        "in": name_some(proposal, into),
        "out": name_some(proposal, out),
    }
    if places > 0:
        return ngettext(
            "It leaves %(count)d place empty; without it, these would be chosen: %(out)s.",
            "It leaves %(count)d places empty; without it, these would be chosen: %(out)s.",
            places,
        ) % {**values, "count": places}
    if not into:
        return _("It costs %(points)s points.") % values
    return _("It costs %(points)s points: it brings in %(in)s and pushes out %(out)s.") % (values)


def tell_cost_of_all(proposal: Proposal) -> str:
    """Return the joint cost of all quotas, if there are several; empty if none."""
    selection = proposal.selection
    if selection is None or len(selection.costs) < 2 or selection.cost_of_all.points <= 0:
        return ""
    return _("All quotas together cost %(points)s points.") % {
        "points": tell_points(selection.cost_of_all.points)
    }


def tell_reasons(proposal: Proposal) -> list[dict[str, object]]:
    """Return the reasons why there is no selection, each with a remedy."""
    if not isinstance(proposal.found, Infeasible):
        return []
    return [_reason(proposal, one) for one in proposal.found.reasons]


def _reason(proposal: Proposal, one: TooFewPassed | Clash) -> dict[str, object]:
    if isinstance(one, TooFewPassed):
        text = ngettext(
            "“%(quota)s” requires at least %(least)d place, but only %(passed)d passed.",
            "“%(quota)s” requires at least %(least)d places, but only %(passed)d passed.",
            one.least,
        ) % {"quota": name_quota(proposal, one.quota), "least": one.least, "passed": one.passed}
        return {
            "text": text,
            "helps": [_("Fill it as far as possible: the remaining places go to the others.")],
        }
    names = join_items(f"“{name_quota(proposal, key)}”" for key in one.quotas)
    text = _("These quotas can’t all be met: %(quotas)s.") % {"quotas": names}
    return {"text": text, "helps": [_change(proposal, each) for each in one.changes]}


def _change(proposal: Proposal, one: Change) -> str:
    values = {
        "quota": name_quota(proposal, one.quota or ""),
        "before": one.before,
        "to": one.to,
    }
    if one.field == "places":
        return _("It would work with %(to)d places instead of %(before)d.") % values
    if one.field == "least":
        return (
            _("It would work with at least %(to)d instead of %(before)d for “%(quota)s”.") % values
        )
    return _("It would work with at most %(to)d instead of %(before)d for “%(quota)s”.") % values


def name_quota(proposal: Proposal, key: str) -> str:
    """Return the name of a quota."""
    found = (proposal.text.told(one.title) for one in proposal.text.quotas if one.key == key)
    return next(found, "")


def draft_minutes(proposal: Proposal) -> str:
    """Return the first part of the minutes: the facts of the selection."""
    passed, out = len(proposal.passed), len(proposal.ineligible)
    values = {
        "candidates": len(proposal.ranked),
        "passed": passed,
        "chosen": len(proposal.chosen),
        "waiting": len(proposal.waiting),
        "out": out,
        "places": proposal.places,
    }
    lines = [
        _("Applications assessed: %(candidates)d. Reached all thresholds: %(passed)d.") % values,
        _("Chosen: %(chosen)d. On the waiting list: %(waiting)d.") % values,
    ]
    if proposal.round.places is not None:
        lines[0] += " " + _("Places: %(places)d.") % values
    if out:
        lines.append(_("Ineligible: %(out)d.") % values)
    if proposal.withdrawn:
        lines.append(_("Withdrawn by the applicant: %(count)d.") % {"count": proposal.withdrawn})
    abstained = sum(
        one.state == "abstained" for row in proposal.ranked for one in row.judged.assignments
    )
    if abstained:
        lines.append(_("Abstentions by jurors: %(count)d.") % {"count": abstained})
    for one in tell_quotas(proposal):
        taken = "–" if one["taken"] is None else one["taken"]
        lines.append(
            _("Quota “%(name)s” (%(asks)s): %(taken)s. %(cost)s %(short)s").strip()
            % {**one, "taken": taken}
        )
    lines += [
        _("Tied on points: %(names)s.") % {"names": name_some(proposal, equal)}
        for equal in proposal.ties
    ]
    if proposal.wish.prefer:
        lines.append(
            _("Among those tied, the jury put first: %(names)s.")
            % {"names": name_some(proposal, proposal.wish.prefer)}
        )
    return "\n".join(" ".join(line.split()) for line in lines)


def tell_next(one: NextUp, titles: dict[str, str], quotas: dict[str, str]) -> list[str]:
    """Return the applications passed over by a promotion, and the quota behind each."""
    return [
        _("%(number)s “%(title)s” has more points but is passed over because of: %(quotas)s.")
        % {
            "number": over.key,
            "title": titles.get(over.key, ""),
            "quotas": join_items(quotas.get(key, "") for key in over.quotas),
        }
        for over in one.passed_over
        if over.quotas
    ]


def tell_ranking(proposal: Proposal) -> list[dict[str, Any]]:
    """Return the applications as a table shows them: by points, then the ineligible ones."""
    rows = []
    for one in proposal.ranked:
        outcome, submission = one.judged.outcome, one.judged.submission
        level = proposal.text.level(outcome.level) if outcome.passes else None
        rows.append(
            {
                **_who(submission),
                "rank": one.rank,
                "jurors": one.judged.jurors,
                "total": figure_of(outcome.total),
                "figure": float(outcome.total) if outcome.total is not None else None,
                "exact": outcome.total,
                "level": proposal.text.told(level.title) if level else "",
                "missed": join_items(missed_of(proposal.text, outcome)),
                "code": one.standing,
                "standing": _standing(proposal, one.standing, one.judged.total),
            }
        )
    rows += [
        {
            **_who(one),
            "rank": None,
            "jurors": 0,
            "total": "–",
            "figure": None,
            "exact": None,
            "level": "",
            "missed": one.application.eligible_why,
            "code": Standing.OUT,
            "standing": str(Standing.OUT.label),
        }
        for one in proposal.ineligible
    ]
    return rows


def _who(one: Submission) -> dict[str, Any]:
    application = one.application
    return {
        "number": one.number,
        "title": application.title,
        "name": application.organisation.name,
        "country": application.country,
        "application": application.pk,
    }


def _standing(proposal: Proposal, standing: Standing | None, total: Fraction | None) -> str:
    if standing == Standing.CHOSEN:
        return _("Would be chosen")
    if standing is not None:
        return str(standing.label)
    return _("Scores missing") if total is None else _("Reached all thresholds")


def tell_decision(decision: Decision, held: Round, titles: Mapping[int, str]) -> dict[str, Any]:
    """Return a decision as its page shows it, its quotas in sentences."""
    text, selection = text_of_round(held), read_selection(decision.content)
    quotas = []
    for one in selection.quotas:
        known = next((each for each in text.quotas if each.key == one.key), None)
        quotas.append(
            {
                "name": text.told(known.title) if known else "",
                "taken": one.taken,
                "asks": tell_quota_in_places(known, selection.places)
                if known and selection.places is not None
                else _asks(one.least, one.most),
                "lost": figure_of(one.lost) if one.lost else "",
                "into": name_all(titles, one.into),
                "out": name_all(titles, one.out),
                "missing": one.missing,
            }
        )
    return {
        "decision": decision,
        "number": decision.number,
        "selection": selection,
        "quotas": quotas,
        "chosen": name_all(titles, selection.chosen),
        "waiting": name_all(titles, selection.waiting),
        "preferred": name_all(titles, selection.preferred),
    }
