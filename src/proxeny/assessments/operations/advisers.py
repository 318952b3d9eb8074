"""Advisers of an engagement: each side names and releases its own."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from proxeny.accounts.models import Person
from proxeny.assessments import rules
from proxeny.assessments.models import Adviser, Engagement, Service
from proxeny.assessments.operations import mails
from proxeny.assessments.operations.guards import (
    Entered,
    enter_as_team,
    note_deed,
    write_engagement,
)
from proxeny.assessments.queries.advisers import candidates_of, declared
from proxeny.assessments.queries.catalogue import free_places
from proxeny.assessments.queries.engagements import get_engagement
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships.models import Party

State = Engagement.State
#: In which states somebody can be named.
NAMING = (*rules.RUNNING, State.ASKED, State.HANDED_OVER)
NO_PLACE = gettext_lazy(
    "All places for this service are taken. The request will wait until one becomes free."
)
ONLY_FREE = gettext_lazy("Only advisers who have declared no conflict of interest can work on it.")
MOST_DAYS = Decimal("999.9")


def enter_as_worker(
    actor: Reader, engagement_id: int, *states: str, version: int | None = None
) -> Entered:
    """Enter an engagement as one of its advisers who has declared no conflict.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_as_team`; the actor is no adviser of it, or has not declared.
    """
    entered = enter_as_team(actor, engagement_id, *states, version=version)
    with as_service("Whether the actor may work on it must not depend on what they can read."):
        named = Adviser.objects.filter(
            engagement=entered.engagement, person=actor.person, left_at=None
        )
        free = declared([engagement_id]).filter(person=actor.person)
        is_free = named.exists() and free.exists()
    if not is_free:
        raise NotAllowed(ONLY_FREE)
    return entered


@transaction.atomic
def name_adviser(
    *,
    actor: Reader,
    engagement_id: int,
    person_id: int,
    leads: bool,
    effort_days: Decimal,
    now: datetime,
) -> Adviser:
    """Name an adviser on the actor's own side of an engagement, or change their details.

    The first to be named accepts the request: it takes a place of the service. Each declares for
    themselves before they work on it.

    Parameters
    ----------
    leads : bool
        Whether they lead on this side; a previous lead continues as adviser.
    effort_days : Decimal
        How much of their working time it may take.

    Side effects: audit rows; a mail to the adviser, and to the company once the first is named.

    Raises
    ------
    NotFound, NotAllowed
        Not seen; not of a team.
    InvalidInput
        The person holds no seat at the actor's cluster, or has declared a conflict of interest.
    Conflict
        No place of the service is free, or the engagement is over.
    """
    entered = enter_as_team(actor, engagement_id, *NAMING)
    one, mine = entered.engagement, _mine(entered)
    person = _candidate(one, mine, person_id, now.date())
    if not 0 <= effort_days <= MOST_DAYS:
        raise InvalidInput(
            _("Enter the number of days of work it may take, from 0 to 999."), field="effort_days"
        )
    _accept(actor, entered, now)
    with as_service("Teams name advisers of their own side, which was checked before."):
        before = Adviser.objects.filter(engagement=one, person=person).first()
        leads = leads or not _is_led(one, mine, but=person.pk)
        if leads:
            Adviser.objects.filter(engagement=one, party=mine, leads=True).exclude(
                person=person
            ).update(leads=False)
        adviser, _made = Adviser.objects.update_or_create(
            engagement=one,
            person=person,
            defaults={
                "partnership_id": one.partnership_id,
                "party": mine,
                "leads": leads,
                "effort_days": effort_days,
                "left_at": None,
            },
            create_defaults={
                "partnership_id": one.partnership_id,
                "party": mine,
                "leads": leads,
                "effort_days": effort_days,
                "asked_at": now,
            },
        )
        has_declared = declared([one.pk]).filter(person=person).exists()
    write_engagement(one)
    note_deed(actor, "name_adviser", entered, changes={"adviser": person.pk, "leads": leads})
    if not has_declared and (before is None or before.left_at is not None):
        mails.tell_named(one, adviser, person, actor=actor)
    settle(actor, entered)
    return adviser


@transaction.atomic
def release_adviser(*, actor: Reader, engagement_id: int, person_id: int, now: datetime) -> Adviser:
    """Release an adviser of the actor's own side from an engagement; they can be named again.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        Not seen, or no adviser of this side; not of a team; the engagement is over.
    """
    entered = enter_as_team(actor, engagement_id, *NAMING)
    with as_service("Teams release advisers of their own side alone, and find no others here."):
        adviser = Adviser.objects.filter(
            engagement_id=engagement_id, person_id=person_id, party=_mine(entered), left_at=None
        ).first()
        if adviser is None:
            raise NotFound(_("No one on your side works on it under this name."))
        adviser.left_at = now
        adviser.save(update_fields=["left_at"])
    write_engagement(entered.engagement)
    note_deed(actor, "release_adviser", entered, changes={"adviser": person_id})
    return adviser


@transaction.atomic
def return_adviser(*, actor: Reader, engagement_id: int, person_id: int, now: datetime) -> Adviser:
    """Name a released adviser again, with the same details; errors as of `name_adviser`."""
    get_engagement(engagement_id)
    with as_service("Advisers who have left are found too, but only those of the actor's side."):
        before = Adviser.objects.filter(
            engagement_id=engagement_id,
            person_id=person_id,
            party__organisation_id__in=actor.organisations,
        ).first()
    if before is None:
        raise NotFound(_("No one on your side works on it under this name."))
    return name_adviser(
        actor=actor,
        engagement_id=engagement_id,
        person_id=person_id,
        leads=before.leads,
        effort_days=before.effort_days,
        now=now,
    )


def settle(actor: Reader, entered: Entered) -> None:
    """Open the brief for writing once each side has a lead without a conflict."""
    one = entered.engagement
    if one.state != State.CHECKING or not is_staffed(one, entered):
        return
    write_engagement(one, state=State.BRIEF)
    note_deed(actor, "open_brief", entered, changes={"state": [State.CHECKING, State.BRIEF]})
    mails.tell_ready(one, actor=actor)


def is_staffed(engagement: Engagement, entered: Entered) -> bool:
    """Whether each side has a lead who has declared no conflict. Two queries."""
    with as_service("A company that reopens its request does not see who declared a conflict."):
        free = declared([engagement.pk]).values("person_id")
        led = Adviser.objects.filter(
            engagement=engagement, leads=True, left_at=None, person__in=free
        ).values_list("party_id", flat=True)
        return {one.pk for one in entered.parties} <= set(led)


def _mine(entered: Entered) -> Party:
    if entered.mine is None:
        raise NotAllowed(_("Only the teams of the two clusters can do this."))
    return entered.mine


def _candidate(engagement: Engagement, mine: Party, person_id: int, today: date) -> Person:
    with as_service("A declared conflict bars a person, whether or not the actor may read it."):
        people = {one.pk: one for one in candidates_of(mine, engagement, today=today)}
        conflicts = declared([engagement.pk], conflicts=True).filter(person=person_id).exists()
    if conflicts:
        raise InvalidInput(
            _("This person has declared a conflict of interest. Name someone else."), field="person"
        )
    if person_id not in people:
        raise InvalidInput(_("Choose someone from your own cluster’s team."), field="person")
    return people[person_id]


def _is_led(engagement: Engagement, party: Party, *, but: int) -> bool:
    led = Adviser.objects.filter(engagement=engagement, party=party, leads=True, left_at=None)
    return led.exclude(person=but).exists()


def refuse_full(engagement: Engagement, sentence: str | Promise) -> None:
    """Lock the service of an engagement; `Conflict` with a sentence if it has no place free."""
    with as_service("A company that reopens its request may not lock the service itself."):
        # Locked, so that two requests do not take the last place at once.
        service = Service.objects.select_for_update().get(pk=engagement.service_id)
    if not free_places(service):
        raise Conflict(sentence)


def _accept(actor: Reader, entered: Entered, now: datetime) -> None:
    """Take a place of the service for a request that is only asked for."""
    one = entered.engagement
    if one.state != State.ASKED:
        return
    refuse_full(one, NO_PLACE)
    write_engagement(one, state=State.CHECKING)
    note_deed(actor, "accept_request", entered, changes={"state": [State.ASKED, State.CHECKING]})
    mails.tell_begun(one, actor=actor, today=now.date())
