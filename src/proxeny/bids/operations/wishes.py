"""The criteria of a search for partners, as stored with it."""

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
    "MOST_BIDS",
    "MOST_COST",
    "MOST_MEMBERS",
    "MOST_NEEDS",
    "MOST_SUM",
    "MOST_WORDS",
    "Figures",
    "NeedWish",
    "SearchSettings",
    "check_settings",
]

#: The form of what is kept; another one is not read.
VERSION = 1
MOST_MEMBERS, MOST_NEEDS, MOST_WORDS, MOST_BIDS = 40, 12, 300, 100
MOST_NAMED = 500
#: Of one partner, and of all together; so much can still be compared exactly for many.
MOST_COST, MOST_SUM = Decimal(10) ** 9, Decimal(10) ** 11


@dataclass(frozen=True, slots=True)
class NeedWish:
    """A capability needed in the consortium, in words; `must`: it is mandatory."""

    words: str
    must: bool = False

    @property
    def label(self) -> str:
        """The first way of saying it."""
        return next(iter(phrases_of(self.words)), "")


@dataclass(frozen=True, slots=True)
class Figures:
    """The usual cost and request of a partner, in the call's currency; None: not known."""

    cost: Decimal | None = None
    request: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSettings:
    """The criteria for a consortium; an empty choice allows all.

    Parameters
    ----------
    keep, without : tuple of int
        Partners of the bid that have to be in it; organisations that must not be.
    least, most : int
        Minimum and maximum number of members, including those kept.
    needs : tuple of NeedWish
    countries, kinds : tuple of str
        Countries and kinds in which to look for others.
    sides : mapping of int to int
        Minimum number of members that come with a party, by its number.
    request_most : Decimal, optional
        Maximum total request.
    figures : mapping of str to Figures
        By kind of organisation; the empty one for all others.
    most_bids : int, optional
        Maximum number of bids in preparation for one organisation; None: no limit.
    coordinator : bool
        Whether somebody has to be able to coordinate.
    differ_by : int
        Number of members of each proposal that differ from each better one.
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
        """Return the usual cost and request of an organisation of a kind."""
        return self.figures.get(kind) or self.figures.get("") or Figures()

    def to_json(self) -> dict[str, Any]:
        """Return the settings as they are kept."""
        return {**_plain(asdict(self)), "version": VERSION}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "SearchSettings":
        """Return stored criteria; missing ones get their defaults.

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
    """Refuse invalid criteria; the error names the field.

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
        raise _refuse(_("Enter between 1 and %(most)d members.") % {"most": MOST_MEMBERS}, "most")
    if one.least < 1:
        raise _refuse(_("Enter at least 1 member."), "least")
    if one.least > one.most:
        raise _refuse(
            _("This is more than the maximum number of members, %(most)d.") % {"most": one.most},
            "least",
        )
    if not 1 <= one.differ_by <= one.most:
        raise _refuse(_("Enter between 1 and %(most)d members.") % {"most": one.most}, "differ_by")
    if one.most_bids is not None and not 1 <= one.most_bids <= MOST_BIDS:
        raise _refuse(_("Enter between 1 and %(most)d bids.") % {"most": MOST_BIDS}, "most_bids")


def _check_named(one: SearchSettings, partners: Collection[int]) -> None:
    if set(one.keep) - set(partners):
        raise _refuse(_("Only partners of this bid can be kept. Choose from the list."), "keep")
    if len(set(one.keep)) > one.most:
        raise _refuse(
            ngettext(
                "You’re keeping %(count)d partner, but the maximum is %(most)d members.",
                "You’re keeping %(count)d partners, but the maximum is %(most)d members.",
                len(set(one.keep)),
            )
            % {"count": len(set(one.keep)), "most": one.most},
            "keep",
        )
    if set(one.keep) & set(one.without):
        raise _refuse(
            _("You’re keeping and leaving out the same organisation. Choose one or the other."),
            "keep",
        )
    if len(one.without) > MOST_NAMED:
        raise _refuse(
            _("You’ve left out too many. Narrow the countries or kinds instead."), "without"
        )


def _check_needs(one: SearchSettings) -> None:
    if len(one.needs) > MOST_NEEDS:
        raise _refuse(_("Enter at most %(most)d topics.") % {"most": MOST_NEEDS}, "needs")
    for need in one.needs:
        if not need.label:
            raise _refuse(_("Describe the topic in words."), "needs")
        if len(need.words) > MOST_WORDS:
            raise _refuse(
                _("Use at most %(most)d characters for a topic.") % {"most": MOST_WORDS}, "needs"
            )
    labels = [need.label.casefold() for need in one.needs]
    if twice := next((label for label in labels if labels.count(label) > 1), ""):
        raise _refuse(_("“%(topic)s” is listed twice.") % {"topic": twice}, "needs")


def _check_sides(one: SearchSettings, parties: Collection[int]) -> None:
    if set(one.sides) - set(parties):
        raise _refuse(_("Only sides of this partnership can be required."), "sides")
    if any(not 0 <= least <= MOST_MEMBERS for least in one.sides.values()):
        raise _refuse(_("Enter between 0 and %(most)d members.") % {"most": MOST_MEMBERS}, "sides")
    if sum(one.sides.values()) > one.most:
        raise _refuse(
            _("The sides together require %(count)d members; the maximum is %(most)d in total.")
            % {"count": sum(one.sides.values()), "most": one.most},
            "sides",
        )


def _check_choices(one: SearchSettings) -> None:
    if unknown := sorted(set(one.countries) - country_codes()):
        raise _refuse(
            _("There is no country with the code “%(code)s”.") % {"code": unknown[0]}, "countries"
        )
    if set(one.kinds) - set(Kind.values):
        raise _refuse(_("Choose an option from the list."), "kinds")


def _check_money(one: SearchSettings) -> None:
    if set(one.figures) - {"", *Kind.values}:
        raise _refuse(_("Choose an option from the list."), "figures")
    for figures in one.figures.values():
        for amount in (figures.cost, figures.request):
            if amount is not None and not 0 <= amount <= MOST_COST:
                raise _refuse(_("Enter an amount from 0 to 1,000,000,000."), "figures")
        cost, request = figures.cost, figures.request
        if cost is not None and request is not None and request > cost:
            raise _refuse(_("A partner can’t request more than its costs."), "figures")
        if figures.cost is None and figures.request is not None:
            raise _refuse(_("Enter the cost too."), "figures")
    if one.request_most is not None and not 0 < one.request_most <= MOST_SUM:
        raise _refuse(_("Enter an amount above 0."), "request_most")
