"""A place that is given up, and who moves up into it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.engine.label import NextUp, next_up
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.labels.content import read_outcome
from proxeny.labels.models import Decision, Result, Round
from proxeny.labels.operations.applying import note_own
from proxeny.labels.operations.deciding import (
    Meeting,
    add_decision,
    check_meeting,
    make_result,
    replace_newest,
)
from proxeny.labels.operations.entering import CHANGED, MOVED_ON, enter_round, note
from proxeny.labels.operations.jury_mails import tell_managers
from proxeny.labels.operations.rebuilding import Places, changed_selection, read_places
from proxeny.labels.operations.selecting import refuse_conflicted
from proxeny.labels.queries.results import read_own_result
from proxeny.labels.telling_selection import tell_next

Standing = Result.Standing
MOST_WHY = 500


@dataclass(frozen=True, slots=True)
class Following:
    """Who moves up next, and who is passed over for it, in sentences."""

    number: int | None
    title: str
    free: int
    passed_over: tuple[str, ...]


@transaction.atomic
def give_up_place(*, actor: Reader, application_id: int, why: str, now: datetime) -> Result:
    """Give the place of one's own application up, before the label was given.

    Side effects: the result says so; a mail to the managers; an audit row that the applicant reads.

    Raises
    ------
    NotFound, Conflict
        Not one's own; it has no place; the label was given.
    InvalidInput
        No reason, or too long a one.
    """
    own = read_own_result(actor, application_id)
    why = why.strip()
    if own.result is None or own.result.standing != Standing.CHOSEN:
        raise Conflict(_("This application has no place that could be given up."))
    if own.issued:
        raise Conflict(_("The label is given. Write to the clusters if it is to be taken back."))
    if not why:
        raise InvalidInput(_("Say why: the clusters read it."), field="why")
    if len(why) > MOST_WHY:
        raise InvalidInput(_("Shorten this to %(most)d letters.") % {"most": MOST_WHY}, field="why")
    with as_service():
        Round.objects.select_for_update(no_key=True).get(pk=own.round.pk)
        mine = Result.objects.filter(pk=own.result.pk, is_newest=True, standing=Standing.CHOSEN)
        if not mine.update(standing=Standing.GIVEN_UP):
            raise Conflict(MOVED_ON)
    note_own(actor, "give_up_place", own.application)
    title, held = own.application.title, own.round

    def told() -> tuple[str, str]:
        return (
            _("A place is free: “%(title)s”") % {"title": title},
            _("“%(title)s” gives its place in “%(round)s” up: %(why)s See on the results page who"
              " moves up.") % {"title": title, "round": held.title, "why": why},
        )  # fmt: skip

    tell_managers(held, told, key=f"given-up:{own.result.pk}", now=now,
                  about=[own.application.pk])  # fmt: skip
    own.result.standing = Standing.GIVEN_UP
    return own.result


def read_following(*, actor: Reader, held: Round) -> Following:
    """Return who would move up into the next free place of a decided round. Five queries.

    Raises
    ------
    NotAllowed
        The actor has a conflict of interest in an application of the round.
    """
    refuse_conflicted(actor, held)
    places = read_places(held)
    return _following(places, _ask(places))


def _ask(places: Places) -> NextUp:
    return next_up(places.choice, list(map(str, places.chosen)), list(map(str, places.gone)))


def _following(places: Places, found: NextUp) -> Following:
    titles = {str(number): one.application.title for number, one in places.results.items()}
    quotas = {one.key: places.text.told(one.title) for one in places.text.quotas}
    number = int(found.key) if found.key is not None and places.free else None
    return Following(
        number, titles.get(str(number), ""), places.free,
        tuple(tell_next(found, titles, quotas)) if places.free else (),
    )  # fmt: skip


@transaction.atomic
def move_up(
    *, actor: Reader, partnership_id: int, round_id: int, number: int, meeting: Meeting,
    now: datetime,
) -> Decision:  # fmt: skip
    """Let whoever is next on the waiting list have a free place.

    Parameters
    ----------
    number : int
        Who was shown as next: nobody else moves up by mistake.

    Side effects: a decision, a result with the draft of a letter, an audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_round`; a conflict of interest; no place is free, nobody waits, or somebody
        else is next by now.
    InvalidInput
        Of the meeting.
    """
    entered = enter_round(actor, partnership_id, round_id, Round.State.DECIDED)
    held = entered.round
    refuse_conflicted(actor, held)
    places = read_places(held)
    found = _following(places, _ask(places))
    if not found.free:
        raise Conflict(_("No place is free."))
    if found.number is None:
        raise Conflict(_("Nobody on the waiting list can move up."))
    if found.number != number:
        raise Conflict(CHANGED)
    check_meeting(meeting, held, now=now)
    old = places.results[number]
    selection = changed_selection(
        places, chosen=[*places.chosen, number],
        waiting=[one for one in places.waiting if one != number],
    )  # fmt: skip
    decision = add_decision(actor, entered, Decision.Kind.MOVED_UP, meeting, selection, now=now)
    replace_newest([old.application_id])
    made = make_result(
        decision, old.application, Standing.CHOSEN, read_outcome(old.content), rank=old.rank,
        text=places.text,
    )  # fmt: skip
    made.save()
    note(
        actor, "move_up_in_round", decision, partnership_id=partnership_id,
        organisation_id=entered.organisation_id, changes={"title": held.title},
    )  # fmt: skip
    return decision
