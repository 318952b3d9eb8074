"""Facts of an organisation's entry: parsing, checks, and derived values."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from django.db.models import CharField
from django.utils.translation import gettext as _

from proxeny.directory.countries import country_codes
from proxeny.directory.identifiers import check_keys
from proxeny.directory.models import (
    GUARDED,
    Identifier,
    Kind,
    Organisation,
    Size,
    Visibility,
    field_of,
)
from proxeny.directory.places import coordinates_of
from proxeny.directory.vocabularies import EUROSCIVOC, NACE, NUTS, read_code
from proxeny.folding import fold
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.plain_text import one_line, plain_value

#: At most so many of one kind: former names, numbers, sectors.
MOST = 20
#: Facts with a table of their own.
APART = (*GUARDED, "identifiers")


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of an organisation's entry; the same fields as on its form.

    `identifiers` are texts like `vat:EL094259216`; `size` is derived from `employees` where given;
    without coordinates, the city's are used.
    """

    name: str
    country: str
    kind: str = Kind.COMPANY
    key: str = ""
    former_names: Sequence[str] = field(default_factory=list)
    identifiers: Sequence[str] = field(default_factory=list)
    size: str = ""
    quality_label: str = ""
    region: str = ""
    city: str = ""
    nuts: str = ""
    latitude: float | None = None
    longitude: float | None = None
    website: str = ""
    email: str = ""
    contact: str = ""
    summary: str = ""
    language: str = "en"
    languages: Sequence[str] = field(default_factory=list)
    sectors: Sequence[str] = field(default_factory=list)
    nace: Sequence[str] = field(default_factory=list)
    topics: Sequence[str] = field(default_factory=list)
    employees: int | None = None
    founded: int | None = None
    visibility: str = Visibility.PARTNERSHIP
    open_facts: Sequence[str] = field(default_factory=list)

    def values(self) -> dict[str, Any]:
        """Return the facts by field name."""
        return {
            one.name: list(value)
            if isinstance(value := getattr(self, one.name), list | tuple)
            else value
            for one in fields(self)
        }

    def entry(self) -> dict[str, Any]:
        """Return the facts stored in the entry itself."""
        return {name: value for name, value in self.values().items() if name not in APART}


NAMES = tuple(one.name for one in fields(Facts))


def facts_of(organisation: Organisation) -> dict[str, Any]:
    """Return an entry's facts by field name, as far as they are shown to the reader."""
    return {name: organisation.fact(name) for name in NAMES}


def read_facts(values: Mapping[str, Any], *, country: str) -> dict[str, Any]:
    """Return facts as they are kept: codes and numbers as their registers write them.

    Raises
    ------
    InvalidInput
        A code or a number does not hold; `field` names the fact.
    """
    read = {
        name: one_line(value) if isinstance(value, str) and _is_line(name) else plain_value(value)
        for name, value in values.items()
    }
    for name, reader in _readers(country).items():
        if name in read:
            try:
                read[name] = reader(read[name])
            except ValueError as error:
                raise InvalidInput(str(error), field=name) from None
    return read


def _is_line(name: str) -> bool:
    return name not in APART[-1:] and type(field_of(name)) is CharField


def _readers(country: str) -> dict[str, Callable[[Any], Any]]:
    return {
        "former_names": lambda names: _each(names, lambda name: " ".join(name.split())),
        "identifiers": lambda keys: check_keys(keys, country=country),
        "nuts": lambda code: read_code(NUTS, code) if code else "",
        "nace": lambda codes: _each(codes, lambda code: read_code(NACE, code)),
        "topics": lambda codes: _each(codes, lambda code: read_code(EUROSCIVOC, code)),
        "open_facts": lambda names: [name for name in GUARDED if name in names],
    }


def _each(texts: Sequence[str], read: Callable[[str], str]) -> list[str]:
    return list(dict.fromkeys(read(text) for text in texts if text.strip()))


def refuse_bad(facts: Facts) -> None:
    """Refuse facts that do not hold, each with a sentence at its field."""
    if not fold(facts.name):
        raise InvalidInput(_("Enter the organisation’s name."), field="name")
    if facts.country not in country_codes():
        raise InvalidInput(_("Choose a country."), field="country")
    if (facts.latitude is None) != (facts.longitude is None):
        raise InvalidInput(_("Enter both latitude and longitude, or neither."), field="latitude")
    _refuse_far("latitude", facts.latitude, 90)
    _refuse_far("longitude", facts.longitude, 180)
    if facts.quality_label and facts.kind != Kind.CLUSTER:
        raise InvalidInput(_("Only clusters can hold a quality label."), field="quality_label")
    for name in ("former_names", "identifiers", "nace", "topics"):
        if len(getattr(facts, name)) > MOST:
            raise InvalidInput(
                _("You can keep up to %(limit)s. Choose the main ones.") % {"limit": MOST},
                field=name,
            )
    if any(len(name) > 200 for name in facts.former_names):
        raise InvalidInput(_("A name can have up to 200 characters."), field="former_names")


def _refuse_far(name: str, degrees: float | None, most: int) -> None:
    # Not a number is on neither side of a bound.
    if degrees is not None and not -most <= degrees <= most:
        raise InvalidInput(
            _("Enter degrees from −%(most)s to %(most)s.") % {"most": most}, field=name
        )


def follow_from(
    facts: Mapping[str, Any], before: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return derived facts: the size from the staff, the place from the city.

    Coordinates that somebody gave stay; those of the city that an entry named `before` move with
    it.
    """
    followed: dict[str, Any] = {}
    if facts["employees"] is not None:
        followed["size"] = str(Size.of(facts["employees"]))
    given = (facts["latitude"], facts["longitude"])
    if given == (None, None) or (before is not None and given == _point(before)):
        latitude, longitude = _point(facts) or (None, None)
        followed |= {"latitude": latitude, "longitude": longitude}
    return followed


def _point(facts: Mapping[str, Any]) -> tuple[float, float] | None:
    return coordinates_of(facts["city"], facts["country"]) if facts["city"] else None


def write_identifiers(organisation_id: int, keys: Sequence[str]) -> None:
    """Let an entry have these identifiers and no others."""
    wanted = {tuple(key.split(":", 1)) for key in keys}
    kept = Identifier.objects.filter(organisation_id=organisation_id)
    for one in kept:
        if (one.scheme, one.value) in wanted:
            wanted.remove((one.scheme, one.value))
        else:
            one.delete()
    Identifier.objects.bulk_create(
        Identifier(organisation_id=organisation_id, scheme=scheme, value=value)
        for scheme, value in sorted(wanted)
    )
