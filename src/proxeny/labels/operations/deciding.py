"""The decision on a round: a meeting, its minutes, a result for each application, all in one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from django.db import transaction
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.lists import join_items
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.kernel.zones import load_zone
from proxeny.labels.content import Outcome, QuotaOutcome, SchemeText, Selection, to_json
from proxeny.labels.models import Application, Assignment, Decision, Result, Round, Submission
from proxeny.labels.operations.entering import CHANGED, InRound, enter_round, note
from proxeny.labels.operations.letters import draft_letter
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
from proxeny.labels.queries.decisions import next_number

#: As long as the columns.
MOST_PRESENT, MOST_MINUTES = 2000, 20_000
#: Nothing was scored of who cannot take part.
UNSCORED = Outcome((), (), None, False)


@dataclass(frozen=True, slots=True)
class Meeting:
    """When a jury met, who took part, and what is written of it."""

    held_on: date
    present: str
    minutes: str
    why: str = ""


@transaction.atomic
def decide_round(
    *, actor: Reader, partnership_id: int, round_id: int, seen: str, wish: Wish,
    meeting: Meeting, now: datetime,
) -> Decision:  # fmt: skip
    """Decide a round: the best selection within its quotas becomes what holds.

    Parameters
    ----------
    seen : str
        The fingerprint of the proposal that was shown: nobody decides on scores that have changed
        since.
    wish : Wish
        Who comes first among equals; the jury chooses nobody over who has more points.
    meeting : Meeting
        `why` is asked for where the jury put somebody first among equals, or left a quota out.

    Side effects: a decision, a result with the draft of a letter for each application that was
    handed in; all scores are frozen; the round is decided; an audit row. Nobody is told yet.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_round`; the actor has a conflict of interest; applications lack scores; scores
        have changed since; there is no selection.
    InvalidInput
        Day, who took part, minutes or reason do not hold.
    """
    entered = enter_round(actor, partnership_id, round_id, Round.State.DISCUSSING)
    held = entered.round
    refuse_conflicted(actor, held)
    _lock_scores(held)
    proposal = read_proposal(actor=actor, held=held, wish=wish)
    _refuse_unready(proposal, seen)
    check_meeting(meeting, held, now=now)
    _refuse_wish(proposal, meeting)
    decision = add_decision(
        actor, entered, Decision.Kind.ROUND, meeting, content_of(proposal), now=now
    )
    Result.objects.bulk_create(_results_of(proposal, decision))
    freeze(Assignment.objects.filter(round=held, is_appeal=False), now=now)
    Round.objects.filter(pk=held.pk).update(state=Round.State.DECIDED, version=held.version + 1)
    note(
        actor, "decide_label_round", decision, partnership_id=partnership_id,
        organisation_id=entered.organisation_id, why=meeting.why,
        changes={
            "title": held.title, "state": [held.state, str(Round.State.DECIDED)],
            "chosen": [None, len(proposal.chosen)], "waiting": [None, len(proposal.waiting)],
        },
    )  # fmt: skip
    return decision


def _lock_scores(held: Round) -> None:
    """Let whoever scores wait until the decision is taken, and find it frozen then."""
    with as_service():
        found = Assignment.objects.filter(round=held, is_appeal=False)
        list(found.select_for_update().order_by("pk").values_list("pk"))


def freeze(assignments: QuerySet[Assignment], *, now: datetime) -> None:
    """Freeze scores: the database changes none of them any more."""
    with as_service():
        assignments.filter(frozen_at=None).update(frozen_at=now)


def _refuse_unready(proposal: Proposal, seen: str) -> None:
    if seen != proposal.fingerprint:
        log_refusal("scores_changed", round=proposal.round.pk)
        raise Conflict(CHANGED)
    if not proposal.ranked and not proposal.ineligible:
        raise Conflict(_("Nobody applied: there is nothing to decide."))
    if proposal.missing:
        raise Conflict(
            ngettext(
                "This application still lacks scores: %(numbers)s.",
                "These applications still lack scores: %(numbers)s.", len(proposal.missing),
            ) % {"numbers": join_items(one.number for one in proposal.missing)}
        )  # fmt: skip
    if proposal.selection is None:
        raise Conflict(_("The quotas cannot be kept. Look at what would help."))


def check_meeting(meeting: Meeting, held: Round, *, now: datetime) -> None:
    """Refuse a meeting that was before the round closed or has not been, or without its minutes."""
    zone = load_zone(held.zone)
    if meeting.held_on > now.astimezone(zone).date():
        raise InvalidInput(_("This is in the future."), field="held_on")
    closed = held.closes_at.astimezone(zone).date()
    if meeting.held_on < closed:
        raise InvalidInput(
            _("The round closed on %(day)s, after this.") % {"day": date_format(closed)},
            field="held_on",
        )
    for name, most, sentence in (
        ("present", MOST_PRESENT, _("Write who took part.")),
        ("minutes", MOST_MINUTES, _("Write the minutes.")),
    ):
        value = getattr(meeting, name).strip()
        if not value:
            raise InvalidInput(sentence, field=name)
        if len(value) > most:
            raise InvalidInput(_("Shorten this to %(most)d letters.") % {"most": most}, field=name)


def _refuse_wish(proposal: Proposal, meeting: Meeting) -> None:
    """Let the jury choose among equals alone, with a reason; a quota stays where it can be kept."""
    wish, tied = proposal.wish, {one for equal in proposal.ties for one in equal}
    if not set(wish.prefer) <= tied:
        raise InvalidInput(
            _("The jury chooses only among applications that have the same points, of which some get"
              " a place and some do not."), field="prefer",
        )  # fmt: skip
    if wish.without and not clashes(proposal):
        raise InvalidInput(
            _("All quotas can be kept: none is left out of a decision."), field="without"
        )
    if (wish.prefer or wish.without) and not meeting.why.strip():
        raise InvalidInput(
            _("Say why the jury chose so: it stands in the minutes."), field="why"
        )  # fmt: skip


def content_of(proposal: Proposal) -> Selection:
    """Return what is kept of a selection."""
    found = proposal.selection
    if found is None:
        raise Conflict(_("The quotas cannot be kept. Look at what would help."))
    counts, wish = dict(found.counts), proposal.wish
    costs = {one.quota: one for one in found.costs}
    quotas = []
    for one in proposal.quotas:
        if one.key not in counts:
            continue
        quota, cost = quota_of(one, proposal.places), costs[one.key]
        quotas.append(
            QuotaOutcome(
                one.key, quota.least, quota.most, counts[one.key], _rounded(cost.points),
                tuple(map(int, cost.in_by)), tuple(map(int, cost.out_by)),
                max(0, quota.least - counts[one.key]),
            )
        )  # fmt: skip
    return Selection(
        proposal.round.places, len(proposal.ranked), len(proposal.passed), proposal.chosen,
        proposal.waiting, tuple(quotas), _rounded(found.cost_of_all.points), wish.prefer,
        wish.without, wish.as_far,
    )  # fmt: skip


def _rounded(points: Fraction) -> Decimal:
    return tell_percent(points) or Decimal(0)


def add_decision(
    actor: Reader, entered: InRound, kind: str, meeting: Meeting, content: Selection, *,
    now: datetime,
) -> Decision:  # fmt: skip
    """Write a decision under the next number of its round, which is locked."""
    held, minutes = entered.round, meeting.minutes.strip()
    if why := meeting.why.strip():
        minutes = f"{minutes}\n\n{why}"[:MOST_MINUTES]
    return Decision.objects.create(
        partnership=entered.partnership, round=held, number=next_number(held), kind=kind,
        held_on=meeting.held_on, present=meeting.present.strip(), minutes=minutes,
        content=to_json(content), person_id=actor.person, decided_at=now,
    )  # fmt: skip


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
    proposal: Proposal, decision: Decision, submission: Submission, standing: str,
    outcome: Outcome, *, rank: int | None = None,
) -> Result:  # fmt: skip
    return make_result(
        decision, submission.application, standing, outcome, rank=rank, text=proposal.text
    )  # fmt: skip


def make_result(
    decision: Decision, application: Application, standing: str, outcome: Outcome, *,
    rank: int | None, text: SchemeText,
) -> Result:  # fmt: skip
    """Return a result that is not saved yet, with the draft of its letter."""
    feedback, improvements = draft_letter(text, application, standing, outcome)
    return Result(
        partnership_id=decision.partnership_id, decision=decision, round_id=decision.round_id,
        application=application, standing=standing, rank=rank, total=outcome.total,
        level=outcome.level if standing != Result.Standing.BELOW else "",
        content=to_json(outcome), feedback=feedback, improvements=improvements,
    )  # fmt: skip


def replace_newest(applications: Collection[int]) -> None:
    """Let another result hold for applications: what held before stays, as what was before."""
    Result.objects.filter(application_id__in=applications, is_newest=True).update(is_newest=False)
