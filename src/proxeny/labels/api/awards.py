"""Keys and awards for programs.

Texts that all sides sign are signed under `/partnerships/…/texts/{id}`.
"""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query
from ninja.responses import Status
from pydantic import AwareDatetime, Field

from proxeny.kernel.api import Id, In, Out, in_pages
from proxeny.kernel.errors import NotAllowed
from proxeny.kernel.requests import Request
from proxeny.labels.api._router import router
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
from proxeny.labels.secret_codes import make_code
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
    """A key of a cluster: its public half as Multikey, and when it stopped signing."""

    number: int
    public: str
    created_at: datetime
    retired_at: datetime | None
    lost_at: datetime | None
    why: str


class KeyLossIn(In):
    """What happened, for everyone to read.

    If `lost_at` is null, the key counts as lost from now.
    """

    why: Annotated[str, Field(min_length=1, max_length=key_deeds.MOST_WHY)]
    lost_at: AwareDatetime | None = None


class SignedAnewOut(Out):
    """The number of awards that are being signed again."""

    count: int


class LabelAwardRow(Out):
    """An award. `total` is null if the award does not state it."""

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
    """A signature of an award: the cluster that signed, and the key it used."""

    organisation_id: int
    key_number: int
    signed_at: datetime | None
    lost_at: datetime | None


class LabelAwardOut(LabelAwardRow):
    """An award with its signatures and the credential itself."""

    signatures: list[AwardSignatureOut]
    credential: dict[str, Any]


class AwardsFilters(In):
    """Filters for the list of awards."""

    q: str = Field("", max_length=100)
    state: State | Literal[""] = ""
    level: str = Field("", max_length=24)
    country: str = Field("", max_length=2)
    year: int | None = Field(None, ge=2000, le=9999)


class AwardCandidateOut(Out):
    """A project that would receive an award."""

    application_id: int
    holder: str
    title: str
    level: str
    renews_id: int | None


class AwardLeftOutOut(Out):
    """A chosen project that has no award yet, and why."""

    application_id: int
    why: str


class RoundAwardsOut(Out):
    """The awards that would be issued in a round as it is now, and what is missing before they can
    be.
    """

    candidates: list[AwardCandidateOut]
    left_out: list[AwardLeftOutOut]
    missing: list[str]
    fingerprint: str
    fee: str
    currency: str
    waiting: list[LabelAwardRow]
    issued: list[LabelAwardRow]


class AwardsPutIn(In):
    """The fingerprint of the awards that you read.

    If `from_on` is null, the awards are valid from now.
    """

    fingerprint: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    from_on: date | None = None
    tells_total: bool = False


class AwardTextOut(Out):
    """A text that all sides sign under `/partnerships/{partnership_id}/texts/{id}`."""

    id: int
    number: int
    text: str
    text_hash: str
    completed_at: datetime | None


class AwardRevokeIn(In):
    """The reason for revoking the award, for everyone to read."""

    reason: Annotated[str, Field(min_length=1, max_length=500)]


class AwardRenameIn(In):
    """The new name of a holder."""

    holder: Annotated[str, Field(min_length=1, max_length=MOST_NAME)]


def _row(award: Award) -> dict[str, Any]:
    names = (
        "id",
        "code",
        "why",
        "holder",
        "title",
        "country",
        "level",
        "valid_from",
        "valid_until",
        "issued_at",
        "revoked_at",
        "revoked_why",
        "replaces_id",
    )
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
            {
                "organisation_id": one.organisation_id,
                "key_number": one.number,
                "signed_at": one.at,
                "lost_at": one.key.lost_at if one.key else None,
            }
            for one in read_signatures(award.credential)
        ],
    }


def _enter_scheme(request: Request, partnership_id: int, scheme_id: int) -> Scheme:
    enter(request, partnership_id)
    return get_scheme(partnership_id, scheme_id)


def _enter_round(request: Request, partnership_id: int, round_id: int) -> tuple[Round, Partnership]:
    """Return a round that the reader decides in, regardless of conflicts of interest."""
    partnership = enter(request, partnership_id)
    held = get_round(partnership_id, round_id)
    if not can_keep(request.reader, partnership, parties_of(partnership), binding=True):
        raise NotAllowed(_("Only cluster managers can see this page."))
    return held, partnership


@router.get(_KEYS, response=list[IssuerKeyOut], summary="List the keys of a cluster")
def list_issuer_keys(request: Request, cluster_id: Id) -> list[IssuerKey]:
    """Returns the keys, oldest first.

    Anyone can read the public halves at the cluster's did:web address.
    """
    key_queries.get_own_cluster(request.reader, cluster_id)
    return list(key_queries.find_keys([cluster_id]))


@router.post(_KEYS, response={201: IssuerKeyOut}, summary="Create a key for a cluster")
def make_issuer_key(request: Request, cluster_id: Id) -> Status[Any]:
    """Creates a key if the cluster has none that signs.

    The private half is sealed at once and never handed out.
    """
    made = key_deeds.make_key(
        actor=request.reader, organisation_id=cluster_id, now=timezone.localtime()
    )
    return Status(201, made)


@router.post(
    f"{_KEYS}/replace", response={201: IssuerKeyOut}, summary="Replace the key of a cluster"
)
def replace_issuer_key(request: Request, cluster_id: Id) -> Status[Any]:
    """Creates a new key. Signatures of the old one remain valid."""
    made = key_deeds.rotate_key(
        actor=request.reader, organisation_id=cluster_id, now=timezone.localtime()
    )
    return Status(201, made)


