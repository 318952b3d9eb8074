"""The engine's verdict on a consortium, in words: each condition, gaps and doubts.

The text of a condition is a fact of its source and is shown unchanged.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from proxeny.calls.rule_sentences import tell_rule
from proxeny.calls.who import any_of, tell_who
from proxeny.directory.countries import country_name
from proxeny.engine.consortium import Doubt, Gap, Verdict
from proxeny.kernel.lists import join_items
from proxeny.partnerships.amounts import tell_amount

__all__ = ["Names", "Told", "tell_verdict"]

_STATES: Mapping[str, tuple[Promise, str]] = {
    "met": (pgettext_lazy("a condition", "Met"), "ok"),
    "broken": (gettext_lazy("Not met"), "bad"),
    "unknown": (gettext_lazy("Uncertain"), "warn"),
}
_CENTS = 100


@dataclass(frozen=True, slots=True)
class Names:
    """The names of the participants and the roles of a consortium.

    Parameters
    ----------
    of : mapping of str to str
        Names by the participant's key.
    currency : str
        Currency of the call.
    has_part : bool
        Whether the call's part of the programme is known.
    """

    of: Mapping[str, str] = field(default_factory=dict)
    currency: str = "EUR"
    has_part: bool = True

    def row(self, keys: Iterable[str]) -> str:
        """Return names in a row."""
        return join_items(self.of.get(key, key) for key in keys)

    def money(self, minor: int) -> str:
        """Return a sum of minor units in the reader's language."""
        return tell_amount(Decimal(minor) / _CENTS, self.currency)


@dataclass(frozen=True, slots=True)
class Told:
    """A condition and what is to be said of it.

    `state` is met, broken or unknown; `label` and `tone` say it. `gaps` are what is missing,
    `doubts` what keeps the verdict from being one, `notes` what it hangs on beside.
    """

    key: str
    text: str
    source: str
    address: str
    seen: date | None
    state: str
    label: str
    tone: str
    gaps: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    counted: tuple[str, ...] = ()


def tell_verdict(verdict: Verdict, names: Names, *, notes: Iterable[str] = ()) -> Told:
    """Return a verdict in words, in the active language.

    Parameters
    ----------
    notes : iterable of str
        What else is to be said of it.
    """
    rule = verdict.rule
    label, tone = _STATES[verdict.status]
    return Told(
        key=rule.key,
        text=tell_rule(rule, names.currency),
        source=rule.source.title,
        address=rule.source.url,
        seen=rule.source.seen,
        state=verdict.status,
        label=str(label),
        tone=tone,
        gaps=tuple(_tell_gap(gap, names) for gap in verdict.gaps),
        doubts=_tell_doubts(verdict.doubts, names),
        notes=(*_tell_condition(verdict, names), *notes),
        counted=tuple(names.of.get(key, key) for key in verdict.counted),
    )


# --- what is missing -----------------------------------------------------------------------------


def _tell_gap(gap: Gap, names: Names) -> str:
    return " ".join(filter(None, _GAPS[gap.code](gap, names)))


def _more_participants(gap: Gap, names: Names) -> Iterable[str]:
    yield ngettext(
        "%(count)d more participant is needed.",
        "%(count)d more participants are needed.",
        gap.count,
    ) % {"count": gap.count}
    about = tell_who(gap.who)
    yield about and ngettext("It must be: %(who)s.", "Each must be: %(who)s.", gap.count) % {
        "who": about
    }
    yield _outside(gap)
    if gap.independent_of:
        yield _("It must be independent of: %(names)s.") % {"names": names.row(gap.independent_of)}


def _more_countries(gap: Gap, names: Names) -> Iterable[str]:
    yield ngettext(
        "%(count)d more country is needed.", "%(count)d more countries are needed.", gap.count
    ) % {"count": gap.count}
    about = tell_who(gap.who)
    yield about and _("Counted: %(who)s.") % {"who": about}
    yield _outside(gap)


def _outside(gap: Gap) -> str:
    if not gap.outside:
        return ""
    countries = any_of(country_name(one) for one in gap.outside)
    return _("Another one in %(countries)s wouldn’t help.") % {"countries": countries}


