"""Suggested consortia in words: each member's contribution, the proof, or why there is none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import ceil
from typing import Any

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from proxeny.bids.gap_explanations import Conditions, isolate, join_names, tell_demand
from proxeny.bids.models import Partner, Search
from proxeny.bids.operations.wishes import SearchSettings
from proxeny.calls.operations.checking import Entrant, Looked, look_at_entrants
from proxeny.calls.who import tell_role
from proxeny.directory.countries import country_name
from proxeny.directory.models import Organisation
from proxeny.kernel.lists import join_items
from proxeny.partnerships.amounts import tell_amount, tell_rounded

#: Coverage of a need, by its level.
LEVELS: tuple[Promise, ...] = (
    gettext_lazy("No one"),
    gettext_lazy("A little"),
    gettext_lazy("Well"),
    gettext_lazy("Very well"),
)
_PARTS: Mapping[str, Promise] = {
    "coverage": gettext_lazy("Topic coverage"),
    "fit": gettext_lazy("Fit with the call"),
    "relations": gettext_lazy("Existing ties"),
    "imbalance": gettext_lazy("Imbalance between sides"),
    "effort": gettext_lazy("Effort per member"),
}
_MANY_RULES = 2


@dataclass(frozen=True, slots=True)
class MemberTold:
    """A member of a proposal; `adds` names the loss without it.

    `is_gone`: the whole room does not see it any more, and it has no name here.
    """

    id: int
    name: str
    url: str
    country: str
    country_label: str
    role: str
    is_kept: bool
    is_in: bool
    is_gone: bool
    adds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NeedTold:
    """A need, its coverage (`level` from 0 to 3), and the best organisation for it."""

    label: str
    must: bool
    level: int
    level_label: str
    by: str


@dataclass(frozen=True, slots=True)
class ProposalTold:
    """A proposed consortium. `instead` says how it differs from the first one."""

    number: int
    worth: int
    proof: str
    is_proven: bool
    members: tuple[MemberTold, ...]
    needs: tuple[NeedTold, ...]
    coordinator: str
    instead: str
    looked: Looked
    sums: str
    parts: tuple[tuple[str, int], ...]
    is_taken: bool

    @property
    def missing(self) -> int:
        """The number of members that are not in the bid yet."""
        return sum(not one.is_in for one in self.members)

    @property
    def is_whole(self) -> bool:
        """Whether everybody in it is still shown to the room."""
        return not any(one.is_gone for one in self.members)


@dataclass(frozen=True, slots=True)
class Compared:
    """The differences of two proposals: members, needs with their levels, parts of the score."""

    one: ProposalTold
    other: ProposalTold
    only_one: tuple[MemberTold, ...]
    only_other: tuple[MemberTold, ...]
    needs: tuple[tuple[str, str, str], ...]
    parts: tuple[tuple[str, int, int], ...]


class Teller:
    """The results of a search, in the active language and as the whole room sees them today.

    Parameters
    ----------
    search : Search
        With its bid and the call.
    seen : mapping of int to Organisation or Partner
        Named organisations that the whole room sees; partners as in the bid.
    sides : mapping of int to str
        The parties' names, by number.
    today : date
        Assumed closing date, where the call has none.
    """

    def __init__(
        self,
        search: Search,
        settings: SearchSettings,
        seen: Mapping[int, Organisation | Partner],
        sides: Mapping[int, str],
        *,
        today: date,
    ) -> None:
        self.search, self.settings, self.today = search, settings, today
        self.seen, self.sides, self.call = seen, sides, search.bid.call
        self.conditions = Conditions(self.call, today=today)

    def name(self, pk: int) -> str:
        """Return an organisation's name."""
        one = self.seen.get(pk)
        return one.name if one else _("An organisation that is no longer visible here")

    def names(self, some: Iterable[int]) -> str:
        """Return several in a row, for a sentence."""
        return join_names(self.name(pk) for pk in some)

    def proposals(self) -> list[ProposalTold]:
        """Return all proposals, the best first."""
        kept = self.search.result.get("proposals", [])
        return [self._proposal(number, one, kept[0]) for number, one in enumerate(kept, 1)]

    def _proposal(self, number: int, one: dict[str, Any], best: dict[str, Any]) -> ProposalTold:
        leads = one["coordinator"]
        taken = self.search.result.get("taken", {}).get("proposal")
        return ProposalTold(
            number=number,
            worth=one["worth"]["total"],
            is_proven=one["bound"] == one["worth"]["total"],
            proof=tell_proof(number, one["worth"]["total"], one["bound"]),
            members=tuple(self._member(each, one) for each in one["members"]),
            needs=tuple(self._needs(one)),
            coordinator=self.name(leads) if leads and self.settings.coordinator else "",
            instead="" if number == 1 else self._instead(one, best),
            looked=look_at_entrants(
                [self._entrant(each, leads) for each in one["members"]], self.call, today=self.today
            ),
            sums=self._sums(one),
            parts=tuple((str(_PARTS[name]), one["worth"][name]) for name in _PARTS),
            is_taken=taken == number,
        )

    def _entrant(self, one: dict[str, Any], leads: int | None) -> Entrant:
        cents = Decimal(100)
        return Entrant(
            key=str(one["id"]),
            name=self.name(one["id"]),
            country=one["country"],
            kind=one["kind"],
            role=one["role"],
            leads=one["id"] == leads,
            group=one["group"],
            side=self.sides.get(one["party"], ""),
            sme=one["sme"],
            nonprofit=one["nonprofit"],
            cost=None if one["cost"] is None else one["cost"] / cents,
            request=None if one["request"] is None else one["request"] / cents,
        )

    def _member(self, one: dict[str, Any], proposal: dict[str, Any]) -> MemberTold:
        pk, seen = one["id"], self.seen.get(one["id"])
        return MemberTold(
            id=pk,
            name=self.name(pk),
            url=reverse("directory:detail", args=[pk]) if isinstance(seen, Organisation) else "",
            country=one["country"] if seen else "",
            country_label=country_name(one["country"]) if seen else "",
            role=tell_role(one["role"]),
            is_kept=one["kept"],
            is_in=isinstance(seen, Partner) and seen.is_counted,
            is_gone=seen is None,
            adds=tuple(self._adds(one, proposal)) if seen else (),
        )

    def _adds(self, one: dict[str, Any], proposal: dict[str, Any]) -> Iterable[str]:
        """Yield the losses without a member; at least one argument for it."""
        told = [*self._covers(one, proposal), *self._brings(one), *self._knows(one)]
        if not told and one["levels"]:
            labels = join_items(f"“{self._label(need)}”" for need in one["levels"])
            told.append(_("covers %(topics)s, as others do too") % {"topics": labels})
        if one["common"] and (not told or not one["levels"]):
            told.append(
                _("mentions what the call is about: %(words)s")
                % {"words": join_names(one["common"])}
            )
        return told

    def _covers(self, one: dict[str, Any], proposal: dict[str, Any]) -> Iterable[str]:
        for need, lost in one["needs"].items():
            told = {"topic": self._label(need), "words": join_names(one["words"].get(need, []))}
            if lost == proposal["levels"][int(need)]:
                yield _("covers “%(topic)s”, which no one else does (%(words)s)") % told
            else:
                yield _("covers “%(topic)s” better than the others (%(words)s)") % told

    def _brings(self, one: dict[str, Any]) -> Iterable[str]:
        texts = []
        for key in one["rules"]:
            kind, _colon, name = key.partition(":")
            if kind == "rule" and self.conditions.is_about_countries(name):
                texts.append(
                    _("is in a country the conditions require: %(country)s")
                    % {"country": country_name(one["country"])}
                )
            elif kind == "rule":
                texts.append(
                    _("without it, this condition is not met: “%(condition)s”")
                    % {"condition": self.conditions.text(name)}
                )
            elif kind == "side":
                texts.append(
                    _("without it, there are too few partners on the %(name)s side")
                    % {"name": isolate(self.sides.get(int(name), ""))}
                )
            elif kind == "coordinator":
                texts.append(_("is the only one that can coordinate"))
        return list(dict.fromkeys(texts))[:_MANY_RULES]

    def _knows(self, one: dict[str, Any]) -> Iterable[str]:
        by_why: dict[str, list[int]] = {}
        for pk, why in one["knows"]:
            by_why.setdefault(why, []).append(pk)
        for why, sentence in _TIES.items():
            if why in by_why:
                yield str(sentence) % {"names": self.names(by_why[why])}

    def _label(self, need: str | int) -> str:
        return isolate(self.settings.needs[int(need)].label)

    def _needs(self, proposal: dict[str, Any]) -> Iterable[NeedTold]:
        for at, (need, level) in enumerate(
            zip(self.settings.needs, proposal["levels"], strict=False)
        ):
            by = [
                one["id"]
                for one in proposal["members"]
                if level and one["levels"].get(str(at)) == level
            ]
            named = join_items(self.name(pk) for pk in by)
            yield NeedTold(need.label, need.must, level, str(LEVELS[level]), named)

    def _instead(self, one: dict[str, Any], best: dict[str, Any]) -> str:
        own, other = ([each["id"] for each in some["members"]] for some in (one, best))
        told = {
            "more": self.names(pk for pk in own if pk not in other),
            "less": self.names(pk for pk in other if pk not in own),
        }
        if not told["less"]:
            return _("plus %(more)s") % told
        return (_("%(more)s instead of %(less)s") if told["more"] else _("without %(less)s")) % told

    def _sums(self, one: dict[str, Any]) -> str:
        if any(each["cost"] is None for each in one["members"]):
            return ""
        cost, request = (
            tell_amount(Decimal(one[name]) / 100, self.call.currency)
            for name in ("cost", "request")
        )
        return _("costs %(cost)s and requests %(request)s") % {"cost": cost, "request": request}

    def compare(self, one: ProposalTold, other: ProposalTold) -> Compared:
        """Return the differences of two proposals."""
        own, others = ({each.id for each in some.members} for some in (one, other))
        return Compared(
            one=one,
            other=other,
            only_one=tuple(each for each in one.members if each.id not in others),
            only_other=tuple(each for each in other.members if each.id not in own),
            needs=tuple(
                (mine.label, mine.level_label, theirs.level_label)
                for mine, theirs in zip(one.needs, other.needs, strict=True)
                if mine.level != theirs.level
            ),
            parts=tuple(
                (label, mine, theirs)
                for (label, mine), (_label, theirs) in zip(one.parts, other.parts, strict=True)
                if mine != theirs
            ),
        )

    def asked(self) -> list[str]:
        """Return the criteria, in short."""
        one = self.settings
        demands = ["members", "keep" if one.keep else "", "coordinator" if one.coordinator else ""]
        demands += [f"side:{pk}" for pk, least in one.sides.items() if least]
        demands += ["request_most"] if one.request_most is not None else []
        demands += [f"need:{at}" for at, need in enumerate(one.needs) if need.must]
        told = [tell_demand(key, self) for key in demands if key]
        wishes = [need.label for need in one.needs if not need.must]
        if wishes:
            told.append(_("Nice to have: %(topics)s") % {"topics": join_names(wishes)})
        if one.without:
            told.append(_("Without: %(names)s") % {"names": self.names(one.without)})
        if one.countries:
            named = join_items(country_name(code) for code in one.countries)
            told.append(_("Only in: %(countries)s") % {"countries": named})
        return told

    def considered(self) -> list[str]:
        """Return the number of organisations considered, and of those left out by reason."""
        found = self.search.result
        if "seen" not in found:
            return []
        told = [
            ngettext(
                "%(count)s organisation visible to the whole room was considered.",
                "%(count)s organisations visible to the whole room were considered.",
                found["seen"],
            )
            % {"count": number_format(found["seen"], force_grouping=True)}
        ]
        for reason, count in found.get("left_out", {}).items():
            told.append(_tell_left_out(reason, count, self.conditions))
        if self.conditions.asks_unknown:
            told.append(
                _(
                    "Where the directory doesn’t say whether an organisation is a small or "
                    "medium-sized enterprise, or non-profit, we assumed that it isn’t."
                )
            )
        return told


