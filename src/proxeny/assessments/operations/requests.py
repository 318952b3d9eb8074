"""A company asks for an assessment; it changes or withdraws what it asked, and the teams decline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.assessments import rules
from proxeny.assessments.models import Answer, Engagement, Service
from proxeny.assessments.operations import mails
from proxeny.assessments.operations.guards import (
    Entered,
    enter_as_client,
    enter_as_team,
    note_deed,
    write_engagement,
)
from proxeny.assessments.queries.catalogue import free_places
from proxeny.assessments.queries.engagements import load_engagements
from proxeny.assessments.queries.own import questions_of
from proxeny.directory.countries import country_codes
from proxeny.directory.models import Organisation
from proxeny.directory.queries.memberships import members_in
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships.models import Agreement, Partnership, Party
from proxeny.partnerships.operations import signing
from proxeny.partnerships.queries import parties_joined

State = Engagement.State
#: What is written of a request, besides the answers.
FIELDS = ("title", "product", "market", "language", "wanted_on")


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """A company's request; `answers` to the questions of the template, in their order."""

    title: str
    market: str
    product: str = ""
    language: str = "en"
    wanted_on: date | None = None
    answers: tuple[str, ...] = ()


@transaction.atomic
def ask_assessment(
    *, actor: Reader, service_id: int, client_id: int, facts: RequestFacts, now: datetime
) -> Engagement:
    """Request an offered service, for a company that the actor represents.

    Side effects: an audit row; mails to the people who deliver on each side, and a receipt.

    Raises
    ------
    NotFound, NotAllowed
        The service is not offered to the company; the actor does not represent it.
    InvalidInput
        The request is empty, no such country or language, a day that has passed.
    """
    service = _offered(service_id)
    if client_id not in actor.organisations:
        raise NotAllowed(_("Only people from the company can request it."))
    if service.partnership_id not in actor.circles:
        raise NotFound(_("We couldn’t find this service."))
    return _make(actor, service, client_id, facts, now)


@transaction.atomic
def note_request(
    *, actor: Reader, service_id: int, client_id: int, facts: RequestFacts, now: datetime
) -> Engagement:
    """Record a request that a member of either cluster made by phone or in person.

    Side effects and errors as of `ask_assessment`; the company's representatives get the receipt.
    """
    service = _offered(service_id)
    if service.partnership_id not in actor.rooms:
        raise NotFound(_("We couldn’t find this service."))
    if rules.party_of_team(actor, parties_joined(service.partnership_id)) is None:
        raise NotAllowed(_("Only the teams of the two clusters can do this."))
    if not Organisation.objects.filter(pk=client_id).exists():
        # A member that the other cluster does not share: the request would tell its name.
        raise NotFound(_("We couldn’t find this organisation."))
    return _make(actor, service, client_id, facts, now)


def _offered(service_id: int) -> Service:
    service = Service.objects.filter(pk=service_id).first()
    if service is None:
        raise NotFound(_("We couldn’t find this service."))
    with as_service("That the reader sees the service was checked; its state decides the rest."):
        found: Service = Service.objects.select_related("partnership").get(pk=service_id)
    if found.partnership.state != Partnership.State.ACTIVE:
        raise Conflict(_("This partnership has ended. Its records stay as they are."))
    if found.state != Service.State.OFFERED:
        raise Conflict(_("This service isn’t offered at the moment."))
    return found


def _make(
    actor: Reader, service: Service, client_id: int, facts: RequestFacts, now: datetime
) -> Engagement:
    parties = parties_joined(service.partnership_id)
    with as_service("A team asks for members of the other cluster too, whom it may not see."):
        cluster_id = _cluster_of(parties, client_id, now.date())
    questions = questions_of(service)
    values, answers = _checked(facts, questions, now.date())
    waits = not free_places(service)
    with as_service("The company's people or the team may ask, which was checked before."):
        made = Engagement.objects.create(
            partnership=service.partnership,
            service=service,
            client_id=client_id,
            cluster_id=cluster_id,
            asked_by_id=actor.person,
            asked_at=now,
            question=service.question,
            price=service.price,
            currency=service.currency,
            payer=service.payer,
            **values,
        )
        _write_answers(made, questions, answers)
    engagement = load_engagements([made.pk])[0]
    mine = rules.party_of_team(actor, parties)
    entered = Entered(engagement, tuple(parties), mine)
    note_deed(actor, "ask_assessment", entered)
    mails.tell_asked(engagement, parties, actor=actor, today=now.date(), waits=waits)
    return engagement


def _cluster_of(parties: Sequence[Party], client_id: int, today: date) -> int:
    """Return the first of the clusters that a company is a member of."""
    clusters = {cluster for _member, cluster in members_in([client_id], today=today)}
    if not Organisation.objects.filter(pk=client_id).exists():
        raise NotFound(_("We couldn’t find this organisation."))
    for one in sorted(parties, key=lambda party: party.side):
        if one.organisation_id in clusters:
            return one.organisation_id
    raise InvalidInput(
        _("Only members of this partnership’s clusters can request it."), field="client"
    )


