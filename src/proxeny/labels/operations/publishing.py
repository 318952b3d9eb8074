"""Publishing a label: what would be published, put before all sides, signed, and withdrawn."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.kernel.canonical import digest_of
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.labels.composing import Parts, compose
from proxeny.labels.content import SchemeText, to_json
from proxeny.labels.gaps import Gap, find_missing, find_remarks
from proxeny.labels.models import Scheme, SchemeVersion
from proxeny.labels.operations.entering import enter_scheme, note
from proxeny.labels.queries.schemes import is_waiting, read_parts, text_of, versions_of
from proxeny.labels.telling import write_text
from proxeny.partnerships.models import Agreement, Partnership, Party
from proxeny.partnerships.operations import copies, desk, signing
from proxeny.partnerships.operations.parties import when_parties_change

Kind = Agreement.Kind


@dataclass(frozen=True, slots=True)
class Prepared:
    """What would be published of a scheme as it stands, and what is missing before it can be.

    Attributes
    ----------
    missing : tuple of Gap
        Nothing is published while there are any.
    remarks : tuple of Gap
        What is worth a look before one signs.
    """

    number: int
    text: SchemeText
    contact: str
    checksum: str
    missing: tuple[Gap, ...]
    remarks: tuple[Gap, ...]


def prepare(parts: Parts, parties: Iterable[Party], versions: Sequence[SchemeVersion]) -> Prepared:
    """Return what would be published of a draft, of what was read; `versions` newest first.

    No query.
    """
    text = compose(parts, parties)
    contact = parts.scheme.contact
    last = versions[0] if versions else None
    # One that nobody signed is written over, and keeps its number.
    number = last.number + bool(last.published_at) if last else 1
    return Prepared(
        number, text, contact, checksum_of(text, contact), tuple(find_missing(parts)),
        tuple(find_remarks(parts, sides=len(text.issuers))),
    )  # fmt: skip


def checksum_of(text: SchemeText, contact: str) -> str:
    """Return the SHA-256 of what a scheme says in all languages, its address to write to included."""
    return digest_of({**to_json(text), "contact": contact})


@transaction.atomic
def ask_scheme(
    *, actor: Reader, partnership_id: int, scheme_id: int, seen: str, now: datetime
) -> Agreement:
    """Put a scheme before all sides as it stands; the actor's side signs at once.

    Parameters
    ----------
    seen : str
        The checksum of what was read: nobody signs what was changed since.

    Side effects: mails to the managers of the other sides. With the last signature it is published.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        The actor does not take part; only managers may; the partnership is over, the label was put
        away, changed since, or waits for signatures already.
    InvalidInput
        Something is missing.
    """
    entered = enter_scheme(actor, partnership_id, scheme_id, binding=True)
    scheme = entered.scheme
    # Nobody signs, joins nor leaves until this is over.
    partnership, parties = desk.lock(partnership_id)
    desk.expect(partnership, Partnership.State.ACTIVE)
    if is_waiting(text_of(partnership, scheme)):
        raise Conflict(_("It waits for signatures already. Read it, and sign."))
    versions = list(versions_of(scheme))
    prepared = prepare(read_parts(scheme), parties, versions)
    if prepared.missing:
        raise InvalidInput(" ".join(one.text for one in prepared.missing))
    if prepared.checksum != seen:
        raise Conflict(_("The label changed while you were reading. Look at it again."))
    published = next((one for one in versions if one.published_at), None)
    if published and not published.withdrawn_at and is_same(prepared, published):
        raise Conflict(_("Nothing has changed since it was published."))
    _keep(scheme, prepared, next((one for one in versions if not one.published_at), None))
    text = write_text(partnership, prepared.text, number=prepared.number,
                      contact=prepared.contact, checksum=prepared.checksum)  # fmt: skip
    return signing.ask_signatures(
        actor=actor, partnership=partnership, parties=parties, kind=Kind.SCHEME,
        subject=str(scheme.pk), text=text, now=now,
    )  # fmt: skip


def is_same(prepared: Prepared, version: SchemeVersion) -> bool:
    """Whether a draft says what a version says."""
    return prepared.checksum == digest_of({**version.content, "contact": version.contact})


def _keep(scheme: Scheme, prepared: Prepared, waiting: SchemeVersion | None) -> SchemeVersion:
    """Keep what is to be signed; one that nobody signed is written over."""
    one = waiting or SchemeVersion(
        partnership_id=scheme.partnership_id, scheme=scheme, number=prepared.number
    )
    one.slug, one.title, one.language = scheme.slug, scheme.title, scheme.language
    one.content, one.contact = to_json(prepared.text), prepared.contact
    one.save()
    return one


def _publish(
    actor: Reader, partnership: Partnership, agreement: Agreement, mine: signing.Side,
    now: datetime,
) -> None:  # fmt: skip
    """All have signed: everybody reads it from now on, and rounds can open by it."""
    found = SchemeVersion.objects.filter(
        partnership=partnership, scheme_id=int(agreement.subject), published_at=None
    )
    copies.publish(actor, "publish_scheme", found, organisation_id=mine.organisation_id, now=now)


@transaction.atomic
def withdraw_scheme(
    *, actor: Reader, partnership_id: int, scheme_id: int, reason: str, now: datetime
) -> SchemeVersion:
    """Withdraw a label in all its versions: its address says so, and why, and no round opens by it.

    Rounds that have opened go on, and what was awarded holds. What waits for signatures is not
    published any more.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        Not seen; only managers may; the partnership is over, or nothing is published.
    InvalidInput
        There is no reason.
    """
    entered = enter_scheme(actor, partnership_id, scheme_id, binding=True)
    scheme = entered.scheme
    desk.lock(partnership_id)
    reason = copies.clean_reason(reason)
    newest = copies.withdraw(
        SchemeVersion.objects.filter(scheme=scheme), reason=reason, now=now
    )  # fmt: skip
    if newest is None:
        raise Conflict(_("No version of this label is published."))
    signing.void(partnership_id, Kind.SCHEME, str(scheme.pk), now=now, why=reason)
    note(
        actor, "withdraw_scheme", newest, partnership_id=partnership_id,
        organisation_id=entered.organisation_id, why=reason,
        changes={"title": newest.title, "number": newest.number},
    )  # fmt: skip
    return newest


def _stop_waiting(partnership: Partnership, now: datetime) -> None:
    """Close the texts that wait: they name other issuers than those who take part now."""
    why = _("Who takes part has changed. Put the label before all sides anew.")
    with as_service():
        Agreement.objects.filter(
            partnership=partnership, kind=Kind.SCHEME, completed_at=None, closed_at=None
        ).update(closed_at=now, closed_why=why[:300])


def name_schemes(subjects: set[str]) -> dict[str, str]:
    """Return what labels are called, by their numbers as text; as the service."""
    numbers = [int(one) for one in subjects if one.isdecimal()]
    found = Scheme.objects.filter(pk__in=numbers).values_list("pk", "title")
    return {str(pk): title for pk, title in found}


signing.follow(Kind.SCHEME, _publish)
when_parties_change(_stop_waiting)
