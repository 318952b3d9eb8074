"""What the engine says of a bid, in words: each condition, what is missing, and what is in doubt.

The text of a condition is a fact of its source and is shown as it stands there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from proxeny.directory.countries import country_name
from proxeny.directory.models import Kind
from proxeny.engine.consortium import Doubt, Gap, Rule, Verdict, Who
from proxeny.kernel.lists import join_items
from proxeny.partnerships.amounts import tell_amount

__all__ = ["Names", "Told", "role_choices", "tell_role", "tell_verdict", "tell_who"]

_ROLES: Mapping[str, Promise] = {
    "beneficiary": gettext_lazy("Beneficiary"),
    "affiliated_entity": gettext_lazy("Affiliated entity"),
    "associated_partner": gettext_lazy("Associated partner"),
    "subcontractor": gettext_lazy("Subcontractor"),
}
_STATUSES: Mapping[str, Promise] = {
    "member": gettext_lazy("a Member State"),
    "as_member": gettext_lazy("a country treated as a Member State"),
    "associated": gettext_lazy("an associated country"),
    "transitional": gettext_lazy("a country treated as associated for now"),
    "international": gettext_lazy("no country: an international body that counts as one"),
    "fundable": gettext_lazy("a country whose participants may be paid"),
    "third": gettext_lazy("another country"),
}
_LIKE_ASSOCIATED = frozenset({"transitional", "international"})
_TAGS: Mapping[str, Promise] = {
    "cluster": gettext_lazy("a cluster organisation"),
    "less-developed": gettext_lazy("in a less developed region"),
    "in-transition": gettext_lazy("in a region in transition"),
}
_STATES: Mapping[str, tuple[Promise, str]] = {
    "met": (pgettext_lazy("a condition", "Met"), "ok"),
    "broken": (gettext_lazy("Not met"), "bad"),
    "unknown": (gettext_lazy("Not sure yet"), "warn"),
}
_CENTS = 100


@dataclass(frozen=True, slots=True)
class Names:
    """What the participants and the places of a bid are called.

    Parameters
    ----------
    of : mapping of str to str
        By the participant's key.
    currency : str
        Of the call.
    has_part : bool
        Whether it is known to which part of the programme the call belongs.
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


def role_choices() -> list[tuple[str, str]]:
    """Return the roles that one may have in a bid, with their names."""
    return [(key, str(label)) for key, label in _ROLES.items()]


def tell_role(role: str) -> str:
    """Return the name of a role."""
    return str(_ROLES.get(role, role))


