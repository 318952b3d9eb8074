"""Contents that a public page can show besides its texts: each by its key, for forms and API."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from proxeny.alliances import rules
from proxeny.alliances.queries.together import Together
from proxeny.partnerships.amounts import tell_amount

#: The groups of a form, in their order.
GROUPS: dict[str, Any] = {
    "goals": _("Goals"),
    "activities": _("Activities"),
    "results": _("Results"),
    "sums": _("Amounts of results"),
    "partners": _("Partners from other countries"),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """Something that the page can show; `is_public` where everybody reads it elsewhere already."""

    key: str
    group: str
    title: str
    is_public: bool = False


def offers_of(together: Together) -> list[Offer]:
    """Return the contents that the page can show. No query."""
    return list(_offers(together))


def _offers(together: Together) -> Iterator[Offer]:
    for goal in together.goals:
        yield Offer(rules.key_of(rules.GOAL, goal.record.pk), "goals", goal.record.title)
    for one in together.activities:
        yield Offer(rules.key_of(rules.ACTIVITY, one.pk), "activities", one.title)
    for result in together.results:
        yield Offer(result.key, "results", result.title, result.is_public)
    for result in together.results:
        if result.amount is not None:
            told = f"{tell_amount(result.amount, result.currency)} · {result.title}"
            yield Offer(rules.sum_of(result.key), "sums", told)
    for beside in together.beside:
        # Results visible only to the room are left out.
        if beside.is_public:
            key = rules.key_of(rules.PARTNER, beside.supporter.organisation_id)
            told = f"{beside.supporter.name}, {beside.country_label}"
            yield Offer(key, "partners", told)


def first_choice(offers: Collection[Offer]) -> list[str]:
    """Return the contents of a page before any choice: goals, and what is public anyway."""
    return [one.key for one in offers if one.group == "goals" or one.is_public]
