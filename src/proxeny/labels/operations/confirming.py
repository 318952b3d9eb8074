"""Confirmation of decisions: one cluster proposes, and a decision holds once all have confirmed it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.kernel.canonical import digest_of
from proxeny.kernel.errors import Conflict
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.labels.content import Selection, to_json
from proxeny.labels.models import Appeal, Decision, Round
from proxeny.labels.operations.deciding_mails import tell_decision
from proxeny.labels.operations.deciding_text import fingerprint_of, write_decision
from proxeny.labels.operations.guards import MOVED_ON, lock_round
from proxeny.labels.operations.meetings import Meeting, write_minutes
from proxeny.labels.operations.refusing import log_refusal
from proxeny.labels.queries.decisions import find_proposed, next_number
from proxeny.partnerships.models import Agreement, Delegation, Partnership
from proxeny.partnerships.operations import guards, signing
from proxeny.partnerships.operations.parties import PARTIES_CHANGED
from proxeny.partnerships.operations.room import CHANGED, Entered
from proxeny.partnerships.operations.signers import Side
from proxeny.partnerships.queries import parties_of

Kind = Agreement.Kind
#: The message when scores, places or results differ from those decided on.
VOID = gettext_lazy(
    "Something has changed since this decision was proposed, so it’s void. Check it and "
    "propose it again."
)


@dataclass(frozen=True, slots=True)
class Rule:
    """The input of a kind of decision, and its effect once all have confirmed it.

    `look` refuses actors who may not decide and returns the fingerprint of the current input;
    `hold` writes the results. Both get the round locked.
    """

    look: Callable[[Reader, Entered[Round], Decision, datetime], str]
    hold: Callable[[Reader, Entered[Round], Decision, datetime], None]


_RULES: dict[str, Rule] = {}


def confirm_by(kind: str, rule: Rule) -> None:
    """Register the rule by which decisions of a kind are confirmed; called on import."""
    _RULES[kind] = rule


def seen_of(*parts: object) -> str:
    """Return the fingerprint of a decision's input."""
    return digest_of(list(parts))


@dataclass(frozen=True, slots=True)
class Proposed:
    """A decision as a cluster proposes it; `seen` as `Rule.look` returns it."""

    kind: str
    meeting: Meeting
    content: Selection
    seen: str
    appeal: Appeal | None = None
    answer: str = ""
    grants: bool = False


@transaction.atomic
def propose_decision(
    actor: Reader, entered: Entered[Round], proposed: Proposed, *, now: datetime
) -> Decision:
    """Put a decision before all clusters; the actor's side confirms at once.

    The partnership and the round are locked. What was proposed before and does not hold is written
    over; its text is closed.

    Side effects: mails to the managers of the other sides. With the last confirmation it holds.
    """
    one = find_proposed(entered.record, proposed.kind, proposed.appeal) or Decision(
        partnership=entered.partnership,
        round=entered.record,
        kind=proposed.kind,
        appeal=proposed.appeal,
        waits=True,
    )
    meeting = proposed.meeting
    one.held_on, one.present = meeting.held_on, meeting.present.strip()
    one.minutes, one.content = write_minutes(meeting), to_json(proposed.content)
    one.seen, one.answer, one.grants = proposed.seen, proposed.answer, proposed.grants
    one.person_id, one.decided_at = actor.person, now
    one.save()
    signing.ask_signatures(
        actor=actor,
        partnership=entered.partnership,
        parties=entered.parties,
        kind=Kind.ROUND,
        subject=str(one.pk),
        text=write_decision(one, entered.record, entered.parties),
        now=now,
    )
    one.refresh_from_db()
    return one


def _enter(
    actor: Reader, partnership: Partnership, agreement: Agreement
) -> tuple[Entered[Round], Decision]:
    """Return a waiting decision with its locked round; signing has locked the partnership."""
    # As the person: who does not see it does not decide.
    one = Decision.objects.select_for_update().filter(pk=agreement.subject, waits=True).first()
    if one is None:
        raise Conflict(MOVED_ON)
    held = lock_round(one.round_id)
    return Entered(held, partnership, list(parties_of(partnership)), None), one


def _look(
    actor: Reader,
    partnership: Partnership,
    agreement: Agreement,
    _mine: Side,
    now: datetime,
) -> None:
    """Refuse to confirm a changed proposal, and actors with a conflict of interest."""
    entered, one = _enter(actor, partnership, agreement)
    if fingerprint_of(one) not in agreement.text:
        raise Conflict(CHANGED)
    if _RULES[one.kind].look(actor, entered, one, now) != one.seen:
        log_refusal("decision_void", round=one.round_id)
        raise Conflict(VOID)


def _hold(
    actor: Reader,
    partnership: Partnership,
    agreement: Agreement,
    mine: Side,
    now: datetime,
) -> None:
    """All have confirmed: the decision gets its number, and holds."""
    entered, one = _enter(actor, partnership, agreement)
    entered = Entered(entered.record, partnership, entered.parties, mine.organisation_id)
    one.number, one.waits, one.decided_at = next_number(entered.record), False, now
    one.save(update_fields=["number", "waits", "decided_at"])
    _RULES[one.kind].hold(actor, entered, one, now)


def void_waiting(held: Round, *, now: datetime) -> None:
    """Close the waiting texts of decisions on a round, because their input has changed.

    A text being signed at this moment is left out: the signer finds that it has changed.
    """
    with as_service("A juror or applicant who changes scores does not see the decisions."):
        waiting = Decision.objects.filter(round=held, waits=True).values_list("pk", flat=True)
        open_ = Agreement.objects.filter(
            partnership_id=held.partnership_id,
            kind=Kind.ROUND,
            subject__in=[str(pk) for pk in waiting],
            completed_at=None,
            closed_at=None,
        )
        _close(open_, now, str(VOID))


def _stop_waiting(partnership: Partnership, now: datetime) -> None:
    """Close the waiting texts: the clusters that have to confirm have changed."""
    with as_service("Who joins or leaves does not sign what others decided."):
        open_ = Agreement.objects.filter(
            partnership=partnership, kind=Kind.ROUND, completed_at=None, closed_at=None
        )
        _close(open_, now, _("The participants have changed."))


def _close(waiting: QuerySet[Agreement], now: datetime, why: str) -> None:
    free: Sequence[int] = list(
        waiting.select_for_update(skip_locked=True).values_list("pk", flat=True)
    )
    Agreement.objects.filter(pk__in=free).update(closed_at=now, closed_why=why[:300])


def lock_room(partnership_id: int) -> None:
    """Lock the partnership before a round, in the same order as signing does."""
    guards.lock(partnership_id)


signing.FOLLOWS.add(
    Kind.ROUND,
    signing.Follow(_hold, each=_look, tell=tell_decision, matter=Delegation.Matter.ROUNDS),
)
PARTIES_CHANGED.add(_stop_waiting)
