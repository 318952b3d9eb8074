"""Keys and awards by program. What all sides sign is signed under `/partnerships/…/texts/{id}`."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query
from ninja.responses import Status
from pydantic import AwareDatetime, Field

from proxeny.kernel.api import Id, In, Out, in_pages
from proxeny.kernel.errors import NotAllowed
from proxeny.labels.api._router import router
from proxeny.labels.codes import make_code
from proxeny.labels.models import Award, IssuerKey, Round, Scheme
from proxeny.labels.operations import awarding
from proxeny.labels.operations import keys as key_deeds
from proxeny.labels.operations.issuing import award_url, read_signatures
from proxeny.labels.operations.renaming import MOST_NAME, rename_award
from proxeny.labels.operations.revoking import ask_revocation
from proxeny.labels.operations.signing_awards import ask_to_sign_anew
from proxeny.labels.queries import awards as queries
from proxeny.labels.queries import keys as key_queries
from proxeny.labels.queries.rounds import get_round
from proxeny.labels.queries.schemes import get_scheme
from proxeny.partnerships.api._shapes import enter
from proxeny.partnerships.models import Partnership
from proxeny.partnerships.queries import parties_of
from proxeny.partnerships.rules import can_keep

_KEYS = "/clusters/{cluster_id}/keys"
_ALL = "/partnerships/{partnership_id}/schemes/{scheme_id}/awards"
_ONE = f"{_ALL}/{{award_id}}"
_ROUND = "/partnerships/{partnership_id}/rounds/{round_id}/awards"
State = Literal["valid", "to-come", "ended", "revoked", "replaced", "waiting"]


class IssuerKeyOut(Out):
    """A key of a cluster: its public half as Multikey, and since when it signs no more."""

    number: int
    public: str
    created_at: datetime
    retired_at: datetime | None
    lost_at: datetime | None
    why: str


class KeyLossIn(In):
    """What happened, for everybody to read; `lost_at` null: now."""

    why: Annotated[str, Field(min_length=1, max_length=key_deeds.MOST_WHY)]
    lost_at: AwareDatetime | None = None


class SignedAnewOut(Out):
    """How many awards are being signed anew."""

    count: int


class LabelAwardRow(Out):
    """An award. `total` is null where it does not tell it."""

    id: int
    code: str
    url: str
    state: State
    why: Literal[*Award.Why.values]
    holder: str
    title: str
    country: str
    level: str
    total: str | None
    valid_from: datetime
    valid_until: datetime
    issued_at: datetime | None
    revoked_at: datetime | None
    revoked_why: str
    replaces_id: int | None


class AwardSignatureOut(Out):
    """A signature in an award: of which cluster, with which of its keys."""

    organisation_id: int
    key_number: int
    signed_at: datetime | None
    lost_at: datetime | None


class LabelAwardOut(LabelAwardRow):
    """An award with its signatures and the credential itself."""

    signatures: list[AwardSignatureOut]
    credential: dict[str, Any]


class AwardsFilters(In):
    """Which awards to list."""

    q: str = Field("", max_length=100)
    state: State | Literal[""] = ""
    level: str = Field("", max_length=24)
    country: str = Field("", max_length=2)
    year: int | None = Field(None, ge=2000, le=9999)


class AwardCandidateOut(Out):
    """Who would be awarded."""

    application_id: int
    holder: str
    title: str
    level: str
    renews_id: int | None


class AwardLeftOutOut(Out):
    """Who is chosen, and why there is no award yet."""

    application_id: int
    why: str


class RoundAwardsOut(Out):
    """What would be awarded in a round as it stands, and what is missing before it can be."""

    candidates: list[AwardCandidateOut]
    left_out: list[AwardLeftOutOut]
    missing: list[str]
    fingerprint: str
    fee: str
    currency: str
    waiting: list[LabelAwardRow]
    issued: list[LabelAwardRow]


class AwardsPutIn(In):
    """The fingerprint of what was read; `from_on` null: they hold from now on."""

    fingerprint: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    from_on: date | None = None
    tells_total: bool = False


class AwardTextOut(Out):
    """What all sides sign; sign it under `/partnerships/{partnership_id}/texts/{id}`."""

    id: int
    number: int
    text: str
    text_hash: str
    completed_at: datetime | None


class AwardRevokeIn(In):
    """Why an award should hold no more, for everybody to read."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


