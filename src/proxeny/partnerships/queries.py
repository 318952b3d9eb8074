"""Reading partnerships. Row-level security shows each reader only what the reader may see."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Count,
    ExpressionWrapper,
    Prefetch,
    Q,
    QuerySet,
    prefetch_related_objects,
)
from django.utils.translation import gettext_lazy as _

from proxeny.directory.models import Kind, Organisation, Visibility
from proxeny.directory.queries import Filters, visible_organisations
from proxeny.kernel.errors import NotFound
from proxeny.kernel.models import StoredFile
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships import rules
from proxeny.partnerships.models import (
    Agreement,
    Assessment,
    Partnership,
    Party,
    SharingGrant,
    SignOff,
)

#: Columns the list can be sorted by.
SORTS = {
    "title": ("title", "id"),
    "state": ("state", "title", "id"),
    "since": ("starts_on", "title", "id"),
    "created": ("created_at", "id"),
}
#: Texts that others than the parties sign too, or alone.
_WITH_OTHERS = (Agreement.Kind.BRIEF, Agreement.Kind.LETTER, Agreement.Kind.BID)
#: The agreement itself has a page of its own; a brief is on the page of its assessment, letters of
#: intent and bids on that of their bid.
_ELSEWHERE = (Agreement.Kind.TEXT, *_WITH_OTHERS)
#: Most members on the page where one is chosen; the rest are found by name.
SHAREABLE_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Signature:
    """One party under one text: signed, or still to sign."""

    party: Party
    sign_off: SignOff | None


@dataclass(frozen=True, slots=True)
class SignedText:
    """Version of the agreement with each party's signature or the lack of it.

    `beside` are the signatures of further signatories, by organisation.
    """

    agreement: Agreement
    signatures: tuple[Signature, ...]
    beside: Mapping[int, SignOff] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        """Whether all required signatures of this text are there."""
        if self.agreement.kind in _WITH_OTHERS:
            return self.agreement.completed_at is not None
        return all(one.sign_off is not None for one in self.signatures)

    def has_signed(self, party: Party | None) -> bool:
        """Whether a party has signed this text."""
        return any(one.sign_off and party and one.party.pk == party.pk for one in self.signatures)


def with_parties(*others: str) -> "Prefetch[str]":
    """Return how partnerships are read with their parties and the organisations of these."""
    # Whoever sees a party sees its organisation.
    return Prefetch("parties", Party.objects.select_related("organisation", *others))


def living_first(found: QuerySet[Partnership]) -> QuerySet[Partnership]:
    """Return partnerships with those at the end that are over: ended, or declined."""
    over = Q(state__in=(Partnership.State.ENDED, Partnership.State.DECLINED))
    return found.order_by(ExpressionWrapper(over, BooleanField()), *found.query.order_by)


def visible_partnerships(
    *, state: str = "", search: str = "", sort: str = "-created"
) -> QuerySet[Partnership]:
    """Return the partnerships the reader may see, with parties and their organisations.

    Parameters
    ----------
    state : str
        One of `Partnership.State`, or empty for all.
    search : str
        Words that must all occur in the title or a party's name.
    sort : str
        A key of `SORTS`, with `-` before it for the other way round.
    """
    found = Partnership.objects.all()
    if state in Partnership.State.values:
        found = found.filter(state=state)
    for word in search.split():
        named = Party.objects.filter(organisation__name__icontains=word).values("partnership_id")
        found = found.filter(Q(title__icontains=word) | Q(pk__in=named))
    columns = SORTS.get(sort.lstrip("-"), SORTS["created"])
    order = [f"-{columns[0]}", *columns[1:]] if sort.startswith("-") else list(columns)
    return found.prefetch_related(with_parties()).order_by(*order)


def get_partnership(partnership_id: int) -> Partnership:
    """Return a partnership with its parties; `NotFound` if the reader does not see it."""
    found = (
        Partnership.objects.prefetch_related(with_parties("contact"))
        .filter(pk=partnership_id)
        .first()
    )
    if found is None:
        raise NotFound(_("We couldn’t find this partnership."))
    return found


def parties_of(partnership: Partnership) -> list[Party]:
    """Return the parties in the order of their sides; no query when they were fetched along."""
    return list(partnership.parties.all())


def parties_joined(partnership_id: int) -> tuple[Party, ...]:
    """Return the parties that take part, with their clusters, for any reader. One query."""
    with as_service("Anyone who deals with a partnership may know which clusters take part."):
        found = Party.objects.filter(partnership_id=partnership_id, state=Party.State.JOINED)
        return tuple(found.select_related("organisation").order_by("side"))


def organisation_on(partnership: Partnership, side: str | None) -> int | None:
    """Return the organisation on a side: None without a letter, 0 for a letter without an organisation."""
    if not side:
        return None
    named = (party.organisation_id for party in parties_of(partnership) if party.side == side)
    return next(named, 0)


def side_of(reader: Reader, partnership: Partnership) -> str:
    """Return the letter of the side the reader is on (as manager, colleague or member), or ""."""
    party = rules.party_joined(reader, parties_of(partnership))
    return party.side if party else ""


def list_texts(partnership: Partnership) -> list[SignedText]:
    """Return all versions of the agreement, newest first. Two queries, whatever their number."""
    found = partnership.agreements.filter(kind=Agreement.Kind.TEXT).order_by("-number")
    return _with_signatures(partnership, found)


def list_unsigned(partnership: Partnership) -> list[SignedText]:
    """Return what `list_texts` does if the newest waits for signatures, else nothing."""
    found = list(partnership.agreements.filter(kind=Agreement.Kind.TEXT).order_by("-number"))
    if not found or found[0].completed_at:
        return []
    prefetch_related_objects(found, "sign_offs")
    return [_signed_text(one, partnership) for one in found]


def list_asked(partnership: Partnership) -> list[SignedText]:
    """Return what waits for signatures besides the agreement, oldest first. Two queries."""
    found = partnership.agreements.filter(completed_at=None, closed_at=None).order_by("pk")
    return _with_signatures(partnership, found.exclude(kind__in=_ELSEWHERE))


def list_agreed(partnership: Partnership, kind: str, subject: str = "") -> list[SignedText]:
    """Return what was put before all parties about a subject, newest first. Two queries."""
    found = partnership.agreements.filter(kind=kind, subject=subject).order_by("-number")
    return _with_signatures(partnership, found)


def list_newest(partnership: Partnership, kind: str) -> list[SignedText]:
    """Return what was last put before all parties about each subject of a kind. Two queries."""
    found = partnership.agreements.filter(kind=kind).order_by("subject", "-number")
    return _with_signatures(partnership, found.distinct("subject"))


def list_entered(partnership: Partnership) -> list[SignedText]:
    """Return the gates that all have signed, newest first. Two queries."""
    found = partnership.agreements.filter(
        kind=Agreement.Kind.STAGE, completed_at__isnull=False
    ).order_by("-completed_at")
    return _with_signatures(partnership, found)


def get_assessment(partnership: Partnership, organisation_id: int) -> Assessment | None:
    """Return what a side thinks for itself; None if nothing is written, or not for the reader."""
    return Assessment.objects.filter(
        partnership=partnership, organisation_id=organisation_id
    ).first()


def get_text(partnership_id: int, agreement_id: int) -> Agreement:
    """Return a text that was put before the parties; `NotFound` if the reader does not see it."""
    found = Agreement.objects.filter(pk=agreement_id, partnership_id=partnership_id).first()
    if found is None:
        raise NotFound(_("We couldn’t find this text."))
    return found


def _with_signatures(partnership: Partnership, found: QuerySet[Agreement]) -> list[SignedText]:
    return [_signed_text(one, partnership) for one in found.prefetch_related("sign_offs")]


def _signed_text(agreement: Agreement, partnership: Partnership) -> SignedText:
    signed = {one.party_id: one for one in agreement.sign_offs.all() if one.party_id}
    beside = {one.organisation_id: one for one in agreement.sign_offs.all() if one.organisation_id}
    signatures = tuple(
        Signature(party, signed.get(party.pk))
        for party in parties_of(partnership)
        if party.pk in signed or rules.signs(party, agreement)
    )
    return SignedText(agreement, signatures, beside)


def list_grants(partnership: Partnership) -> list[SharingGrant]:
    """Return the ledger of what was shared, newest first, withdrawn grants included."""
    return list(find_grants(partnership))


def is_shared_on(today: date | None) -> Q:
    """Return `rules.is_shared` as a condition on grants."""
    lasts = Q(ends_on=None) | Q(ends_on__gte=today)
    return lasts & Q(withdrawn_at=None, partnership__state=Partnership.State.ACTIVE)


def find_grants(
    partnership: Partnership,
    *,
    today: date | None = None,
    is_live: bool | None = None,
    organisation_id: int | None = None,
    kind: str = "",
) -> QuerySet[SharingGrant]:
    """Return what was shared with a partnership, newest first.

    Parameters
    ----------
    today : date, optional
        The day that `is_live` asks about.
    is_live : bool, optional
        Only what is shared on that day, or only what is not any more.
    organisation_id : int, optional
        The cluster that shares.
    kind : str
        One of `SharingGrant.Kind`, or empty for all.
    """
    found = partnership.grants.select_related("organisation", "granted_by", "member")
    if is_live is not None:
        live = is_shared_on(today)
        found = found.filter(live) if is_live else found.exclude(live)
    if organisation_id is not None:
        found = found.filter(organisation_id=organisation_id)
    if kind:
        found = found.filter(kind=kind)
    return found.order_by("-granted_at", "-pk")


def get_grant(grant_id: int, *, partnership_id: int | None = None) -> SharingGrant:
    """Return one grant, of that partnership if one is named.

    Raises
    ------
    NotFound
        There is none, or the reader does not see it.
    """
    grants = SharingGrant.objects.select_related(
        "organisation", "granted_by", "member", "partnership"
    )
    if partnership_id is not None:
        grants = grants.filter(partnership_id=partnership_id)
    found = grants.filter(pk=grant_id).first()
    if found is None:
        raise NotFound(_("We couldn’t find this entry."))
    return found


def get_file(file_id: int | None) -> StoredFile:
    """Return a kept file; `NotFound` if the reader may not take it, or its content is gone."""
    found = StoredFile.objects.filter(pk=file_id or 0, size__gt=0).first()
    if found is None:
        raise NotFound(_("This file is no longer stored."))
    return found


def kept_files(file_ids: Iterable[int]) -> set[int]:
    """Return which of these files the reader may take. One query, or none."""
    wanted = set(file_ids)
    if not wanted:
        return set()
    found = StoredFile.objects.filter(pk__in=wanted, size__gt=0)
    return set(found.values_list("pk", flat=True))


def grant_names(grant_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of shared members and files, as far as the reader sees them. One query."""
    found = SharingGrant.objects.filter(pk__in=set(grant_ids))
    named = found.values_list("pk", "file_name", "member__name")
    return {pk: file_name or member or "" for pk, file_name, member in named}


