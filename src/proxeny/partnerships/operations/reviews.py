"""The health review: opened, answered alone by each person, shown to all at once."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships import rules
from proxeny.partnerships.factors import BY_CODE, FACTORS
from proxeny.partnerships.models import HealthAnswer, HealthReview
from proxeny.partnerships.operations import advice, guards
from proxeny.partnerships.operations.room import enter, own_side

#: Answers are asked for at most so long.
LONGEST_DAYS = 180


@transaction.atomic
def open_review(*, actor: Reader, partnership_id: int, due_on: date, now: datetime) -> HealthReview:
    """Ask the teams of all parties how the partnership does.

    Side effects: a mail to the managers of the other parties.

    Raises
    ------
    NotFound, NotAllowed
        As for every record of the room; managers only.
    InvalidInput
        The last day for answers is past or too far away.
    Conflict
        A review is open already.
    """
    partnership, parties = enter(actor, partnership_id, binding=True)
    if not 0 <= (due_on - now.date()).days <= LONGEST_DAYS:
        raise InvalidInput(_("Choose a day within the next six months."), field="due_on")
    partnership, parties = guards.lock(partnership.pk)
    if HealthReview.objects.filter(partnership=partnership, shown_at=None).exists():
        raise Conflict(_("A review is already open. Answer it first."))
    made = HealthReview.objects.create(partnership=partnership, opened_at=now, due_on=due_on)
    audit.record(
        actor,
        "open_review",
        made,
        organisation_id=own_side(actor, parties),
        partnership_id=partnership.pk,
        changes={"due_on": str(due_on)},
    )
    mine = rules.party_joined(actor, parties)
    assert mine is not None  # `enter` has seen it  # noqa: S101
    guards.tell_others(
        "review",
        partnership,
        parties,
        actor=actor,
        mine=mine,
        today=now.date(),
        key=f"{made.pk}",
        page="health",
    )
    return made


@transaction.atomic
def answer_review(
    *,
    actor: Reader,
    partnership_id: int,
    review_id: int,
    answers: Mapping[str, tuple[int | None, str]],
    now: datetime,
) -> HealthReview:
    """Save a person's answers; they can be changed until the review is shown.

    They replace all earlier answers of the person.

    Parameters
    ----------
    answers : mapping
        By factor: 1 to 5, or None for "cannot say", and a remark. Missing factors are unanswered.

    Raises
    ------
    NotFound, NotAllowed
        As for every record of the room.
    InvalidInput
        No such factor, or an answer outside 1 to 5.
    Conflict
        The review was shown meanwhile.
    """
    partnership, parties = enter(actor, partnership_id)
    review = _open(partnership.pk, review_id)
    mine = next(
        (
            one
            for one in parties
            if one.organisation_id in actor.organisations and one.state == one.State.JOINED
        ),
        None,
    )
    if mine is None:
        raise NotAllowed(_("Only the cluster teams can answer."))
    for factor, (value, _remark) in answers.items():
        if factor not in BY_CODE or not (value is None or 1 <= value <= 5):
            raise InvalidInput(_("Answer from 1 to 5."), field=factor)
    with as_service("All answers are counted, though nobody may read those of other people."):
        HealthAnswer.objects.filter(review=review, person_id=actor.own_id).delete()
        HealthAnswer.objects.bulk_create(
            HealthAnswer(
                review=review,
                partnership=partnership,
                party=mine,
                person_id=actor.person,
                factor=factor,
                value=value,
                comment=remark.strip()[:1000],
            )
            for factor, (value, remark) in answers.items()
        )
        # Not counted by the database: that would leave out erased people.
        said = HealthAnswer.objects.filter(review=review).values_list("party_id", "person_id")
        people = Counter(party_id for party_id, _person_id in said.distinct())
        counts = {str(one.pk): people[one.pk] for one in parties}
        HealthReview.objects.filter(pk=review.pk).update(answered=counts)
    review.answered = counts
    return review


@transaction.atomic
def show_review(
    *, actor: Reader, partnership_id: int, review_id: int, now: datetime
) -> HealthReview:
    """End a review: from now on both sides read all answers, and what follows from them.

    Side effects: recommendations are drafted by rules that name the answers they rest on; mails to
    the managers of the other parties.

    Raises
    ------
    NotFound, NotAllowed
        As for every record of the room; managers only.
    Conflict
        It is shown already, or a party has not answered: alone, one side's answers are shown to
        nobody.
    """
    partnership, parties = enter(actor, partnership_id, binding=True)
    review = _open(partnership.pk, review_id)
    needed = [one for one in parties if one.state == one.State.JOINED]
    missing = [one.organisation.name for one in needed if not review.answered.get(str(one.pk))]
    if missing:
        raise Conflict(
            _("%(name)s hasn’t answered yet. Nothing is shown until all sides have.")
            % {"name": missing[0]}
        )
    review.shown_at = now
    review.version += 1
    review.save(update_fields=["shown_at", "version"])
    advice.draft_from_review(actor, partnership, parties, review, now=now)
    audit.record(
        actor,
        "show_review",
        review,
        organisation_id=own_side(actor, parties),
        partnership_id=partnership.pk,
    )
    mine = rules.party_joined(actor, parties)
    assert mine is not None  # noqa: S101 - as above
    guards.tell_others(
        "reviewed",
        partnership,
        parties,
        actor=actor,
        mine=mine,
        today=now.date(),
        key=f"{review.pk}",
        page="health",
    )
    return review


@dataclass(frozen=True, slots=True)
class Counted:
    """Numbers of people of a party who have answered something, and everything."""

    begun: int = 0
    done: int = 0

    @property
    def underway(self) -> int:
        """The number of people who have not answered everything yet."""
        return self.begun - self.done


def count_answers(review: HealthReview) -> dict[int, Counted]:
    """Return how many have answered, by party, without their answers. One query.

    Read as the service, since a reader sees their own answers alone.
    """
    with as_service("How many have answered is open to all, but the answers are not."):
        people = list(
            HealthAnswer.objects.filter(review=review)
            .order_by()
            .values("party_id", "person_id")
            .annotate(factors=Count("factor"))
        )
    found: dict[int, Counted] = {}
    for one in people:
        before = found.get(one["party_id"], Counted())
        is_done = one["factors"] >= len(FACTORS)
        found[one["party_id"]] = Counted(before.begun + 1, before.done + is_done)
    return found


def _open(partnership_id: int, review_id: int) -> HealthReview:
    found = HealthReview.objects.filter(pk=review_id, partnership_id=partnership_id)
    if not found.exists():
        raise NotFound(_("We couldn’t find this entry."))
    with as_service("Anyone in the teams may answer, though only managers write reviews."):
        review = found.select_for_update().get()
    if review.shown_at:
        raise Conflict(_("This review has since been closed."))
    return review
