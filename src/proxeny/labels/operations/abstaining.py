"""A juror steps back from one application."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.labels.models import Assignment
from proxeny.labels.operations import jury_mails
from proxeny.labels.operations.entering import MOVED_ON, lock_round, note
from proxeny.labels.rules import JUDGED

MOST_WHY = 500


@transaction.atomic
def abstain(*, actor: Reader, assignment_id: int, why: str, now: datetime) -> Assignment:
    """Abstain from an application that is one's own to judge: its place is free for another juror.

    What was scored stays, and does not count.

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
        raise NotFound(_("There is no such application for you to judge."))
    why = why.strip()
    if not why:
        raise InvalidInput(_("Say in a few words why."), field="why")
    if len(why) > MOST_WHY:
        raise InvalidInput(
            _("Please write no more than %(most)d letters.") % {"most": MOST_WHY}, field="why"
        )
    held = lock_round(one.round_id)
    if one.frozen_at is not None or not (held.state in JUDGED or one.is_appeal):
        raise Conflict(MOVED_ON)
    step_back(one, why)
    note(
        actor, "abstain", held, partnership_id=held.partnership_id, organisation_id=None,
        changes={"title": held.title},
    )  # fmt: skip
    names = {"name": actor.name, "label": held.scheme.title}

    def write() -> tuple[str, str]:
        return (
            _("A juror abstains: %(label)s") % names,
            _("%(name)s has stepped back from one application. Its place is free: let the jury be"
              " completed, or give it to somebody by hand.") % names,
        )  # fmt: skip

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
    """Let a juror be out of an application, after the right to it was looked at."""
    one.state, one.why = Assignment.State.ABSTAINED, why[:MOST_WHY]
    with as_service():
        one.save(update_fields=["state", "why"])
