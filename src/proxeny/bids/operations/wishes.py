"""What a search for partners asks for, as it is kept with it."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.bids.operations.covering import phrases_of
from proxeny.directory.countries import country_codes
from proxeny.directory.models import Kind
from proxeny.kernel.errors import InvalidInput

__all__ = [
    "MOST_BIDS", "MOST_COST", "MOST_MEMBERS", "MOST_NEEDS", "MOST_SUM", "MOST_WORDS", "Figures",
    "NeedWish", "SearchSettings", "check_settings",
]  # fmt: skip

#: The form of what is kept; another one is not read.
VERSION = 1
MOST_MEMBERS, MOST_NEEDS, MOST_WORDS, MOST_BIDS = 40, 12, 300, 100
MOST_NAMED = 500
#: Of one partner, and of all together; so much can still be compared exactly for many.
MOST_COST, MOST_SUM = Decimal(10) ** 9, Decimal(10) ** 11


@dataclass(frozen=True, slots=True)
class NeedWish:
    """What somebody should be able to do, in words; `must`: somebody has to."""

    words: str
    must: bool = False

    @property
    def label(self) -> str:
        """The first way of saying it."""
        return next(iter(phrases_of(self.words)), "")


@dataclass(frozen=True, slots=True)
class Figures:
    """What a partner usually costs and asks for, in the call's currency; None: not known."""

    cost: Decimal | None = None
    request: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSettings:
    """What kind of consortium is wanted; an empty choice asks for all.

    Parameters
    ----------
    keep, without : tuple of int
        Organisations that have to be in it, partners of the bid; those that must not be.
    least, most : int
        From how many to how many members, those that are kept included.
    needs : tuple of NeedWish
    countries, kinds : tuple of str
        Where and as what to look for others.
    sides : mapping of int to int
        The least members that come with a party, by its number.
    request_most : Decimal, optional
        The most that all together ask for.
    figures : mapping of str to Figures
        By kind of organisation; the empty one for all others.
    most_bids : int, optional
        In how many bids that are still written one may be; None: in any number.
    coordinator : bool
        Whether somebody has to be able to coordinate.
    differ_by : int
        How many members of each proposal are in none of the better ones, taken one by one.
    """

    keep: tuple[int, ...] = ()
    without: tuple[int, ...] = ()
    least: int = 6
    most: int = 12
    needs: tuple[NeedWish, ...] = ()
    countries: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    sides: Mapping[int, int] = field(default_factory=dict)
    request_most: Decimal | None = None
    figures: Mapping[str, Figures] = field(default_factory=dict)
    most_bids: int | None = 3
    coordinator: bool = False
    differ_by: int = 1

    def figures_of(self, kind: str) -> Figures:
        """Return what an organisation of a kind usually costs and asks for."""
        return self.figures.get(kind) or self.figures.get("") or Figures()

    def to_json(self) -> dict[str, Any]:
        """Return the settings as they are kept."""
        return {**_plain(asdict(self)), "version": VERSION}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "SearchSettings":
        """Return settings that were kept; what is not said there is as it is usual.

        Raises
        ------
        ValueError
            If they were kept in another form.
        """
        if kept.get("version", VERSION) != VERSION:
            raise ValueError(f"version: {kept['version']!r} is not {VERSION}")
        given = {name: kept[name] for name in cls.__slots__ if name in kept}
        for name in ("keep", "without", "countries", "kinds"):
            given[name] = tuple(given.get(name, ()))
        given["needs"] = tuple(NeedWish(**one) for one in given.get("needs", ()))
        given["sides"] = {int(key): least for key, least in given.get("sides", {}).items()}
        given["request_most"] = _sum(given.get("request_most"))
        given["figures"] = {
            kind: Figures(_sum(one["cost"]), _sum(one["request"]))
            for kind, one in given.get("figures", {}).items()
        }
        return cls(**given)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, Decimal) else value


def _sum(kept: str | None) -> Decimal | None:
    try:
        return None if kept is None else Decimal(kept)
    except InvalidOperation:
        raise ValueError(f"{kept!r} is no sum") from None


def check_settings(
    settings: SearchSettings, *, partners: Collection[int], parties: Collection[int]
) -> None:
    """Refuse what cannot be asked for; the field is with the error.

    Parameters
    ----------
    partners : collection of int
        The organisations that may be kept: those of the bid that are counted.
    parties : collection of int
        The parties that take part, by number.
    """
    _check_members(settings)
    _check_named(settings, partners)
    _check_needs(settings)
    _check_sides(settings, parties)
    _check_choices(settings)
    _check_money(settings)


