"""Facts of an entry and evidence of a pair, as people read them."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from proxeny.directory import queries
from proxeny.directory.countries import country_name
from proxeny.directory.forms import language_name
from proxeny.directory.identifiers import register_name, tell_key
from proxeny.directory.memberlist.columns import BY_NAME
from proxeny.directory.models import Kind, QualityLabel, Size, Visibility, field_of
from proxeny.directory.vocabularies import EUROSCIVOC, NACE, NUTS
from proxeny.kernel.lists import join_items

_CHOICES: dict[str, Any] = {
    "kind": Kind,
    "size": Size,
    "visibility": Visibility,
    "quality_label": QualityLabel,
}


_VOCABULARIES = {"nace": NACE, "topics": EUROSCIVOC, "nuts": NUTS}


def label_of(name: str) -> str:
    """Return the label of a fact."""
    if name == "identifiers":
        return _("Registration numbers")
    if name == "latitude":
        return _("Location on the map")
    label = str(BY_NAME[name].label if name in BY_NAME else field_of(name).verbose_name)
    return label[:1].upper() + label[1:]


def tell_fact(name: str, facts: Mapping[str, Any]) -> str:
    """Return a fact as people read it; empty where it is not given."""
    value = facts[name]
    if value in (None, "", []):
        return ""
    if name in _CHOICES:
        return str(_CHOICES[name](value).label)
    if name == "country":
        return country_name(value)
    if name == "latitude":
        return f"{value:.4f}, {facts['longitude']:.4f}"
    if name in _VOCABULARIES:
        codes = value if isinstance(value, list) else [value]
        labels = queries.labels_of(_VOCABULARIES[name], codes)
        return join_items(labels[code] for code in codes)
    words = {"identifiers": tell_key, "languages": language_name}.get(name, str)
    return join_items(map(words, value)) if isinstance(value, list) else str(value)


def tell_place(city: str, country: str) -> str:
    """Return a town with its country. Each runs its own way, whatever the words around it."""
    parts = (city, country_name(country) if country else "")
    return join_items(f"\u2068{part}\u2069" for part in parts if part)


def tell_evidence(evidence: Mapping[str, Any]) -> list[tuple[str, bool]]:
    """Return the evidence for and against two entries being one, as sentences; True is for."""
    return list(_evidence(evidence))


def _evidence(evidence: Mapping[str, Any]) -> Iterator[tuple[str, bool]]:
    if numbers := evidence.get("identifier"):
        yield _("Both have %(number)s.") % {"number": join_items(map(tell_key, numbers))}, True
    if names := evidence.get("name"):
        yield _names(*names), True
    if site := evidence.get("website"):
        yield _("Both have the website %(site)s.") % {"site": site}, True
    if city := evidence.get("place"):
        yield _("Both are in %(city)s.") % {"city": city}, True
    if registers := evidence.get("against"):
        names = join_items(map(register_name, registers))
        yield (
            _("They have different numbers in the same register: %(names)s.") % {"names": names},
            False,
        )


def _names(first: str, second: str, nearness: float) -> str:
    if nearness == 1:
        return _("Their names are the same, apart from spelling and legal form.")
    return _("Their names are almost the same: “%(first)s” and “%(second)s”.") % {
        "first": first,
        "second": second,
    }
