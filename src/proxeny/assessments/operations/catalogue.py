"""The teams keep what their clusters offer: written by either side, delivered by both."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.assessments import rules
from proxeny.assessments.models import Question, Service, ServiceTeam, ServiceText
from proxeny.assessments.queries.catalogue import LANGUAGES, get_service, hold_terms, texts_of
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships.models import Agreement, Partnership, Party
from proxeny.partnerships.operations import guards, signing
from proxeny.partnerships.operations.room import CHANGED, note, save_version
from proxeny.partnerships.room_queries import list_team
from proxeny.partnerships.sums import clean_currency

State = Service.State
#: What all sides sign; whatever else a service says may change freely.
TERMS = ("question", "price", "currency", "payer", "capacity", "promised_days")
#: States in which the terms are signed, or wait for it.
SIGNED = (State.SIGNING, State.OFFERED, State.PAUSED)
MOST_PRICE = Decimal("9999999.99")
#: So long a text is at most.
MOST_LETTERS = {"name": 120, "summary": 300, "details": 4000}


@dataclass(frozen=True, slots=True)
class Words:
    """The name and texts of a service in one language."""

    name: str
    summary: str
    details: str = ""


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """The teams' description of a service; `texts` by language, without those that have no name."""

    question: str
    price: Decimal
    currency: str
    payer: str
    capacity: int
    promised_days: int
    texts: Mapping[str, Words] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entered:
    """A locked partnership as one of its teams enters it."""

    partnership: Partnership
    parties: list[Party]
    mine: Party

    @property
    def record(self) -> Partnership:
        """The partnership, for audit rows."""
        return self.partnership

    @property
    def organisation_id(self) -> int:
        """The actor's cluster."""
        return self.mine.organisation_id


def enter_team(actor: Reader, partnership_id: int) -> Entered:
    """Return an active partnership, locked, of whose teams the actor is.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        Not seen; the actor has no seat at a party's cluster; the partnership is over.
    """
    if partnership_id not in actor.rooms:
        raise NotFound(_("We couldn’t find this partnership."))
    partnership, parties = guards.lock(partnership_id)
    mine = rules.party_of_team(actor, parties)
    if mine is None:
        raise NotAllowed(_("Only the teams of the two clusters can do this."))
    if partnership.state != Partnership.State.ACTIVE:
        raise Conflict(_("This partnership has ended. Its records stay as they are."))
    return Entered(partnership, parties, mine)


def hold_service(
    entered: Entered, service_id: int, *states: str, version: int | None = None
) -> Service:
    """Return a service of an entered partnership, locked; in one of the states, if given.

    Raises
    ------
    NotFound, Conflict
        There is none; somebody saved in between, or it is in none of the states.
    """
    get_service(service_id, entered.partnership.pk)  # whether there is one
    service: Service = Service.objects.select_for_update().get(pk=service_id)
    if version is not None and service.version != version:
        raise Conflict(CHANGED)
    if states:
        _expect_state(service, *states)
    return service


def _expect_state(service: Service, *states: str) -> None:
    if service.state not in states:
        raise Conflict(
            _("This is no longer possible: the service is now “%(state)s”.")
            % {"state": service.get_state_display()}
        )


def write_service(service: Service, **values: Any) -> None:
    """Write fields of a locked service and raise its version."""
    with as_service("A service changes by its teams or by signatures, which callers have checked."):
        save_version(service, **values)


@transaction.atomic
def add_service(
    *, actor: Reader, partnership_id: int, facts: ServiceFacts, now: datetime
) -> Service:
    """Note a service that the clusters could offer: a draft, read by the teams alone.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_team`.
    InvalidInput
        No name in any language, a figure out of range, no such currency, question or payer.
    """
    entered = enter_team(actor, partnership_id)
    values, texts = _checked(facts)
    service = Service.objects.create(partnership=entered.partnership, **values)
    _write_texts(service, texts)
    note(actor, "add_service", entered, service, changes={"title": _title(texts)})
    return service


