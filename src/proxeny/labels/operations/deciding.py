"""The decision on a round: proposed by one cluster, confirmed by all, with all its results."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.lists import join_items
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.labels.content import (
    Outcome,
    QuotaOutcome,
    SchemeText,
    Selection,
    read_selection,
    to_json,
)
from proxeny.labels.models import Application, Assignment, Decision, Result, Round, Submission
from proxeny.labels.operations.confirming import (
    Proposed,
    Rule,
    confirm_by,
    lock_room,
    propose_decision,
    seen_of,
)
from proxeny.labels.operations.guards import enter_round
from proxeny.labels.operations.letters import draft_letter
from proxeny.labels.operations.meetings import Meeting, check_meeting
from proxeny.labels.operations.refusing import log_refusal
from proxeny.labels.operations.selecting import (
    Proposal,
    Ranked,
    Wish,
    clashes,
    quota_of,
    read_proposal,
    refuse_conflicted,
)
from proxeny.labels.operations.standing import tell_percent
from proxeny.partnerships.operations.room import CHANGED, Entered, note

#: Nothing was scored of who cannot take part.
UNSCORED = Outcome((), (), None, False)


@transaction.atomic
def decide_round(
    *,
    actor: Reader,
    partnership_id: int,
    round_id: int,
    seen: str,
    wish: Wish,
    meeting: Meeting,
    now: datetime,
) -> Decision:
    """Propose the decision on a round: the best selection within its quotas.

    It holds once every other cluster has confirmed it. Then the round is decided, all scores are
    frozen, and each submitted application has a result with the draft of a letter. It is void if
    scores, places or participants change until then.

    Parameters
    ----------
    seen : str
        The fingerprint of the proposal that was shown: nobody decides on scores that have changed
        since.
    wish : Wish
        The order among equals; the jury chooses nobody over an application with more points.
    meeting : Meeting
        `why` is required if the jury put somebody first among equals, or left a quota out.

    Side effects: a decision that waits, with the actor's signature; mails to the managers of the
    other clusters. Applicants aren't notified.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_round`; the actor has a conflict of interest; applications lack scores; scores
        have changed since; there is no selection.
    InvalidInput
        Day, participants, minutes or reason are invalid.
    """
    lock_room(partnership_id)
    entered = enter_round(actor, partnership_id, round_id, Round.State.DISCUSSING)
    held = entered.record
    proposal = _look(actor, held, wish)
    if seen != proposal.fingerprint:
        log_refusal("scores_changed", round=held.pk)
        raise Conflict(CHANGED)
    _refuse_unready(proposal)
    check_meeting(meeting, held, now=now)
    _refuse_wish(proposal, meeting)
    proposed = Proposed(Decision.Kind.ROUND, meeting, content_of(proposal), _seen(proposal))
    return propose_decision(actor, entered, proposed, now=now)


def _look(actor: Reader, held: Round, wish: Wish) -> Proposal:
    """Return the proposal of a locked round, its scores locked too; not for a manager with a conflict."""
    refuse_conflicted(actor, held)
    _lock_scores(held)
    return read_proposal(actor=actor, held=held, wish=wish)


def _seen(proposal: Proposal) -> str:
    return seen_of(proposal.fingerprint, to_json(content_of(proposal)))


def wish_of(content: Selection) -> Wish:
    """Return the jury's choices in a decided selection."""
    return Wish(without=content.waived, prefer=content.preferred, as_far=content.as_far)


def is_as_proposed(proposal: Proposal, decision: Decision) -> bool:
    """Whether a round would be decided now as it was proposed. No query."""
    return proposal.selection is not None and _seen(proposal) == decision.seen


def look_at(actor: Reader, held: Round, decision: Decision) -> Proposal | None:
    """Return a round as it would be decided now if it is as it was proposed, else None."""
    if held.state != Round.State.DISCUSSING:
        return None
    proposal = _look(actor, held, wish_of(read_selection(decision.content)))
    return proposal if is_as_proposed(proposal, decision) else None


def _look_again(actor: Reader, entered: Entered[Round], decision: Decision, _now: datetime) -> str:
    return decision.seen if look_at(actor, entered.record, decision) else ""


def _hold(actor: Reader, entered: Entered[Round], decision: Decision, now: datetime) -> None:
    """All have confirmed: results, frozen scores, and the round is decided."""
    held, proposal = entered.record, look_at(actor, entered.record, decision)
    if proposal is None:
        raise Conflict(CHANGED)
    _refuse_unready(proposal)
    Result.objects.bulk_create(_results_of(proposal, decision))
    freeze(Assignment.objects.filter(round=held, is_appeal=False), now=now)
    Round.objects.filter(pk=held.pk).update(state=Round.State.DECIDED, version=held.version + 1)
    note(
        actor,
        "decide_label_round",
        entered,
        decision,
        changes={
            "title": held.title,
            "state": [held.state, str(Round.State.DECIDED)],
            "chosen": [None, len(proposal.chosen)],
            "waiting": [None, len(proposal.waiting)],
        },
    )