def _write_answers(engagement: Engagement, questions: Sequence[str], given: Sequence[str]) -> None:
    Answer.objects.bulk_create(
        Answer(
            engagement=engagement,
            partnership_id=engagement.partnership_id,
            order=number,
            asked=asked,
            text=given[number - 1] if number <= len(given) else "",
        )
        for number, asked in enumerate(questions, 1)
    )


@transaction.atomic
def change_request(
    *, actor: Reader, engagement_id: int, version: int, facts: RequestFacts, now: datetime
) -> Engagement:
    """Change a company's request as long as nobody works on it.

    The questions stay those of the day it was asked.

    Side effects: an audit row; a mail to the people who deliver.

    Raises
    ------
    NotFound, NotAllowed, InvalidInput
        As of `ask_assessment`.
    Conflict
        It is no longer just asked for, or somebody saved in between.
    """
    entered = enter_as_client(actor, engagement_id, State.ASKED, version=version)
    one = entered.engagement
    with as_service("The company may change its own request, which was checked on entry."):
        kept = list(one.answers.order_by("order"))
    values, given = _checked(facts, [answer.asked for answer in kept], now.date(), before=one)
    changed = [name for name, value in values.items() if getattr(one, name) != value]
    answered = [answer for answer, text in zip(kept, given, strict=True) if answer.text != text]
    if not changed and not answered:
        return one
    with as_service("The company may change its own request, which was checked on entry."):
        for answer, text in zip(kept, given, strict=True):
            if answer.text != text:
                answer.text = text
                answer.save(update_fields=["text"])
    write_engagement(one, **values)
    note_deed(actor, "change_request", entered)
    mails.tell_changed(one, entered.parties, actor=actor, today=now.date())
    return one


@transaction.atomic
def withdraw_request(
    *, actor: Reader, engagement_id: int, reason: str, now: datetime
) -> Engagement:
    """Take a request back, until all have signed its brief.

    Side effects: an audit row; a brief that waits for signatures is closed; a mail to the teams.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        Not seen; not of the company; the work has begun, or it is over.
    InvalidInput
        No reason.
    """
    entered = enter_as_client(actor, engagement_id, *rules.BEFORE)
    _end(actor, entered, State.WITHDRAWN, reason, "withdraw_request", now)
    mails.tell_withdrawn(entered.engagement, entered.parties, actor=actor, today=now.date())
    return entered.engagement


@transaction.atomic
def decline_request(*, actor: Reader, engagement_id: int, reason: str, now: datetime) -> Engagement:
    """Decline a request with a reason that the company reads, until all have signed its brief.

    Side effects and errors as of `withdraw_request`, for the teams.
    """
    entered = enter_as_team(actor, engagement_id, *rules.BEFORE)
    _end(actor, entered, State.DECLINED, reason, "decline_request", now)
    mails.tell_declined(entered.engagement, actor=actor, today=now.date())
    return entered.engagement


def _end(
    actor: Reader, entered: Entered, state: str, reason: str, verb: str, now: datetime
) -> None:
    reason = reason.strip()
    if not reason:
        raise InvalidInput(
            _("Give a reason in one sentence. The other side will see it."), field="reason"
        )
    one = entered.engagement
    before = one.state
    signing.void(one.partnership_id, Agreement.Kind.BRIEF, str(one.pk), now=now)
    write_engagement(one, state=state, reason=reason[:1000], ended_at=now)
    note_deed(actor, verb, entered, changes={"state": [before, str(state)]})


def _checked(
    facts: RequestFacts, questions: Sequence[str], today: date, *, before: Engagement | None = None
) -> tuple[dict[str, Any], list[str]]:
    """Return the values of a request, and one answer to each question."""
    values = {
        "title": facts.title.strip(),
        "product": facts.product.strip(),
        "market": facts.market.strip().upper(),
        "language": facts.language,
        "wanted_on": facts.wanted_on,
    }
    is_past = facts.wanted_on is not None and facts.wanted_on < today
    if before is not None and before.wanted_on == facts.wanted_on:
        is_past = False
    limits = (
        (values["title"], "title", _("Enter what you want to know in one sentence.")),
        (len(facts.title.strip()) <= 200, "title", _("Use 200 characters or fewer.")),
        (
            len(facts.product.strip()) <= 2000,
            "product",
            _("Use no more than 2,000 characters."),
        ),
        (values["market"] in country_codes(), "market", _("Choose a country from the list.")),
        (
            facts.language in dict(settings.LANGUAGES),
            "language",
            _("Proxeny isn’t available in this language."),
        ),
        (not is_past, "wanted_on", _("This date is in the past. Choose a later one.")),
    )
    for holds, name, sentence in limits:
        if not holds:
            raise InvalidInput(sentence, field=name)
    answers = [text.strip() for text in facts.answers[: len(questions)]]
    answers += [""] * (len(questions) - len(answers))
    for number, text in enumerate(answers, 1):
        if len(text) > 2000:
            raise InvalidInput(_("Use no more than 2,000 characters."), field=f"answer_{number}")
    return values, answers
