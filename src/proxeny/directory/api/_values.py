"""Kinds of value that the directory's routes take; read exactly as cells of a member list are."""

from collections.abc import Callable
from dataclasses import fields
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from proxeny.directory.memberlist.values import MAX_FIELDS, READERS
from proxeny.directory.models import (
    GUARDED,
    IdentifierScheme,
    Kind,
    Listing,
    MemberImport,
    QualityLabel,
    Size,
    Visibility,
)
from proxeny.directory.queries import Filters, ListingFilters
from proxeny.directory.queries.areas import read_area
from proxeny.directory.sources.encoding import ENCODINGS
from proxeny.kernel.api import Email, In


def _read(name: str) -> AfterValidator:
    """Read a text as a cell of that column; nothing stays nothing."""
    reader: Callable[[str], Any] = READERS[name]
    return AfterValidator(lambda text: reader(text) if text else text)


def _read_sectors(names: list[str]) -> list[str]:
    return list(dict.fromkeys(" ".join(name.split()) for name in names if name.strip()))


def filters_from[Asked: (Filters, ListingFilters)](kind: type[Asked], values: In) -> Asked:
    """Return what was asked as the filters of a list; what they do not know is left out."""
    known = {one.name for one in fields(kind)}
    return kind(**{name: value for name, value in values if name in known and value is not None})


Name = Annotated[str, Field(min_length=1, max_length=200)]
Country = Annotated[str, Field(pattern="^[A-Z]{2}$", description="ISO 3166 code, for example GR.")]
LanguageCode = Annotated[
    str, Field(pattern="^[a-z]{2}$", description="ISO 639 code, for example el."), _read("language")
]
Part = Annotated[
    str,
    Field(
        max_length=80,
        pattern=r"^-?[0-9.]+(,-?[0-9.]+){3}$",
        description="A part of the map: south, west, north and east in degrees, as `places` returns it.",
    ),
    AfterValidator(read_area),
]
Words = Annotated[
    str,
    Field(
        max_length=200,
        description="Words that must all occur, in any form; the last may be the beginning of one.",
    ),
]
FieldName = Annotated[str, Field(max_length=80, description="A field of activity.")]
HitOrder = Literal["", "best", "name", "-name", "changed", "-changed"]
PageNumber = Annotated[int, Field(ge=1, le=200)]
Line120 = Annotated[str, Field(max_length=120)]
Website = Annotated[str, Field(max_length=300), _read("website")]
Contact = Annotated[str, Field(max_length=150)]
ContactEmail = Email | Literal[""]
Summary = Annotated[str, Field(max_length=4000)]
Sectors = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=80)]],
    Field(max_length=MAX_FIELDS),
    AfterValidator(_read_sectors),
]
Languages = Annotated[
    list[LanguageCode], Field(max_length=20), AfterValidator(lambda some: list(dict.fromkeys(some)))
]
Employees = Annotated[int, Field(ge=0, le=5_000_000)]
Year = Annotated[int, Field(ge=1000, le=2100)]

AnyKind = Literal[*Kind.values]
MemberKind = Literal[*(kind for kind in Kind.values if kind != Kind.CLUSTER)]
SeenBy = Literal[*Visibility.values]
Scheme = Literal[*IdentifierScheme.values]
SizeBand = Literal[*Size.values]
Label = Literal[*QualityLabel.values]
FormerNames = Annotated[list[Name], Field(max_length=20)]
NutsCode = Annotated[str, Field(max_length=5, description="NUTS code, for example EL30.")]
Latitude = Annotated[float, Field(ge=-90, le=90, description="Degrees (WGS 84).")]
Longitude = Annotated[float, Field(ge=-180, le=180, description="Degrees (WGS 84).")]
NaceCodes = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=8)]],
    Field(max_length=20, description="NACE Rev. 2.1 codes, for example 62.10."),
]
Topics = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=80)]],
    Field(max_length=20, description="EuroSciVoc codes, for example /25/73."),
]
OpenFacts = Annotated[list[Literal[*GUARDED]], Field(max_length=len(GUARDED))]
Direction = Literal[*Listing.Direction.values]
ListingKind = Literal[*Listing.Kind.values]
ListingStatus = Literal[*Listing.Status.values]
ImportState = Literal[*MemberImport.State.values]
Encoding = Literal["", *ENCODINGS]
