"""Detection of the kind of an uploaded file, by its columns."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from proxeny.directory.memberlist.columns import match_columns
from proxeny.directory.sources import cordis, vcard
from proxeny.directory.sources.table import Table
from proxeny.folding import fold

#: Beyond so many different organisations they are not counted any more.
_MOST_COUNTED = 500_000
#: Words of a header that only lists of clusters have.
_OF_CLUSTERS = (
    "cluster name",
    "name of cluster",
    "name of the cluster",
    "cluster organisation",
    "cluster",
    "cluster manager",
    "ecei label",
    "quality label",
    "cluster label",
    "cluster staff",
    "committed members",
    "cluster members",
    "year of establishment of the cluster",
    "nom du cluster",
    "pole de competitivite",
    "ονομα cluster",
    "اسم التجمع",
)


@dataclass(frozen=True, slots=True)
class Recognised:
    """The detected kind of a file.

    Attributes
    ----------
    source : str
        `members`, `contacts`, `clusters`, `cordis`, `projects` or `vcard`.
    part : str
        For `projects`, one of the files that are published together.
    """

    source: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of a file; `organisations` only where some appear several times."""

    rows: int
    organisations: int | None = None


@dataclass(frozen=True, slots=True)
class Habits:
    """The default reading of a source."""

    mapping: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)


_GENTLE = {
    "nameless": "skip",
    "repeats": "first",
    "unreadable": "blank",
    "joins": "no",
    "visibility": "cluster",
}
_HABITS = {
    "members": Habits(),
    "contacts": Habits(options={"joins": "no", "visibility": "cluster"}),
    "clusters": Habits(options={"joins": "no", "visibility": "cluster"}),
    "cordis": Habits(cordis.MAPPING, _GENTLE),
    "projects": Habits(options=_GENTLE),
    "vcard": Habits(vcard.MAPPING, _GENTLE),
}


def recognise(table: Table) -> Recognised:
    """Return the kind of a file, by its columns."""
    if table.form == "vcard":
        return Recognised("vcard")
    words = {fold(label) for label in table.header}
    joined = {word.replace(" ", "") for word in words}
    if joined >= cordis.ORGANISATIONS:
        return Recognised("cordis")
    for part, needed in (
        ("projects", cordis.PROJECTS),
        ("fields", cordis.FIELDS),
        ("topics", cordis.TOPICS),
        ("participations", cordis.PARTICIPATIONS),
    ):
        if joined >= needed:
            return Recognised("projects", part)
    return Recognised("clusters" if words.intersection(_OF_CLUSTERS) else "members")


def count(table: Table, source: str) -> Counts:
    """Read the whole file and return how much it holds. In constant memory."""
    column = "organisationid" if source == "cordis" else ""
    at = next(
        (at for at, label in enumerate(table.header) if fold(label).replace(" ", "") == column),
        None,
    )
    rows, seen = 0, set[str]()
    for row in table.rows():
        rows += 1
        if at is not None and at < len(row.cells) and len(seen) < _MOST_COUNTED:
            seen.add(row.cells[at])
    return Counts(rows, len(seen) if at is not None else None)


def habits_of(source: str) -> Habits:
    """Return how a source is read when nobody says otherwise."""
    return _HABITS[source]


def propose_mapping(
    table: Table, source: str, remembered: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Return which column fills which field: as remembered, as the source has it, or by its name."""
    known = dict(_HABITS[source].mapping)
    if remembered or not known:
        return match_columns(table.header, remembered=remembered, source=source)
    return match_columns(table.header, remembered=known, source=source)