def _too_many(gap: Gap, names: Names) -> Iterable[str]:
    yield ngettext(
        "%(count)d of these is too many: %(names)s.",
        "%(count)d of these are too many: %(names)s.",
        gap.count,
    ) % {"count": gap.count, "names": names.row(gap.participants)}


def _too_many_countries(gap: Gap, names: Names) -> Iterable[str]:
    yield ngettext(
        "%(count)d country too many. Counted: %(names)s.",
        "%(count)d countries too many. Counted: %(names)s.",
        gap.count,
    ) % {"count": gap.count, "names": names.row(gap.participants)}


def _not_allowed(gap: Gap, names: Names) -> Iterable[str]:
    told = {"names": names.row(gap.participants), "who": tell_who(gap.who)}
    number = len(gap.participants)
    yield (
        ngettext("%(names)s doesn’t qualify here.", "These don’t qualify here: %(names)s.", number)
        % told
    )
    yield (
        told["who"]
        and ngettext("It would have to be: %(who)s.", "Each would have to be: %(who)s.", number)
        % told
    )


def _too_little(gap: Gap, names: Names) -> Iterable[str]:
    told = {"amount": names.money(gap.amount), "place": _place(gap.place, names)}
    yield (
        _("%(place)s: %(amount)s more is needed.") if gap.place else _("%(amount)s more is needed.")
    ) % told


def _too_much(gap: Gap, names: Names) -> Iterable[str]:
    told = {"amount": names.money(gap.amount), "place": _place(gap.place, names)}
    yield (_("%(place)s: %(amount)s too much.") if gap.place else _("%(amount)s too much.")) % told


def _rate(gap: Gap, names: Names) -> Iterable[str]:
    told = {"name": names.row(gap.participants), "amount": names.money(gap.amount)}
    yield _("%(name)s requests %(amount)s more than its costs allow.") % told


def _place(place: str, names: Names) -> str:
    return names.of.get(place) or (country_name(place) if len(place) == 2 else place)


_GAPS = {
    "participants": _more_participants,
    "countries": _more_countries,
    "too_many": _too_many,
    "too_many_countries": _too_many_countries,
    "not_allowed": _not_allowed,
    "too_little": _too_little,
    "too_much": _too_much,
    "rate": _rate,
}


# --- what is in doubt ----------------------------------------------------------------------------


def _tell_doubts(doubts: Iterable[Doubt], names: Names) -> tuple[str, ...]:
    """Return doubts in words, those of one kind together."""
    kinds: dict[tuple[str, str], list[str]] = {}
    for one in doubts:
        kinds.setdefault((one.code, one.value), []).append(one.participant)
    return tuple(_tell_doubt(*kind, keys, names) for kind, keys in kinds.items())


def _tell_doubt(code: str, value: str, keys: list[str], names: Names) -> str:
    told = {"names": names.row(keys), "value": value, "country": country_name(value)}
    if code == "figures":
        return str(_FIGURES[value] % told)
    if code == "no_country":
        if not value:
            return _("No country is recorded for: %(names)s. Add it to the entry.") % told
        return _("There is no country “%(value)s” (%(names)s). Correct it in the entry.") % told
    if code == "status":
        return str((_STATUS_DOUBT if names.has_part else _PART_DOUBT) % told)
    return _(
        "The source we had wasn’t the original text. Check the original before you rely on this "
        "condition."
    )


_FIGURES: Mapping[str, Promise] = {
    "cost": gettext_lazy("Costs not known yet: %(names)s."),
    "request": gettext_lazy("Request not known yet: %(names)s."),
    "own": gettext_lazy("Own contribution not known yet: %(names)s."),
}
_STATUS_DOUBT = gettext_lazy(
    "The status of %(country)s in this programme on that day is uncertain (%(names)s). Ask "
    "the programme’s contact point in that country."
)
_PART_DOUBT = gettext_lazy(
    "The status of %(country)s in this programme is uncertain (%(names)s): it may depend on "
    "the part of the programme, which the call doesn’t state. Add it to the call, or ask the "
    "programme’s contact point in that country."
)


def _tell_condition(verdict: Verdict, names: Names) -> Iterable[str]:
    if verdict.conditional_on:
        yield _(
            "This depends on: %(names)s. That country is treated as associated for now; its "
            "agreement must apply before the grant is signed."
        ) % {"names": names.row(verdict.conditional_on)}