class AwardRenameIn(In):
    """The new name of a holder."""

    holder: Annotated[str, Field(min_length=1, max_length=MOST_NAME)]


def _row(award: Award) -> dict[str, Any]:
    names = ("id", "code", "why", "holder", "title", "country", "level", "valid_from",
             "valid_until", "issued_at", "revoked_at", "revoked_why", "replaces_id")  # fmt: skip
    return {name: getattr(award, name) for name in names} | {
        "url": award_url(award.code),
        "state": queries.state_of(award, timezone.now()),
        "total": None if award.total is None else f"{award.total}",
    }


def _rows(rows: list[Award], **_given: Any) -> list[dict[str, Any]]:
    return [_row(one) for one in rows]


def _whole(partnership_id: int, scheme_id: int, award_id: int) -> dict[str, Any]:
    award = queries.get_award(partnership_id, award_id, scheme_id=scheme_id)
    return _row(award) | {
        "credential": award.credential,
        "signatures": [
            {"organisation_id": one.organisation_id, "key_number": one.number,
             "signed_at": one.at, "lost_at": one.key.lost_at if one.key else None}
            for one in read_signatures(award.credential)
        ],
    }  # fmt: skip


def _enter_scheme(request: HttpRequest, partnership_id: int, scheme_id: int) -> Scheme:
    enter(request, partnership_id)
    return get_scheme(partnership_id, scheme_id)


def _enter_round(
    request: HttpRequest, partnership_id: int, round_id: int
) -> tuple[Round, Partnership]:
    """Return a round that the reader decides in, whatever was declared."""
    partnership = enter(request, partnership_id)
    held = get_round(partnership_id, round_id)
    if not can_keep(request.reader, partnership, parties_of(partnership), binding=True):
        raise NotAllowed(_("Only the managers of the clusters see this page."))
    return held, partnership


@router.get(_KEYS, response=list[IssuerKeyOut], summary="Keys of a cluster")
def list_issuer_keys(request: HttpRequest, cluster_id: Id) -> list[IssuerKey]:
    """The oldest first. Everybody reads the public halves at the cluster's did:web."""
    key_queries.get_own_cluster(request.reader, cluster_id)
    return list(key_queries.find_keys([cluster_id]))


@router.post(_KEYS, response={201: IssuerKeyOut}, summary="Make the key of a cluster")
def make_issuer_key(request: HttpRequest, cluster_id: Id) -> Status[Any]:
    """Where it has none that signs. The private half is sealed at once, and never given out."""
    made = key_deeds.make_key(
        actor=request.reader, organisation_id=cluster_id, now=timezone.localtime()
    )
    return Status(201, made)


@router.post(f"{_KEYS}/replace", response={201: IssuerKeyOut}, summary="Replace a cluster's key")
def replace_issuer_key(request: HttpRequest, cluster_id: Id) -> Status[Any]:
    """What the old one signed holds."""
    made = key_deeds.rotate_key(
        actor=request.reader, organisation_id=cluster_id, now=timezone.localtime()
    )
    return Status(201, made)


@router.post(f"{_KEYS}/{{number}}/loss", response=IssuerKeyOut, summary="Report a key as lost")
def report_key_loss(
    request: HttpRequest, cluster_id: Id, number: Annotated[int, Field(ge=1, le=32_767)],
    given: KeyLossIn,
) -> IssuerKey:  # fmt: skip
    """Nothing that it signed counts from now on; awards are signed anew with the next key."""
    return key_deeds.report_loss(
        actor=request.reader, organisation_id=cluster_id, number=number, why=given.why,
        lost_at=given.lost_at, now=timezone.localtime(),
    )  # fmt: skip


@router.post(f"{_KEYS}/sign-anew", response={202: SignedAnewOut}, summary="Sign awards anew")
def sign_awards_anew(request: HttpRequest, cluster_id: Id) -> Status[Any]:
    """Those that a lost key of the cluster has signed, with its new one."""
    count = ask_to_sign_anew(
        actor=request.reader, organisation_id=cluster_id, now=timezone.localtime()
    )
    return Status(202, {"count": count})


