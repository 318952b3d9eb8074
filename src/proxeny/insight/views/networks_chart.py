"""A cluster's network as a picture and as the table that says the same."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from proxeny.insight.forms.networks import FindActorForm
from proxeny.insight.networks_drawn import (
    draw_actors,
    draw_groups,
    ids_of_groups,
    name_group,
    show_countries,
    show_groups,
    show_members,
    show_partners,
)
from proxeny.insight.operations.networks_chart import (
    Picture,
    draw_around,
    draw_community,
    draw_everybody,
)
from proxeny.insight.operations.networks_kept import KeptNetwork
from proxeny.insight.operations.networks_what_if import keep_of, partners_of
from proxeny.insight.queries.networks import MOST_FOUND, Named, find_named, name_all
from proxeny.insight.views.networks_frame import NetworkFrame, enter_network, show_network_page
from proxeny.kernel.errors import NotFound
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import for_people, read_number

COMMUNITIES, COUNTRIES, EVERYBODY = "communities", "countries", "everybody"


@dataclass(frozen=True, slots=True)
class Asked:
    """The requested drawing: a view of all, a community (from 1), or one actor's surroundings."""

    by: str
    community: int
    around: int

    @classmethod
    def of(cls, request: HttpRequest) -> "Asked":
        """Read it from an address; what does not hold counts as nothing."""
        by = request.GET.get("by", "")
        return cls(
            by if by in (COMMUNITIES, COUNTRIES) else EVERYBODY,
            read_number(request.GET.get("community")),
            read_number(request.GET.get("around")),
        )

    @property
    def query(self) -> dict[str, object]:
        """The same as an address says it."""
        if self.around:
            return {"around": self.around}
        return {"community": self.community} if self.community else {"by": self.by}


@require_GET
@for_people
def show_picture(request: Request) -> HttpResponse:
    """Show the network drawn, with its data as a table; `?find=` searches for an organisation."""
    frame, asked = enter_network(request), Asked.of(request)
    if not frame.present:
        return show_network_page(request, frame, "picture", "network_picture", {})
    form = FindActorForm(request.GET)
    context = {
        "form": form,
        "asked": asked,
        "graph_url": frame.link("insight:network-graph", **asked.query),
        "views": [
            {
                "label": label,
                "url": frame.link("insight:network", by=by),
                "active": not asked.around and not asked.community and asked.by == by,
            }
            for by, label in (
                (EVERYBODY, _("Everyone")),
                (COMMUNITIES, _("By group")),
                (COUNTRIES, _("By country")),
            )
        ],
        "all_url": frame.url("insight:network"),
        "list_url": frame.url("insight:network-organisations"),
        **_found(frame, form.words()),
        **_table(frame, asked),
    }
    return show_network_page(request, frame, "picture", "network_picture", context)


def _found(frame: NetworkFrame, words: str) -> dict[str, Any]:
    if not words:
        return {"words": ""}
    found = find_named(frame.present["actors"]["ids"], words)
    return {
        "words": words,
        "found": [
            {"named": one, "url": frame.link("insight:network", around=one.id)}
            for one in found[:MOST_FOUND]
        ],
        "found_more": max(0, len(found) - MOST_FOUND),
    }


def _table(frame: NetworkFrame, asked: Asked) -> dict[str, Any]:
    """Return the content of the picture, as rows. Three queries at most."""
    if asked.around or asked.community:
        kept = keep_of(frame.snapshot)
        picture, named = _part(frame, kept, asked)
        if asked.around:
            return {
                "one": named[asked.around],
                "rows": show_partners(picture, named, frame.link),
                "more": picture.more,
                "is_own": asked.around == frame.cluster.pk,
                **_try(frame, kept, asked.around),
            }
        title = name_group(_group(frame, asked.community), asked.community - 1, named)
        return {
            "group": title,
            "rows": show_members(picture, named, frame.link),
            "more": picture.more,
        }
    if asked.by == COUNTRIES:
        return {"rows": show_countries(frame.present, frame.link)}
    if asked.by == COMMUNITIES:
        named = name_all(ids_of_groups(frame.present))
        communities = frame.present["communities"]
        return {
            "rows": show_groups(frame.present, named, frame.link, own=frame.cluster.pk),
            "smaller": communities["smaller"],
            "alone": communities["alone"],
        }
    return {"rows": []}


def _try(frame: NetworkFrame, kept: KeptNetwork, one: int) -> dict[str, Any]:
    """Return the link to try the network with or without an organisation."""
    if one == frame.cluster.pk:
        return {}
    is_partner = one in {partner.id for partner in partners_of(kept, frame.cluster.pk)}
    return {
        "is_partner": is_partner,
        "try_url": frame.link("insight:what-if", **{"lose" if is_partner else "link": one}),
    }


def _group(frame: NetworkFrame, number: int) -> dict[str, Any]:
    groups: list[dict[str, Any]] = frame.present["communities"]["groups"]
    if not 0 < number <= len(groups):
        raise NotFound(_("We couldn’t find this group."))
    return groups[number - 1]


def _part(frame: NetworkFrame, kept: KeptNetwork, asked: Asked) -> tuple[Picture, dict[int, Named]]:
    """Return a part of the network, and the names in it that the reader sees. 1 or 2 queries."""
    if asked.around:
        if asked.around not in kept.network.places or not name_all([asked.around]):
            raise NotFound(_("We couldn’t find this organisation in the network."))
        picture = draw_around(kept, asked.around)
    elif asked.community:
        _group(frame, asked.community)
        picture = draw_community(kept, asked.community - 1)
    else:
        picture = draw_everybody(kept)
    return picture, name_all(picture.ids)


@require_GET
@for_people
def show_graph(request: Request) -> HttpResponse:
    """Answer with what the script draws."""
    frame, asked = enter_network(request), Asked.of(request)
    if not frame.present:
        return JsonResponse({"kind": "groups", "nodes": [], "ties": []})
    return JsonResponse(_graph(frame, asked))


def _graph(frame: NetworkFrame, asked: Asked) -> dict[str, Any]:
    is_part = bool(asked.around or asked.community)
    if asked.by == COUNTRIES and not is_part:
        rows = show_countries(frame.present, frame.link)
        return draw_groups(rows, frame.present["countries"]["ties"])
    if asked.by == COMMUNITIES and not is_part:
        named = name_all(ids_of_groups(frame.present))
        rows = show_groups(frame.present, named, frame.link, own=frame.cluster.pk)
        return draw_groups(rows, frame.present["communities"]["ties"])
    picture, named = _part(frame, keep_of(frame.snapshot), asked)
    return draw_actors(picture, named, frame.link, own=frame.cluster.pk, middle=asked.around)
