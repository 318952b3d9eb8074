"""The stages of a partnership: their gates, opened by the signatures of all sides."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.lists import join_items
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships import readiness, rules
from proxeny.partnerships.facts import gather_facts
from proxeny.partnerships.models import Agreement, Partnership, Stage
from proxeny.partnerships.operations import endings, guards, signing
from proxeny.partnerships.operations.signers import Side
from proxeny.partnerships.texts import READINGS, Rewrite

MAX_NOTE = 2000


@transaction.atomic
def ask_stage(
    *, actor: Reader, partnership_id: int, stage: str, note: str, now: datetime
) -> Agreement:
    """Ask all sides to enter a stage; the actor's side signs at once.

    Parameters
    ----------
    note : str
        A note to the others: the reason for the time, and for the exit the reason for ending.

    Raises
    ------
    NotFound, NotAllowed
        The actor does not see the partnership, or manages none of its parties.
    InvalidInput
        The stage does not follow, or conditions are not met: the message names all of them.
    Conflict
        The partnership is not active.

    Notes
    -----
    The signed text holds the stage, the fulfilled conditions at that time, and the note. With the
    last signature the partnership enters the stage; with that of the exit it ends.
    """
    partnership, parties = guards.lock(partnership_id)
    if rules.party_managed(actor, parties) is None:
        raise NotAllowed(_("Only a manager of one of the clusters can sign."))
    guards.expect(partnership, Partnership.State.ACTIVE)
    if stage not in readiness.next_stages(partnership):
        raise InvalidInput(_("Choose a stage that follows the current one."), field="stage")
    note = note.strip()[:MAX_NOTE]
    if stage == Stage.EXIT and not note:
        raise InvalidInput(
            _("Give a reason in one sentence. The others will see it."), field="note"
        )
    conditions = readiness.check_gate(
        gather_facts(partnership, today=now.date()), Stage(stage), today=now.date()
    )
    if not readiness.is_open(conditions):
        missing = " ".join(one.missing for one in conditions if not one.is_met)
        raise InvalidInput(_("Something is still missing. %(missing)s") % {"missing": missing})
    return signing.ask_signatures(
        actor=actor,
        partnership=partnership,
        parties=parties,
        kind=Agreement.Kind.STAGE,
        subject=stage,
        text=_write(partnership, Stage(stage), conditions, note, now),
        now=now,
    )


def _write(
    partnership: Partnership,
    stage: Stage,
    conditions: list[readiness.Condition],
    note: str,
    now: datetime,
) -> str:
    lines = [
        _("“%(title)s” enters the stage “%(stage)s”.")
        % {"title": partnership.title, "stage": stage.label},
        _("On %(day)s the following was in place: %(items)s.")
        % {
            "day": date_format(now.date()),
            "items": join_items(one.label for one in conditions),
        },
    ]
    return "\n\n".join([*lines, note] if note else lines)


def _rewrite(agreement: Agreement) -> Rewrite:
    """Return how the text of a stage is written again; what was in place is read as it is now."""
    partnership, stage = agreement.partnership, agreement.stage
    at = timezone.localtime(agreement.created_at)
    facts = gather_facts(partnership, today=at.date())
    note = "\n\n".join(agreement.text.split("\n\n")[2:])

    def write() -> str:
        conditions = readiness.check_gate(facts, stage, today=at.date())
        return _write(partnership, stage, conditions, note, at)

    return write


def _enter(
    actor: Reader, partnership: Partnership, agreement: Agreement, mine: Side, now: datetime
) -> None:
    stage = Stage(agreement.subject)
    before = partnership.stage
    guards.write(partnership, stage=stage, stage_since=now.date())
    with as_service("Stages that no longer follow are closed, whichever side asked for them."):
        Agreement.objects.filter(
            partnership=partnership, kind=Agreement.Kind.STAGE, completed_at=None, closed_at=None
        ).exclude(subject__in=readiness.next_stages(partnership)).update(closed_at=now)
    signing.record(actor, "enter_stage", agreement, mine, changes={"stage": [before, stage.value]})
    if stage == Stage.EXIT:
        # After the two sentences of `_write`; a reason may have paragraphs of its own.
        reason = agreement.text.split("\n\n", 2)[2]
        endings.close_room(partnership, reason=reason, now=now)
        signing.record(actor, "end_partnership", agreement, mine, why=reason)


def _nothing(
    actor: Reader, partnership: Partnership, agreement: Agreement, mine: Side, now: datetime
) -> None:
    """A signed text that binds by itself."""


READINGS.add(Agreement.Kind.STAGE, _rewrite)
signing.FOLLOWS.add(Agreement.Kind.STAGE, signing.Follow(_enter))
signing.FOLLOWS.add(Agreement.Kind.EXIT, signing.Follow(_nothing))
signing.FOLLOWS.add(Agreement.Kind.RISK, signing.Follow(_nothing))


@transaction.atomic
def write_exit_plan(
    *, actor: Reader, partnership_id: int, text: str, number: int, now: datetime
) -> Agreement:
    """Propose an exit plan: handover of tasks, data, and notice; signed by all.

    The plan in force stays so until all have signed the new one.

    Parameters
    ----------
    number : int
        The version that the text was written from; 0 for the first.

    Raises
    ------
    NotFound, NotAllowed, InvalidInput, Conflict
        As for `amend_agreement`.
    """
    partnership, parties = guards.lock(partnership_id)
    if rules.party_managed(actor, parties) is None:
        raise NotAllowed(_("Only a manager of one of the clusters can change the text."))
    guards.expect(partnership, Partnership.State.ACTIVE)
    text = guards.clean_text(text)
    before = partnership.agreements.filter(kind=Agreement.Kind.EXIT).order_by("-number").first()
    if (before.number if before else 0) != number:
        raise Conflict(
            _(
                "Someone else has proposed another text since you opened this one. Yours is kept "
                "here."
            )
        )
    if before and before.text == text and not before.closed_at:
        raise InvalidInput(_("You haven’t changed anything in the text."), field="text")
    return signing.ask_signatures(
        actor=actor,
        partnership=partnership,
        parties=parties,
        kind=Agreement.Kind.EXIT,
        subject="",
        text=text,
        now=now,
    )
