"""A juror steps back from one application."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.labels.models import Assignment
from proxeny.labels.operations import jury_mails
from proxeny.labels.operations.confirming import void_waiting
from proxeny.labels.operations.guards import MOVED_ON, lock_round
from proxeny.labels.rules import JUDGED

MOST_WHY = 500


@transaction.atomic
def abstain(*, actor: Reader, assignment_id: int, why: str, now: datetime) -> Assignment:
    """Abstain from an assigned application: its place is free for another juror.

    Scores are kept, and do not count.

    Side effects: a mail to the managers of the clusters, without those who have a conflict of
    interest there; an audit row.

    Raises
    ------
    NotFound, Conflict
        It is not the actor's; the round is not judged any more, or they abstained before.
    InvalidInput
        No reason.
    """
    # As the person: who is not to judge it does not see it.
    one = Assignment.objects.filter(pk=assignment_id, person_id=actor.person or 0).first()
    if one is None:
        raise NotFound(_("This application isn’t assigned to you."))
    why = why.strip()
    if not why:
        raise InvalidInput(_("Give a reason in a few words."), field="why")
    if len(why) > MOST_WHY:
        raise InvalidInput(
            _("Enter no more than %(most)d characters.") % {"most": MOST_WHY}, field="why"
        )
    held = lock_round(one.round_id)
    if one.frozen_at is not None or not (held.state in JUDGED or one.is_appeal):
        raise Conflict(MOVED_ON)
    step_back(one, why)
    void_waiting(held, now=now)
    audit.record(
        actor,
        "abstain",
        held,
        partnership_id=held.partnership_id,
        organisation_id=None,
        changes={"title": held.title},
    )
    names = {"name": actor.name, "label": held.scheme.title}

    def write() -> tuple[str, str]:
        return (
            _("Juror abstained: %(label)s") % names,
            _(
                "%(name)s has withdrawn from judging one application. Their place is free: have "
                "it filled automatically, or assign the application to someone yourself."
            )
            % names,
        )

    jury_mails.tell_managers(
        held,
        write,
        key=f"abstained:{one.pk}",
        now=now,
        but=actor.person,
        about=[one.application_id],
    )
    return one


def step_back(one: Assignment, why: str) -> None:
    """Release a juror from an application, after an access check."""
    one.state, one.why = Assignment.State.ABSTAINED, why[:MOST_WHY]
    with as_service("No reader may write assignments; that this is the juror's own was checked."):
        one.save(update_fields=["state", "why"])
