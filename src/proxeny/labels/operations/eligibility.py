"""Eligibility: applicants, the clusters' findings, and payment of the fee."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from proxeny.directory.countries import country_name
from proxeny.directory.models import Kind, Organisation
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.lists import join_items
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.labels.content import SchemeText
from proxeny.labels.models import Application, Round
from proxeny.labels.operations.confirming import void_waiting
from proxeny.labels.operations.guards import enter_round
from proxeny.labels.queries.applications import get_submitted
from proxeny.labels.rules import State
from proxeny.partnerships.operations.room import CHANGED, Entered, note

#: Until then it can be noted whether an application takes part.
BEFORE_DECISION = (State.OPEN, State.JUDGING, State.DISCUSSING)


def why_excluded(organisation: Organisation, scheme: SchemeText) -> str:
    """Return why an organisation cannot apply for a label, in a sentence; empty if it can."""
    names = {"name": organisation.name, "label": scheme.name}
    if any(one.organisation == organisation.pk for one in scheme.issuers):
        return _("%(name)s awards this label and can’t apply for it.") % names
    if scheme.countries and organisation.country not in scheme.countries:
        countries = join_items(country_name(one) for one in scheme.countries)
        return _(
            "%(label)s is for organisations from these countries: %(countries)s. %(name)s isn’t "
            "from any of them."
        ) % {**names, "countries": countries}
    if scheme.kinds and organisation.kind not in scheme.kinds:
        kinds = join_items(label for code, label in Kind.choices if code in scheme.kinds)
        return _(
            "%(label)s is for organisations of these types: %(kinds)s. %(name)s isn’t one of them."
        ) % {**names, "kinds": kinds}
    return ""


def refuse_excluded(organisation: Organisation, scheme: SchemeText) -> None:
    """Raise `NotAllowed` with the reason if an organisation cannot apply."""
    if why := why_excluded(organisation, scheme):
        raise NotAllowed(why, field="organisation")


@transaction.atomic
def note_eligibility(
    *,
    actor: Reader,
    partnership_id: int,
    round_id: int,
    application_id: int,
    eligible: bool | None,
    now: datetime,
    why: str = "",
    version: int | None = None,
) -> Application:
    """Record whether an application is eligible for judging; None: not checked.

    Side effects: an audit row that names neither the applicant nor the reason.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `enter_round`; not seen, or the actor has a conflict of interest; changed since
        `version`.
    InvalidInput
        It is excluded without a reason.
    """
    why = " ".join(why.split())
    if eligible is False and not why:
        raise InvalidInput(
            _("Explain why it isn’t eligible. The applicant can read this."), field="why"
        )
    if len(why) > 500:
        raise InvalidInput(_("Shorten this to 500 characters."), field="why")
    values = {"eligible": eligible, "eligible_why": why}
    one = _note(
        actor,
        partnership_id,
        round_id,
        application_id,
        values,
        version=version,
        verb="note_label_eligibility",
    )
    void_waiting(one.round, now=now)
    return one


@transaction.atomic
def note_payment(
    *,
    actor: Reader,
    partnership_id: int,
    round_id: int,
    application_id: int,
    paid_on: date | None,
    now: datetime,
    version: int | None = None,
) -> Application:
    """Note on which day the fee of an application was paid; None: not yet.

    Side effects: an audit row.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As of `note_eligibility`.
    InvalidInput
        The day is in the future.
    """
    if paid_on is not None and paid_on > now.date():
        raise InvalidInput(
            _("This date is in the future. Choose today or an earlier date."), field="paid_on"
        )
    return _note(
        actor,
        partnership_id,
        round_id,
        application_id,
        {"paid_on": paid_on},
        version=version,
        verb="note_label_fee",
    )


def _note(
    actor: Reader,
    partnership_id: int,
    round_id: int,
    application_id: int,
    values: dict[str, Any],
    *,
    version: int | None,
    verb: str,
) -> Application:
    states = BEFORE_DECISION if "eligible" in values else tuple(Round.State)
    entered = enter_round(actor, partnership_id, round_id, *states)
    one: Application = get_submitted(entered.record, application_id)
    if version is not None and one.version != version:
        raise Conflict(CHANGED)
    changes = {
        name: [str(getattr(one, name)), str(value)]
        for name, value in values.items()
        if name != "eligible_why"
    }
    _write(one, values)
    _tell(actor, verb, entered, one, changes)
    return one


def _write(one: Application, values: dict[str, Any]) -> None:
    """Write what clusters note: an application is its applicant's to write, but for this."""
    with as_service("Only the applicant may write an application, but the clusters check it."):
        Application.objects.filter(pk=one.pk).update(**values, version=F("version") + 1)
    for name, value in values.items():
        setattr(one, name, value)
    one.version += 1


def _tell(
    actor: Reader, verb: str, entered: Entered[Round], one: Application, changes: dict[str, Any]
) -> None:
    note(actor, verb, entered, one, changes=changes)