def _lock_scores(held: Round) -> None:
    """Make scoring jurors wait until the decision is taken, and find their scores frozen then."""
    with as_service("The decision has to lock all assignments, and no reader may lock any."):
        found = Assignment.objects.filter(round=held, is_appeal=False)
        list(found.select_for_update().order_by("pk").values_list("pk"))


def freeze(assignments: QuerySet[Assignment], *, now: datetime) -> None:
    """Freeze scores: the database changes none of them any more."""
    with as_service("No reader may freeze scores; a decision that all have confirmed does."):
        assignments.filter(frozen_at=None).update(frozen_at=now)


def _refuse_unready(proposal: Proposal) -> None:
    if not proposal.ranked and not proposal.ineligible:
        raise Conflict(_("No one applied, so there’s nothing to decide."))
    if proposal.missing:
        raise Conflict(
            ngettext(
                "This application is still missing scores: %(numbers)s.",
                "These applications are still missing scores: %(numbers)s.",
                len(proposal.missing),
            )
            % {"numbers": join_items(one.number for one in proposal.missing)}
        )
    if proposal.selection is None:
        raise Conflict(_("The quotas can’t be met. Check what would help."))


def _refuse_wish(proposal: Proposal, meeting: Meeting) -> None:
    """Limit the jury's choice to equals, with a reason; a quota stays where it can be met."""
    wish, tied = proposal.wish, {one for equal in proposal.ties for one in equal}
    if not set(wish.prefer) <= tied:
        raise InvalidInput(
            _(
                "The jury can only choose between applications with the same points, where some "
                "get a place and others don’t."
            ),
            field="prefer",
        )
    if wish.without and not clashes(proposal):
        raise InvalidInput(
            _("All quotas can be met, so none can be left out of a decision."), field="without"
        )
    if (wish.prefer or wish.without) and not meeting.why.strip():
        raise InvalidInput(
            _("Explain why the jury chose this way. This is included in the minutes."), field="why"
        )


def content_of(proposal: Proposal) -> Selection:
    """Return a selection in its stored form."""
    found = proposal.selection
    if found is None:
        raise Conflict(_("The quotas can’t be met. Check what would help."))
    counts, wish = dict(found.counts), proposal.wish
    costs = {one.quota: one for one in found.costs}
    quotas = []
    for one in proposal.quotas:
        if one.key not in counts:
            continue
        quota, cost = quota_of(one, proposal.places), costs[one.key]
        quotas.append(
            QuotaOutcome(
                one.key,
                quota.least,
                quota.most,
                counts[one.key],
                _rounded(cost.points),
                tuple(map(int, cost.in_by)),
                tuple(map(int, cost.out_by)),
                max(0, quota.least - counts[one.key]),
            )
        )
    return Selection(
        proposal.round.places,
        len(proposal.ranked),
        len(proposal.passed),
        proposal.chosen,
        proposal.waiting,
        tuple(quotas),
        _rounded(found.cost_of_all.points),
        wish.prefer,
        wish.without,
        wish.as_far,
    )


def _rounded(points: Fraction) -> Decimal:
    return tell_percent(points) or Decimal(0)


def _results_of(proposal: Proposal, decision: Decision) -> list[Result]:
    made = [_result_of(proposal, decision, one) for one in proposal.ranked]
    return made + [
        _result(proposal, decision, one, Result.Standing.OUT, UNSCORED)
        for one in proposal.ineligible
    ]


def _result_of(proposal: Proposal, decision: Decision, one: Ranked) -> Result:
    if one.standing is None:
        raise Conflict(CHANGED)
    return _result(
        proposal, decision, one.judged.submission, one.standing, one.judged.outcome, rank=one.rank
    )


def _result(
    proposal: Proposal,
    decision: Decision,
    submission: Submission,
    standing: str,
    outcome: Outcome,
    *,
    rank: int | None = None,
) -> Result:
    return make_result(
        decision, submission.application, standing, outcome, rank=rank, text=proposal.text
    )


def make_result(
    decision: Decision,
    application: Application,
    standing: str,
    outcome: Outcome,
    *,
    rank: int | None,
    text: SchemeText,
) -> Result:
    """Return a result that is not saved yet, with the draft of its letter."""
    feedback, improvements = draft_letter(text, application, standing, outcome)
    return Result(
        partnership_id=decision.partnership_id,
        decision=decision,
        round_id=decision.round_id,
        application=application,
        standing=standing,
        rank=rank,
        total=outcome.total,
        level=outcome.level if standing != Result.Standing.BELOW else "",
        content=to_json(outcome),
        feedback=feedback,
        improvements=improvements,
    )


def replace_newest(applications: Collection[int]) -> None:
    """Let another result hold for applications: what held before stays, as what was before."""
    Result.objects.filter(application_id__in=applications, is_newest=True).update(is_newest=False)


confirm_by(Decision.Kind.ROUND, Rule(_look_again, _hold))
