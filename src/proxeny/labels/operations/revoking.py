"""Revocation of awards: proposed with a public reason, signed by all, announced to the holder."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.labels.content import read_scheme
from proxeny.labels.models import Award, Revocation
from proxeny.labels.operations import award_mails, status_lists
from proxeny.labels.operations.award_texts import write_revocation
from proxeny.labels.operations.awarding import refuse_conflict, signing_for
from proxeny.labels.operations.issuing import Issuing, issuing_of
from proxeny.labels.queries import awards as queries
from proxeny.partnerships.models import Agreement, Partnership
from proxeny.partnerships.operations import copies, guards, signing
from proxeny.partnerships.operations.room import enter
from proxeny.partnerships.operations.signers import Side

Kind = Agreement.Kind


def lock_award(actor: Reader, partnership_id: int, award_id: int, now: datetime) -> Award:
    """Return a valid award, locked with its partnership: managers alone.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        Not seen; no manager; the partnership is over, or the award holds no more; the actor has a
        conflict of interest.
    """
    enter(actor, partnership_id, binding=True)
    guards.lock(partnership_id)
    queries.get_award(partnership_id, award_id)
    with as_service("A manager with a conflict of interest may not see the award's application."):
        found = Award.objects.select_for_update(of=("self",))
        one = found.select_related("scheme", "scheme_version", "application").get(pk=award_id)
        follower = Award.objects.filter(replaces=one, why=Award.Why.NAME).exists()
    if one.issued_at is None:
        raise Conflict(_("This award is waiting for signatures. Close its text instead."))
    if one.revoked_at is not None:
        raise Conflict(_("This award has already been revoked."))
    if one.valid_until <= now:
        raise Conflict(_("This award has expired."))
    if follower:
        raise Conflict(_("An award in another name is already due to follow this one."))
    refuse_conflict(actor, [one.application_id] if one.application_id else [])
    return one


@transaction.atomic
def ask_revocation(
    *, actor: Reader, partnership_id: int, award_id: int, reason: str, now: datetime
) -> Agreement:
    """Ask all sides to revoke an award, with a reason that everybody will read; signed at once.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `lock_award`; it waits for signatures already.
    InvalidInput
        There is no reason.
    """
    reason = copies.clean_reason(reason)
    award = lock_award(actor, partnership_id, award_id, now)
    partnership, parties = guards.lock(partnership_id)
    text = queries.newest_text(partnership, Kind.REVOKE, str(award.pk))
    if queries.is_waiting(text):
        raise Conflict(_("It’s already waiting for signatures. Read it and sign."))
    Revocation.objects.create(
        partnership=partnership, award=award, reason=reason, person_id=actor.person, asked_at=now
    )
    audit.record(
        actor,
        "ask_revocation",
        award,
        partnership_id=partnership.pk,
        why=reason,
        organisation_id=signing_for(actor, parties),
        changes={"title": award.title},
    )
    return signing.ask_signatures(
        actor=actor,
        partnership=partnership,
        parties=parties,
        kind=Kind.REVOKE,
        subject=str(award.pk),
        text=write_revocation(award, reason),
        now=now,
    )


def _look(
    actor: Reader,
    _partnership: Partnership,
    agreement: Agreement,
    _mine: Side,
    _now: datetime,
) -> None:
    """Refuse signatures by actors with a conflict of interest."""
    with as_service("Anyone who signs is checked for conflicts, whatever they may see."):
        award = Award.objects.get(pk=agreement.subject)
    refuse_conflict(actor, [award.application_id] if award.application_id else [])


def _revoke(
    actor: Reader,
    partnership: Partnership,
    agreement: Agreement,
    mine: Side,
    now: datetime,
) -> None:
    """Revoke the award once all have signed: set its bit, sign the list again, tell the holder."""
    with as_service("The holder has to be told, and its contact may be hidden from this signer."):
        found = Award.objects.select_for_update(of=("self",))
        related = ("scheme", "scheme_version", "application", "organisation")
        award = found.select_related(*related).get(pk=agreement.subject)
        asked = queries.newest_revocation(award)
    if award.revoked_at is not None:
        raise Conflict(_("This award has already been revoked."))
    reason = asked.reason if asked else ""
    end_awards([award], reason, issuing_of(award.scheme_version), now=now)
    audit.record(
        actor,
        "revoke_award",
        award,
        partnership_id=partnership.pk,
        why=reason,
        organisation_id=mine.organisation_id,
        changes={"title": award.title},
    )
    award_mails.tell_revoked(award)


def end_awards(awards: Sequence[Award], reason: str, issuing: Issuing, *, now: datetime) -> None:
    """End awards: set their bits and sign their lists again. Service role, after access checks."""
    with as_service("No reader may write status lists; all sides have signed that the awards end."):
        for one in awards:
            one.revoked_at, one.revoked_why = now, reason[:500]
        Award.objects.bulk_update(awards, ["revoked_at", "revoked_why"])
        status_lists.sign_or_mark(status_lists.set_bits(awards), issuing, now=now)


def end_renamed(awards: Sequence[Award], issuing: Issuing, *, now: datetime) -> None:
    """End awards that were replaced by one in another name, with that as the reason."""
    standing = [one for one in awards if one.revoked_at is None]
    if not standing:
        return
    with as_service("All sides have signed the awards in another name that replace these."):
        found = Award.objects.select_related("scheme_version").filter(
            pk__in=[one.pk for one in standing]
        )
        for one in found:
            with override(read_scheme(one.scheme_version.content).language):
                why = _("Replaced by an award in another name.")
            end_awards([one], why, issuing_of(one.scheme_version), now=now)


signing.FOLLOWS.add(Kind.REVOKE, signing.Follow(_revoke, each=_look))
