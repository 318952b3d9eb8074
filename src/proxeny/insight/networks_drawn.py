"""Pictures of a network as scripts draw them and tables tell them: names, sizes, addresses."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from proxeny.directory.countries import country_name
from proxeny.directory.models import Kind
from proxeny.directory.vocabularies import NUTS, own_label
from proxeny.insight.networks_presenters import ANOTHER, tell_number
from proxeny.insight.operations.networks_chart import Picture
from proxeny.insight.queries.networks import Named

type Address = Callable[..., str]
#: So many ties are drawn for each group.
_TIES_EACH = 3


def ids_of_groups(present: Mapping[str, Any]) -> set[int]:
    """Return the ids of the organisations that communities are named after."""
    return {pk for one in present["communities"]["groups"] for pk in one["top"]}


def name_group(group: Mapping[str, Any], number: int, named: Mapping[int, Named]) -> str:
    """Return the name of a community: that of its strongest organisation visible to the reader."""
    names = [named[pk].name for pk in group["top"] if pk in named]
    if not names:
        return _("Group %(number)d") % {"number": number + 1}
    return _("around %(name)s") % {"name": names[0]}


def name_place(code: str) -> str:
    """Return the name of a country, or of a region of level 2."""
    return country_name(code) if len(code) == 2 else own_label(NUTS, code) or code


def show_groups(
    present: Mapping[str, Any], named: Mapping[int, Named], link: Address, *, own: int
) -> list[dict[str, Any]]:
    """Return the communities as rows, the largest first."""
    actors = present["actors"]
    mine = actors["community"][actors["ids"].index(own)]
    return [
        {
            "name": name_group(one, number, named),
            "is_own": number == mine,
            "others": [named[pk].name for pk in one["top"][1:] if pk in named],
            "size": one["size"],
            "strength": tell_number(one["strength"]),
            "countries": [country_name(code) for code in one["countries"]],
            "url": link("insight:network", community=number + 1),
            "at": one["at"],
            "weight": one["size"],
        }
        for number, one in enumerate(present["communities"]["groups"])
    ]


def show_countries(present: Mapping[str, Any], link: Address) -> list[dict[str, Any]]:
    """Return the countries as rows, those with most organisations first."""
    return [
        {
            "name": country_name(one["code"]),
            "size": one["size"],
            "strength": tell_number(one["strength"]),
            "url": link("insight:network-organisations", country=one["code"]),
            "at": one["at"],
            "weight": one["size"],
        }
        for one in present["countries"]["groups"]
    ]


def draw_groups(
    rows: Sequence[Mapping[str, Any]], ties: Sequence[Sequence[float]]
) -> dict[str, Any]:
    """Return groups as the script draws them, with the strongest ties: more make a tangle."""
    return {
        "kind": "groups",
        "nodes": [
            {
                "label": row["name"],
                "at": row["at"],
                "size": row["size"],
                "group": number,
                "url": row["url"],
                "is_own": row.get("is_own", False),
                "says": str(row["size"]),
            }
            for number, row in enumerate(rows)
        ],
        "ties": [
            [int(a), int(b), weight] for a, b, weight, _many in ties[: _TIES_EACH * len(rows)]
        ],
    }


def draw_actors(
    picture: Picture, named: Mapping[int, Named], link: Address, *, own: int, middle: int = 0
) -> dict[str, Any]:
    """Return a part of the network as the script draws it.

    An organisation hidden from the reader is drawn without name, number and address.
    """
    nodes = []
    for pk, at, strength, group in zip(
        picture.ids, picture.place, picture.strengths, picture.groups, strict=True
    ):
        one = named.get(pk)
        node: dict[str, Any] = {
            "label": one.name if one else str(ANOTHER),
            "at": at,
            "size": strength,
            "group": group,
            "url": link("insight:network", around=pk) if one else "",
            "says": tell_number(strength),
        }
        if pk in (own, middle):
            node["is_own"], node["is_middle"] = pk == own, pk == middle
        nodes.append(node)
    return {"kind": "actors", "nodes": nodes, "ties": picture.ties}


def show_partners(
    picture: Picture, named: Mapping[int, Named], link: Address
) -> list[dict[str, Any]]:
    """Return the partners of a picture's first organisation as rows, the strongest tie first."""
    weights = {}
    for a, b, weight in picture.ties:
        if 0 in (a, b):
            weights[a + b] = weight
    return [
        {**_row(picture.ids[number], named, link), "strength": tell_number(weight)}
        for number, weight in sorted(weights.items(), key=lambda one: (-one[1], one[0]))
    ]


def show_members(
    picture: Picture, named: Mapping[int, Named], link: Address
) -> list[dict[str, Any]]:
    """Return all of a picture as rows, the strongest first."""
    return [
        {**_row(pk, named, link), "strength": tell_number(strength)}
        for pk, strength in zip(picture.ids, picture.strengths, strict=True)
    ]


def _row(pk: int, named: Mapping[int, Named], link: Address) -> dict[str, Any]:
    one = named.get(pk)
    if one is None:
        return {"name": str(ANOTHER), "url": "", "kind": "", "country": ""}
    return {
        "name": one.name,
        "url": link("insight:network", around=pk),
        "kind": Kind(one.kind).label,
        "country": country_name(one.country),
    }


def show_places(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return places as rows, those with most organisations first.

    Parameters
    ----------
    content : dict
        `countries` or `regions` of what is kept.
    """
    own = {int(number): (weight, many) for number, weight, many in content["own"]}
    return [
        {
            "name": name_place(one["code"]),
            "code": one["code"],
            "size": one["size"],
            "point": one["point"],
            "own": tell_number(own.get(number, (0.0, 0))[0]),
            "own_many": own.get(number, (0.0, 0))[1],
        }
        for number, one in enumerate(content["groups"])
    ]


def show_place_ties(
    content: Mapping[str, Any], own_place: str, *, is_all: bool
) -> list[dict[str, Any]]:
    """Return the ties between places as rows, the strongest first; of the own cluster, or of all.

    `ends` are the numbers of both places among those of `show_places`.
    """
    codes = [one["code"] for one in content["groups"]]
    if is_all:
        ties = content["ties"]
    else:
        start = codes.index(own_place) if own_place in codes else None
        ties = [] if start is None else [[start, *one] for one in content["own"]]
    rows = [
        {
            "from": name_place(codes[int(a)]),
            "to": name_place(codes[int(b)]),
            "many": many,
            "strength": tell_number(weight),
            "weight": weight,
            "ends": (int(a), int(b)),
        }
        for a, b, weight, many in ties
    ]
    return sorted(rows, key=lambda one: -one["weight"])
