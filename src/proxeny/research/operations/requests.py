"""Requests for research data: asked by anybody, decided by the room, let in by a link."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.accounts.queries import hash_token
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.tenancy import STRANGER, Reader, as_service
from proxeny.partnerships.models import Party
from proxeny.partnerships.operations.room import enter
from proxeny.partnerships.queries import parties_joined
from proxeny.partnerships.rules import party_at_desk
from proxeny.research.models import DataRequest, Package, Publication
from proxeny.research.operations import request_mails as mails
from proxeny.research.presenters import show_content
from proxeny.research.queries.requests import get_request

State = DataRequest.State
#: So long a link may let in, and so many requests of one address for a package may wait.
LONGEST = timedelta(days=366)
_MOST_WAITING = 2


@dataclass(frozen=True, slots=True)
class Asking:
    """The content of a request for data."""

    name: str
    organisation: str
    email: str
    purpose: str


@transaction.atomic
def ask_data(
    *, publication: Publication, package_number: int, asking: Asking, language: str, now: datetime
) -> DataRequest | None:
    """Ask for the files of a package that is available on request, and agree to its terms.

    No sign-in is needed; the terms are stored as they were agreed to. Returns None, and stores and
    sends nothing, if too many requests of that address are waiting: nobody learns whether it had
    asked.

    Side effects: a mail to the managers of the room, and one to the requester; an audit row.

    Raises
    ------
    NotFound
        It is not available on request, or was withdrawn.
    InvalidInput
        A field is empty.
    """
    shown = show_content(publication.content)
    package = shown.find_package(package_number)
    if package is None or not package.is_on_request or publication.withdrawn_at:
        raise NotFound(_("This data can’t be requested here."))
    values = _clean(asking)
    with as_service("Strangers may ask for published data, but no policy lets them add a request."):
        kept = Package.objects.filter(pk=package_number, study_id=publication.study_id).first()
        if kept is None:
            raise NotFound(_("This data can’t be requested here."))
        waiting = DataRequest.objects.filter(
            package=kept, email__iexact=values.email, state=State.ASKED
        )
        if waiting.count() >= _MOST_WAITING:
            return None
        one = DataRequest.objects.create(
            partnership_id=publication.partnership_id,
            package=kept,
            publication=publication,
            name=values.name,
            organisation=values.organisation,
            email=values.email,
            purpose=values.purpose,
            terms=package.terms,
            asked_at=now,
            language=language if language in dict(settings.LANGUAGES) else "en",
        )
        audit.record(
            STRANGER,
            "ask_data",
            one,
            partnership_id=one.partnership_id,
            changes={"title": package.title},
        )
    parties = parties_joined(one.partnership_id)
    mails.tell_asked(one, package.title, parties, today=now.date())
    mails.confirm_asked(one, package.title)
    return one


def _clean(asking: Asking) -> Asking:
    name, organisation = (" ".join(one.split()) for one in (asking.name, asking.organisation))
    email, purpose = asking.email.strip(), asking.purpose.strip()
    for field, value, most, words in (
        ("name", name, 150, _("Enter your name.")),
        ("organisation", organisation, 200, _("Enter your organisation, or “none”.")),
        ("email", email, 254, _("Enter the full email address, such as anna@company.example.")),
        ("purpose", purpose, 2000, _("Explain how you’ll use the data.")),
    ):
        if not value or len(value) > most:
            raise InvalidInput(words, field=field)
    return Asking(name, organisation, email, purpose)


@transaction.atomic
def grant_data(
    *,
    actor: Reader,
    partnership_id: int,
    request_id: int,
    version: int,
    until: date,
    now: datetime,
) -> DataRequest:
    """Grant access until a day: the requester gets a link by mail, for that package alone.

    Only the digest of the link is stored.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        Not seen; the actor is neither manager nor ambassador of a side; decided meanwhile, or the
        study was withdrawn.
    InvalidInput
        The day is past, or more than a year away.
    """
    one, mine = _hold(actor, partnership_id, request_id, version, State.ASKED)
    if not now.date() <= until <= now.date() + LONGEST:
        raise InvalidInput(_("Choose a date from today up to one year from now."), field="until")
    if one.publication.withdrawn_at:
        raise Conflict(_("The study has been withdrawn, so its files are no longer available."))
    if not one.email:
        raise Conflict(
            _("The requester’s details have been erased, so there’s no one to write to.")
        )
    token = secrets.token_urlsafe(32)
    one.token_digest, one.until = hash_token(token), until
    _decide(actor, one, mine, State.GRANTED, "", now, verb="grant_data")
    mails.let_in(one, one.package.title, token)
    return one


@transaction.atomic
def refuse_data(
    *,
    actor: Reader,
    partnership_id: int,
    request_id: int,
    version: int,
    reason: str,
    now: datetime,
) -> DataRequest:
    """Refuse a request, with a reason that the requester reads.

    Raises as `grant_data`; `InvalidInput` where there is no reason.
    """
    one, mine = _hold(actor, partnership_id, request_id, version, State.ASKED)
    _decide(actor, one, mine, State.REFUSED, _reason(reason), now, verb="refuse_data")
    mails.refuse(one, one.package.title)
    return one


@transaction.atomic
def revoke_data(
    *,
    actor: Reader,
    partnership_id: int,
    request_id: int,
    version: int,
    reason: str,
    now: datetime,
) -> DataRequest:
    """Take a link back before its day, with a reason; it opens nothing from now on.

    Raises as `refuse_data`.
    """
    one, mine = _hold(actor, partnership_id, request_id, version, State.GRANTED)
    one.token_digest, one.until = "", None
    _decide(actor, one, mine, State.REFUSED, _reason(reason), now, verb="revoke_data")
    mails.revoke(one, one.package.title)
    return one


def _reason(reason: str) -> str:
    reason = " ".join(reason.split())[:500]
    if not reason:
        raise InvalidInput(_("Give a reason. The requester will see it."), field="reason")
    return reason


def _hold(
    actor: Reader, partnership_id: int, request_id: int, version: int, state: str
) -> tuple[DataRequest, Party]:
    """Return a locked request that was seen as it is, and the side for which the actor decides."""
    mine = party_at_desk(actor, enter(actor, partnership_id)[1])
    if mine is None:
        raise NotAllowed(_("Only a manager or ambassador of one of the clusters can decide this."))
    get_request(partnership_id, request_id)
    with as_service("The right to decide was checked, but no policy lets anyone lock a request."):
        held = DataRequest.objects.select_for_update(of=("self",))
        one = held.select_related("package", "publication").get(pk=request_id)
    if one.version != version or one.state != state:
        raise Conflict(
            _("Someone else has decided this since you opened it. Check the latest version.")
        )
    return one, mine


def _decide(
    actor: Reader,
    one: DataRequest,
    mine: Party,
    state: str,
    reason: str,
    now: datetime,
    *,
    verb: str,
) -> None:
    before, one.state = one.state, state
    one.reason, one.decided_at, one.decided_by_id = reason, now, actor.person
    one.version += 1
    with as_service("The right to decide was checked, but no policy lets anyone write a request."):
        one.save()
    audit.record(
        actor,
        verb,
        one,
        organisation_id=mine.organisation_id,
        why=reason,
        partnership_id=one.partnership_id,
        changes={"title": one.package.title, "state": [before, state]},
    )
