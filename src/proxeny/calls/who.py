"""The participants that a condition means, in words."""

from collections.abc import Iterable, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from proxeny.directory.countries import country_name
from proxeny.directory.models import Kind
from proxeny.engine.consortium import Who
from proxeny.kernel.lists import join_items

__all__ = ["STATUSES", "TAGS", "any_of", "role_choices", "tell_role", "tell_who"]

_ROLES: Mapping[str, Promise] = {
    "beneficiary": gettext_lazy("Beneficiary"),
    "affiliated_entity": gettext_lazy("Affiliated entity"),
    "associated_partner": gettext_lazy("Associated partner"),
    "subcontractor": gettext_lazy("Subcontractor"),
}
STATUSES: Mapping[str, Promise] = {
    "member": gettext_lazy("a Member State"),
    "as_member": gettext_lazy("a country treated as a Member State"),
    "associated": gettext_lazy("an associated country"),
    "transitional": gettext_lazy("a country treated as associated for now"),
    "international": gettext_lazy("no country: an international body that counts as one"),
    "fundable": gettext_lazy("a country whose participants may be paid"),
    "third": gettext_lazy("another country"),
}
_LIKE_ASSOCIATED = frozenset({"transitional", "international"})
TAGS: Mapping[str, Promise] = {
    "cluster": gettext_lazy("a cluster organisation"),
    "less-developed": gettext_lazy("in a less developed region"),
    "in-transition": gettext_lazy("in a region in transition"),
}


def role_choices() -> list[tuple[str, str]]:
    """Return the roles that one may have in a bid, with their names."""
    return [(key, str(label)) for key, label in _ROLES.items()]


def tell_role(role: str) -> str:
    """Return the name of a role."""
    return str(_ROLES.get(role, role))


def tell_who(who: Who | None) -> str:
    """Return the participants meant by a condition, as a list of criteria; empty: all."""
    if who is None:
        return ""
    told: list[str] = []
    if who.roles:
        told.append(any_of(tell_role(one) for one in _in_order(who.roles, _ROLES)))
    if who.statuses:
        # Those that count as associated for now, or as a country, are told by the rule's own text.
        meant = who.statuses - _LIKE_ASSOCIATED if "associated" in who.statuses else who.statuses
        places = any_of(str(STATUSES[one]) for one in _in_order(meant, STATUSES))
        told.append(_("in %(places)s") % {"places": places})
    if who.countries:
        countries = any_of(sorted(country_name(one) for one in who.countries))
        told.append(_("in %(places)s") % {"places": countries})
    if who.kinds:
        labels = dict(Kind.choices)
        told.append(any_of(str(labels.get(one, one)) for one in sorted(who.kinds)))
    if who.sides:
        told.append(_("of %(clusters)s") % {"clusters": any_of(sorted(who.sides))})
    if who.tags:
        told.append(any_of(str(TAGS.get(one, one)) for one in sorted(who.tags)))
    told += _yes_or_no(who)
    return join_items(told)


def _yes_or_no(who: Who) -> list[str]:
    told = {
        "sme": (
            _("a small or medium-sized enterprise"),
            _("not a small or medium-sized enterprise"),
        ),
        "coordinator": (_("the coordinator"), _("not the coordinator")),
        "paid": (_("requesting funding"), _("not requesting funding")),
    }
    return [
        yes if getattr(who, name) else no
        for name, (yes, no) in told.items()
        if getattr(who, name) is not None
    ]


def _in_order(some: Iterable[str], order: Mapping[str, Promise]) -> list[str]:
    chosen = set(some)
    return [one for one in order if one in chosen]


def any_of(items: Iterable[str]) -> str:
    return pgettext("between things of which one is enough", " or ").join(items)
