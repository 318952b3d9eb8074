"""The European Commission's published data on research projects (CORDIS), in its format.

The files of organisations hold one row for each participation: an organisation appears once per
participation. See https://cordis.europa.eu/about/services (data sets, CSV).
"""

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from proxeny.directory.sources.table import Table
from proxeny.folding import fold

#: Our field for each column of the file of organisations.
MAPPING = {
    "name": "name",
    "pic": "organisationID",
    "vat": "vatNumber",
    "kind": "activityType",
    "city": "city",
    "country": "country",
    "nuts": "nutsCode",
    "coordinates": "geolocation",
    "website": "organizationURL",
}
#: Headers that tell its files apart, folded; each is one of several published together.
ORGANISATIONS = {"projectid", "organisationid", "name", "country", "role"}
PROJECTS = {"id", "acronym", "title", "startdate"}
TOPICS = {"projectid", "topic"}
FIELDS = {"projectid", "euroscivoccode"}
PARTICIPATIONS = {"rcn", "pic", "role"}


class Reader:
    """Finds the columns of a file of CORDIS by name, and reads the cells of a row."""

    def __init__(self, table: Table) -> None:
        self._positions = {
            fold(label).replace(" ", ""): at for at, label in enumerate(table.header)
        }

    def text(self, cells: Sequence[str], *names: str) -> str:
        """Return the first of some columns that holds anything."""
        for name in names:
            at = self._positions.get(name)
            if at is not None and at < len(cells) and (text := cells[at].strip()) not in ("", "NA"):
                return text
        return ""

    def part(self, cells: Sequence[str]) -> dict[str, Any] | None:
        """Return the participation in a row; None when it names no project."""
        reference = self.text(cells, "projectid", "rcn")
        if not reference or len(reference) > 40:
            return None
        return {
            "reference": reference,
            "acronym": self.text(cells, "projectacronym")[:120],
            "role": self.text(cells, "role")[:20],
            "contribution": self.amount(
                cells, "eccontribution", "neteccontribution", "contribution"
            ),
        }

    def project(self, cells: Sequence[str]) -> dict[str, Any] | None:
        """Return the project in a row; None when it has no number."""
        reference = self.text(cells, "id")
        if not reference or len(reference) > 40:
            return None
        return {
            "reference": reference,
            "acronym": self.text(cells, "acronym")[:120],
            "title": " ".join(self.text(cells, "title").split())[:500],
            "objective": self.text(cells, "objective")[:20_000],
            "call": self.text(cells, "topics", "subcall", "mastercall")[:120],
            "starts_on": self.day(cells, "startdate"),
            "ends_on": self.day(cells, "enddate"),
            "contribution": self.amount(cells, "ecmaxcontribution", "totalcost"),
        }

    def participation(self, cells: Sequence[str]) -> dict[str, Any] | None:
        """Return a participation by numbers alone; None when one of them is missing."""
        part = self.part(cells)
        pic = self.text(cells, "pic")
        if part is None or not pic:
            return None
        days = {"starts_on": self.day(cells, "startdate"), "ends_on": self.day(cells, "enddate")}
        return {**part, **days, "pic": pic}

    def topic(self, cells: Sequence[str], name: str) -> dict[str, Any] | None:
        """Return a project's number with its call topic, or with the code of a field of science."""
        reference = self.text(cells, "projectid")
        value = self.text(cells, "euroscivoccode" if name == "field" else "topic")
        return {"reference": reference, name: value[:80]} if reference and value else None

    def amount(self, cells: Sequence[str], *names: str) -> str | None:
        """Return an amount in euro as text, written with a point; None when it says nothing."""
        text = self.text(cells, *names).replace(" ", "").replace(",", ".")
        try:
            found = Decimal(text).quantize(Decimal("0.01")) if text else None
        except InvalidOperation:
            return None
        return str(found) if found is not None and 0 <= found < 10**12 else None

    def day(self, cells: Sequence[str], name: str) -> str | None:
        """Return a day as text; None when it is none."""
        text = self.text(cells, name)[:10]
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            found = re.fullmatch(r"(\d{2})/(\d{2})/(\d{4})", text)
            return f"{found[3]}-{found[2]}-{found[1]}" if found else None