@transaction.atomic
def change_service(
    *,
    actor: Reader,
    partnership_id: int,
    service_id: int,
    version: int,
    facts: ServiceFacts,
    now: datetime,
    sign_anew: bool = False,
) -> Service:
    """Change the texts or the terms of a service.

    Parameters
    ----------
    sign_anew : bool
        Terms that were sent for signature may change: signatures become void, and members do
        not see the service until all have signed again.

    Raises
    ------
    NotFound, NotAllowed, InvalidInput
        As of `add_service`; the terms change without `sign_anew`.
    Conflict
        Somebody saved in between, or it is no longer offered.
    """
    entered = enter_team(actor, partnership_id)
    service = hold_service(entered, service_id, State.DRAFT, *SIGNED, version=version)
    values, texts = _checked(facts)
    before = {name: getattr(service, name) for name in TERMS}
    terms = {
        name: [str(before[name]), str(value)]
        for name, value in values.items()
        if before[name] != value
    }
    if terms and service.state in SIGNED:
        if not sign_anew:
            raise InvalidInput(
                _("This changes what all sides have signed. Confirm that they need to sign again."),
                field="sign_anew",
            )
        signing.void(partnership_id, Agreement.Kind.SERVICE, str(service.pk), now=now)
        terms["state"] = [service.state, State.DRAFT.value]
        values["state"] = State.DRAFT
    changes = {**terms, **_write_texts(service, texts)}
    if changes:
        write_service(service, **values)
        note(actor, "change_service", entered, service, changes=changes)
    return service


@transaction.atomic
def name_deliverer(
    *, actor: Reader, partnership_id: int, service_id: int, person_id: int | None, now: datetime
) -> Service:
    """Set who delivers a service on the actor's side and receives its requests; None: nobody.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_team`; the service is no longer offered, or is offered and would have nobody.
    InvalidInput
        The person holds no seat at the actor's cluster.
    """
    entered = enter_team(actor, partnership_id)
    service = hold_service(entered, service_id, State.DRAFT, *SIGNED)
    team = list_team([entered.mine], today=now.date()).get(entered.mine.pk, [])
    person = next((one for one in team if one.pk == person_id), None)
    if person_id is not None and person is None:
        raise InvalidInput(_("Choose someone from your own cluster’s team."), field="person")
    if person is None and service.state in SIGNED:
        raise Conflict(_("Someone on your side has to deliver it. Name another person instead."))
    kept = ServiceTeam.objects.filter(service=service, party=entered.mine).first()
    if (kept.person_id if kept else None) == person_id:
        return service
    ServiceTeam.objects.update_or_create(
        service=service,
        party=entered.mine,
        defaults={"partnership": entered.partnership, "person": person},
    )
    write_service(service)
    note(actor, "name_deliverer", entered, service)
    return service


@transaction.atomic
def pause_service(*, actor: Reader, partnership_id: int, service_id: int, now: datetime) -> Service:
    """Take no more requests for a while; those that were made go on. Errors as of `enter_team`."""
    entered = enter_team(actor, partnership_id)
    service = hold_service(entered, service_id, State.OFFERED)
    return _step(actor, entered, service, "pause_service", State.PAUSED)


@transaction.atomic
def resume_service(
    *, actor: Reader, partnership_id: int, service_id: int, now: datetime
) -> Service:
    """Offer again what was paused or taken from the catalogue, on the terms that all have signed.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_team`; the terms hold no longer.
    """
    entered = enter_team(actor, partnership_id)
    service = hold_service(entered, service_id)
    if not hold_terms(service):
        raise Conflict(_("All sides have to sign its terms before it’s offered."))
    _expect_state(service, State.PAUSED, State.RETIRED)
    return _step(actor, entered, service, "resume_service", State.OFFERED)


@transaction.atomic
def retire_service(
    *, actor: Reader, partnership_id: int, service_id: int, now: datetime
) -> Service:
    """Retire a service, or archive a draft; engagements under it continue.

    Terms that wait for signatures are closed. Errors as of `enter_team`.
    """
    entered = enter_team(actor, partnership_id)
    service = hold_service(entered, service_id, State.DRAFT, *SIGNED)
    if service.state == State.SIGNING:
        signing.void(partnership_id, Agreement.Kind.SERVICE, str(service.pk), now=now)
    return _step(actor, entered, service, "retire_service", State.RETIRED)


