"""What the teams note while they find out: written, changed, put away and brought back."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.assessments.models import FindingSource, Note
from proxeny.assessments.operations.entering import CHANGED, Entered, enter_as_team
from proxeny.assessments.operations.work import (
    NOTE,
    is_evidence,
    keep_deed,
    refuse_long,
    save_changes,
    tidy,
    tidy_lines,
)
from proxeny.assessments.queries.notes import get_note
from proxeny.assessments.rules import NOTED_IN
from proxeny.kernel.addresses import is_address
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.sums import clean_currency

Kind = Note.Kind
#: So many notes has one engagement.
MOST_NOTES = 1000
#: What carries an amount: it can be compared.
WITH_AMOUNT = (Kind.PRICE, Kind.COMPETITOR, Kind.CHANNEL)
#: An amount fits into its column.
MOST_AMOUNT = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class NoteFacts:
    """What a note says; what a kind asks for is checked by `write_note`."""

    kind: str
    title: str
    text: str = ""
    origin: str = ""
    url: str = ""
    seen_on: date | None = None
    amount: Decimal | None = None
    currency: str = ""
    unit: str = ""


@transaction.atomic
def write_note(*, actor: Reader, engagement_id: int, facts: NoteFacts, now: datetime) -> Note:
    """Note something that was found out.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As for every deed of the teams; nothing is noted before the brief or after the hand-over;
        there are too many.
    InvalidInput
        A price without its amount, currency or unit; an interview that does not say with whom and
        when; a source that nobody could find again; a value that does not hold.
    """
    entered = enter_as_team(actor, engagement_id, *NOTED_IN)
    values = _clean(facts, now.date())
    engagement = entered.engagement
    if Note.objects.filter(engagement=engagement, dropped_at=None).count() >= MOST_NOTES:
        raise Conflict(_("There are too many of these. Put some away first."))
    made = Note.objects.create(
        engagement=engagement, partnership_id=engagement.partnership_id, created_at=now,
        written_by_id=actor.person, **values,
    )  # fmt: skip
    keep_deed(actor, "write_note", made, entered)
    return made


@transaction.atomic
def change_note(
    *, actor: Reader, engagement_id: int, note_id: int, version: int, facts: NoteFacts,
    now: datetime,
) -> Note:  # fmt: skip
    """Change a note; errors as of `write_note`, and `Conflict` if it changed since `version`."""
    entered, note = _enter(actor, engagement_id, note_id)
    if note.version != version or note.dropped_at:
        raise Conflict(CHANGED)
    save_changes(note, _clean(facts, now.date()), actor, "change_note", entered)
    return note


@transaction.atomic
def drop_note(*, actor: Reader, engagement_id: int, note_id: int, now: datetime) -> Note:
    """Put a note away; one that something rests on stays. Twice changes nothing."""
    entered, note = _enter(actor, engagement_id, note_id)
    if note.dropped_at is None:
        _refuse_cited(entered, note)
        save_changes(note, {"dropped_at": now}, actor, "drop_note", entered)
    return note


@transaction.atomic
def restore_note(*, actor: Reader, engagement_id: int, note_id: int, now: datetime) -> Note:
    """Bring back what was put away. Twice changes nothing."""
    entered, note = _enter(actor, engagement_id, note_id)
    if note.dropped_at is not None:
        save_changes(note, {"dropped_at": None}, actor, "restore_note", entered)
    return note


def _enter(actor: Reader, engagement_id: int, note_id: int) -> tuple[Entered, Note]:
    # The engagement is locked: nobody else writes in its work until this is over.
    entered = enter_as_team(actor, engagement_id, *NOTED_IN)
    return entered, get_note(engagement_id, note_id)


def _refuse_cited(entered: Entered, note: Note) -> None:
    if FindingSource.objects.filter(note=note, finding__dropped_at=None).exists():
        raise Conflict(_("A finding rests on this note. Take it away from its sources first."))
    if is_evidence(entered, NOTE, note.pk):
        raise Conflict(_("A recommendation rests on this note. Take it away there first."))


def _clean(facts: NoteFacts, today: date) -> dict[str, Any]:
    values = {
        "kind": facts.kind, "title": tidy(facts.title), "text": tidy_lines(facts.text),
        "origin": tidy(facts.origin), "url": facts.url.strip(), "seen_on": facts.seen_on,
        "amount": facts.amount, "currency": facts.currency.strip().upper(),
        "unit": tidy(facts.unit),
    }  # fmt: skip
    if facts.kind not in Kind.values:
        raise InvalidInput(_("Choose one from the list."), field="kind")
    if not values["title"]:
        raise InvalidInput(_("Say in a few words what you found out."), field="title")
    refuse_long(Note, values, ("title", "text", "origin", "url", "unit"))
    if facts.seen_on and facts.seen_on > today:
        raise InvalidInput(_("This day lies in the future."), field="seen_on")
    _check_url(values["url"])
    _check_amount(values)
    _check_kind(values)
    return values


def _check_url(url: str) -> None:
    if url and not is_address(url):
        raise InvalidInput(_("Write the whole address, from https:// on."), field="url")


def _check_amount(values: dict[str, Any]) -> None:
    amount, kind = values["amount"], values["kind"]
    if amount is None:
        if values["currency"] or values["unit"]:
            raise InvalidInput(_("Say how much it is."), field="amount")
        return
    if kind not in WITH_AMOUNT:
        raise InvalidInput(
            _("Prices, competitors and sales channels alone carry an amount. Choose one of these "
              "kinds, or take the amount away."), field="amount",
        )  # fmt: skip
    if not amount.is_finite() or not 0 <= amount < MOST_AMOUNT:
        raise InvalidInput(_("Write an amount between 0 and 999,999,999,999.99."), field="amount")
    values["amount"] = amount.quantize(Decimal("0.01"))
    values["currency"] = clean_currency(values["currency"])
    if not values["unit"]:
        raise InvalidInput(
            _("Say for what: a piece, a month, a licence. Without it nothing can be compared."),
            field="unit",
        )


def _check_kind(values: dict[str, Any]) -> None:
    """Refuse what nobody could look up or ask again."""
    if values["kind"] == Kind.PRICE and values["amount"] is None:
        raise InvalidInput(_("Say how much it is."), field="amount")
    if values["kind"] == Kind.INTERVIEW:
        if not values["origin"]:
            raise InvalidInput(
                _("Say with whom, by their role: “a buyer of a museum”, without a name."),
                field="origin",
            )
        if values["seen_on"] is None:
            raise InvalidInput(_("Say on which day you talked."), field="seen_on")
    if values["kind"] == Kind.SOURCE and not (values["url"] or values["origin"]):
        raise InvalidInput(_("Say where it stands: a link, or who published it."), field="url")
    if values["kind"] == Kind.SOURCE and values["seen_on"] is None:
        raise InvalidInput(_("Say on which day you read it: pages change."), field="seen_on")