def file_names(file_ids: Iterable[int | None]) -> dict[int, str]:
    """Return the names of files that are, or were, shared. One query, or none."""
    wanted = {one for one in file_ids if one}
    if not wanted:
        return {}
    found = SharingGrant.objects.filter(file_id__in=wanted).values_list("file_id", "file_name")
    return {pk: name for pk, name in found if pk}


def list_shareable_members(cluster_id: int, search: str) -> list[Organisation]:
    """Return the first of a cluster's members that may be shared singly, found by name."""
    found = visible_organisations(Filters(q=search)).filter(steward_id=cluster_id)
    return list(found.exclude(visibility=Visibility.PRIVATE)[:SHAREABLE_SHOWN])


def list_where_shareable(reader: Reader, member: Organisation) -> list[Partnership]:
    """Return the signed partnerships in which the reader may share a member of their cluster."""
    found = visible_partnerships(state=Partnership.State.ACTIVE, sort="title").filter(
        pk__in=reader.steered, parties__organisation_id=member.steward_id or 0
    )
    return list(found)


def get_member(member_id: int, cluster_id: int) -> Organisation:
    """Return a member that a cluster keeps; `NotFound` otherwise."""
    found = visible_organisations().filter(pk=member_id, steward_id=cluster_id).first()
    if found is None:
        raise NotFound(_("We couldn’t find this member."))
    return found