@router.get(_ALL, response=list[LabelAwardRow], summary="Awards of a label")
@in_pages("-id", tell=_rows)
def list_label_awards(
    request: HttpRequest, partnership_id: Id, scheme_id: Id, filters: Query[AwardsFilters]
) -> QuerySet[Award]:
    """Those that wait for signatures among them, for managers."""
    scheme = _enter_scheme(request, partnership_id, scheme_id)
    wanted = queries.Wanted(
        q=filters.q, state=filters.state, level=filters.level, country=filters.country.upper(),
        year=filters.year,
    )  # fmt: skip
    return queries.find_awards(scheme, wanted, timezone.now()).order_by()


@router.get(_ONE, response=LabelAwardOut, summary="An award")
def show_label_award(
    request: HttpRequest, partnership_id: Id, scheme_id: Id, award_id: Id
) -> dict[str, Any]:
    """With who signed it, and its credential."""
    _enter_scheme(request, partnership_id, scheme_id)
    return _whole(partnership_id, scheme_id, award_id)


@router.get(_ROUND, response=RoundAwardsOut, summary="What would be awarded in a round")
def prepare_round_awards(request: HttpRequest, partnership_id: Id, round_id: Id) -> dict[str, Any]:
    """And what waits for signatures, and was awarded already."""
    held, partnership = _enter_round(request, partnership_id, round_id)
    if awarding.has_conflict(request.reader, held):
        raise NotAllowed(
            _(
                "You declared a conflict of interest in one of these applications. Somebody else"
                " of your cluster signs."
            )
        )
    prepared = awarding.prepare_awards(held, parties_of(partnership))
    return {
        "candidates": [
            {"application_id": one.application_id, "title": one.application.title,
             "holder": one.application.organisation.name, "level": one.level,
             "renews_id": one.application.renews_id}
            for one in prepared.candidates
        ],
        "left_out": [
            {"application_id": one.result.application_id, "why": one.why}
            for one in prepared.left_out
        ],
        "missing": prepared.missing, "fingerprint": prepared.fingerprint,
        "fee": f"{prepared.text.fee_award}", "currency": prepared.text.currency,
        "waiting": [_row(one) for one in queries.waiting_of_round(held)],
        "issued": [_row(one) for one in queries.issued_of_round(held)],
    }  # fmt: skip


@router.post(_ROUND, response={201: AwardTextOut}, summary="Put awards before all sides")
def put_round_awards(
    request: HttpRequest, partnership_id: Id, round_id: Id, given: AwardsPutIn
) -> Status[Any]:
    """Signed at once for one's own side, with its key. They hold with the last signature."""
    _enter_round(request, partnership_id, round_id)
    made = awarding.put_awards(
        actor=request.reader, partnership_id=partnership_id, round_id=round_id,
        seen=given.fingerprint, from_on=given.from_on, tells_total=given.tells_total,
        make_code=make_code, now=timezone.localtime(),
    )  # fmt: skip
    return Status(201, made)


@router.post(f"{_ONE}/revocation", response={201: AwardTextOut}, summary="Ask to revoke an award")
def revoke_label_award(
    request: HttpRequest, partnership_id: Id, scheme_id: Id, award_id: Id, given: AwardRevokeIn
) -> Status[Any]:
    """It holds until all sides have signed."""
    _enter_scheme(request, partnership_id, scheme_id)
    queries.get_award(partnership_id, award_id, scheme_id=scheme_id)
    made = ask_revocation(
        actor=request.reader, partnership_id=partnership_id, award_id=award_id,
        reason=given.reason, now=timezone.localtime(),
    )  # fmt: skip
    return Status(201, made)


@router.post(f"{_ONE}/name", response={201: AwardTextOut}, summary="Award in another name")
def rename_label_award(
    request: HttpRequest, partnership_id: Id, scheme_id: Id, award_id: Id, given: AwardRenameIn
) -> Status[Any]:
    """A new award that says the same; once all have signed it, the old one ends."""
    _enter_scheme(request, partnership_id, scheme_id)
    queries.get_award(partnership_id, award_id, scheme_id=scheme_id)
    made = rename_award(
        actor=request.reader, partnership_id=partnership_id, award_id=award_id,
        holder=given.holder, make_code=make_code, now=timezone.localtime(),
    )  # fmt: skip
    return Status(201, made)
