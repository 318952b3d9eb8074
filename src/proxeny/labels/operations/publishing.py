"""Publication of labels: preview, signature by all sides, and withdrawal."""

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
from proxeny.labels.operations.guards import enter_scheme
from proxeny.labels.presenters import write_text
from proxeny.labels.queries.schemes import is_waiting, read_parts, text_of, versions_of
from proxeny.partnerships.models import Agreement, Partnership, Party
from proxeny.partnerships.operations import copies, guards, signing
from proxeny.partnerships.operations.parties import PARTIES_CHANGED
from proxeny.partnerships.operations.room import note
from proxeny.partnerships.operations.signers import Side

Kind = Agreement.Kind


@dataclass(frozen=True, slots=True)
class Prepared:
    """The draft publication of a scheme, and what is missing before it can be published.

    Attributes
    ----------
    missing : tuple of Gap
        Nothing is published while there are any.
    remarks : tuple of Gap
        Points to check before signing.
    """

    number: int
    text: SchemeText
    contact: str
    checksum: str
    missing: tuple[Gap, ...]
    remarks: tuple[Gap, ...]


def prepare(parts: Parts, parties: Iterable[Party], versions: Sequence[SchemeVersion]) -> Prepared:
    """Return the draft publication of a scheme from the given records; `versions` newest first.

    No query.
    """
    text = compose(parts, parties)
    contact = parts.scheme.contact
    last = versions[0] if versions else None
    # A version without signatures is overwritten and keeps its number.
    number = last.number + bool(last.published_at) if last else 1
    return Prepared(
        number,
        text,
        contact,
        checksum_of(text, contact),
        tuple(find_missing(parts)),
        tuple(find_remarks(parts, sides=len(text.issuers))),
    )


def checksum_of(text: SchemeText, contact: str) -> str:
    """Return the SHA-256 of what a scheme says in all languages, its address to write to included."""
    return digest_of({**to_json(text), "contact": contact})


@transaction.atomic
def ask_scheme(
    *, actor: Reader, partnership_id: int, scheme_id: int, seen: str, now: datetime
) -> Agreement:
    """Send the current scheme to all sides for signature; the actor's side signs at once.

    Parameters
    ----------
    seen : str
        The checksum of the version that was read: nobody signs a later change.

    Side effects: mails to the managers of the other sides. With the last signature it is published.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        The actor does not take part; only managers may; the partnership is over, the label is
        archived, changed since, or waits for signatures already.
    InvalidInput
        Something is missing.
    """
    entered = enter_scheme(actor, partnership_id, scheme_id, binding=True)
    scheme = entered.record
    # Nobody signs, joins nor leaves until this is over.
    partnership, parties = guards.lock(partnership_id)
    guards.expect(partnership, Partnership.State.ACTIVE)
    if is_waiting(text_of(partnership, scheme)):
        raise Conflict(_("It’s already waiting for signatures. Read it and sign."))
    versions = list(versions_of(scheme))
    prepared = prepare(read_parts(scheme), parties, versions)
    if prepared.missing:
        raise InvalidInput(" ".join(one.text for one in prepared.missing))
    if prepared.checksum != seen:
        raise Conflict(_("The label changed while you were reading. Check the latest version."))
    published = next((one for one in versions if one.published_at), None)
    if published and not published.withdrawn_at and is_same(prepared, published):
        raise Conflict(_("Nothing has changed since it was published."))
    _keep(scheme, prepared, next((one for one in versions if not one.published_at), None))
    text = write_text(
        partnership,
        prepared.text,
        number=prepared.number,
        contact=prepared.contact,
        checksum=prepared.checksum,
    )
    return signing.ask_signatures(
        actor=actor,
        partnership=partnership,
        parties=parties,
        kind=Kind.SCHEME,
        subject=str(scheme.pk),
        text=text,
        now=now,
    )


def is_same(prepared: Prepared, version: SchemeVersion) -> bool:
    """Whether a draft says what a version says."""
    return prepared.checksum == digest_of({**version.content, "contact": version.contact})


def _keep(scheme: Scheme, prepared: Prepared, waiting: SchemeVersion | None) -> SchemeVersion:
    """Keep what is to be signed; one without signatures is overwritten."""
    one = waiting or SchemeVersion(
        partnership_id=scheme.partnership_id, scheme=scheme, number=prepared.number
    )
    one.slug, one.title, one.language = scheme.slug, scheme.title, scheme.language
    one.content, one.contact = to_json(prepared.text), prepared.contact
    one.save()
    return one


def _publish(
    actor: Reader,
    partnership: Partnership,
    agreement: Agreement,
    mine: Side,
    now: datetime,
) -> None:
    """All have signed: everybody reads it from now on, and rounds can open by it."""
    found = SchemeVersion.objects.filter(
        partnership=partnership, scheme_id=int(agreement.subject), published_at=None
    )
    copies.publish(actor, "publish_scheme", found, organisation_id=mine.organisation_id, now=now)


@transaction.atomic
def withdraw_scheme(
    *, actor: Reader, partnership_id: int, scheme_id: int, reason: str, now: datetime
) -> SchemeVersion:
    """Withdraw a label in all its versions: its address shows that with the reason, and no new round can use it.

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
    scheme = entered.record
    guards.lock(partnership_id)
    reason = copies.clean_reason(reason)
    newest = copies.withdraw(SchemeVersion.objects.filter(scheme=scheme), reason=reason, now=now)
    if newest is None:
        raise Conflict(_("No version of this label is published."))
    signing.void(partnership_id, Kind.SCHEME, str(scheme.pk), now=now, why=reason)
    note(
        actor,
        "withdraw_scheme",
        entered,
        newest,
        why=reason,
        changes={"title": newest.title, "number": newest.number},
    )
    return newest


def _stop_waiting(partnership: Partnership, now: datetime) -> None:
    """Close the waiting texts: they name other issuers than the current participants."""
    why = _("The participants have changed. Send the label for signature again.")
    with as_service("No reader may write agreements, but a change of parties voids them."):
        Agreement.objects.filter(
            partnership=partnership, kind=Kind.SCHEME, completed_at=None, closed_at=None
        ).update(closed_at=now, closed_why=why[:300])


def name_schemes(subjects: set[str]) -> dict[str, str]:
    """Return the names of labels, by their ids as text; in the service role."""
    numbers = [int(one) for one in subjects if one.isdecimal()]
    found = Scheme.objects.filter(pk__in=numbers).values_list("pk", "title")
    return {str(pk): title for pk, title in found}


signing.FOLLOWS.add(Kind.SCHEME, signing.Follow(_publish))
PARTIES_CHANGED.add(_stop_waiting)