def is_file_kept(file_id: int) -> bool:
    """Whether a file that the reader may take still has its content."""
    return StoredFile.objects.filter(pk=file_id, size__gt=0).exists()


def find_running_out(reader: Reader, *, today: date, within: timedelta) -> QuerySet[SharingGrant]:
    """Return what the reader's clusters share that ends within some time, the nearest first."""
    found = SharingGrant.objects.filter(
        organisation_id__in=reader.managed,
        withdrawn_at=None,
        ends_on__range=(today, today + within),
        partnership__state=Partnership.State.ACTIVE,
    )
    return found.order_by("ends_on", "pk")


def count_shown_members(cluster_ids: Iterable[int]) -> dict[int, int]:
    """Return how many members of each cluster the reader sees in the directory. One query."""
    rows = visible_organisations().filter(steward_id__in=list(cluster_ids)).order_by()
    return dict(rows.values_list("steward_id").annotate(Count("pk")))


def list_own_clusters(reader: Reader) -> list[Organisation]:
    """Return the clusters in whose name the reader may propose. One query."""
    own = visible_organisations().filter(pk__in=reader.managed, kind=Kind.CLUSTER, steward=None)
    return list(own.order_by("name", "pk"))


def list_other_clusters(reader: Reader) -> list[Organisation]:
    """Return the clusters the reader may propose to: all that are visible. One query.

    Clusters that are merely kept by another one have nobody here who could answer.
    """
    others = visible_organisations().filter(kind=Kind.CLUSTER, steward=None)
    others = others.exclude(pk__in=reader.managed)
    return list(others.order_by("name", "pk"))


def rooms_of(organisation_id: int) -> QuerySet[Party, Any]:
    """Return the ids of an organisation's signed partnerships, ended ones included, as a subquery.

    They are what `Reader.rooms` holds for its people. Run it as the service role.
    """
    signed = (Partnership.State.ACTIVE, Partnership.State.ENDED)
    parties = Party.objects.filter(
        organisation_id=organisation_id,
        partnership__state__in=signed,
        state=Party.State.JOINED,
    )
    return parties.values("partnership_id")
