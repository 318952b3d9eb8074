"""Awards sent to all sides for signature: holders, levels and terms."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.kernel import audit
from proxeny.kernel.canonical import digest_of
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.lists import join_items
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.kernel.zones import load_zone, localise
from proxeny.labels.content import SchemeText
from proxeny.labels.models import Award, Decision, Result, Round, SchemeVersion
from proxeny.labels.operations.award_texts import write_awards
from proxeny.labels.operations.credentials import build_credential
from proxeny.labels.operations.guards import enter_round
from proxeny.labels.operations.issuing import Issuing, issuing_of
from proxeny.labels.operations.keys import can_sign_with, unusable
from proxeny.labels.operations.status_lists import take_places
from proxeny.labels.operations.terms import add_months
from proxeny.labels.queries import awards as queries
from proxeny.labels.queries import decisions
from proxeny.labels.queries.keys import current_keys
from proxeny.labels.queries.rounds import text_of_round
from proxeny.partnerships.models import Agreement, Partnership, Party
from proxeny.partnerships.operations import guards, signing

Kind = Agreement.Kind
#: Makes the unguessable part of an address, anew each time.
MakeCode = Callable[[], str]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A chosen application without an award yet, and the reason."""

    result: Result
    why: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """The planned awards of a round, and what is missing before they can be given.

    Attributes
    ----------
    fingerprint : str
        Of the planned awards: nobody signs what has changed since it was read.
    missing : tuple of str
        Sentences; nothing is sent for signature while there are any.
    without_key : tuple of Party
        Sides whose key is missing or unusable here.
    """

    text: SchemeText
    candidates: tuple[Result, ...]
    left_out: tuple[LeftOut, ...]
    missing: tuple[str, ...]
    without_key: tuple[Party, ...]
    fingerprint: str


def prepare_awards(held: Round, parties: Sequence[Party]) -> Prepared:
    """Return the planned awards of a decided round. At most eight queries.

    The caller has checked the access: everything is read in the service role, since holders need
    not show their directory entry to both sides.
    """
    with as_service("A holder's directory entry may be hidden from a cluster that awards it."):
        chosen = queries.list_chosen(held)
        numbers = [one.application_id for one in chosen]
        given = queries.given_to(numbers)
        appealed = queries.under_appeal(numbers)
    candidates, left_out = [], []
    for one in chosen:
        if one.application_id in given:
            continue
        if why := _why_not(one, appealed):
            left_out.append(LeftOut(one, why))
        else:
            candidates.append(one)
    version = _version(held)
    missing, without = missing_of(issuing_of(version), parties)
    if not candidates:
        missing = (_("There’s no one left to award in this round."), *missing)
    said = [
        [
            one.application_id,
            one.application.organisation.name,
            one.application.title,
            one.level,
            str(one.total),
        ]
        for one in candidates
    ]
    return Prepared(
        text_of_round(held),
        tuple(candidates),
        tuple(left_out),
        missing,
        without,
        digest_of([version.pk, said]),
    )


def has_conflict(actor: Reader, held: Round) -> bool:
    """Whether a person declared a conflict of interest in an application of a round."""
    with as_service("A manager does not see the application in which they have a conflict."):
        return decisions.has_conflict(actor, held)


def _why_not(result: Result, appealed: set[int]) -> str:
    if result.application.state != "submitted":
        return _("It was withdrawn.")
    if result.application_id in appealed:
        return _("Its appeal hasn’t been decided yet.")
    return ""


def _version(held: Round) -> SchemeVersion:
    if held.scheme_version is None:
        raise Conflict(_("This round hasn’t been published yet."))
    return held.scheme_version


def missing_of(
    issuing: Issuing, parties: Sequence[Party]
) -> tuple[tuple[str, ...], tuple[Party, ...]]:
    """Return the reasons why the sides cannot sign awards, and the sides whose keys are missing.

    A query for all keys, one for each that is there.
    """
    joined = {one.organisation_id: one for one in parties if one.state == Party.State.JOINED}
    sentences = []
    if set(issuing.clusters) != joined.keys():
        sentences.append(
            _(
                "The participants have changed since the label was published. Publish it again "
                "first."
            )
        )
    keys = current_keys(issuing.clusters)
    without = []
    for number in issuing.clusters:
        if number not in joined:
            continue
        party = joined[number]
        if number not in keys:
            without.append(party)
            sentences.append(
                _("%(name)s doesn’t have a key to sign with yet.")
                % {"name": party.organisation.name}
            )
        elif not can_sign_with(keys[number]):
            without.append(party)
            sentences.append(str(unusable(party.organisation.name)))
    return tuple(sentences), tuple(without)


