"""The teams' notes, and what each kind of them requires."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from proxeny.assessments.models import FindingSource, Note
from proxeny.assessments.operations.work import (
    NOTE,
    Draft,
    WorkKind,
    is_evidence,
    refuse_long,
    tidy,
    tidy_lines,
)
from proxeny.assessments.queries.notes import get_note
from proxeny.assessments.rules import NOTED_IN
from proxeny.kernel.addresses import is_address
from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.partnerships.sums import clean_currency

Kind = Note.Kind
#: What carries an amount: it can be compared.
WITH_AMOUNT = (Kind.PRICE, Kind.COMPETITOR, Kind.CHANNEL)
#: An amount fits into its column.
MOST_AMOUNT = Decimal(10) ** 12


@dataclass(frozen=True, slots=True)
class NoteFacts:
    """The content of a note; `NOTES` checks what its kind requires."""

    kind: str
    title: str
    text: str = ""
    origin: str = ""
    url: str = ""
    seen_on: date | None = None
    amount: Decimal | None = None
    currency: str = ""
    unit: str = ""


def _refuse_cited(draft: Draft[Note]) -> None:
    note = draft.record
    if FindingSource.objects.filter(note=note, finding__dropped_at=None).exists():
        raise Conflict(
            _("A finding is based on this note. Remove the note from its sources first.")
        )
    if is_evidence(draft.entered, NOTE, note.pk):
        raise Conflict(_("A recommendation is based on this note. Remove it there first."))


def _clean(facts: NoteFacts, draft: Draft[Note]) -> dict[str, Any]:
    values: dict[str, Any] = {
        "kind": facts.kind,
        "title": tidy(facts.title),
        "text": tidy_lines(facts.text),
        "origin": tidy(facts.origin),
        "url": facts.url.strip(),
        "seen_on": facts.seen_on,
        "amount": facts.amount,
        "currency": facts.currency.strip().upper(),
        "unit": tidy(facts.unit),
    }
    if facts.kind not in Kind.values:
        raise InvalidInput(_("Choose an option from the list."), field="kind")
    if not values["title"]:
        raise InvalidInput(_("Summarise in a few words what you found out."), field="title")
    refuse_long(Note, values, ("title", "text", "origin", "url", "unit"))
    if facts.seen_on and facts.seen_on > draft.now.date():
        raise InvalidInput(_("This date is in the future. Choose an earlier one."), field="seen_on")
    _check_url(values["url"])
    _check_amount(values)
    _check_kind(values)
    return values


def _check_url(url: str) -> None:
    if url and not is_address(url):
        raise InvalidInput(_("Enter the full address, starting with https://."), field="url")


def _check_amount(values: dict[str, Any]) -> None:
    amount, kind = values["amount"], values["kind"]
    if amount is None:
        if values["currency"] or values["unit"]:
            raise InvalidInput(_("Enter the amount."), field="amount")
        return
    if kind not in WITH_AMOUNT:
        raise InvalidInput(
            _(
                "Only prices, competitors and sales channels can have an amount. Choose one of "
                "these kinds or remove the amount."
            ),
            field="amount",
        )
    if not amount.is_finite() or not 0 <= amount < MOST_AMOUNT:
        raise InvalidInput(_("Enter an amount between 0 and 999,999,999,999.99."), field="amount")
    values["amount"] = amount.quantize(Decimal("0.01"))
    values["currency"] = clean_currency(values["currency"])
    if not values["unit"]:
        raise InvalidInput(
            _(
                "Enter what the amount is for: a piece, a month, a licence. Otherwise it can’t "
                "be compared."
            ),
            field="unit",
        )


def _check_kind(values: dict[str, Any]) -> None:
    """Refuse what nobody could look up or ask again."""
    if values["kind"] == Kind.PRICE and values["amount"] is None:
        raise InvalidInput(_("Enter the amount."), field="amount")
    if values["kind"] == Kind.INTERVIEW:
        if not values["origin"]:
            raise InvalidInput(
                _("Enter the person’s role, not their name: “a museum buyer”."),
                field="origin",
            )
        if values["seen_on"] is None:
            raise InvalidInput(_("Enter the day you talked."), field="seen_on")
    if values["kind"] == Kind.SOURCE and not (values["url"] or values["origin"]):
        raise InvalidInput(_("Enter where it can be found: a link or the publisher."), field="url")
    if values["kind"] == Kind.SOURCE and values["seen_on"] is None:
        raise InvalidInput(_("Enter the day you read it: pages change."), field="seen_on")


NOTES = WorkKind(
    "note",
    Note,
    NoteFacts,
    NOTED_IN,
    most=1000,
    start=lambda actor, engagement: {"engagement": engagement, "written_by_id": actor.person},
    live=lambda engagement: Note.objects.filter(engagement=engagement, dropped_at=None),
    get=lambda engagement, pk: get_note(engagement.pk, pk),
    clean=_clean,
    before_drop=_refuse_cited,
)
