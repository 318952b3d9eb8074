"""Reasons for finding no consortium, in words, with ways out; and a summary of the criteria."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.bids.models import Search
from proxeny.bids.operations.outcomes import gap_of
from proxeny.calls.explanations import Names, tell_verdict
from proxeny.calls.models import Call
from proxeny.calls.operations.checking import asked_of
from proxeny.calls.rule_sentences import tell_rule
from proxeny.directory.countries import country_name
from proxeny.engine.consortium import Countries, Independent, Only, Rate, Rule, Verdict
from proxeny.kernel.lists import join_items
from proxeny.partnerships.amounts import tell_amount, tell_rounded

if TYPE_CHECKING:
    from proxeny.bids.explanations import Teller

#: Of more countries the names say nothing.
_FEW = 8
State = Search.State


def isolate(text: str) -> str:
    """Return a name or a topic isolated from the text direction of its sentence."""
    return f"\u2068{text}\u2069" if text else ""


def join_names(names: Iterable[str]) -> str:
    """Return names in a row, for a sentence."""
    return join_items(isolate(one) for one in names)


class Conditions:
    """The conditions of a call, by their keys."""

    def __init__(self, call: Call, *, today: date) -> None:
        asked, _kept = asked_of(call, today=today)
        self.rules: dict[str, Rule] = {one.key: one for one in asked.rules}
        self.currency = call.currency

    def text(self, key: str) -> str:
        """Return the text of a condition; for one that is gone, its key."""
        rule = self.rules.get(key)
        return tell_rule(rule, self.currency) if rule else key

    def is_about_countries(self, key: str) -> bool:
        """Whether a condition asks for different countries."""
        return isinstance(self.rules.get(key), Independent | Countries)

    @property
    def asks_unknown(self) -> bool:
        """Whether one asks for what the directory does not know of everybody."""
        return any(
            one.who.sme is not None
            or (isinstance(one, Only) and one.allowed.sme is not None)
            or (isinstance(one, Rate) and one.percent_nonprofit is not None)
            for one in self.rules.values()
        )

    def gaps(self, key: str, kept: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
        """Return in sentences the gaps that remain even with everybody in."""
        rule = self.rules.get(key)
        if rule is None:
            return ()
        gaps = tuple(gap_of(one) for one in kept)
        return tell_verdict(Verdict(rule=rule, status="broken", gaps=gaps), Names()).gaps


@dataclass(frozen=True, slots=True)
class Way:
    """A way out: the change, and the place to make it."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a search: a heading, sentences, conflicting criteria, and ways out."""

    tone: str = ""
    title: str = ""
    words: tuple[str, ...] = ()
    demands: tuple[str, ...] = ()
    ways: tuple[Way, ...] = ()


def tell_outcome(teller: "Teller") -> Outcome:
    """Return the outcome of a search; nothing while it is running."""
    search = teller.search
    if search.state == State.EMPTY:
        return _tell_none(teller)
    if search.state == State.CUT:
        return _tell_cut(teller)
    count = len(search.result.get("proposals", ()))
    if search.state != State.READY or not count:
        return Outcome()
    seconds = tell_rounded(search.seconds or 0)
    words = [_("Found in %(seconds)s seconds.") % {"seconds": seconds}]
    if search.result["is_complete"]:
        words.insert(
            0,
            ngettext(
                "This is the only consortium that meets everything you asked for.",
                "These are the only consortia that meet everything you asked for.",
                count,
            ),
        )
    elif search.result["status"] == "optimal":
        words.insert(
            0,
            _(
                "They meet everything you asked for. No better consortium can be put together "
                "from the organisations visible to the whole room."
            ),
        )
    else:
        words.insert(
            0,
            _(
                "They meet everything you asked for. Time ran out before everything was proven: "
                "each shows how far it is from the best, at most."
            ),
        )
    is_optimal = search.result["status"] == "optimal"
    title = ngettext("The best consortium", "The best %(count)d consortia", count)
    return Outcome(
        tone="ok" if is_optimal else "info", title=title % {"count": count}, words=tuple(words)
    )


