"""Organisations: the list, one, a new member, changes, and the list as a file."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query
from ninja.responses import Status
from pydantic import Field

from proxeny.directory import operations, queries, rules
from proxeny.directory.api._hits import FacetChoice, Hits, tell_hits
from proxeny.directory.api._router import router
from proxeny.directory.api._values import (
    AnyKind,
    Contact,
    ContactEmail,
    Country,
    Employees,
    FieldName,
    FormerNames,
    HitOrder,
    Label,
    LanguageCode,
    Languages,
    Latitude,
    Line120,
    Longitude,
    MemberKind,
    NaceCodes,
    Name,
    NutsCode,
    OpenFacts,
    PageNumber,
    Part,
    Scheme,
    Sectors,
    SeenBy,
    SizeBand,
    Summary,
    Topics,
    Website,
    Words,
    Year,
    filters_from,
)
from proxeny.directory.identifiers import split_key, write_key
from proxeny.directory.memberlist.columns import LISTED
from proxeny.directory.models import Kind, Organisation
from proxeny.directory.operations.facts import Facts
from proxeny.directory.operations.reading import Moved
from proxeny.directory.queries import Filters
from proxeny.kernel.api import (
    Id,
    IfMatch,
    In,
    Named,
    Out,
    in_pages,
    match_version,
    show_version,
    unsent,
)
from proxeny.kernel.api.files import TABLE_FILE, FileFormat
from proxeny.kernel.api.times import Moment
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.tenancy import Reader


class DirectoryRow(Out):
    """An organisation in a list; `steward` is the cluster that keeps its entry."""

    id: int
    name: str
    kind: AnyKind
    country: str
    region: str
    city: str
    nuts: str
    latitude: float | None
    longitude: float | None
    size: SizeBand | Literal[""]
    quality_label: Label | Literal[""]
    website: str
    sectors: list[str]
    nace: list[str]
    topics: list[str]
    languages: list[str]
    visibility: SeenBy
    steward: Named | None
    updated_at: datetime
    version: int


class NumberOut(Out):
    """A number that a register gives an organisation."""

    scheme: Scheme
    value: str


class DirectoryEntry(DirectoryRow):
    """An organisation.

    Contact, e-mail, employees and year are null where they are not shown to the caller, and for
    whom they were not given; `open_facts` names those that whoever sees the entry may read. The
    reference is shown to the managers of the steward.
    """

    former_names: list[str]
    identifiers: list[NumberOut]
    open_facts: list[str]
    summary: str
    language: str
    key: str | None
    contact: str | None
    email: str | None
    employees: int | None
    founded: int | None
    may_edit: bool
    may_manage: bool
    created_at: datetime


class OrganisationFilters(In):
    """Which organisations to list."""

    q: Words = ""
    cluster: Id | None = None
    country: Country | None = None
    kind: AnyKind | None = None
    field: FieldName = ""
    size: SizeBand | None = None
    nace: str = Field("", max_length=8, description="A division or class of NACE Rev. 2.1.")
    nuts: str = Field("", max_length=5, description="A NUTS region of any level.")
    area: Part | None = None
    language: LanguageCode | None = None
    has: Literal["", "offer", "need"] = Field("", description="Whether something is published.")
    changed_since: Moment | None = None

    def to_filters(self) -> Filters:
        """Return what was asked."""
        return filters_from(Filters, self)


class OrganisationsFile(OrganisationFilters):
    """Which organisations, in which form."""

    format: FileFormat = "csv"


class NumberIn(In):
    """A number of a register, as anybody writes it."""

    scheme: Scheme
    value: str = Field(min_length=1, max_length=80)


Numbers = Annotated[list[NumberIn], Field(max_length=20)]


class FactsIn(In):
    """What a change says of an organisation; only what is sent changes.

    The size follows from the number of employees where it is given, the coordinates from the city
    where none are. Lists are sent whole.
    """

    name: Name = unsent()
    kind: AnyKind = unsent()
    key: Line120 = unsent()
    former_names: FormerNames = unsent()
    identifiers: Numbers = unsent()
    country: Country = unsent()
    region: Line120 = unsent()
    city: Line120 = unsent()
    nuts: NutsCode = unsent()
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    size: SizeBand | Literal[""] = unsent()
    quality_label: Label | Literal[""] = unsent()
    website: Website = unsent()
    contact: Contact = unsent()
    email: ContactEmail = unsent()
    summary: Summary = unsent()
    language: LanguageCode = unsent()
    languages: Languages = unsent()
    sectors: Sectors = unsent()
    nace: NaceCodes = unsent()
    topics: Topics = unsent()
    employees: Employees | None = None
    founded: Year | None = None
    visibility: SeenBy = unsent()
    open_facts: OpenFacts = unsent()

    def facts(self) -> dict[str, Any]:
        """Return what was sent, by name of a fact."""
        sent = self.model_dump(exclude_unset=True)
        if "identifiers" in sent:
            sent["identifiers"] = [write_key(**one) for one in sent["identifiers"]]
        return sent


class MemberIn(FactsIn):
    """A member added by hand: the cluster it joins, and its facts."""

    cluster_id: Id
    name: Name
    country: Country
    kind: MemberKind = Kind.COMPANY.value


class DirectoryFacets(Out):
    """What the list can be narrowed to, by filter; each counted with all the other filters."""

    cluster: list[FacetChoice]
    country: list[FacetChoice]
    kind: list[FacetChoice]
    field: list[FacetChoice]
    size: list[FacetChoice]
    nace: list[FacetChoice]
    nuts: list[FacetChoice]
    language: list[FacetChoice]
    has: list[FacetChoice]


class DirectorySearch(OrganisationFilters):
    """What to look for, in which order, and which page of fifty."""

    sort: HitOrder = Field(
        "", description="Without one: the best first where there are words, else by name."
    )
    page: PageNumber = 1


class DirectoryHits(Hits):
    """A page of hits; beyond ten thousand the total is about right and `is_exact` false."""

    items: list[DirectoryRow]
    facets: DirectoryFacets


@router.get("/organisations", response=list[DirectoryRow], summary="Organisations")
@in_pages("sort_name", "id")
def list_organisations(
    request: HttpRequest, filters: Query[OrganisationFilters]
) -> QuerySet[Organisation]:
    """All that the caller may see, by name; `changed_since` keeps another system in step."""
    return queries.list_organisations(filters.to_filters())


@router.get("/search", response=DirectoryHits, summary="Search organisations")
def search_organisations(request: HttpRequest, wanted: Query[DirectorySearch]) -> dict[str, Any]:
    """As on the page: words in all their forms, the best first, typing errors mended, counts."""
    return tell_hits(queries.get_page(wanted.to_filters(), number=wanted.page))


@router.get("/facets", response=DirectoryFacets, summary="What the list can be narrowed to")
def list_facets(request: HttpRequest, filters: Query[OrganisationFilters]) -> dict[str, Any]:
    """The values that occur in what the caller sees, the commonest forty of each filter."""
    return queries.count_facets(filters.to_filters())


@router.get("/export", summary="Download organisations", openapi_extra=TABLE_FILE)
def export_organisations(request: HttpRequest, wanted: Query[OrganisationsFile]) -> HttpResponse:
    """The list as a file that can be imported again; what is not shown is an empty cell."""
    rows = operations.export_organisations(
        actor=request.reader, filters=wanted.to_filters(), fields=[one.name for one in LISTED],
        now=timezone.now(),
    )  # fmt: skip
    return answer_table(
        "directory",
        form=wanted.format,
        header=[one.label for one in LISTED],
        rows=(["; ".join(c) if isinstance(c, list) else c for c in row] for row in rows),
    )


@router.post("/organisations", response={201: DirectoryEntry}, summary="Add a member by hand")
def create_member(
    request: HttpRequest, response: HttpResponse, member: MemberIn
) -> Status[dict[str, Any]]:
    """Its entry, and its membership from today on. Nobody is invited and no mail is sent."""
    values = member.facts()
    made = operations.create_member(
        actor=request.reader, cluster_id=values.pop("cluster_id"), facts=Facts(**values),
        today=timezone.localdate(),
    )  # fmt: skip
    response["Location"] = f"/api/v1/directory/organisations/{made.pk}"
    return Status(201, _shown(request.reader, made.pk, response))


@router.get("/organisations/{organisation_id}", response=DirectoryEntry, summary="An organisation")
def show_organisation(
    request: HttpRequest, response: HttpResponse, organisation_id: Id
) -> dict[str, Any] | HttpResponse:
    """Facts of an entry, as far as the caller may see them.

    Answers 307 with the address of the kept entry where this one was merged into another.
    """
    try:
        return _shown(request.reader, organisation_id, response)
    except Moved as moved:
        kept = f"/api/v1/directory/organisations/{moved.kept_id}"
        return HttpResponse(status=307, headers={"Location": kept})


@router.patch(
    "/organisations/{organisation_id}", response=DirectoryEntry, summary="Change an organisation"
)
def update_organisation(
    request: HttpRequest,
    response: HttpResponse,
    organisation_id: Id,
    changes: FactsIn,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Only what is sent changes; the reference only by the managers of the steward."""
    version = match_version(if_match, queries.get_organisation(organisation_id).version)
    operations.update_organisation(
        actor=request.reader, organisation_id=organisation_id, version=version,
        changes=changes.facts(),
    )  # fmt: skip
    return _shown(request.reader, organisation_id, response)


def _shown(reader: Reader, organisation_id: int, response: HttpResponse) -> dict[str, Any]:
    one = operations.open_organisation(
        actor=reader, organisation_id=organisation_id, now=timezone.now()
    )
    manages = rules.can_manage_members(reader, one.steward_id)
    guarded = one.guarded_facts()
    rights = {
        "may_edit": rules.can_edit_organisation(reader, one),
        "may_manage": manages,
        "key": one.key if manages else None,
    }
    numbers = [dict(zip(("scheme", "value"), split_key(key), strict=True))
               for key in one.fact("identifiers")]  # fmt: skip
    steward = {"id": one.steward.pk, "name": one.steward.name} if one.steward else None
    show_version(response, one.version, *guarded.values(), *rights.values(), steward)
    more = {"steward": steward, "identifiers": numbers}
    plain = DirectoryEntry.model_fields.keys() - guarded.keys() - rights.keys() - more.keys()
    return {name: getattr(one, name) for name in plain} | guarded | rights | more
