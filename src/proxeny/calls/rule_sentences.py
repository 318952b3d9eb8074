"""A condition of a call as a sentence: its own text, else what its parameters say."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from proxeny.calls.rule_texts import translate_rule
from proxeny.calls.who import tell_who
from proxeny.engine.consortium import (
    Count,
    Countries,
    Independent,
    Only,
    Rate,
    Rule,
    Share,
    Total,
)
from proxeny.kernel.percent import add_percent_sign
from proxeny.partnerships.amounts import tell_amount

__all__ = ["BASES", "EACH", "KINDS", "SUMS", "tell_meaning", "tell_rule"]

#: What a condition is about, by its kind.
KINDS: Mapping[str, Promise] = {
    "independent": gettext_lazy("Independent participants from different countries"),
    "count": gettext_lazy("Number of participants"),
    "countries": gettext_lazy("Number of countries"),
    "only": gettext_lazy("Who can take part"),
    "share": gettext_lazy("Share of the budget"),
    "total": gettext_lazy("Amount of money"),
    "rate": gettext_lazy("Funding rate"),
}
SUMS: Mapping[str, Promise] = {
    "cost": gettext_lazy("Cost"),
    "request": gettext_lazy("Amount requested"),
    "own": gettext_lazy("Own contribution"),
}
#: The sum of everyone that a share is compared with.
BASES: Mapping[str, Promise] = {
    "cost": gettext_lazy("the total cost"),
    "request": gettext_lazy("the total amount requested"),
    "own": gettext_lazy("the total own contribution"),
}
EACH: Mapping[str, Promise] = {
    "": gettext_lazy("all together"),
    "participant": gettext_lazy("each participant"),
    "country": gettext_lazy("each country"),
    "group": gettext_lazy("each group of companies"),
    "side": gettext_lazy("each cluster"),
}
_CENTS = 100


def tell_rule(rule: Rule, currency: str = "EUR") -> str:
    """Return a condition in words: its text, else what its parameters say."""
    return translate_rule(rule.text) if rule.text.strip() else tell_meaning(rule, currency)


def tell_meaning(rule: Rule, currency: str = "EUR") -> str:
    """Return what the parameters of a condition say, in the active language.

    Parameters
    ----------
    currency : str
        Currency of the call, for a total.
    """
    match rule:
        case Only():
            return _tell_only(rule)
        case Independent():
            told = [_independent(rule)]
        case Count():
            told = [_ranged(_("Participants"), _numbers(rule.least, rule.most))]
        case Countries():
            told = [_ranged(_("Different countries"), _numbers(rule.least, rule.most))]
        case Share():
            told = [_ranged(_money_of(rule), _share(rule))]
        case Total():
            told = [_ranged(_money_of(rule), _amounts(rule, currency))]
        case Rate():
            told = _rates(rule)
    about = tell_who(rule.who)
    return " ".join([*told, *([_("Counted: %(who)s.") % {"who": about}] if about else [])])


def _tell_only(rule: Only) -> str:
    about, allowed = tell_who(rule.who), tell_who(rule.allowed)
    told = _("Applies to those who are: %(who)s") if about else _("Applies to everyone")
    must = ngettext("It must be: %(who)s.", "Each must be: %(who)s.", 2) % {"who": allowed}
    return f"{told % {'who': about}}. {must}"


def _ranged(what: str, span: str) -> str:
    return _("%(what)s: %(range)s.") % {"what": what, "range": span}


def _independent(rule: Independent) -> str:
    what = KINDS["independent"] if rule.independent else _("Participants from different countries")
    told = _ranged(str(what), _numbers(rule.least, None))
    if rule.of_which is None or not rule.of_which_least:
        return told
    which = _("Of these, %(range)s must be: %(who)s.") % {
        "range": _numbers(rule.of_which_least, None),
        "who": tell_who(rule.of_which),
    }
    return f"{told} {which}"


def _numbers(least: int, most: int | None) -> str:
    return _span(*(None if one is None else number_format(one) for one in (least or None, most)))


def _money_of(rule: Share | Total) -> str:
    return _("%(sum)s, %(unit)s") % {"sum": SUMS[rule.of], "unit": EACH[rule.each]}


def _share(rule: Share) -> str:
    least = _percent(rule.least) if rule.least else None
    most = _percent(rule.most) if rule.most != 100 or least is None else None
    base = BASES[rule.base or rule.of]
    return _("%(range)s of %(base)s") % {"range": _span(least, most), "base": base}


def _amounts(rule: Total, currency: str) -> str:
    told = (
        None if one is None else tell_amount(Decimal(one) / _CENTS, currency)
        for one in (rule.least or None, rule.most)
    )
    return _span(*told)


def _rates(rule: Rate) -> list[str]:
    told = [_ranged(str(KINDS["rate"]), _span(None, _percent(rule.percent)))]
    if rule.percent_nonprofit is not None:
        told.append(
            _ranged(_("Non-profit participants"), _span(None, _percent(rule.percent_nonprofit)))
        )
    return told


def _percent(value: float) -> str:
    exact = Decimal(str(value)).normalize()
    return add_percent_sign(number_format(f"{exact:f}"))


def _span(least: str | None, most: str | None) -> str:
    told = {"least": least, "most": most}
    if least is None:
        return _("at most %(most)s") % told if most is not None else _("any number")
    if most is None:
        return _("at least %(least)s") % told
    return _("exactly %(most)s") % told if least == most else _("%(least)s to %(most)s") % told
