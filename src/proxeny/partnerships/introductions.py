"""Proposals of a plan of introductions, as pages, files and programs show them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import batched
from typing import Any

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.directory.countries import country_name
from proxeny.directory.models import Organisation
from proxeny.directory.queries.organisations import organisation_names
from proxeny.directory.reasons import Told, know, tell_reasons
from proxeny.kernel.lists import join_items
from proxeny.partnerships.amounts import tell_rounded
from proxeny.partnerships.models import IntroductionPlan, ProposedIntroduction

State = IntroductionPlan.State
#: So many proposals are told together: their texts are held in memory.
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Proposal:
    """One proposed introduction with its reasons in sentences."""

    row: ProposedIntroduction
    told: Told

    @property
    def key(self) -> str:
        """The part of the page that it is."""
        return f"pair-{self.row.pk}"

    @property
    def percent(self) -> int:
        """The fit of the two, in percent."""
        return round(100 * self.row.score)


def tell_rows(rows: Iterable[ProposedIntroduction]) -> Iterator[Proposal]:
    """Yield proposals with their reasons, as they hold today for the reader.

    For each `AT_ONCE` of them, two queries at most.
    """
    today = timezone.localdate()
    for some in batched(rows, AT_ONCE):
        known = know(
            {side.pk: side for row in some for side in (row.left, row.right)}.values(),
            [reason for row in some for reason in row.reasons],
            today=today,
        )
        for row in some:
            told = tell_reasons(
                row.reasons,
                known,
                mine=row.left_id,
                theirs=row.right_id,
                us=row.left.name,
                them=row.right.name,
            )
            yield Proposal(row, told)


def place_of(organisation: Organisation) -> str:
    """Return what an organisation is, and where."""
    parts = (organisation.get_kind_display(), organisation.city, country_name(organisation.country))
    return " · ".join(part for part in parts if part)


def tell_outcome(plan: IntroductionPlan) -> tuple[str, str]:
    """Return the outcome of a plan as a heading and a sentence; both empty while it is running."""
    seen = plan.considered
    if plan.state == State.READY:
        return _("Best possible set"), _(
            "Out of %(candidates)s matching pairs, no set within these limits is worth more than "
            "this one: %(value)s. Found in %(seconds)s seconds."
        ) % {
            "candidates": number_format(seen.get("candidates", 0), force_grouping=True),
            "value": tell_rounded(plan.value or 0, 2),
            "seconds": tell_rounded(plan.seconds or 0),
        }
    if plan.state == State.EMPTY:
        return _("Nothing to propose"), _why_empty(plan)
    if plan.state == State.INFEASIBLE:
        return _("Not everyone can get an introduction"), _why_infeasible(plan)
    return "", ""


def _why_empty(plan: IntroductionPlan) -> str:
    names = {"left": plan.left.name, "right": plan.right.name}
    return {
        "no_left": _(
            "%(left)s isn’t sharing any members with this partnership that match your criteria."
        ),
        "no_right": _(
            "%(right)s isn’t sharing any members with this partnership that match your criteria."
        ),
        "no_room": _("The limits leave no room for any introductions."),
    }.get(
        plan.reason,
        _(
            "No two members match on offers and needs, or those who do have already met. Adding "
            "a few words to profiles, offers and needs can change that."
        ),
    ) % names


def _why_infeasible(plan: IntroductionPlan) -> str:
    names = organisation_names(one["id"] for one in plan.short)
    few = [
        names[one["id"]]
        for one in plan.short
        if one["code"] == "too_few_candidates" and one["id"] in names
    ]
    full = [
        names[one["id"]]
        for one in plan.short
        if one["code"] != "too_few_candidates" and one["id"] in names
    ]
    parts = []
    if few:
        parts.append(_("No match for: %(names)s.") % {"names": join_items(few)})
    if full:
        parts.append(
            _("All matches are already taken for: %(names)s. Raise the limits.")
            % {"names": join_items(full)}
        )
    parts.append(_("Without this guarantee, a set is possible."))
    return " ".join(parts)


def tell_considered(plan: IntroductionPlan) -> str:
    """Return how many members of each side were looked at, and how many got none."""
    seen = plan.considered
    parts = [
        ngettext(
            "%(count)d member of %(side)s was considered, %(none)d got none.",
            "%(count)d members of %(side)s were considered, %(none)d got none.",
            seen.get(side, 0),
        )
        % {
            "count": seen.get(side, 0),
            "side": organisation.name,
            "none": sum(plan.left_out.get(side, {}).values()),
        }
        for side, organisation in (("left", plan.left), ("right", plan.right))
    ]
    if seen.get("met"):
        parts.append(
            ngettext(
                "%(count)d pair has already met and is left out.",
                "%(count)d pairs have already met and are left out.",
                seen["met"],
            )
            % {"count": seen["met"]}
        )
    return " ".join(parts)


def table_of(proposals: Iterable[Proposal]) -> tuple[list[str], list[list[Any]]]:
    """Return proposals as the head and rows of a file."""
    head = [
        _("First member"),
        _("country"),
        _("Second member"),
        _("country"),
        _("Match (out of 100)"),
        _("What the second member offers"),
        _("What the first member offers"),
        _("Other details"),
        _("State"),
    ]
    return head, [
        [
            one.row.left.name,
            country_name(one.row.left.country),
            one.row.right.name,
            country_name(one.row.right.country),
            one.percent,
            one.told.they_bring.sentence if one.told.they_bring else "",
            one.told.we_bring.sentence if one.told.we_bring else "",
            " ".join(one.told.facts),
            one.row.get_state_display(),
        ]
        for one in proposals
    ]