def tell_verdict(verdict: Verdict, names: Names, *, notes: Iterable[str] = ()) -> Told:
    """Return a verdict in words, in the language in force.

    Parameters
    ----------
    notes : iterable of str
        What else is to be said of it.
    """
    rule = verdict.rule
    label, tone = _STATES[verdict.status]
    return Told(
        key=rule.key,
        text=rule.text or tell_rule(rule),
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


def tell_rule(rule: Rule) -> str:
    """Return who a condition without a text of its own is about."""
    about = tell_who(rule.who)
    return _("About those who are: %(who)s") % {"who": about} if about else _("About everybody")


def tell_who(who: Who | None) -> str:
    """Return whom a condition means, as a list of what each has to be; empty: anybody."""
    if who is None:
        return ""
    told: list[str] = []
    if who.roles:
        told.append(_any_of(tell_role(one) for one in _in_order(who.roles, _ROLES)))
    if who.statuses:
        # Those that count as associated for now, or as a country, are told by the rule's own text.
        meant = who.statuses - _LIKE_ASSOCIATED if "associated" in who.statuses else who.statuses
        places = _any_of(str(_STATUSES[one]) for one in _in_order(meant, _STATUSES))
        told.append(_("in %(places)s") % {"places": places})
    if who.countries:
        countries = _any_of(sorted(country_name(one) for one in who.countries))
        told.append(_("in %(places)s") % {"places": countries})
    if who.kinds:
        labels = dict(Kind.choices)
        told.append(_any_of(str(labels.get(one, one)) for one in sorted(who.kinds)))
    if who.sides:
        told.append(_("of %(clusters)s") % {"clusters": _any_of(sorted(who.sides))})
    if who.tags:
        told.append(_any_of(str(_TAGS.get(one, one)) for one in sorted(who.tags)))
    told += _yes_or_no(who)
    return join_items(told)


def _yes_or_no(who: Who) -> list[str]:
    told = {
        "sme": (_("a small or medium-sized enterprise"), _("no small or medium-sized enterprise")),
        "coordinator": (_("the coordinator"), _("not the coordinator")),
        "paid": (_("asks for money"), _("asks for no money")),
    }
    return [
        yes if getattr(who, name) else no
        for name, (yes, no) in told.items()
        if getattr(who, name) is not None
    ]


def _in_order(some: Iterable[str], order: Mapping[str, Promise]) -> list[str]:
    chosen = set(some)
    return [one for one in order if one in chosen]


def _any_of(items: Iterable[str]) -> str:
    return pgettext("between things of which one is enough", " or ").join(items)


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
    yield about and ngettext(
        "What it has to be: %(who)s.", "What each has to be: %(who)s.", gap.count
    ) % {"who": about}
    yield _outside(gap)
    if gap.independent_of:
        yield _("It must be independent of: %(names)s.") % {"names": names.row(gap.independent_of)}


def _more_countries(gap: Gap, names: Names) -> Iterable[str]:
    yield ngettext(
        "%(count)d more country is needed.", "%(count)d more countries are needed.", gap.count
    ) % {"count": gap.count}
    about = tell_who(gap.who)
    yield about and _("Who counts: %(who)s.") % {"who": about}
    yield _outside(gap)


def _outside(gap: Gap) -> str:
    if not gap.outside:
        return ""
    countries = _any_of(country_name(one) for one in gap.outside)
    return _("Another one in %(countries)s would not help.") % {"countries": countries}


def _too_many(gap: Gap, names: Names) -> Iterable[str]:
    yield ngettext(
        "%(count)d of these is too many: %(names)s.", "%(count)d of these are too many: %(names)s.",
        gap.count,
    ) % {"count": gap.count, "names": names.row(gap.participants)}  # fmt: skip


def _too_many_countries(gap: Gap, names: Names) -> Iterable[str]:
    yield ngettext(
        "%(count)d country too many. Those who count: %(names)s.",
        "%(count)d countries too many. Those who count: %(names)s.", gap.count,
    ) % {"count": gap.count, "names": names.row(gap.participants)}  # fmt: skip


def _not_allowed(gap: Gap, names: Names) -> Iterable[str]:
    told = {"names": names.row(gap.participants), "who": tell_who(gap.who)}
    number = len(gap.participants)
    yield ngettext(
        "%(names)s does not fit here.", "These do not fit here: %(names)s.", number
    ) % told  # fmt: skip
    yield told["who"] and ngettext(
        "What it would have to be: %(who)s.", "What each would have to be: %(who)s.", number
    ) % told  # fmt: skip


def _too_little(gap: Gap, names: Names) -> Iterable[str]:
    told = {"amount": names.money(gap.amount), "place": _place(gap.place, names)}
    yield (
        _("%(place)s: %(amount)s more is needed.") if gap.place else _("%(amount)s more is needed.")
    ) % told  # fmt: skip


def _too_much(gap: Gap, names: Names) -> Iterable[str]:
    told = {"amount": names.money(gap.amount), "place": _place(gap.place, names)}
    yield (
        _("%(place)s: %(amount)s too much.") if gap.place else _("%(amount)s too much.")
    ) % told  # fmt: skip


def _rate(gap: Gap, names: Names) -> Iterable[str]:
    told = {"name": names.row(gap.participants), "amount": names.money(gap.amount)}
    yield _("%(name)s asks for %(amount)s more than its cost allows.") % told


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
            return _("No country is noted for: %(names)s. Add it to the entry.") % told
        return (
            _("There is no country “%(value)s” (%(names)s). Put it right in the entry.") % told
        )  # fmt: skip
    if code == "status":
        return str((_STATUS_DOUBT if names.has_part else _PART_DOUBT) % told)
    return _(
        "The source at hand was not the original text. Look there before you rely on this condition."
    )


_FIGURES: Mapping[str, Promise] = {
    "cost": gettext_lazy("What it costs is not known yet: %(names)s."),
    "request": gettext_lazy("What it asks for is not known yet: %(names)s."),
    "own": gettext_lazy("What it pays by itself is not known yet: %(names)s."),
}
_STATUS_DOUBT = gettext_lazy(
    "What %(country)s is to this programme on that day is not sure (%(names)s). Ask the programme’s"
    " contact point in that country."
)
_PART_DOUBT = gettext_lazy(
    "What %(country)s is to this programme is not sure (%(names)s): it may depend on the part of"
    " the programme, which the call does not say. Note it with the call, or ask the programme’s"
    " contact point in that country."
)


def _tell_condition(verdict: Verdict, names: Names) -> Iterable[str]:
    if verdict.conditional_on:
        yield _(
            "It hangs on: %(names)s. That country is treated as associated for now; its agreement has"
            " to apply before the grant is signed."
        ) % {"names": names.row(verdict.conditional_on)}
