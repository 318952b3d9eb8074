"""Each side names who works on an engagement, and takes them out again."""

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
from proxeny.assessments.operations.entering import (
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
    "All places of this service are taken. The request waits until one of them is free."
)
ONLY_FREE = gettext_lazy(
    "Only advisers who have declared to be free of a conflict of interest work on it."
)
MOST_DAYS = Decimal("999.9")


def enter_as_worker(
    actor: Reader, engagement_id: int, *states: str, version: int | None = None
) -> Entered:
    """Enter an engagement as one of its advisers who has declared to be free.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_as_team`; the actor is no adviser of it, or has not declared.
    """
    entered = enter_as_team(actor, engagement_id, *states, version=version)
    with as_service():
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
    *, actor: Reader, engagement_id: int, person_id: int, leads: bool, effort_days: Decimal,
    now: datetime,
) -> Adviser:  # fmt: skip
    """Name who works on an engagement on one's own side, or change what was said of them.

    The first to be named accepts the request: it takes a place of the service. Each declares for
    themselves before they work on it.

    Parameters
    ----------
    leads : bool
        Whether they lead on this side; who led before works on.
    effort_days : Decimal
        How much of their working time it may take.

    Side effects: audit rows; a mail to who is named, and to the company once the first is.

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
        raise InvalidInput(_("Write how many days of work it may take: 0 to 999."),
                           field="effort_days")  # fmt: skip
    _accept(actor, entered, now)
    with as_service():
        before = Adviser.objects.filter(engagement=one, person=person).first()
        leads = leads or not _is_led(one, mine, but=person.pk)
        if leads:
            Adviser.objects.filter(engagement=one, party=mine, leads=True).exclude(
                person=person
            ).update(leads=False)
        adviser, _made = Adviser.objects.update_or_create(
            engagement=one, person=person,
            defaults={
                "partnership_id": one.partnership_id, "party": mine, "leads": leads,
                "effort_days": effort_days, "left_at": None,
            },
            create_defaults={
                "partnership_id": one.partnership_id, "party": mine, "leads": leads,
                "effort_days": effort_days, "asked_at": now,
            },
        )  # fmt: skip
        has_declared = declared([one.pk]).filter(person=person).exists()
    write_engagement(one)
    note_deed(actor, "name_adviser", entered, changes={"adviser": person.pk, "leads": leads})
    if not has_declared and (before is None or before.left_at is not None):
        mails.tell_named(one, adviser, person, actor=actor)
    settle(actor, entered)
    return adviser


@transaction.atomic
def release_adviser(*, actor: Reader, engagement_id: int, person_id: int, now: datetime) -> Adviser:
    """Take somebody of one's own side out of an engagement; they can be named again.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        Not seen, or no adviser of this side; not of a team; the engagement is over.
    """
    entered = enter_as_team(actor, engagement_id, *NAMING)
    with as_service():
        adviser = Adviser.objects.filter(
            engagement_id=engagement_id, person_id=person_id, party=_mine(entered), left_at=None
        ).first()
        if adviser is None:
            raise NotFound(_("Nobody of your side works on it under this name."))
        adviser.left_at = now
        adviser.save(update_fields=["left_at"])
    write_engagement(entered.engagement)
    note_deed(actor, "release_adviser", entered, changes={"adviser": person_id})
    return adviser


@transaction.atomic
def return_adviser(*, actor: Reader, engagement_id: int, person_id: int, now: datetime) -> Adviser:
    """Name somebody anew who was taken out, as they were; errors as of `name_adviser`."""
    get_engagement(engagement_id)
    with as_service():
        before = Adviser.objects.filter(
            engagement_id=engagement_id, person_id=person_id,
            party__organisation_id__in=actor.organisations,
        ).first()  # fmt: skip
    if before is None:
        raise NotFound(_("Nobody of your side works on it under this name."))
    return name_adviser(
        actor=actor, engagement_id=engagement_id, person_id=person_id, leads=before.leads,
        effort_days=before.effort_days, now=now,
    )  # fmt: skip


def settle(actor: Reader, entered: Entered) -> None:
    """Let the brief be written once each side has a lead who is free."""
    one = entered.engagement
    if one.state != State.CHECKING or not is_staffed(one, entered):
        return
    write_engagement(one, state=State.BRIEF)
    note_deed(actor, "open_brief", entered, changes={"state": [State.CHECKING, State.BRIEF]})
    mails.tell_ready(one, actor=actor)


def is_staffed(engagement: Engagement, entered: Entered) -> bool:
    """Whether on each side somebody leads who has declared to be free. Two queries."""
    with as_service():
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
    with as_service():
        people = {one.pk: one for one in candidates_of(mine, engagement, today=today)}
        conflicts = declared([engagement.pk], conflicts=True).filter(person=person_id).exists()
    if conflicts:
        raise InvalidInput(_("They have declared a conflict of interest. Name somebody else."),
                           field="person")  # fmt: skip
    if person_id not in people:
        raise InvalidInput(_("Choose somebody of your own cluster’s team."), field="person")
    return people[person_id]


def _is_led(engagement: Engagement, party: Party, *, but: int) -> bool:
    led = Adviser.objects.filter(engagement=engagement, party=party, leads=True, left_at=None)
    return led.exclude(person=but).exists()


def refuse_full(engagement: Engagement, sentence: str | Promise) -> None:
    """Lock the service of an engagement; `Conflict` with a sentence if it has no place free."""
    with as_service():
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