@dataclass(frozen=True, slots=True)
class Planned:
    """An award to be sent to all sides for signature."""

    organisation_id: int
    holder: str
    title: str
    country: str
    valid_from: datetime
    valid_until: datetime
    summary: str = ""
    topics: str = ""
    website: str = ""
    level: str = ""
    total: Any = None
    why: str = Award.Why.ROUND
    application_id: int | None = None
    decision: Decision | None = None
    replaces: Award | None = None


@transaction.atomic
def put_awards(
    *,
    actor: Reader,
    partnership_id: int,
    round_id: int,
    seen: str,
    make_code: MakeCode,
    now: datetime,
    from_on: date | None = None,
    tells_total: bool = False,
) -> Agreement:
    """Send the awards of a decided round to all sides for signature; the actor's signs at once.

    Parameters
    ----------
    seen : str
        The fingerprint of the plan that was read.
    make_code : callable
        Gives each award the unguessable part of its address.
    from_on : date, optional
        The day from which they hold, in the round's zone; now by default.
    tells_total : bool
        Whether they contain the total in percent, for everybody to read.

    Side effects: awards, places in the revocation list, a text with the actor's signature and their
    cluster's proof in each credential; mails to the managers of the other sides.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_round`; it is not decided, changed since, awards wait already, or the actor
        has a conflict of interest.
    InvalidInput
        Something is missing, or the day is over.
    """
    # In this order: signing locks the partnership first.
    guards.lock(partnership_id)
    entered = enter_round(actor, partnership_id, round_id, Round.State.DECIDED)
    held = entered.record
    with as_service("An award that is hidden from this manager must not be proposed twice."):
        if queries.waiting_of_round(held).exists():
            raise Conflict(_("Awards of this round are already waiting for signatures."))
    prepared = prepare_awards(held, entered.parties)
    if prepared.missing:
        raise InvalidInput(" ".join(prepared.missing))
    if prepared.fingerprint != seen:
        raise Conflict(_("Something changed while you were reading. Check the latest version."))
    begins = _begin(held, from_on, now)
    with as_service("The actor manages a side of the round, so they may read its decision."):
        decision = queries.newest_decision(held)
    if decision is None:
        raise Conflict(_("This round hasn’t been decided yet."))
    planned = [
        _plan(one, prepared.text, begins, decision, tells_total=tells_total)
        for one in prepared.candidates
    ]
    return propose(
        actor=actor,
        partnership=entered.partnership,
        parties=entered.parties,
        version=_version(held),
        planned=planned,
        subject=str(decision.pk),
        make_code=make_code,
        now=now,
    )


def _begin(held: Round, from_on: date | None, now: datetime) -> datetime:
    if from_on is None:
        return now.astimezone(UTC).replace(microsecond=0)
    zone = load_zone(held.zone)
    today = now.astimezone(zone).date()
    if from_on < today:
        raise InvalidInput(_("Choose today or a later date."), field="from_on")
    if from_on > add_months(today, 24):
        raise InvalidInput(_("Choose a date within the next two years."), field="from_on")
    return localise(from_on, time(0), zone, field="from_on")


def _plan(
    result: Result, text: SchemeText, begins: datetime, decision: Decision, *, tells_total: bool
) -> Planned:
    """Return the award of a result; one that renews another follows on it."""
    one = result.application
    before = one.renews
    # Only what still stands is followed on, and only once.
    follows = before is not None and before.revoked_at is None
    if before is not None and follows:
        begins = max(begins, before.valid_until)
    return Planned(
        organisation_id=one.organisation_id,
        holder=one.organisation.name,
        title=one.title,
        country=one.country,
        valid_from=begins,
        valid_until=add_months(begins, text.valid_months),
        summary=one.summary,
        topics=one.topics,
        website=one.website,
        level=result.level,
        total=result.total if tells_total else None,
        why=Award.Why.RENEWAL if follows else Award.Why.ROUND,
        application_id=one.pk,
        decision=decision,
        replaces=before if follows else None,
    )


