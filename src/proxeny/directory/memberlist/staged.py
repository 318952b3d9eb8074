"""A checked row prepared for comparison with the directory: its values, and its keys."""

import json
from dataclasses import dataclass
from typing import Any

from proxeny.directory.likeness import bare_words, site_of
from proxeny.directory.memberlist.check import Entry, Options
from proxeny.directory.memberlist.values import guess_language
from proxeny.directory.models import GUARDED, Kind, Organisation, Size
from proxeny.directory.places import coordinates_of
from proxeny.folding import fold

# A name comes once in a list: the caches of these two would only fill the memory.
_bare_words = bare_words.__wrapped__
_site_of = site_of.__wrapped__

#: Registers, the one that tells organisations apart best first.
REGISTERS = ("pic", "national", "lei", "ror", "vat")
#: Facts of a list that are no columns of an entry.
_APART = {*GUARDED, "identifiers", "staff", "members"}


@dataclass(frozen=True, slots=True)
class Staged:
    """One row, with all keys to look for in the directory.

    Attributes
    ----------
    row : int
        Its number in the file.
    identity : str
        What two rows of one list must not share: the reference, else a number, else name and
        country.
    key, sort_name, country : str
        What entries are found by; folded.
    packed, sorted_words, domain : str
        What entries that look alike are found by: the name without its legal form, as one word and
        with its words in order, and the web domain.
    numbers : list of str
        Numbers of registers, such as `vat:EL094259216`.
    said : str
        JSON: what the row says, by our fields.
    more : str
        JSON: what a new entry has besides: what follows from it, and the words it is found by.
    part : str or None
        JSON: the project that the row tells of.
    """

    row: int
    identity: str
    key: str
    sort_name: str
    country: str
    packed: str
    sorted_words: str
    domain: str
    numbers: list[str]
    said: str
    more: str
    part: str | None = None


COLUMNS = tuple(Staged.__dataclass_fields__)


def stage(entry: Entry, options: Options, part: dict[str, Any] | None = None) -> Staged:
    """Return a row prepared for comparison with the directory. Linear in its text."""
    said = entry.values
    sort_name, country = fold(said["name"]), said.get("country", options.country)
    numbers = said.get("identifiers", [])
    key = said.get("key", "")
    words = _bare_words(said["name"])
    return Staged(
        row=entry.row,
        identity=_identity(key, numbers, sort_name, country),
        key=key,
        sort_name=sort_name[:400],
        country=country,
        packed="".join(words)[:400],
        sorted_words=" ".join(sorted(words))[:400],
        domain=_site_of(said["website"]) if "website" in said else "",
        numbers=numbers,
        said=json.dumps(said, ensure_ascii=False),
        more=json.dumps(_more(said, country, sort_name, options), ensure_ascii=False),
        part=None if part is None else json.dumps(part, ensure_ascii=False),
    )


def _identity(key: str, numbers: list[str], sort_name: str, country: str) -> str:
    if key:
        return f"key:{key}"
    for scheme in REGISTERS:
        found = next((one for one in numbers if one.startswith(f"{scheme}:")), None)
        if found:
            return found
    return f"name:{country}:{sort_name}"


def _more(said: dict[str, Any], country: str, sort_name: str, options: Options) -> dict[str, Any]:
    more: dict[str, Any] = {
        "country": country,
        "language": guess_language(said.get("summary", ""), options.language),
        "sort_name": sort_name[:400],
    }
    if "employees" in said and "size" not in said:
        more["size"] = str(Size.of(said["employees"]))
    if "latitude" not in said and (found := _point(said, country)):
        more["latitude"], more["longitude"] = found
    words = Organisation(**{name: value for name, value in said.items() if name not in _APART})
    more["search_text"] = words.searchable_text()
    return more


def _point(said: dict[str, Any], country: str) -> tuple[float, float] | None:
    return coordinates_of(said["city"], country) if "city" in said else None


def new_values(options: Options, *, is_cluster: bool) -> dict[str, Any]:
    """Return the values of a new entry unless its row or derived values say otherwise."""
    blank = Organisation(
        country=options.country,
        kind=Kind.CLUSTER if is_cluster else options.kind,
        visibility=options.visibility,
        language=options.language,
    )
    return {
        field.name: getattr(blank, field.name)
        for field in Organisation._meta.concrete_fields
        if not field.is_relation
        and not field.generated
        and not field.primary_key
        and field.name not in ("created_at", "updated_at")
    }