def _tell_cut(teller: "Teller") -> Outcome:
    if teller.search.result.get("stopped"):
        return Outcome(
            "warn",
            _("Stopped"),
            (_("The search was stopped before anything was found."),),
            ways=(_change(teller, _("Change the criteria"), ""),),
        )
    return Outcome(
        "warn",
        _("No result in time"),
        (
            _(
                "In the time allowed, we found nothing that meets everything, and no proof that "
                "there is nothing. Ask for less, or narrow the search."
            ),
        ),
        ways=(
            _change(teller, _("Require fewer topics"), "need_1"),
            _change(teller, _("Narrow the countries"), "countries"),
        ),
    )


def _change(teller: "Teller", label: str, field: str) -> Way:
    """Return the address of a form field, filled in as it was."""
    search = teller.search
    url = reverse("bids:searches", args=[search.partnership_id, search.bid_id])
    return Way(label, f"{url}?from={search.pk}#id_{field or 'least'}")


def _tell_none(teller: "Teller") -> Outcome:
    words: list[str] = []
    demands: list[str] = []
    ways: list[Way] = []
    for one in teller.search.result.get("conflicts", ()):
        if one["code"] == "together":
            told = _tell_together(one, teller)
            words += told.words
            demands += told.demands
            ways += told.ways
        else:
            words.append(_tell_unfit(one, teller))
            ways.append(_change(teller, _("Keep fewer partners"), "keep"))
            if one["reason"] == "figures":
                ways.append(_change(teller, _("Enter the usual cost of a partner"), "cost"))
    return Outcome(
        "warn", _("None possible"), tuple(words), tuple(demands), tuple(dict.fromkeys(ways))
    )


def _tell_unfit(one: Mapping[str, Any], teller: "Teller") -> str:
    told = {
        "name": isolate(teller.name(one["member"])) if one["member"] else "",
        "condition": teller.conditions.text(one["reason"].removeprefix("rule:")),
    }
    if one["code"] == "size":
        return _("You’re keeping more partners than the maximum number of members.")
    if one["code"] == "unknown":
        return _("You’re keeping %(name)s, but it is no longer in the bid.") % told
    if one["reason"] == "figures":
        return (
            _(
                "The conditions depend on figures, and the cost and request of %(name)s aren’t "
                "known."
            )
            % told
        )
    return (
        _(
            "You’re keeping %(name)s, but it doesn’t meet this condition, whoever else takes "
            "part: “%(condition)s”"
        )
        % told
    )


def _tell_together(one: Mapping[str, Any], teller: "Teller") -> Outcome:
    """Return the reason why criteria conflict; if one alone cannot be met, its gap."""
    alone = [told for key in one["demands"] for told in _tell_short(key, teller)]
    demands = [] if alone else [tell_demand(key, teller) for key in one["demands"]]
    words = list(alone)
    if not alone:
        words.append(ngettext("This can’t be met:", "These can’t be met together:", len(demands)))
    if teller.search.result.get("left_out", {}).get("figures"):
        words.append(
            _(
                "Organisations whose figures aren’t known were left out, because the conditions "
                "depend on them."
            )
        )
    ways = [way for key in one["demands"] for way in _ways(key, teller)]
    return Outcome(words=tuple(words), demands=tuple(demands), ways=tuple(dict.fromkeys(ways)))


def _tell_short(key: str, teller: "Teller") -> Iterable[str]:
    """Yield why not even everybody together would meet a demand, if that is so."""
    short = teller.search.result.get("short", {})
    kind, _colon, name = key.partition(":")
    if kind == "need" and int(name) in short.get("needs", ()):
        yield _("No organisation visible to the whole room mentions “%(topic)s”.") % {
            "topic": isolate(teller.settings.needs[int(name)].label)
        }
    elif kind == "side":
        least, count = teller.settings.sides.get(int(name), 0), short["sides"].get(name, 0)
        if count < least:
            yield ngettext(
                "%(count)d organisation on the %(name)s side is visible to the whole room; you "
                "ask for %(least)d.",
                "%(count)d organisations on the %(name)s side are visible to the whole room; you "
                "ask for %(least)d.",
                count,
            ) % {"name": isolate(teller.sides.get(int(name), "")), "count": count, "least": least}
    elif key in short.get("rules", ()):
        yield from _tell_countries(name, short["rules"][key], teller)


