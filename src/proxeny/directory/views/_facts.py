"""The facts on an organisation's page, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from proxeny.directory import queries
from proxeny.directory.forms import language_name
from proxeny.directory.identifiers import register_name, register_page, split_key
from proxeny.directory.memberlist.columns import BY_NAME
from proxeny.directory.models import Organisation, field_of
from proxeny.directory.vocabularies import EUROSCIVOC, NACE, NUTS
from proxeny.kernel.lists import join_items


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the page."""

    label: Any
    value: Any
    url: str = ""


def facts_shown(organisation: Organisation, *, with_key: bool) -> list[Fact]:
    """Return the facts of an entry for its page, in order; missing ones are left out."""
    return [one for one in _facts(organisation, with_key) if one.value not in (None, "")]


def _facts(organisation: Organisation, with_key: bool) -> Iterator[Fact]:
    yield Fact(_label("former_names"), join_items(organisation.former_names))
    yield Fact(_label("quality_label"), organisation.get_quality_label_display())
    yield from _size(organisation)
    yield Fact(_label("region"), organisation.region)
    yield Fact(_label("nuts"), _named(NUTS, [organisation.nuts] if organisation.nuts else []))
    yield Fact(_label("nace"), _named(NACE, organisation.nace))
    yield Fact(_label("topics"), _named(EUROSCIVOC, organisation.topics))
    yield Fact(_label("languages"), join_items(map(language_name, organisation.languages)))
    for key in organisation.fact("identifiers"):
        scheme, value = split_key(key)
        yield Fact(register_name(scheme), value, register_page(key))
    yield Fact(_label("key"), organisation.key if with_key else "")


def _size(organisation: Organisation) -> Iterator[Fact]:
    employees = organisation.fact("employees")
    yield Fact(_label("employees"), employees)
    if employees is None:
        yield Fact(_label("size"), organisation.get_size_display())
    # A year is no quantity: it has no thousands.
    yield Fact(_label("founded"), str(organisation.fact("founded") or ""))


def _named(scheme: str, codes: list[str]) -> str:
    labels = queries.labels_of(scheme, codes)
    return join_items(_with_code(scheme, code, labels[code]) for code in codes)


def _with_code(scheme: str, code: str, label: str) -> str:
    # The codes of fields of science say nothing to anybody.
    return label if scheme == EUROSCIVOC or label == code else f"{code} {label}"


def _label(name: str) -> str:
    label = str(BY_NAME[name].label if name in BY_NAME else field_of(name).verbose_name)
    return label[:1].upper() + label[1:]
