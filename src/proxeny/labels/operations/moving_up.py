"""Places given up, and promotions from the waiting list."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.engine.label import NextUp, next_up
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.labels.content import Selection, read_outcome, read_selection, to_json
from proxeny.labels.models import Decision, Result, Round
from proxeny.labels.operations.applying import note_own
from proxeny.labels.operations.confirming import (
    Proposed,
    Rule,
    confirm_by,
    lock_room,
    propose_decision,
    seen_of,
)
from proxeny.labels.operations.deciding import make_result, replace_newest
from proxeny.labels.operations.guards import MOVED_ON, enter_round
from proxeny.labels.operations.jury_mails import tell_managers
from proxeny.labels.operations.meetings import Meeting, check_meeting
from proxeny.labels.operations.rebuilding import Places, changed_selection, read_places
from proxeny.labels.operations.selecting import refuse_conflicted
from proxeny.labels.queries.results import read_own_result
from proxeny.labels.selection_explanations import tell_next
from proxeny.partnerships.operations.room import CHANGED, Entered, note

Standing = Result.Standing
MOST_WHY = 500


@dataclass(frozen=True, slots=True)
class Following:
    """The next application on the waiting list, and those passed over for it, in sentences."""

    number: int | None
    title: str
    free: int
    passed_over: tuple[str, ...]


@transaction.atomic
def give_up_place(*, actor: Reader, application_id: int, why: str, now: datetime) -> Result:
    """Give up the place of the actor's own application, before the label was given.

    Side effects: the result records it; a mail to the managers; an audit row that the applicant
    reads.

    Raises
    ------
    NotFound, Conflict
        Not the actor's own; it has no place; the label was given.
    InvalidInput
        No reason, or too long a one.
    """
    own = read_own_result(actor, application_id)
    why = why.strip()
    if own.result is None or own.result.standing != Standing.CHOSEN:
        raise Conflict(_("This application has no place to give up."))
    if own.issued:
        raise Conflict(
            _("The label has been awarded. Write to the clusters if it should be revoked.")
        )
    if not why:
        raise InvalidInput(_("Give a reason. The clusters can read it."), field="why")
    if len(why) > MOST_WHY:
        raise InvalidInput(
            _("Shorten this to %(most)d characters.") % {"most": MOST_WHY}, field="why"
        )
    with as_service("Applicants may give up their place, but write neither rounds nor results."):
        Round.objects.select_for_update(no_key=True).get(pk=own.round.pk)
        mine = Result.objects.filter(pk=own.result.pk, is_newest=True, standing=Standing.CHOSEN)
        if not mine.update(standing=Standing.GIVEN_UP):
            raise Conflict(MOVED_ON)
    note_own(actor, "give_up_place", own.application)
    title, held = own.application.title, own.round

    def told() -> tuple[str, str]:
        return (
            _("A place is free: “%(title)s”") % {"title": title},
            _(
                "“%(title)s” has given up its place in “%(round)s”: %(why)s See who moves up on "
                "the results page."
            )
            % {"title": title, "round": held.title, "why": why},
        )

    tell_managers(held, told, key=f"given-up:{own.result.pk}", now=now, about=[own.application.pk])
    own.result.standing = Standing.GIVEN_UP
    return own.result


def read_following(*, actor: Reader, held: Round) -> Following:
    """Return the next application for a free place of a decided round. Five queries.

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
        number,
        titles.get(str(number), ""),
        places.free,
        tuple(tell_next(found, titles, quotas)) if places.free else (),
    )


@transaction.atomic
def move_up(
    *,
    actor: Reader,
    partnership_id: int,
    round_id: int,
    number: int,
    meeting: Meeting,
    now: datetime,
) -> Decision:
    """Propose that the next application on the waiting list gets a free place.

    It holds once every other cluster has confirmed it.

    Parameters
    ----------
    number : int
        The application that was shown as next: no other is promoted by mistake.

    Side effects: a decision that waits; mails to the managers of the other clusters. Once it holds,
    a result with the draft of a letter, and an audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_round`; a conflict of interest; no place is free, nobody waits, or another
        application is next by now.
    InvalidInput
        Of the meeting.
    """
    lock_room(partnership_id)
    entered = enter_round(actor, partnership_id, round_id, Round.State.DECIDED)
    held = entered.record
    places, found = _look(actor, held)
    if not found.free:
        raise Conflict(_("No place is free."))
    if found.number is None:
        raise Conflict(_("No application on the waiting list can move up."))
    if found.number != number:
        raise Conflict(CHANGED)
    check_meeting(meeting, held, now=now)
    content = _with(places, number)
    proposed = Proposed(Decision.Kind.MOVED_UP, meeting, content, seen_of(number, to_json(content)))
    return propose_decision(actor, entered, proposed, now=now)


def _look(actor: Reader, held: Round) -> tuple[Places, Following]:
    refuse_conflicted(actor, held)
    places = read_places(held)
    return places, _following(places, _ask(places))


def _with(places: Places, number: int) -> Selection:
    """Return the selection after a promotion."""
    return changed_selection(
        places,
        chosen=[*places.chosen, number],
        waiting=[one for one in places.waiting if one != number],
    )


def moves_up(decision: Decision, places: Places) -> int | None:
    """Return the application promoted by a waiting decision, by number."""
    chosen = read_selection(decision.content).chosen
    return next((one for one in chosen if one not in places.chosen), None)


def is_as_proposed(actor: Reader, held: Round, decision: Decision) -> bool:
    """Whether the same application would move up now as was proposed."""
    places, found = _look(actor, held)
    return (
        found.free > 0 and found.number is not None and found.number == moves_up(decision, places)
    )


def _look_again(actor: Reader, entered: Entered[Round], decision: Decision, _now: datetime) -> str:
    places, found = _look(actor, entered.record)
    if not found.free or found.number is None or found.number != moves_up(decision, places):
        return ""
    return seen_of(found.number, to_json(_with(places, found.number)))


def _hold(actor: Reader, entered: Entered[Round], decision: Decision, _now: datetime) -> None:
    """All have confirmed: it has the place, and a letter to be sent."""
    held = entered.record
    places = read_places(held)
    number = moves_up(decision, places)
    if number is None:
        raise Conflict(CHANGED)
    old = places.results[number]
    replace_newest([old.application_id])
    made = make_result(
        decision,
        old.application,
        Standing.CHOSEN,
        read_outcome(old.content),
        rank=old.rank,
        text=places.text,
    )
    made.save()
    note(actor, "move_up_in_round", entered, decision, changes={"title": held.title})


confirm_by(Decision.Kind.MOVED_UP, Rule(_look_again, _hold))
