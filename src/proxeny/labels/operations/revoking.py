"""An award that holds no more: asked for with a public reason, signed by all, told to its holder."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from proxeny.kernel.errors import Conflict
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.labels.content import read_scheme
from proxeny.labels.models import Award, Revocation
from proxeny.labels.operations import award_mails, status_lists
from proxeny.labels.operations.awarding import refuse_conflict, signing_for
from proxeny.labels.operations.entering import note
from proxeny.labels.operations.issuing import Issuing, issuing_of
from proxeny.labels.operations.telling_awards import write_revocation
from proxeny.labels.queries import awards as queries
from proxeny.partnerships.models import Agreement, Partnership
from proxeny.partnerships.operations import copies, desk, signing
from proxeny.partnerships.operations.room import enter

Kind = Agreement.Kind


def lock_award(actor: Reader, partnership_id: int, award_id: int, now: datetime) -> Award:
    """Return an award that stands, locked with its partnership: managers alone.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        Not seen; no manager; the partnership is over, or the award holds no more; the actor has a
        conflict of interest.
    """
    enter(actor, partnership_id, binding=True)
    desk.lock(partnership_id)
    queries.get_award(partnership_id, award_id)
    with as_service():
        found = Award.objects.select_for_update(of=("self",))
        one = found.select_related("scheme", "scheme_version", "application").get(pk=award_id)
        follower = Award.objects.filter(replaces=one, why=Award.Why.NAME).exists()
    if one.issued_at is None:
        raise Conflict(_("This award waits for signatures. Close its text instead."))
    if one.revoked_at is not None:
        raise Conflict(_("This award was revoked already."))
    if one.valid_until <= now:
        raise Conflict(_("This award has ended."))
    if follower:
        raise Conflict(_("An award in another name is to follow on this one already."))
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
    partnership, parties = desk.lock(partnership_id)
    text = queries.newest_text(partnership, Kind.REVOKE, str(award.pk))
    if queries.is_waiting(text):
        raise Conflict(_("It waits for signatures already. Read it, and sign."))
    Revocation.objects.create(
        partnership=partnership, award=award, reason=reason, person_id=actor.person, asked_at=now
    )
    note(actor, "ask_revocation", award, partnership_id=partnership.pk, why=reason,
         organisation_id=signing_for(actor, parties), changes={"title": award.title})  # fmt: skip
    return signing.ask_signatures(
        actor=actor, partnership=partnership, parties=parties, kind=Kind.REVOKE,
        subject=str(award.pk), text=write_revocation(award, reason), now=now,
    )  # fmt: skip


def _look(
    actor: Reader, _partnership: Partnership, agreement: Agreement, _mine: signing.Side,
    _now: datetime,
) -> None:  # fmt: skip
    """Let nobody sign who has a conflict of interest."""
    with as_service():
        award = Award.objects.get(pk=agreement.subject)
    refuse_conflict(actor, [award.application_id] if award.application_id else [])


def _revoke(
    actor: Reader, partnership: Partnership, agreement: Agreement, mine: signing.Side,
    now: datetime,
) -> None:  # fmt: skip
    """All have signed: the bit is set, the list signed anew, and the holder told."""
    with as_service():
        found = Award.objects.select_for_update(of=("self",))
        related = ("scheme", "scheme_version", "application", "organisation")
        award = found.select_related(*related).get(pk=agreement.subject)
        asked = queries.newest_revocation(award)
    if award.revoked_at is not None:
        raise Conflict(_("This award was revoked already."))
    reason = asked.reason if asked else ""
    end_awards([award], reason, issuing_of(award.scheme_version), now=now)
    note(actor, "revoke_award", award, partnership_id=partnership.pk, why=reason,
         organisation_id=mine.organisation_id, changes={"title": award.title})  # fmt: skip
    award_mails.tell_revoked(award)


def end_awards(awards: Sequence[Award], reason: str, issuing: Issuing, *, now: datetime) -> None:
    """Let awards hold no more: their bits are set, and their lists signed anew. Service role after
    the right was looked at."""
    with as_service():
        for one in awards:
            one.revoked_at, one.revoked_why = now, reason[:500]
        Award.objects.bulk_update(awards, ["revoked_at", "revoked_why"])
        status_lists.sign_or_mark(status_lists.set_bits(awards), issuing, now=now)


def end_renamed(awards: Sequence[Award], issuing: Issuing, *, now: datetime) -> None:
    """End awards in whose place one in another name stands: told as replaced."""
    standing = [one for one in awards if one.revoked_at is None]
    if not standing:
        return
    with as_service():
        found = Award.objects.select_related("scheme_version").filter(
            pk__in=[one.pk for one in standing]
        )
        for one in found:
            with override(read_scheme(one.scheme_version.content).language):
                why = _("Replaced by an award in another name.")
            end_awards([one], why, issuing_of(one.scheme_version), now=now)


signing.follow(Kind.REVOKE, _revoke, each=_look)