def _tell_countries(key: str, gaps: list[Mapping[str, Any]], teller: "Teller") -> Iterable[str]:
    """Yield the gap of a condition with everybody in: mostly a country without organisations."""
    gap = gaps[0]
    if teller.conditions.is_about_countries(key) and 0 < len(gap["outside"]) <= _FEW:
        yield ngettext(
            "The conditions require %(count)d more country, and no organisation visible in this "
            "room is outside these: %(countries)s.",
            "The conditions require %(count)d more countries, and no organisation visible in "
            "this room is outside these: %(countries)s.",
            gap["count"],
        ) % {
            "count": gap["count"],
            "countries": join_items(country_name(code) for code in gap["outside"]),
        }
    else:
        yield _(
            "Even all the organisations visible in this room together wouldn’t meet this: "
            "“%(condition)s”"
        ) % {"condition": teller.conditions.text(key)}
    yield from teller.conditions.gaps(key, gaps)


def tell_demand(key: str, teller: "Teller") -> str:
    """Return something that was asked for, in short."""
    kind, _colon, name = key.partition(":")
    settings = teller.settings
    if kind == "side":
        return _("At least %(count)d on the %(name)s side") % {
            "count": settings.sides.get(int(name), 0),
            "name": isolate(teller.sides.get(int(name), "")),
        }
    if kind == "need":
        return _("A member covers “%(topic)s”") % {
            "topic": isolate(settings.needs[int(name)].label)
        }
    if kind == "rule":
        return _("A condition of the call: “%(condition)s”") % {
            "condition": teller.conditions.text(name)
        }
    if key == "keep":
        return _("Kept: %(names)s") % {"names": teller.names(settings.keep)}
    if key == "coordinator":
        return _("A member can coordinate")
    if key == "request_most" and settings.request_most is not None:
        amount = tell_amount(settings.request_most, teller.call.currency)
        return _("Total request of at most %(amount)s") % {"amount": amount}
    return _("From %(least)s to %(most)s members") % {
        "least": number_format(settings.least),
        "most": number_format(settings.most),
    }


def _ways(key: str, teller: "Teller") -> Iterable[Way]:
    """Yield the ways to loosen a criterion; each names the change."""
    kind, _colon, name = key.partition(":")
    if kind == "need":
        label = _("Make “%(topic)s” nice to have") % {
            "topic": isolate(teller.settings.needs[int(name)].label)
        }
        yield _change(teller, label, f"need_{int(name) + 1}")
    elif kind == "side":
        label = _("Require fewer on the %(name)s side") % {
            "name": isolate(teller.sides.get(int(name), ""))
        }
        yield _change(teller, label, f"side_{name}")
    elif kind == "rule":
        yield from _ways_of_rule(teller)
    else:
        label, field = {
            "members": (_("Change the minimum and maximum number of members"), "least"),
            "keep": (_("Keep fewer partners"), "keep"),
            "coordinator": (_("Don’t require a coordinator"), "coordinator"),
            "request_most": (_("Raise the maximum total request"), "request_most"),
        }[kind]
        yield _change(teller, label, field)


def _ways_of_rule(teller: "Teller") -> Iterable[Way]:
    if teller.settings.countries:
        yield _change(teller, _("Search in all countries"), "countries")
    if teller.settings.kinds:
        yield _change(teller, _("Search among all kinds"), "kinds")
    if teller.search.result.get("left_out", {}).get("figures"):
        yield _change(teller, _("Enter the usual cost of a partner"), "cost")
    room = teller.search.partnership_id
    yield Way(_("See what both sides share"), reverse("partnerships:sharing", args=[room]))
    yield Way(_("Open the call’s conditions"), reverse("calls:detail", args=[teller.call.pk]))
