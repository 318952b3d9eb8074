"""Organisations: the list, one, a new member, changes, and the list as a file."""

from datetime import datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpResponse
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
from proxeny.kernel.requests import Request
from proxeny.kernel.spreadsheet import answer_table
from proxeny.kernel.tenancy import Reader


class DirectoryRow(Out):
    """An organisation, as shown in lists. `steward` is the cluster that manages its entry."""

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
    """An organisation's number in a register."""

    scheme: Scheme
    value: str


class DirectoryEntry(DirectoryRow):
    """An organisation.

    Contact, email, employees and year are null if they aren't shown to you or weren't given;
    `open_facts` names those that anyone who sees the entry may read. The reference is only shown to
    the managers of the steward.
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
    """Filters for a list of organisations."""

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
    has: Literal["", "offer", "need"] = Field(
        "", description="Only organisations that have published an offer or a need."
    )
    changed_since: Moment | None = None

    def to_filters(self) -> Filters:
        """Return what was asked."""
        return filters_from(Filters, self)


class OrganisationsFile(OrganisationFilters):
    """Filters for the exported organisations, and the file format."""

    format: FileFormat = "csv"


class NumberIn(In):
    """A number in a register, in any notation."""

    scheme: Scheme
    value: str = Field(min_length=1, max_length=80)


Numbers = Annotated[list[NumberIn], Field(max_length=20)]


class FactsIn(In):
    """Changes to an organisation. Only the fields you send change.

    The size follows from the number of employees if you give it, and the coordinates from the city
    if you give none. Lists are replaced as a whole.
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
    """A member to add: the cluster it joins, and its facts."""

    cluster_id: Id
    name: Name
    country: Country
    kind: MemberKind = Kind.COMPANY.value


class DirectoryFacets(Out):
    """The values by which you can narrow down the list, by filter.

    Each is counted with all other filters applied.
    """

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
    """What to search for, in which order, and which page of fifty."""

    sort: HitOrder = Field(
        "", description="If empty: best matches first if there are words, otherwise by name."
    )
    page: PageNumber = 1


class DirectoryHits(Hits):
    """A page of results. Beyond ten thousand, the total is approximate and `is_exact` is false."""

    items: list[DirectoryRow]
    facets: DirectoryFacets


@router.get("/organisations", response=list[DirectoryRow], summary="List organisations")
@in_pages("sort_name", "id")
def list_organisations(
    request: Request, filters: Query[OrganisationFilters]
) -> QuerySet[Organisation]:
    """Returns all organisations you may see, by name.

    Use `changed_since` to keep another system in sync.
    """
    return queries.list_organisations(filters.to_filters())


@router.get("/search", response=DirectoryHits, summary="Search organisations")
def search_organisations(request: Request, wanted: Query[DirectorySearch]) -> dict[str, Any]:
    """Searches as on the page: words in all their forms, best matches first, with typing errors
    corrected, and with counts.
    """
    return tell_hits(queries.get_page(wanted.to_filters(), number=wanted.page))


@router.get("/facets", response=DirectoryFacets, summary="List filter values")
def list_facets(request: Request, filters: Query[OrganisationFilters]) -> dict[str, Any]:
    """Returns the values that occur in what you can see, the forty most common of each filter."""
    return queries.count_facets(filters.to_filters())


@router.get("/export", summary="Export organisations", openapi_extra=TABLE_FILE)
def export_organisations(request: Request, wanted: Query[OrganisationsFile]) -> HttpResponse:
    """Downloads the list as a file that can be imported again.

    Cells are empty for anything that isn't shown to you.
    """
    rows = operations.export_organisations(
        actor=request.reader,
        filters=wanted.to_filters(),
        fields=[one.name for one in LISTED],
        now=timezone.now(),
    )
    return answer_table(
        "directory",
        form=wanted.format,
        header=[one.label for one in LISTED],
        rows=(["; ".join(c) if isinstance(c, list) else c for c in row] for row in rows),
    )


@router.post("/organisations", response={201: DirectoryEntry}, summary="Add a member")
def create_member(
    request: Request, response: HttpResponse, member: MemberIn
) -> Status[dict[str, Any]]:
    """Creates its entry, and its membership from today on.

    No one is invited and no email is sent.
    """
    values = member.facts()
    made = operations.create_member(
        actor=request.reader,
        cluster_id=values.pop("cluster_id"),
        facts=Facts(**values),
        today=timezone.localdate(),
    )
    response["Location"] = f"/api/v1/directory/organisations/{made.pk}"
    return Status(201, _shown(request.reader, made.pk, response))


@router.get(
    "/organisations/{organisation_id}", response=DirectoryEntry, summary="Get an organisation"
)
def show_organisation(
    request: Request, response: HttpResponse, organisation_id: Id
) -> dict[str, Any] | HttpResponse:
    """Returns the facts of an entry, as far as you may see them.

    If the entry was merged into another one, responds with 307 and the address of the kept entry.
    """
    try:
        return _shown(request.reader, organisation_id, response)
    except Moved as moved:
        kept = f"/api/v1/directory/organisations/{moved.kept_id}"
        return HttpResponse(status=307, headers={"Location": kept})


@router.patch(
    "/organisations/{organisation_id}", response=DirectoryEntry, summary="Update an organisation"
)
def update_organisation(
    request: Request,
    response: HttpResponse,
    organisation_id: Id,
    changes: FactsIn,
    if_match: IfMatch = None,
) -> dict[str, Any]:
    """Only the fields you send change.

    Only the managers of the steward can change the reference.
    """
    version = match_version(if_match, queries.get_organisation(organisation_id).version)
    operations.update_organisation(
        actor=request.reader,
        organisation_id=organisation_id,
        version=version,
        changes=changes.facts(),
    )
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
    numbers = [
        dict(zip(("scheme", "value"), split_key(key), strict=True))
        for key in one.fact("identifiers")
    ]
    steward = {"id": one.steward.pk, "name": one.steward.name} if one.steward else None
    show_version(response, one.version, *guarded.values(), *rights.values(), steward)
    more = {"steward": steward, "identifiers": numbers}
    plain = DirectoryEntry.model_fields.keys() - guarded.keys() - rights.keys() - more.keys()
    return {name: getattr(one, name) for name in plain} | guarded | rights | more