def _refuse(told: str, name: str) -> InvalidInput:
    return InvalidInput(told, field=name)


def _check_members(one: SearchSettings) -> None:
    if not 1 <= one.most <= MOST_MEMBERS:
        raise _refuse(_("Between 1 and %(most)d members.") % {"most": MOST_MEMBERS}, "most")
    if one.least < 1:
        raise _refuse(_("At least 1 member."), "least")
    if one.least > one.most:
        raise _refuse(_("This is more than the most members, %(most)d.") % {"most": one.most},
                      "least")  # fmt: skip
    if not 1 <= one.differ_by <= one.most:
        raise _refuse(_("Between 1 and %(most)d members.") % {"most": one.most}, "differ_by")
    if one.most_bids is not None and not 1 <= one.most_bids <= MOST_BIDS:
        raise _refuse(_("Between 1 and %(most)d bids.") % {"most": MOST_BIDS}, "most_bids")


def _check_named(one: SearchSettings, partners: Collection[int]) -> None:
    if set(one.keep) - set(partners):
        raise _refuse(_("Only partners of this bid can be kept. Choose from the list."), "keep")
    if len(set(one.keep)) > one.most:
        raise _refuse(
            ngettext(
                "You keep %(count)d partner, and there are %(most)d members at most.",
                "You keep %(count)d partners, and there are %(most)d members at most.",
                len(set(one.keep)),
            ) % {"count": len(set(one.keep)), "most": one.most},
            "keep",
        )  # fmt: skip
    if set(one.keep) & set(one.without):
        raise _refuse(_("You keep somebody whom you also leave out. Choose one of both."), "keep")
    if len(one.without) > MOST_NAMED:
        raise _refuse(_("Too many are left out. Narrow the countries or kinds instead."), "without")


def _check_needs(one: SearchSettings) -> None:
    if len(one.needs) > MOST_NEEDS:
        raise _refuse(_("At most %(most)d topics.") % {"most": MOST_NEEDS}, "needs")
    for need in one.needs:
        if not need.label:
            raise _refuse(_("Say the topic in words."), "needs")
        if len(need.words) > MOST_WORDS:
            raise _refuse(_("At most %(most)d letters for a topic.") % {"most": MOST_WORDS},
                          "needs")  # fmt: skip
    labels = [need.label.casefold() for need in one.needs]
    if twice := next((label for label in labels if labels.count(label) > 1), ""):
        raise _refuse(_("“%(topic)s” stands there twice.") % {"topic": twice}, "needs")


def _check_sides(one: SearchSettings, parties: Collection[int]) -> None:
    if set(one.sides) - set(parties):
        raise _refuse(_("Only the sides of this partnership can be asked for."), "sides")
    if any(not 0 <= least <= MOST_MEMBERS for least in one.sides.values()):
        raise _refuse(_("Between 0 and %(most)d members.") % {"most": MOST_MEMBERS}, "sides")
    if sum(one.sides.values()) > one.most:
        raise _refuse(
            _("Together the sides ask for %(count)d members; there are %(most)d at most.")
            % {"count": sum(one.sides.values()), "most": one.most},
            "sides",
        )


def _check_choices(one: SearchSettings) -> None:
    if unknown := sorted(set(one.countries) - country_codes()):
        raise _refuse(_("There is no country “%(code)s”.") % {"code": unknown[0]}, "countries")
    if set(one.kinds) - set(Kind.values):
        raise _refuse(_("Choose one from the list."), "kinds")


def _check_money(one: SearchSettings) -> None:
    if set(one.figures) - {"", *Kind.values}:
        raise _refuse(_("Choose one from the list."), "figures")
    for figures in one.figures.values():
        for amount in (figures.cost, figures.request):
            if amount is not None and not 0 <= amount <= MOST_COST:
                raise _refuse(_("A sum from 0 to 1,000,000,000."), "figures")
        if None not in (figures.cost, figures.request) and figures.request > figures.cost:  # type: ignore[operator]
            raise _refuse(_("Nobody asks for more than it costs."), "figures")
        if figures.cost is None and figures.request is not None:
            raise _refuse(_("Say what it costs, too."), "figures")
    if one.request_most is not None and not 0 < one.request_most <= MOST_SUM:
        raise _refuse(_("A sum above 0."), "request_most")
