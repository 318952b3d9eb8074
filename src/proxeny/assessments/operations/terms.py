"""The terms of a service: written of what the teams noted, signed by all sides, and what follows."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from proxeny.assessments.models import Question, Service
from proxeny.assessments.operations.catalogue import (
    Entered,
    enter_team,
    hold_service,
    write_service,
)
from proxeny.assessments.queries.catalogue import (
    deliverers_of,
    terms_of,
    texts_of,
    with_words,
)
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.lists import join_items
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships.amounts import tell_amount
from proxeny.partnerships.models import Agreement, Partnership, Party
from proxeny.partnerships.operations import signing
from proxeny.partnerships.operations.room import note
from proxeny.partnerships.operations.signers import Side
from proxeny.partnerships.queries import parties_of
from proxeny.partnerships.rules import party_managed
from proxeny.partnerships.texts import Rewrite

State = Service.State
Kind = Agreement.Kind


def write_terms(service: Service, parties: list[Party], *, language: str = "en") -> str:
    """Return the text that all sides sign: the same words for the same figures, in English.

    In another language it is for reading alone.

    It contains the service's name in all its languages. Deliverers are named by cluster: the people
    may change without a new signature. Two queries.
    """
    with override(language):
        named = texts_of(service).values()
        clusters = [one.organisation.name for one in parties if one.state == Party.State.JOINED]
        lines = [
            _("Terms of the service “%(name)s”")
            % {"name": " / ".join(dict.fromkeys(one.name for one in named))},
            _("Partnership: %(title)s") % {"title": service.partnership.title},
            _("Market question: %(question)s") % {"question": Question(service.question).label},
            _("Price: %(price)s")
            % {
                "price": tell_amount(service.price, service.currency)
                if service.price
                else _("free of charge")
            },
            _("Paid by: %(payer)s") % {"payer": service.get_payer_display()},
            _("Maximum number at the same time: %(capacity)s") % {"capacity": service.capacity},
            _("Report within %(days)s days of the signed brief") % {"days": service.promised_days},
            _("Delivered jointly by: %(clusters)s") % {"clusters": join_items(clusters)},
        ]
    return "\n\n".join(lines)


def rewrite_terms(agreement: Agreement) -> Rewrite | None:
    """Return how the terms are written again in another language; None if the service is hidden."""
    service = Service.objects.select_related("partnership").filter(pk=agreement.subject).first()
    if service is None:
        return None
    parties = parties_of(service.partnership)
    return lambda: write_terms(service, parties, language=get_language() or "en")


@transaction.atomic
def ask_terms(
    *, actor: Reader, partnership_id: int, service_id: int, seen: int, now: datetime
) -> Agreement:
    """Put a service's terms before all sides; the actor's side signs at once.

    Parameters
    ----------
    seen : int
        The version of the service that was read: nobody signs what was changed since.

    Side effects: mails to the managers of the other sides; what waited before is closed. With the
    last signature the service is offered.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_team`; the actor manages none of the clusters; the service changed since, or is
        offered on these terms already.
    InvalidInput
        Nobody delivers it on one side.
    """
    entered = enter_team(actor, partnership_id)
    if party_managed(actor, entered.parties) is None:
        raise NotAllowed(_("Only a manager of one of the clusters can sign."))
    hold_service(entered, service_id, State.DRAFT, State.SIGNING, version=seen)
    service = Service.objects.select_related("partnership").get(pk=service_id)
    _refuse_alone(service, entered, now.date())
    waiting = terms_of(service)
    if waiting and not (waiting.closed_at or waiting.completed_at):
        raise Conflict(_("Its terms are already waiting for signatures. Read and sign them."))
    before = service.state
    write_service(service, state=State.SIGNING)
    agreement = signing.ask_signatures(
        actor=actor,
        partnership=entered.partnership,
        parties=entered.parties,
        kind=Kind.SERVICE,
        subject=str(service.pk),
        text=write_terms(service, entered.parties),
        now=now,
    )
    if agreement.completed_at is None and before != State.SIGNING:
        note(actor, "ask_terms", entered, service, changes={"state": [before, State.SIGNING.value]})
    return agreement


def _refuse_alone(service: Service, entered: Entered, today: date) -> None:
    """Refuse terms of a service that nobody delivers on one side; in an alliance two sides must."""
    found = deliverers_of([service], entered.parties, today=today)[service.pk]
    ready = [one for one in found if one.person and not one.has_left]
    if len(ready) < min(2, len(found)):
        missing = [one.party.organisation.name for one in found if one not in ready]
        raise InvalidInput(
            _(
                "No one has been named to deliver it at %(clusters)s yet. Each side names its "
                "own person first."
            )
            % {"clusters": join_items(missing)}
        )


def _offer(
    actor: Reader,
    partnership: Partnership,
    agreement: Agreement,
    mine: Side,
    now: datetime,
) -> None:
    """All have signed: members see the service from now on."""
    with as_service("The last signature offers the service, whichever side it came from."):
        service = Service.objects.select_for_update().get(pk=agreement.subject)
    before = service.state
    write_service(service, state=State.OFFERED)
    _note(actor, "offer_service", agreement, mine, service, before)


def _put_back(
    actor: Reader,
    partnership: Partnership,
    agreement: Agreement,
    mine: Side,
    now: datetime,
) -> None:
    """One side did not sign: the service is a draft again."""
    with as_service("A refusal returns the service to a draft, whichever side it came from."):
        service = Service.objects.select_for_update().get(pk=agreement.subject)
    if service.state == State.SIGNING:
        write_service(service, state=State.DRAFT)
        _note(actor, "refuse_service", agreement, mine, service, State.SIGNING.value)


def _note(
    actor: Reader,
    verb: str,
    agreement: Agreement,
    mine: Side,
    service: Service,
    before: str,
) -> None:
    with as_service("What follows from a signature is recorded, whichever side it came from."):
        audit.record(
            actor,
            verb,
            service,
            organisation_id=mine.organisation_id,
            partnership_id=agreement.partnership_id,
            changes={"state": [before, str(service.state)]},
        )


def name_services(subjects: set[str]) -> dict[str, str]:
    """Return the names of services, by their ids as text; read in the service role."""
    numbers = [int(one) for one in subjects if one.isdecimal()]
    found: Mapping[int, str] = dict(
        with_words(Service.objects.filter(pk__in=numbers)).values_list("pk", "name")
    )
    return {str(pk): name for pk, name in found.items()}


signing.FOLLOWS.add(Kind.SERVICE, signing.Follow(_offer, refused=_put_back))
