"""Scenarios: the cluster's position with new partners, or without some of today's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from proxeny.directory.countries import country_name
from proxeny.insight.forms.networks import FindActorForm
from proxeny.insight.networks_presenters import name_of, tell_number
from proxeny.insight.networks_trying import show_change
from proxeny.insight.operations.networks_kept import KeptNetwork
from proxeny.insight.operations.networks_what_if import (
    MOST,
    Partner,
    keep_of,
    partners_of,
    try_changes,
)
from proxeny.insight.queries.networks import MOST_FOUND, Named, find_named, name_all
from proxeny.insight.views.networks_frame import NetworkFrame, enter_network, show_network_page
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people, read_number

#: So many of today's partners are offered to be left out, the strongest.
_OFFERED = 8


@dataclass(frozen=True, slots=True)
class Tried:
    """The changes to try that an address lists; each once, in its order."""

    link: tuple[int, ...]
    lose: tuple[int, ...]

    @classmethod
    def of(cls, query: QueryDict) -> "Tried":
        """Read it; what is no number counts as nothing."""
        link, lose = (
            tuple(dict.fromkeys(one for one in map(read_number, query.getlist(name)) if one))
            for name in ("link", "lose")
        )
        return cls(link[: MOST + 1], lose[: MOST + 1])

    def with_(self, name: str, pk: int) -> "Tried":
        """Return the same with one more."""
        parts = {"link": self.link, "lose": self.lose}
        return Tried(**{**parts, name: (*parts[name], pk)})

    def without(self, pk: int) -> "Tried":
        """Return the same with one less."""
        link, lose = ([one for one in some if one != pk] for some in (self.link, self.lose))
        return Tried(tuple(link), tuple(lose))

    @property
    def pairs(self) -> list[tuple[str, int]]:
        """The same as an address says it."""
        return [("link", one) for one in self.link] + [("lose", one) for one in self.lose]


@require_GET
@for_people
def show_what_if(request: Request) -> HttpResponse:
    """Show a scenario with its figures before and after, and suggestions for others."""
    frame, tried = enter_network(request), Tried.of(request.GET)
    if not frame.present:
        return show_network_page(request, frame, "what-if", "network_what_if", {})
    kept = keep_of(frame.snapshot)
    partners = partners_of(kept, frame.cluster.pk)
    change, problem = None, ""
    try:
        if tried.pairs:
            change = try_changes(kept, frame.cluster.pk, link=tried.link, lose=tried.lose)
    except InvalidInput as error:
        problem = str(error)
    form = FindActorForm(request.GET)
    proposed = _proposed(frame)
    named = name_all(
        {*tried.link, *tried.lose, *proposed, *(one.id for one in partners[:_OFFERED])}
    )
    context = {
        "form": form,
        "problem": problem,
        "change": show_change(change, named) if change else None,
        "chosen": _chosen(frame, tried, named),
        "kept_pairs": tried.pairs,
        "proposed": [
            _offer(frame, tried, named[one], "link")
            for one in proposed
            if one in named and one not in tried.link
        ],
        "partners": [
            {**_offer(frame, tried, named[one.id], "lose"), "strength": tell_number(one.weight)}
            for one in partners[:_OFFERED]
            if one.id in named and one.id not in tried.lose
        ],
        "clear_url": frame.url("insight:what-if"),
        **_found(frame, tried, kept, partners, form.words()),
    }
    return show_network_page(
        request, frame, "what-if", "network_what_if", context, status=422 if problem else 200
    )


def _proposed(frame: NetworkFrame) -> list[int]:
    return [
        one["id"]
        for kind in ("clusters", "organisations")
        for one in frame.present["proposals"][kind]["links"]
    ]


def _chosen(frame: NetworkFrame, tried: Tried, named: Mapping[int, Named]) -> list[dict[str, Any]]:
    return [
        {
            "name": name_of(named, pk),
            "is_new": name == "link",
            "away_url": _address(frame, tried.without(pk)),
        }
        for name, pk in tried.pairs
    ]


def _address(frame: NetworkFrame, tried: Tried) -> str:
    return frame.link("insight:what-if", link=tried.link, lose=tried.lose)


def _offer(frame: NetworkFrame, tried: Tried, one: Named, name: str) -> dict[str, Any]:
    return {
        "name": one.name,
        "is_new": name == "link",
        "country": country_name(one.country),
        "url": _address(frame, tried.with_(name, one.id)),
    }


def _found(
    frame: NetworkFrame, tried: Tried, kept: KeptNetwork, partners: Sequence[Partner], words: str
) -> dict[str, Any]:
    """Return the results of a search among all of the network. One query."""
    if not words:
        return {"words": ""}
    known = {one.id for one in partners}
    away = {frame.cluster.pk, *tried.link, *tried.lose}
    found = [one for one in find_named(kept.network.keys.tolist(), words) if one.id not in away]
    return {
        "words": words,
        "found": [
            _offer(frame, tried, one, "lose" if one.id in known else "link")
            for one in found[:MOST_FOUND]
        ],
        "found_more": max(0, len(found) - MOST_FOUND),
        "nobody": _("No one with that name is in the part of the network you can see."),
    }
