"""Rules for studies, packages and evidence that need no database."""

from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.kernel.romanising import address_part
from proxeny.research.models import Package, Study

#: What evidence names that stands in a file of a package; see `partnerships.evidence`.
FILE = "package-file"
#: What both sides have thought of before a study begins, beside contributors and risks.
ELEMENTS = ("why", "expected", "methods", "ethics", "data_plan", "resources")


def folder_of(package: Package) -> str:
    """Return the folder of a package in what leaves the house, with a slash at its end."""
    return f"data/{package.pk}-{address_part(package.title, most=40) or 'data'}/"


def slug_of(study: Study) -> str:
    """Return the last part of a study's public address: words of its title, and its number."""
    return f"{address_part(study.title) or 'study'}-{study.pk}"


@dataclass(frozen=True, slots=True)
class Place:
    """Rows of a table, as counted in its file (the header is 1), and names of columns."""

    first: int
    last: int
    columns: tuple[str, ...] = ()

    def __str__(self) -> str:
        rows = str(self.first) if self.first == self.last else f"{self.first}-{self.last}"
        return urlencode([("row", rows), *(("col", one) for one in self.columns)])


def read_place(text: str) -> Place | None:
    """Return the rows that a piece of evidence names; None if it names none."""
    found = parse_qs(text)
    first, _dash, last = found.get("row", [""])[0].partition("-")
    last = last or first
    if not all(one.isdecimal() and len(one) < 12 for one in (first, last)):
        return None
    return Place(int(first), int(last), tuple(found.get("col", ())))


def tell_place(place: Place) -> str:
    """Return in words which rows and columns a piece of evidence names."""
    if place.first == place.last:
        told = _("row %(first)d") % {"first": place.first}
    else:
        told = _("rows %(first)d–%(last)d") % {"first": place.first, "last": place.last}
    if not place.columns:
        return told
    columns = ngettext("column %(names)s", "columns %(names)s", len(place.columns))
    return f"{told}, {columns % {'names': ', '.join(place.columns)}}"
