"""Validation of each kind of record beyond its columns, and the consequences of a change."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.partnerships import rules
from proxeny.partnerships.kinds import ORIGINS
from proxeny.partnerships.models import Activity, Agreement, Recommendation
from proxeny.partnerships.operations import signing
from proxeny.partnerships.operations.records import AFTER, CHECKS, Draft
from proxeny.partnerships.sums import clean_currency

#: A change of these is a change of what was accepted.
WEIGHED = {
    "title",
    "details",
    "inherent_likelihood",
    "inherent_impact",
    "current_likelihood",
    "current_impact",
    "residual_likelihood",
    "residual_impact",
    "response",
    "treatment",
    "closed_on",
    "dropped_at",
}
FIRST_YEAR, LAST_YEAR = 1990, 2100


@CHECKS.on("objective")
def _objective(draft: Draft) -> None:
    record: Any = draft.record
    if record.closed_on and not record.outcome:
        raise InvalidInput(_("Describe the outcome before you close it."), field="outcome")


@CHECKS.on("key-result")
def _key_result(draft: Draft) -> None:
    record: Any = draft.record
    if record.start == record.target:
        raise InvalidInput(
            _("The starting value and the target are the same. Change one of them."), field="target"
        )


@CHECKS.on("activity")
def _activity(draft: Draft) -> None:
    record: Any = draft.record
    if record.is_milestone and record.starts_on:
        record.ends_on = record.starts_on
    if record.starts_on and record.ends_on and record.ends_on < record.starts_on:
        raise InvalidInput(_("The end can’t be before the start."), field="ends_on")
    is_done = record.state == Activity.State.DONE
    record.done_on = (record.done_on or draft.now.date()) if is_done else None


@AFTER.on("activity")
def _keep_done(draft: Draft, changes: Mapping[str, list[Any]]) -> None:
    if "state" in changes:
        record: Any = draft.record
        record.save(update_fields=["done_on"])


@CHECKS.on("action")
def _action(draft: Draft) -> None:
    record: Any = draft.record
    if record.done_on and record.done_on > draft.now.date():
        raise InvalidInput(_("This date is in the future. Choose an earlier one."), field="done_on")
    if {"origin", "origin_id"} & draft.values.keys():
        _check_origin(draft, record)


def _check_origin(draft: Draft, record: Any) -> None:
    source = ORIGINS.get(record.origin)
    if source and record.origin_id is not None:
        own = source._default_manager.filter(partnership=draft.partnership)
        number = str(record.origin_id)
        if not number.isdecimal() or not own.filter(pk=int(number)).exists():
            raise InvalidInput(_("Choose an option from the list."), field="origin_id")


@CHECKS.on("risk")
def _risk(draft: Draft) -> None:
    record: Any = draft.record
    for grade in ("likelihood", "impact"):
        if draft.is_new:
            _grade_as_inherent(record, grade)
        values = [
            getattr(record, f"{step}_{grade}") for step in ("inherent", "current", "residual")
        ]
        if any(one is None for one in values):
            continue
        inherent, current, residual = values
        if current > inherent:
            raise InvalidInput(
                _("The current grade can’t be higher than the inherent grade."),
                field=f"current_{grade}",
            )
        if residual > current:
            raise InvalidInput(
                _("The residual grade can’t be higher than the current grade."),
                field=f"residual_{grade}",
            )
    if record.closed_on and not record.closed_why:
        raise InvalidInput(_("Give a reason for closing it."), field="closed_why")


def _grade_as_inherent(record: Any, grade: str) -> None:
    """Grade a new risk as it is without measures, where nobody has said more of it."""
    inherent = getattr(record, f"inherent_{grade}")
    for step in ("current", "residual"):
        if getattr(record, f"{step}_{grade}") is None:
            setattr(record, f"{step}_{grade}", inherent)


@AFTER.on("risk")
def _void_acceptance(draft: Draft, changes: Mapping[str, list[Any]]) -> None:
    if WEIGHED & changes.keys():
        signing.void(draft.partnership.pk, Agreement.Kind.RISK, str(draft.record.pk), now=draft.now)


@CHECKS.on("favour")
def _favour(draft: Draft) -> None:
    record: Any = draft.record
    mine = rules.party_joined(draft.actor, draft.parties)
    if draft.is_new:
        record.noted_by_id = mine.organisation_id if mine else None
        record.person_id = draft.actor.person
    elif not rules.can_change(draft.actor, record):
        raise NotAllowed(_("Only the side that recorded this can change it."))
    if record.giver_id == record.receiver_id:
        raise InvalidInput(
            _("Choose two different sides: one gives, the other receives."), field="receiver"
        )
    if record.noted_by_id not in {
        one.organisation_id
        for one in draft.parties
        if one.pk in (record.giver_id, record.receiver_id)
    }:
        raise InvalidInput(_("Your own side has to be one of the two."), field="receiver")
    if record.happened_on and record.happened_on > draft.now.date():
        raise InvalidInput(
            _("This date is in the future. Choose an earlier one."), field="happened_on"
        )


@AFTER.on("favour")
def _ask_anew(draft: Draft, changes: Mapping[str, list[Any]]) -> None:
    record: Any = draft.record
    # Archiving and restoring is checked here: no check of a kind runs before them.
    if not rules.can_change(draft.actor, record):
        raise NotAllowed(_("Only the side that recorded this can change it."))
    if (record.confirmed_at or record.contested_at) and changes.keys() - {"dropped_at"}:
        record.confirmed_at = record.contested_at = None
        record.contested_why = ""
        record.save(update_fields=["confirmed_at", "contested_at", "contested_why"])


@CHECKS.on("line")
def _line(draft: Draft) -> None:
    record: Any = draft.record
    record.currency = clean_currency(record.currency)
    if record.year is not None and not FIRST_YEAR <= record.year <= LAST_YEAR:
        raise InvalidInput(_("Enter the year with four digits."), field="year")
    if record.amount is not None and record.amount < 0:
        raise InvalidInput(_("An amount can’t be negative."), field="amount")


@CHECKS.on("recommendation")
def _recommendation(draft: Draft) -> None:
    record: Any = draft.record
    State = Recommendation.State  # noqa: N806 - a class
    if record.state not in (State.DRAFT, State.PROPOSED):
        raise Conflict(_("A decision has been made on this, so it can no longer be changed."))
    _refuse_elsewhere(record)
    if record.addressee == Recommendation.Addressee.COMPANY:
        raise InvalidInput(
            _("Only a market assessment can make recommendations to a company."), field="addressee"
        )
    if record.addressee == Recommendation.Addressee.ONE and record.party_id is None:
        raise InvalidInput(_("Choose the side that should act."), field="party")
    if record.addressee != Recommendation.Addressee.ONE:
        record.party_id = None


@AFTER.on("recommendation")
def _keep_where_it_is_written(draft: Draft, changes: Mapping[str, list[Any]]) -> None:
    # Archiving and restoring is checked here: no check of a kind runs before them.
    record: Any = draft.record
    _refuse_elsewhere(record)
    if not draft.is_new and changes:  # what some parties have accepted was other words
        signing.void(
            record.partnership_id,
            Agreement.Kind.ADVICE,
            str(record.pk),
            now=draft.now,
            why=_("This has been changed since you opened it."),
        )


def _refuse_elsewhere(record: Any) -> None:
    if rules.is_of_assessment(record):
        raise Conflict(_("This belongs to a market assessment. Change it there."))
