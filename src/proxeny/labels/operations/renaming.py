"""An award in another name: signed by all, and then the old one ends as replaced."""

from datetime import UTC, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.tenancy import Reader
from proxeny.labels.models import Award
from proxeny.labels.operations.awarding import MakeCode, Planned, propose
from proxeny.labels.operations.revoking import lock_award
from proxeny.labels.queries import awards as queries
from proxeny.partnerships.models import Agreement
from proxeny.partnerships.operations import guards

MOST_NAME = 200


@transaction.atomic
def rename_award(
    *,
    actor: Reader,
    partnership_id: int,
    award_id: int,
    holder: str,
    make_code: MakeCode,
    now: datetime,
) -> Agreement:
    """Send an award for signature that replaces one, in a new name of its holder.

    It says the same but for the name, and ends when the old one would have.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `revoking.lock_award`; its revocation waits for signatures.
    InvalidInput
        No name, or the same.
    """
    name = " ".join(holder.split())[:MOST_NAME]
    award = lock_award(actor, partnership_id, award_id, now)
    if not name:
        raise InvalidInput(_("Enter the new name."), field="holder")
    if name == award.holder:
        raise InvalidInput(_("The award already has this name."), field="holder")
    partnership, parties = guards.lock(partnership_id)
    text = queries.newest_text(partnership, Agreement.Kind.REVOKE, str(award.pk))
    if queries.is_waiting(text):
        raise Conflict(_("Its revocation is waiting for signatures."))
    begins = max(award.valid_from, now.astimezone(UTC).replace(microsecond=0))
    planned = Planned(
        organisation_id=award.organisation_id,
        holder=name,
        title=award.title,
        country=award.country,
        valid_from=begins,
        valid_until=award.valid_until,
        summary=award.summary,
        topics=award.topics,
        website=award.website,
        level=award.level,
        total=award.total,
        why=Award.Why.NAME,
        application_id=award.application_id,
        replaces=award,
    )
    return propose(
        actor=actor,
        partnership=partnership,
        parties=parties,
        version=award.scheme_version,
        planned=[planned],
        subject="",
        make_code=make_code,
        now=now,
    )
