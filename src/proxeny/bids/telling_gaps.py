"""Why there is no consortium, in words, with ways out; and what was asked for, in short."""

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
from proxeny.calls.models import Call
from proxeny.calls.operations.checking import asked_of
from proxeny.calls.telling import Names, tell_rule, tell_verdict
from proxeny.directory.countries import country_name
from proxeny.engine.consortium import Countries, Independent, Only, Rate, Rule, Verdict
from proxeny.kernel.lists import join_items
from proxeny.partnerships.amounts import tell_amount, tell_rounded

if TYPE_CHECKING:
    from proxeny.bids.telling import Teller

#: Of more countries the names say nothing.
_FEW = 8
State = Search.State


def isolate(text: str) -> str:
    """Return a name or a topic so that it stands in a sentence of another direction as it is."""
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
        """Return what a condition says; one that is gone is its key."""
        rule = self.rules.get(key)
        return (rule.text or tell_rule(rule)) if rule else key

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
        """Return in sentences what is missing even with everybody in."""
        rule = self.rules.get(key)
        if rule is None:
            return ()
        gaps = tuple(gap_of(one) for one in kept)
        return tell_verdict(Verdict(rule=rule, status="broken", gaps=gaps), Names()).gaps


@dataclass(frozen=True, slots=True)
class Way:
    """A way out: what to change, and where."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a search: a head, sentences, what cannot be met together, and ways out."""

    tone: str = ""
    title: str = ""
    words: tuple[str, ...] = ()
    demands: tuple[str, ...] = ()
    ways: tuple[Way, ...] = ()


def tell_outcome(teller: "Teller") -> Outcome:
    """Return what came of a search; nothing while it is worked out."""
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
        words.insert(0, ngettext(
            "This one meets everything that was asked for, and no other one does.",
            "These meet everything that was asked for, and no others do.", count,
        ))  # fmt: skip
    elif search.result["status"] == "optimal":
        words.insert(0, _("They meet everything that was asked for. Of all that can be put together"
                          " from whom the whole room sees, nothing is worth more."))  # fmt: skip
    else:
        words.insert(0, _("They meet everything that was asked for. Time was up before all was"
                          " proven: each says how far it is from the best, at most."))  # fmt: skip
    is_optimal = search.result["status"] == "optimal"
    title = ngettext("The best consortium", "The best %(count)d consortia", count)
    return Outcome(tone="ok" if is_optimal else "info", title=title % {"count": count},
                   words=tuple(words))  # fmt: skip


def _tell_cut(teller: "Teller") -> Outcome:
    if teller.search.result.get("stopped"):
        return Outcome(
            "warn", _("Stopped"), (_("It was stopped before anything was found."),),
            ways=(_change(teller, _("Change what was asked for"), ""),),
        )  # fmt: skip
    return Outcome(
        "warn", _("No answer in time"),
        (_("In the time allowed nothing was found that meets everything, and nothing proves that"
           " there is none. Ask for less, or narrow where to look."),),
        ways=(
            _change(teller, _("Let fewer topics have to be covered"), "need_1"),
            _change(teller, _("Narrow the countries"), "countries"),
        ),
    )  # fmt: skip


def _change(teller: "Teller", label: str, field: str) -> Way:
    """Return the way to a field of the form, filled in as it was."""
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
                ways.append(_change(teller, _("Say what a partner usually costs"), "cost"))
    return Outcome("warn", _("There is none"), tuple(words), tuple(demands),
                   tuple(dict.fromkeys(ways)))  # fmt: skip


def _tell_unfit(one: Mapping[str, Any], teller: "Teller") -> str:
    told = {"name": isolate(teller.name(one["member"])) if one["member"] else "",
            "condition": teller.conditions.text(one["reason"].removeprefix("rule:"))}  # fmt: skip
    if one["code"] == "size":
        return _("More partners are kept than there are members at most.")
    if one["code"] == "unknown":
        return _("%(name)s is to be kept, but is not in the bid any more.") % told
    if one["reason"] == "figures":
        return _(
            "The conditions look at money, and what %(name)s costs and asks for is not known."
        ) % told  # fmt: skip
    return _(
        "%(name)s is to be kept, but does not meet this condition, whoever else takes part:"
        " “%(condition)s”"
    ) % told  # fmt: skip


def _tell_together(one: Mapping[str, Any], teller: "Teller") -> Outcome:
    """Return why demands cannot be met together; where one alone cannot, what is missing for it."""
    alone = [told for key in one["demands"] for told in _tell_short(key, teller)]
    demands = [] if alone else [tell_demand(key, teller) for key in one["demands"]]
    words = list(alone)
    if not alone:
        words.append(ngettext("This cannot be met:", "These cannot be met together:", len(demands)))
    if teller.search.result.get("left_out", {}).get("figures"):
        words.append(_("Whoever’s figures are not known was left out, as conditions look at them."))
    ways = [way for key in one["demands"] for way in _ways(key, teller)]
    return Outcome(words=tuple(words), demands=tuple(demands), ways=tuple(dict.fromkeys(ways)))


