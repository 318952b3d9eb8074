"""The stages of a partnership: their gates, opened by the signatures of all sides."""

from datetime import datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.lists import join_items
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships import readiness, rules
from proxeny.partnerships.facts import gather_facts
from proxeny.partnerships.models import Agreement, Partnership, Party, Stage
from proxeny.partnerships.operations import desk, endings, signing

MAX_NOTE = 2000


@transaction.atomic
def ask_stage(
    *, actor: Reader, partnership_id: int, stage: str, note: str, now: datetime
) -> Agreement:
    """Ask all sides to enter a stage; the actor's side signs at once.

    Parameters
    ----------
    note : str
        What the others read with it: why now, and for the exit why it ends.

    Raises
    ------
    NotFound, NotAllowed
        The actor does not see the partnership, or manages none of its parties.
    InvalidInput
        The stage does not follow, or what it asks for is missing: the sentence names all of it.
    Conflict
        The partnership is not active.

    Notes
    -----
    What is signed is a text that tells the stage, what was there when it was asked, and the note.
    With the last signature the partnership is in the stage; with that of the exit it ends.
    """
    partnership, parties = desk.lock(partnership_id)
    if rules.party_managed(actor, parties) is None:
        raise NotAllowed(_("Only a manager of one of the two clusters can sign."))
    desk.expect(partnership, Partnership.State.ACTIVE)
    if stage not in readiness.next_stages(partnership):
        raise InvalidInput(_("Choose a stage that follows from where you stand."), field="stage")
    note = note.strip()[:MAX_NOTE]
    if stage == Stage.EXIT and not note:
        raise InvalidInput(_("Say why, in a sentence that the other side reads."), field="note")
    conditions = readiness.check_gate(
        gather_facts(partnership, today=now.date()), Stage(stage), today=now.date()
    )
    if not readiness.is_open(conditions):
        missing = " ".join(one.missing for one in conditions if not one.is_met)
        raise InvalidInput(_("Something is missing still. %(missing)s") % {"missing": missing})
    return signing.ask_signatures(
        actor=actor, partnership=partnership, parties=parties, kind=Agreement.Kind.STAGE,
        subject=stage, text=_write(partnership, Stage(stage), conditions, note, now), now=now,
    )  # fmt: skip


def _write(
    partnership: Partnership, stage: Stage, conditions: list[readiness.Condition], note: str,
    now: datetime,
) -> str:  # fmt: skip
    lines = [
        _("“%(title)s” enters the stage “%(stage)s”.")
        % {"title": partnership.title, "stage": stage.label},
        _("On %(day)s this was there: %(items)s.")
        % {
            "day": date_format(now.date()),
            "items": join_items(one.label for one in conditions),
        },
    ]
    return "\n\n".join([*lines, note] if note else lines)


def _enter(
    actor: Reader, partnership: Partnership, agreement: Agreement, mine: Party, now: datetime
) -> None:
    stage = Stage(agreement.subject)
    before = partnership.stage
    desk.write(partnership, stage=stage, stage_since=now.date())
    with as_service():  # what does not follow from here any more can no longer be signed
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
    actor: Reader, partnership: Partnership, agreement: Agreement, mine: Party, now: datetime
) -> None:
    """A signed text that binds by itself."""


signing.follow(Agreement.Kind.STAGE, _enter)
signing.follow(Agreement.Kind.EXIT, _nothing)
signing.follow(Agreement.Kind.RISK, _nothing)


@transaction.atomic
def write_exit_plan(
    *, actor: Reader, partnership_id: int, text: str, number: int, now: datetime
) -> Agreement:
    """Propose how the partnership would end: who takes over what, data, notice; signed by all.

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
    partnership, parties = desk.lock(partnership_id)
    if rules.party_managed(actor, parties) is None:
        raise NotAllowed(_("Only a manager of one of the two clusters can change the text."))
    desk.expect(partnership, Partnership.State.ACTIVE)
    text = desk.clean_text(text)
    before = partnership.agreements.filter(kind=Agreement.Kind.EXIT).order_by("-number").first()
    if (before.number if before else 0) != number:
        raise Conflict(_("Somebody proposed another text in the meantime. Yours is kept here."))
    if before and before.text == text and not before.closed_at:
        raise InvalidInput(_("Nothing is changed in the text."), field="text")
    return signing.ask_signatures(
        actor=actor, partnership=partnership, parties=parties, kind=Agreement.Kind.EXIT,
        subject="", text=text, now=now,
    )  # fmt: skip
