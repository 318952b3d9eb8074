"""What each kind of record refuses beyond what its columns say, and what follows from a change."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.partnerships import rules
from proxeny.partnerships.kinds import ORIGINS
from proxeny.partnerships.models import Activity, Agreement, Recommendation
from proxeny.partnerships.operations import signing
from proxeny.partnerships.operations.records import Draft, after_kind, check_kind
from proxeny.partnerships.sums import clean_currency

#: A change of these is a change of what was accepted.
WEIGHED = {
    "title", "details", "inherent_likelihood", "inherent_impact", "current_likelihood",
    "current_impact", "residual_likelihood", "residual_impact", "response", "treatment",
    "closed_on", "dropped_at",
}  # fmt: skip
FIRST_YEAR, LAST_YEAR = 1990, 2100


@check_kind("objective")
def _objective(draft: Draft) -> None:
    record: Any = draft.record
    if record.closed_on and not record.outcome:
        raise InvalidInput(_("Say what came of it before you close it."), field="outcome")


@check_kind("key-result")
def _key_result(draft: Draft) -> None:
    record: Any = draft.record
    if record.start == record.target:
        raise InvalidInput(_("Begin and goal are the same figure."), field="target")


@check_kind("activity")
def _activity(draft: Draft) -> None:
    record: Any = draft.record
    if record.is_milestone and record.starts_on:
        record.ends_on = record.starts_on
    if record.starts_on and record.ends_on and record.ends_on < record.starts_on:
        raise InvalidInput(_("It cannot end before it begins."), field="ends_on")
    is_done = record.state == Activity.State.DONE
    record.done_on = (record.done_on or draft.now.date()) if is_done else None


@after_kind("activity")
def _keep_done(draft: Draft, changes: Mapping[str, list[Any]]) -> None:
    if "state" in changes:
        draft.record.save(update_fields=["done_on"])


@check_kind("action")
def _action(draft: Draft) -> None:
    record: Any = draft.record
    if record.done_on and record.done_on > draft.now.date():
        raise InvalidInput(_("This day lies in the future."), field="done_on")
    if {"origin", "origin_id"} & draft.values.keys():
        _check_origin(draft, record)


def _check_origin(draft: Draft, record: Any) -> None:
    source = ORIGINS.get(record.origin)
    if source and record.origin_id is not None:
        own = source.objects.filter(partnership=draft.partnership)
        number = str(record.origin_id)
        if not number.isdecimal() or not own.filter(pk=int(number)).exists():
            raise InvalidInput(_("Choose one from the list."), field="origin_id")


@check_kind("risk")
def _risk(draft: Draft) -> None:
    record: Any = draft.record
    for grade in ("likelihood", "impact"):
        values = [
            getattr(record, f"{step}_{grade}") for step in ("inherent", "current", "residual")
        ]
        if any(one is None for one in values):
            continue
        inherent, current, residual = values
        if current > inherent:
            raise InvalidInput(
                _("Today it cannot be graded above what it is untreated."),
                field=f"current_{grade}",
            )
        if residual > current:
            raise InvalidInput(
                _("In the end it cannot be graded above what it is today."),
                field=f"residual_{grade}",
            )
    if record.closed_on and not record.closed_why:
        raise InvalidInput(_("Say why it is closed."), field="closed_why")


@after_kind("risk")
def _void_acceptance(draft: Draft, changes: Mapping[str, list[Any]]) -> None:
    if WEIGHED & changes.keys():
        signing.void(draft.partnership.pk, Agreement.Kind.RISK, str(draft.record.pk), now=draft.now)


@check_kind("favour")
def _favour(draft: Draft) -> None:
    record: Any = draft.record
    mine = rules.party_joined(draft.actor, draft.parties)
    if draft.is_new:
        record.noted_by_id = mine.organisation_id if mine else None
        record.person_id = draft.actor.person
    elif not rules.can_change(draft.actor, record):
        raise NotAllowed(_("Only the side that noted this may change it."))
    if record.giver_id == record.receiver_id:
        raise InvalidInput(_("One side gives, another one receives."), field="receiver")
    if record.noted_by_id not in {
        one.organisation_id for one in draft.parties
        if one.pk in (record.giver_id, record.receiver_id)
    }:  # fmt: skip
        raise InvalidInput(_("Your own side has to be one of the two."), field="receiver")
    if record.happened_on and record.happened_on > draft.now.date():
        raise InvalidInput(_("This day lies in the future."), field="happened_on")


@after_kind("favour")
def _ask_anew(draft: Draft, changes: Mapping[str, list[Any]]) -> None:
    record: Any = draft.record
    # Putting away and bringing back is asked here: no kind's check runs before them.
    if not rules.can_change(draft.actor, record):
        raise NotAllowed(_("Only the side that noted this may change it."))
    if (record.confirmed_at or record.contested_at) and changes.keys() - {"dropped_at"}:
        record.confirmed_at = record.contested_at = None
        record.contested_why = ""
        record.save(update_fields=["confirmed_at", "contested_at", "contested_why"])


@check_kind("line")
def _line(draft: Draft) -> None:
    record: Any = draft.record
    record.currency = clean_currency(record.currency)
    if record.year is not None and not FIRST_YEAR <= record.year <= LAST_YEAR:
        raise InvalidInput(_("Write the year in four digits."), field="year")
    if record.amount is not None and record.amount < 0:
        raise InvalidInput(_("A sum cannot be negative."), field="amount")


@check_kind("recommendation")
def _recommendation(draft: Draft) -> None:
    record: Any = draft.record
    State = Recommendation.State  # noqa: N806 - a class
    if record.state not in (State.DRAFT, State.PROPOSED):
        raise Conflict(_("This was decided. What was decided on is not written over."))
    _refuse_elsewhere(record)
    if record.addressee == Recommendation.Addressee.COMPANY:
        raise InvalidInput(_("A company is advised by an assessment alone."), field="addressee")
    if record.addressee == Recommendation.Addressee.ONE and record.party_id is None:
        raise InvalidInput(_("Choose the side that is to act."), field="party")
    if record.addressee != Recommendation.Addressee.ONE:
        record.party_id = None


@after_kind("recommendation")
def _keep_where_it_is_written(draft: Draft, changes: Mapping[str, list[Any]]) -> None:
    # Putting away and bringing back is asked here: no kind's check runs before them.
    _refuse_elsewhere(draft.record)


def _refuse_elsewhere(record: Any) -> None:
    if rules.is_of_assessment(record):
        raise Conflict(_("This belongs to an assessment, and is written there."))