@router.post(f"{_KEYS}/{{number}}/loss", response=IssuerKeyOut, summary="Report a key as lost")
def report_key_loss(
    request: Request,
    cluster_id: Id,
    number: Annotated[int, Field(ge=1, le=32_767)],
    given: KeyLossIn,
) -> IssuerKey:
    """Nothing that the key signed counts from now on. Awards are signed again with the next key."""
    return key_deeds.report_loss(
        actor=request.reader,
        organisation_id=cluster_id,
        number=number,
        why=given.why,
        lost_at=given.lost_at,
        now=timezone.localtime(),
    )


@router.post(f"{_KEYS}/sign-anew", response={202: SignedAnewOut}, summary="Sign awards again")
def sign_awards_anew(request: Request, cluster_id: Id) -> Status[Any]:
    """Signs the awards that were signed with a lost key of the cluster again, with its new key."""
    count = ask_to_sign_anew(
        actor=request.reader, organisation_id=cluster_id, now=timezone.localtime()
    )
    return Status(202, {"count": count})


@router.get(_ALL, response=list[LabelAwardRow], summary="List the awards of a label")
@in_pages("-id", tell=_rows)
def list_label_awards(
    request: Request, partnership_id: Id, scheme_id: Id, filters: Query[AwardsFilters]
) -> QuerySet[Award]:
    """Returns all awards, including those waiting for signatures. Available to managers."""
    scheme = _enter_scheme(request, partnership_id, scheme_id)
    wanted = queries.Wanted(
        q=filters.q,
        state=filters.state,
        level=filters.level,
        country=filters.country.upper(),
        year=filters.year,
    )
    return queries.find_awards(scheme, wanted, timezone.now()).order_by()


@router.get(_ONE, response=LabelAwardOut, summary="Get an award")
def show_label_award(
    request: Request, partnership_id: Id, scheme_id: Id, award_id: Id
) -> dict[str, Any]:
    """Returns the award with its signatures and its credential."""
    _enter_scheme(request, partnership_id, scheme_id)
    return _whole(partnership_id, scheme_id, award_id)


@router.get(_ROUND, response=RoundAwardsOut, summary="Preview the awards of a round")
def prepare_round_awards(request: Request, partnership_id: Id, round_id: Id) -> dict[str, Any]:
    """Returns the awards that would be issued, those that are waiting for signatures, and those
    already issued.
    """
    held, partnership = _enter_round(request, partnership_id, round_id)
    if awarding.has_conflict(request.reader, held):
        raise NotAllowed(
            _(
                "You declared a conflict of interest with one of these applications. Someone "
                "else from your cluster has to sign."
            )
        )
    prepared = awarding.prepare_awards(held, parties_of(partnership))
    return {
        "candidates": [
            {
                "application_id": one.application_id,
                "title": one.application.title,
                "holder": one.application.organisation.name,
                "level": one.level,
                "renews_id": one.application.renews_id,
            }
            for one in prepared.candidates
        ],
        "left_out": [
            {"application_id": one.result.application_id, "why": one.why}
            for one in prepared.left_out
        ],
        "missing": prepared.missing,
        "fingerprint": prepared.fingerprint,
        "fee": f"{prepared.text.fee_award}",
        "currency": prepared.text.currency,
        "waiting": [_row(one) for one in queries.waiting_of_round(held)],
        "issued": [_row(one) for one in queries.issued_of_round(held)],
    }


@router.post(_ROUND, response={201: AwardTextOut}, summary="Send awards for signature")
def put_round_awards(
    request: Request, partnership_id: Id, round_id: Id, given: AwardsPutIn
) -> Status[Any]:
    """Signs the awards immediately for your own side, with its key.

    They become valid with the last signature.
    """
    _enter_round(request, partnership_id, round_id)
    made = awarding.put_awards(
        actor=request.reader,
        partnership_id=partnership_id,
        round_id=round_id,
        seen=given.fingerprint,
        from_on=given.from_on,
        tells_total=given.tells_total,
        make_code=make_code,
        now=timezone.localtime(),
    )
    return Status(201, made)


@router.post(
    f"{_ONE}/revocation", response={201: AwardTextOut}, summary="Request the revocation of an award"
)
def revoke_label_award(
    request: Request, partnership_id: Id, scheme_id: Id, award_id: Id, given: AwardRevokeIn
) -> Status[Any]:
    """Starts the revocation. The award remains valid until all sides have signed."""
    _enter_scheme(request, partnership_id, scheme_id)
    queries.get_award(partnership_id, award_id, scheme_id=scheme_id)
    made = ask_revocation(
        actor=request.reader,
        partnership_id=partnership_id,
        award_id=award_id,
        reason=given.reason,
        now=timezone.localtime(),
    )
    return Status(201, made)


@router.post(
    f"{_ONE}/name", response={201: AwardTextOut}, summary="Issue an award under a new name"
)
def rename_label_award(
    request: Request, partnership_id: Id, scheme_id: Id, award_id: Id, given: AwardRenameIn
) -> Status[Any]:
    """Proposes a new award with the same content.

    Once all sides have signed it, the old one ends.
    """
    _enter_scheme(request, partnership_id, scheme_id)
    queries.get_award(partnership_id, award_id, scheme_id=scheme_id)
    made = rename_award(
        actor=request.reader,
        partnership_id=partnership_id,
        award_id=award_id,
        holder=given.holder,
        make_code=make_code,
        now=timezone.localtime(),
    )
    return Status(201, made)