@transaction.atomic
def reopen_service(
    *, actor: Reader, partnership_id: int, service_id: int, now: datetime
) -> Service:
    """Reopen a retired service: paused if its terms still hold, else as a draft.

    Errors as of `enter_team`; `Conflict` if it is not retired.
    """
    entered = enter_team(actor, partnership_id)
    service = hold_service(entered, service_id, State.RETIRED)
    after = State.PAUSED if hold_terms(service) else State.DRAFT
    return _step(actor, entered, service, "reopen_service", after)


def _step(actor: Reader, entered: Entered, service: Service, verb: str, after: str) -> Service:
    was = service.state
    write_service(service, state=after)
    note(actor, verb, entered, service, changes={"state": [was, str(after)]})
    return service


def _checked(facts: ServiceFacts) -> tuple[dict[str, Any], dict[str, Words]]:
    values = {name: getattr(facts, name) for name in TERMS}
    values["currency"] = clean_price(facts.price, facts.currency, facts.payer)
    _refuse_bad_terms(values)
    texts = {code: _checked_words(code, words) for code, words in facts.texts.items()}
    found = {code: words for code, words in texts.items() if words is not None}
    if not found:
        raise InvalidInput(
            _("Enter its name and a one-sentence description in at least one language."),
            field="name_en",
        )
    return values, found


def clean_price(price: Decimal, currency: str, payer: str) -> str:
    """Return the code of the currency in which a service is paid; refuse what is no price."""
    limits = (
        (price >= 0, "price", _("An amount can’t be negative.")),
        (price <= MOST_PRICE, "price", _("This amount is too large.")),
        (payer in Service.Payer.values, "payer", _("Choose an option from the list.")),
    )
    for holds, name, sentence in limits:
        if not holds:
            raise InvalidInput(sentence, field=name)
    return clean_currency(currency)


def _refuse_bad_terms(values: Mapping[str, Any]) -> None:
    limits = (
        (values["question"] in Question.values, "question", _("Choose an option from the list.")),
        (
            1 <= values["capacity"] <= 99,
            "capacity",
            _("Between 1 and 99 assessments can run at the same time."),
        ),
        (
            5 <= values["promised_days"] <= 365,
            "promised_days",
            _("Enter a turnaround of 5 to 365 days."),
        ),
    )
    for holds, name, sentence in limits:
        if not holds:
            raise InvalidInput(sentence, field=name)


def _checked_words(code: str, words: Words) -> Words | None:
    """Return words without spaces around them; None where nothing is written in the language."""
    if code not in LANGUAGES:
        raise InvalidInput(_("Proxeny isn’t available in this language."), field="texts")
    name, summary, details = (one.strip() for one in (words.name, words.summary, words.details))
    if not (name or summary or details):
        return None
    if not name:
        raise InvalidInput(_("Enter the name in this language too."), field=f"name_{code}")
    if not summary:
        raise InvalidInput(_("Describe it in one sentence."), field=f"summary_{code}")
    for column, text in (("name", name), ("summary", summary), ("details", details)):
        if len(text) > MOST_LETTERS[column]:
            raise InvalidInput(
                _("Use %(most)s characters or fewer.") % {"most": MOST_LETTERS[column]},
                field=f"{column}_{code}",
            )
    return Words(name, summary, details)


def _write_texts(service: Service, texts: Mapping[str, Words]) -> dict[str, Any]:
    """Make a service say these texts and no others; return what changed, by column and language."""
    kept = texts_of(service)
    changes: dict[str, Any] = {}
    for code in LANGUAGES:
        old, new = kept.get(code), texts.get(code)
        for column in ("name", "summary", "details"):
            pair = [getattr(one, column) if one else "" for one in (old, new)]
            if pair[0] != pair[1]:
                changes[f"{column}_{code}"] = pair
    _save_texts(service, texts)
    gone: Iterable[str] = kept.keys() - texts.keys()
    if gone:
        service.texts.filter(language__in=gone).delete()
    return changes


def _save_texts(service: Service, texts: Mapping[str, Words]) -> None:
    for code, words in texts.items():
        ServiceText.objects.update_or_create(
            service=service,
            language=code,
            defaults={"name": words.name, "summary": words.summary, "details": words.details},
        )


def _title(texts: Mapping[str, Words]) -> str:
    return next(texts[code].name for code in LANGUAGES if code in texts)
