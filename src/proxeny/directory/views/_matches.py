"""One page of suggested partners, filtered, and the progress of the search for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from proxeny.directory.countries import country_name
from proxeny.directory.models import Kind
from proxeny.directory.proposals import Card
from proxeny.kernel.models import Job
from proxeny.kernel.view_helpers import page_links, read_number

PAGE_SIZE = 10


@dataclass(frozen=True, slots=True)
class Shown:
    """The cards of one page, with the available filters."""

    cards: Sequence[Card]
    count: int
    total: int
    countries: Sequence[tuple[str, str, int]]
    kinds: Sequence[tuple[str, str, int]]
    country: str
    kind: str
    both: bool
    prev_url: str
    next_url: str
    summary: str

    @property
    def is_filtered(self) -> bool:
        """Whether something narrows the list."""
        return bool(self.country or self.kind or self.both)


def narrow(request: HttpRequest, cards: Sequence[Card], *, whole: bool = False) -> Shown:
    """Return the page of cards that the address asks for, or all pages as one.

    A filter that finds nobody in the list asks for nothing.
    """
    countries, kinds = _count(cards, "country"), _count(cards, "kind")
    country = _known(request.GET.get("country", ""), countries)
    kind = _known(request.GET.get("kind", ""), kinds)
    both = request.GET.get("both") == "1"
    found = [
        card
        for card in cards
        if (not country or card.partner.country == country)
        and (not kind or card.partner.kind == kind)
        and (not both or card.told.is_both_ways)
    ]
    size = max(1, len(found)) if whole else PAGE_SIZE
    pages = max(1, -(-len(found) // size))
    number = max(1, min(read_number(request.GET.get("page")), pages))
    start = (number - 1) * size
    return Shown(
        cards=found[start : start + size],
        count=len(found),
        total=len(cards),
        countries=[(code, country_name(code), n) for code, n in countries.items()],
        kinds=[(code, str(Kind(code).label), n) for code, n in kinds.items()],
        country=country,
        kind=kind,
        both=both,
        **page_links(request, number, has_next=number < pages),
        summary=_("%(first)d to %(last)d of %(count)d")
        % {"first": start + 1, "last": min(start + size, len(found)), "count": len(found)},
    )


def _count(cards: Sequence[Card], name: str) -> dict[str, int]:
    counts: dict[str, int] = {}
    for card in cards:
        value = getattr(card.partner, name)
        counts[value] = counts.get(value, 0) + 1
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _known(value: str, among: Mapping[str, int]) -> str:
    return value if value in among else ""


def progress_of(job: Job | None) -> dict[str, Any]:
    """Return how far the job is, as the progress part shows it."""
    if job is None:
        return {}
    texts = {
        "read": _("Reading what you can see in the directory."),
        "index": _("Weighing the words in all profiles."),
        "rank": _("Comparing what each side offers and needs."),
    }
    waits = job.state == Job.State.QUEUED
    return {
        "state": "queued" if waits else "running",
        "percent": None if waits else job.progress.get("percent"),
        "text": texts.get(job.progress.get("step", ""), ""),
    }