@transaction.atomic
def propose(
    *,
    actor: Reader,
    partnership: Partnership,
    parties: Sequence[Party],
    version: SchemeVersion,
    planned: Sequence[Planned],
    subject: str,
    make_code: MakeCode,
    now: datetime,
) -> Agreement:
    """Put awards before all sides of a locked partnership; the actor's side signs at once.

    The one way to an award: of a round, renewed, or in another name. `subject` is the number of the
    decision; empty: it is made of the (one) award, as `name-17`.

    Raises
    ------
    NotAllowed, Conflict, InvalidInput
        As of `signing.ask_signatures`; the actor has a conflict of interest; a side has no key;
        one of the awards that are followed has a follower already.
    """
    issuing = issuing_of(version)
    missing, _without = missing_of(issuing, parties)
    if missing:
        raise InvalidInput(" ".join(missing))
    refuse_conflict(actor, [one.application_id for one in planned if one.application_id])
    _refuse_followed([one.replaces for one in planned if one.replaces])
    awards = _make(partnership, version, issuing, planned, make_code, now)
    subject = subject or f"name-{awards[0].pk}"
    text = write_awards(awards, version, parties, now=now)
    agreement = signing.ask_signatures(
        actor=actor,
        partnership=partnership,
        parties=list(parties),
        kind=Kind.AWARD,
        subject=subject,
        text=text,
        now=now,
    )
    audit.record(
        actor,
        "put_awards",
        agreement,
        partnership_id=partnership.pk,
        organisation_id=signing_for(actor, parties),
        changes={"awards": len(awards), "label": version.title},
    )
    return agreement


def signing_for(actor: Reader, parties: Sequence[Party]) -> int | None:
    """Return the organisation that the actor signs for."""
    found = (one.organisation_id for one in parties if one.organisation_id in actor.managed)
    return next(found, None)


def refuse_conflict(actor: Reader, applications: Sequence[int]) -> None:
    """Raise `NotAllowed` if the actor declared a conflict of interest in one of them."""
    with as_service("These are the actor's own declarations, which they may always read."):
        if actor.person and queries.conflicts_of(actor.person, applications):
            raise NotAllowed(
                _(
                    "You declared a conflict of interest with one of these applications. Someone "
                    "else from your cluster has to sign."
                )
            )


def _refuse_followed(awards: Sequence[Award]) -> None:
    with as_service("A following award counts even if it is hidden from this manager."):
        found = Award.objects.filter(replaces__in=[one.pk for one in awards])
        taken = list(found.order_by("pk").values_list("replaces__title", flat=True))
    if taken:
        raise Conflict(
            _("Another award already follows this one: %(names)s") % {"names": join_items(taken)}
        )


def _make(
    partnership: Partnership,
    version: SchemeVersion,
    issuing: Issuing,
    planned: Sequence[Planned],
    make_code: MakeCode,
    now: datetime,
) -> list[Award]:
    """Make awards with their places and their credentials, which nobody has signed yet."""
    awards = []
    for one, (status_list, index) in zip(planned, take_places(issuing, len(planned)), strict=True):
        award = Award(
            partnership=partnership,
            scheme_id=version.scheme_id,
            scheme_version=version,
            application_id=one.application_id,
            decision=one.decision,
            organisation_id=one.organisation_id,
            why=one.why,
            replaces=one.replaces,
            code=make_code(),
            holder=one.holder[:200],
            title=one.title,
            summary=one.summary,
            country=one.country,
            topics=one.topics,
            website=one.website,
            level=one.level,
            total=one.total,
            valid_from=one.valid_from,
            valid_until=one.valid_until,
            status_list=status_list,
            status_index=index,
            created_at=now,
        )
        award.credential = build_credential(award, issuing)
        awards.append(award)
    with as_service("The actor manages a side, and the awards wait until all sides have signed."):
        return Award.objects.bulk_create(awards, batch_size=500)
