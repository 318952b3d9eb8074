"""The brief: written by the teams, signed by the company and by each side; then the work begins."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from proxeny.assessments.models import Engagement, Service
from proxeny.assessments.operations import mails
from proxeny.assessments.operations.advisers import is_staffed
from proxeny.assessments.operations.catalogue import clean_price
from proxeny.assessments.operations.guards import (
    Entered,
    enter_as_team,
    hold_engagement,
    note_deed,
    write_engagement,
)
from proxeny.assessments.operations.planning import make_plan
from proxeny.assessments.operations.work import tidy_lines
from proxeny.assessments.queries.engagements import get_engagement, load_engagements
from proxeny.directory.countries import country_name
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships.amounts import tell_amount
from proxeny.partnerships.models import Agreement, Partnership, Party, SignOff
from proxeny.partnerships.operations import guards, signing
from proxeny.partnerships.operations.signers import Side
from proxeny.partnerships.queries import get_text, parties_joined
from proxeny.partnerships.rules import party_managed

State = Engagement.State
Kind = Agreement.Kind
#: What the brief says.
FIELDS = (
    "goal",
    "scope",
    "leaves_out",
    "delivers",
    "price",
    "currency",
    "payer",
    "due_on",
)


@dataclass(frozen=True, slots=True)
class BriefFacts:
    """The content of a brief: from the goal to the day by which the report is given."""

    goal: str
    scope: str
    delivers: str
    due_on: date | None
    leaves_out: str = ""
    price: Decimal = Decimal(0)
    currency: str = "EUR"
    payer: str = Service.Payer.CLIENT


@transaction.atomic
def write_brief(
    *, actor: Reader, engagement_id: int, version: int, facts: BriefFacts, now: datetime
) -> Engagement:
    """Write the content of the brief; it may be incomplete until it is sent for signature.

    A text that is waiting for signatures is closed: the text that is signed is the one that was
    read.

    Side effects: an audit row.

    Raises
    ------
    NotFound, NotAllowed
        Not seen; not of a team.
    InvalidInput
        Too long, no such currency or payer, an impossible sum or day.
    Conflict
        Conflicts of interest are not checked yet, the work has begun, or somebody saved in between.
    """
    guards.lock(get_engagement(engagement_id).partnership_id)
    entered = enter_as_team(actor, engagement_id, State.BRIEF, version=version)
    one = entered.engagement
    values = _checked(facts, now.date())
    changes = {
        name: [str(getattr(one, name) or ""), str(value or "")]
        for name, value in values.items()
        if getattr(one, name) != value
    }
    if not changes:
        return one
    signing.void(one.partnership_id, Kind.BRIEF, str(one.pk), now=now)
    write_engagement(one, **values)
    note_deed(actor, "write_brief", entered, changes={"fields": sorted(changes)})
    return one


@transaction.atomic
def ask_brief(*, actor: Reader, engagement_id: int, version: int, now: datetime) -> Agreement:
    """Send a brief for signature to the company and all sides; the actor's own side signs at once.

    Side effects: audit rows; a text that waited before is closed; mails to all who are to sign.

    Raises
    ------
    NotFound, NotAllowed
        Not seen; the actor manages none of the sides.
    InvalidInput
        Something is missing in it; the sentence names it.
    Conflict
        A side has no lead without a conflict, it is at another state, or was saved in between.
    """
    partnership, parties = guards.lock(get_engagement(engagement_id).partnership_id)
    if party_managed(actor, parties) is None:
        raise NotAllowed(_("Only a manager of one of the clusters can sign."))
    entered = enter_as_team(actor, engagement_id, State.BRIEF, version=version)
    one = entered.engagement
    _refuse_unfinished(one, now.date())
    if not is_staffed(one, entered):
        raise Conflict(_("Each side needs a lead without a conflict of interest."))
    with as_service("The text names the company, which the other side's team may not see."):
        text = write_text(one, [party.organisation.name for party in entered.parties])
    return signing.ask_signatures(
        actor=actor,
        partnership=partnership,
        parties=parties,
        kind=Kind.BRIEF,
        subject=str(one.pk),
        text=text,
        beside=[one.client],
        now=now,
    )


@transaction.atomic
def sign_brief(
    *, actor: Reader, engagement_id: int, agreement_id: int, text_hash: str, now: datetime
) -> Agreement:
    """Sign a brief: for the company by its representatives, for a side by its managers.

    Side effects: audit rows; with the last signature the work begins, its plan is made from the
    template, and all are told.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `signing.sign_text`; the text is none of this engagement.
    """
    one = _of_brief(engagement_id, agreement_id)
    return signing.sign_text(
        actor=actor,
        partnership_id=one.partnership_id,
        agreement_id=agreement_id,
        text_hash=text_hash,
        now=now,
    )


@transaction.atomic
def refuse_brief(
    *, actor: Reader, engagement_id: int, agreement_id: int, why: str, now: datetime
) -> Agreement:
    """Refuse a brief with a reason that the others read: the teams write it again.

    Errors as of `signing.close_text`; the text is none of this engagement.
    """
    one = _of_brief(engagement_id, agreement_id)
    if not why.strip():
        raise InvalidInput(
            _("Give a reason in one sentence. The other side will see it."), field="why"
        )
    return signing.close_text(
        actor=actor, partnership_id=one.partnership_id, agreement_id=agreement_id, why=why, now=now
    )


def _of_brief(engagement_id: int, agreement_id: int) -> Engagement:
    one = get_engagement(engagement_id)
    text = get_text(one.partnership_id, agreement_id)
    if (text.kind, text.subject) != (Kind.BRIEF, str(one.pk)):
        raise NotFound(_("We couldn’t find this text."))
    return one


def write_text(engagement: Engagement, clusters: Sequence[str]) -> str:
    """Return the text that is signed: the same words for the same fields, in the report's language.

    Service role.
    """
    with override(engagement.language):
        parts = [
            _("Brief for a market assessment for %(company)s")
            % {"company": engagement.client.name},
            _("Delivered by: %(clusters)s") % {"clusters": ", ".join(clusters)},
            _("Question: %(title)s") % {"title": engagement.title},
            _("Market: %(market)s") % {"market": country_name(engagement.market)},
            *_sections(engagement),
            _("Price: %(price)s; paid by: %(payer)s")
            % {
                "price": tell_amount(engagement.price, engagement.currency)
                if engagement.price
                else _("free of charge"),
                "payer": engagement.get_payer_display(),
            },
            _("Report by: %(day)s")
            % {"day": date_format(engagement.due_on) if engagement.due_on else ""},
        ]
    return "\n\n".join(parts)


def _sections(engagement: Engagement) -> list[str]:
    told = (
        (_("Goal"), engagement.goal),
        (_("Scope"), engagement.scope),
        (_("Out of scope"), engagement.leaves_out),
        (_("What you get"), engagement.delivers),
    )
    return [f"{head}\n{text}" for head, text in told if text]


def promised_on(service: Service, today: date) -> date:
    """Return the day by which a service promises a report on what is agreed today."""
    return today + timedelta(days=service.promised_days)


def _checked(facts: BriefFacts, today: date) -> dict[str, Any]:
    values = {
        name: tidy_lines(value) if isinstance(value, str) else value
        for name, value in asdict(facts).items()
    }
    for name in ("goal", "scope", "leaves_out", "delivers"):
        if len(values[name]) > 2000:
            raise InvalidInput(_("Use no more than 2,000 characters."), field=name)
    values["currency"] = clean_price(facts.price, facts.currency, facts.payer)
    limits = (
        (
            facts.due_on is None or facts.due_on >= today,
            "due_on",
            _("This date is in the past. Choose a later one."),
        ),
        (
            facts.due_on is None or facts.due_on <= today + timedelta(days=731),
            "due_on",
            _("Choose a report date within the next two years."),
        ),
    )
    for holds, name, sentence in limits:
        if not holds:
            raise InvalidInput(sentence, field=name)
    return values


def _refuse_unfinished(one: Engagement, today: date) -> None:
    needed = (
        (one.goal, "goal", _("Enter the goal first.")),
        (one.scope, "scope", _("Enter the scope first.")),
        (one.delivers, "delivers", _("Enter what the company gets first.")),
        (one.due_on, "due_on", _("Enter the report date first.")),
        (
            one.due_on is None or one.due_on >= today,
            "due_on",
            _("The report date is in the past. Choose a later one first."),
        ),
    )
    for holds, name, sentence in needed:
        if not holds:
            raise InvalidInput(sentence, field=name)


def _begin(
    actor: Reader, partnership: Partnership, agreement: Agreement, mine: Side, now: datetime
) -> None:
    """Begin the work once all have signed: the plan is made, each step on its day."""
    one = hold_engagement(int(agreement.subject), [State.BRIEF])
    parties = parties_joined(one.partnership_id)
    write_engagement(one, state=State.WORKING, signed_at=now)
    make_plan(one, parties, today=now.date())
    party = mine if isinstance(mine, Party) else None
    note_deed(
        actor,
        "begin_work",
        Entered(one, parties, party),
        changes={"state": [State.BRIEF, State.WORKING]},
    )


def _tell(
    kind: str,
    actor: Reader,
    partnership: Partnership,
    agreement: Agreement,
    mine: Side,
    now: datetime,
) -> None:
    with as_service("Who is asked next depends on all signatures, whatever the signer sees."):
        one = load_engagements([int(agreement.subject)])[0]
        signed = set(SignOff.objects.filter(agreement=agreement).values_list("party_id", flat=True))
    joined = parties_joined(one.partnership_id)
    waiting = [one for one in joined if kind != "asked" or one.pk not in signed]
    mails.tell_brief(
        one,
        agreement,
        kind=kind,
        actor=actor,
        waiting=waiting,
        client_waits=None not in signed,
        today=now.date(),
    )


signing.FOLLOWS.add(Kind.BRIEF, signing.Follow(_begin, tell=_tell))
