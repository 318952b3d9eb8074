"""Public awards for programs, and their verification.

Callers without a token use `/verify.json`, beside the page.
"""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import Field, JsonValue

from proxeny.kernel.api import In, Out
from proxeny.kernel.errors import InvalidInput
from proxeny.labels.api._router import router
from proxeny.labels.award_facts import show_award
from proxeny.labels.operations.issuing import award_url
from proxeny.labels.operations.verifying import check_document, check_text
from proxeny.labels.queries.awards import follower_of, state_of
from proxeny.labels.queries.public_awards import get_award
from proxeny.labels.verdict_explanations import tell_as_data


class AwardIn(In):
    """What to check: a credential, or the address or code of an award of this site.

    `award` is the code of the award that the credential should be. Empty means any award.
    """

    credential: dict[str, JsonValue] | None = None
    address: str = Field(default="", max_length=2000)
    award: str = Field(default="", max_length=32)


class AwardClusterOut(Out):
    """A cluster that has to sign, and when it did.

    If `signed_at` is null, its signature is missing.
    """

    id: str
    name: str
    signed_at: datetime | None


class AwardCheckOut(Out):
    """The result of one check."""

    name: str
    state: str
    sentence: str


class VerdictOut(Out):
    """The verdict on an award. `holds` is true only if everything could be checked.

    `label`, `holder` and `level` are what the credential itself says.
    """

    state: str
    holds: bool
    sentence: str
    more: list[str]
    label: str
    holder: str
    level: str
    project: str
    page: str
    issuer: str
    clusters: list[AwardClusterOut]
    valid_from: datetime | None
    valid_until: datetime | None
    revoked_at: datetime | None
    reason: str
    replaced_by: str
    checks: list[AwardCheckOut]


class PublicAwardOut(Out):
    """An award as everyone can see it.

    `state` is `valid`, `to-come`, `ended`, `revoked` or `replaced`.
    """

    code: str
    page: str
    label: str
    slug: str
    title: str
    summary: str
    holder: str
    country: str
    level: str
    total: Decimal | None
    valid_from: datetime
    valid_until: datetime
    state: str
    sentence: str
    revoked_why: str
    replaced_by: str


@router.get("/awards/{code}", response=PublicAwardOut, summary="Get a public award")
def show_public_award(
    request: HttpRequest, code: Annotated[str, Field(max_length=32, pattern="^[-A-Za-z0-9_]+$")]
) -> dict[str, Any]:
    """Returns what the public page of the award says, in your language."""
    award = get_award(code)
    one = show_award(award, state_of(award, timezone.now()))
    follower = follower_of(award)
    same = (
        "code",
        "title",
        "summary",
        "holder",
        "country",
        "total",
        "valid_from",
        "valid_until",
        "revoked_why",
    )
    return {
        **{name: getattr(award, name) for name in same},
        "page": award_url(award.code),
        "label": str(one.shown.title),
        "slug": award.scheme_version.slug,
        "level": one.level,
        "state": one.state,
        "sentence": one.sentence,
        "replaced_by": award_url(follower.code) if follower else "",
    }


@router.post("/verify", response=VerdictOut, summary="Verify an award")
def check_award(request: HttpRequest, body: AwardIn) -> dict[str, Any]:
    """Returns whether the award is valid, who signed it, and each check.

    Nothing is saved and no other site is called: an award of another site is reported as
    `elsewhere`. An invalid award is a normal response, not an error.
    """
    now = timezone.now()
    if body.credential is not None:
        found = check_document(document=body.credential, now=now, asked=body.award)
    elif body.address:
        found = check_text(text=body.address, now=now, asked=body.award)
    else:
        raise InvalidInput(_("Send a credential or an address."), field="credential")
    return tell_as_data(found)