_TIES: Mapping[str, Promise] = {
    "bid": gettext_lazy("was in an earlier bid with %(names)s"),
    "project": gettext_lazy("has worked with %(names)s"),
    "followed": gettext_lazy("met %(names)s, with follow-up"),
    "met": gettext_lazy("has met %(names)s"),
}


def tell_proof(number: int, worth: int, bound: int) -> str:
    """Return how far it is proven that nothing better exists for a place.

    Parameters
    ----------
    number : int
        The place, from 1.
    worth, bound : int
        What it is worth, and what nothing that is left is worth more than.
    """
    if bound <= worth:
        return _("Proven best") if number == 1 else _("Proven next best")
    if bound <= 0:
        return _("Not proven to be the best")
    # Rounded up: it promises no more than is proven.
    told = {"percent": tell_rounded(ceil(1000 * (bound - worth) / bound) / 10)}
    if number == 1:
        return _("Within %(percent)s%% of the best") % told
    return _("Within %(percent)s%% of the next best") % told


def _tell_left_out(reason: str, count: int, conditions: Conditions) -> str:
    told = {
        "count": number_format(count, force_grouping=True),
        "condition": conditions.text(reason.removeprefix("rule:")),
    }
    return {
        "without": ngettext(
            "You left out %(count)s organisation.", "You left out %(count)s organisations.", count
        ),
        "free_bids": ngettext(
            "%(count)s organisation is already in as many bids as you allow.",
            "%(count)s organisations are already in as many bids as you allow.",
            count,
        ),
        "figures": ngettext(
            "%(count)s organisation is left out because its costs and request aren’t known.",
            "%(count)s organisations are left out because their costs and requests aren’t known.",
            count,
        ),
        "declined": ngettext(
            "%(count)s organisation declined this bid or left it.",
            "%(count)s organisations declined this bid or left it.",
            count,
        ),
    }.get(
        reason,
        ngettext(
            "%(count)s organisation doesn’t meet this condition by itself: “%(condition)s”",
            "%(count)s organisations don’t meet this condition by themselves: “%(condition)s”",
            count,
        ),
    ) % told