def _tell_short(key: str, teller: "Teller") -> Iterable[str]:
    """Yield why not even everybody together would meet a demand, if that is so."""
    short = teller.search.result.get("short", {})
    kind, _colon, name = key.partition(":")
    if kind == "need" and int(name) in short.get("needs", ()):
        yield _("Nobody whom the whole room sees speaks of “%(topic)s”.") % {
            "topic": isolate(teller.settings.needs[int(name)].label)
        }
    elif kind == "side":
        least, count = teller.settings.sides.get(int(name), 0), short["sides"].get(name, 0)
        if count < least:
            yield ngettext(
                "With %(name)s comes %(count)d organisation that the whole room sees; you ask for"
                " %(least)d.",
                "With %(name)s come %(count)d organisations that the whole room sees; you ask for"
                " %(least)d.", count,
            ) % {"name": isolate(teller.sides.get(int(name), "")), "count": count, "least": least}  # fmt: skip
    elif key in short.get("rules", ()):
        yield from _tell_countries(name, short["rules"][key], teller)


def _tell_countries(
    key: str, gaps: list[Mapping[str, Any]], teller: "Teller"
) -> Iterable[str]:  # fmt: skip
    """Yield what a condition lacks with everybody in: mostly a country where nobody is."""
    gap = gaps[0]
    if teller.conditions.is_about_countries(key) and 0 < len(gap["outside"]) <= _FEW:
        yield ngettext(
            "The conditions ask for %(count)d more country, and nobody whom this room sees is"
            " outside these: %(countries)s.",
            "The conditions ask for %(count)d more countries, and nobody whom this room sees is"
            " outside these: %(countries)s.", gap["count"],
        ) % {"count": gap["count"],
             "countries": join_items(country_name(code) for code in gap["outside"])}  # fmt: skip
    else:
        yield _("Not even all whom this room sees would meet this together: “%(condition)s”") % {
            "condition": teller.conditions.text(key)
        }
    yield from teller.conditions.gaps(key, gaps)


def tell_demand(key: str, teller: "Teller") -> str:
    """Return something that was asked for, in short."""
    kind, _colon, name = key.partition(":")
    settings = teller.settings
    if kind == "side":
        return _("At least %(count)d with %(name)s") % {
            "count": settings.sides.get(int(name), 0), "name": isolate(teller.sides.get(int(name), ""))
        }  # fmt: skip
    if kind == "need":
        return _("Somebody covers “%(topic)s”") % {
            "topic": isolate(settings.needs[int(name)].label)
        }
    if kind == "rule":
        return _("A condition of the call: “%(condition)s”") % {
            "condition": teller.conditions.text(name)
        }
    if key == "keep":
        return _("Kept: %(names)s") % {"names": teller.names(settings.keep)}
    if key == "coordinator":
        return _("Somebody can coordinate")
    if key == "request_most" and settings.request_most is not None:
        amount = tell_amount(settings.request_most, teller.call.currency)
        return _("All together ask for %(amount)s at most") % {"amount": amount}
    return _("From %(least)s to %(most)s members") % {
        "least": number_format(settings.least), "most": number_format(settings.most)
    }  # fmt: skip


def _ways(key: str, teller: "Teller") -> Iterable[Way]:
    """Yield how a demand can be loosened; each names what to change."""
    kind, _colon, name = key.partition(":")
    if kind == "need":
        label = _("Let “%(topic)s” be good to have") % {
            "topic": isolate(teller.settings.needs[int(name)].label)
        }
        yield _change(teller, label, f"need_{int(name) + 1}")
    elif kind == "side":
        label = _("Ask for fewer with %(name)s") % {
            "name": isolate(teller.sides.get(int(name), ""))
        }
        yield _change(teller, label, f"side_{name}")
    elif kind == "rule":
        yield from _ways_of_rule(teller)
    else:
        label, field = {
            "members": (_("Change from how many to how many"), "least"),
            "keep": (_("Keep fewer partners"), "keep"),
            "coordinator": (_("Let nobody have to coordinate"), "coordinator"),
            "request_most": (_("Raise the most that all ask for"), "request_most"),
        }[kind]
        yield _change(teller, label, field)


def _ways_of_rule(teller: "Teller") -> Iterable[Way]:
    if teller.settings.countries:
        yield _change(teller, _("Look in all countries"), "countries")
    if teller.settings.kinds:
        yield _change(teller, _("Look among all kinds"), "kinds")
    if teller.search.result.get("left_out", {}).get("figures"):
        yield _change(teller, _("Say what a partner usually costs"), "cost")
    room = teller.search.partnership_id
    yield Way(_("See what both sides share"), reverse("partnerships:sharing", args=[room]))
    yield Way(_("Open the call’s conditions"), reverse("calls:detail", args=[teller.call.pk]))
