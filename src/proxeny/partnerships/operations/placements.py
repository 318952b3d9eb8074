"""Stays and visits: what both sides agree on, the yes of the other side, and the closing report."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models.functions import Least
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proxeny.accounts.models import Person
from proxeny.kernel import audit
from proxeny.kernel.addresses import is_address
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.personal_data import tell_name
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.partnerships import rules
from proxeny.partnerships.kinds import KINDS
from proxeny.partnerships.models import Partnership, Party, Placement
from proxeny.partnerships.operations import guards
from proxeny.partnerships.operations.records import AFTER, CHECKS, Draft
from proxeny.partnerships.operations.room import enter
from proxeny.partnerships.room_queries import get_record, list_team

#: Facts agreed by both sides: changing one requires agreement again.
AGREED = {
    "kind",
    "person",
    "sender",
    "host",
    "starts_on",
    "ends_on",
    "goals",
    "costs",
    "borne_by",
}
#: A visit lasts so many days, a stay at least so many.
SHORTEST, LONGEST_VISIT = 3, 31
LONGEST_URL = 500


@CHECKS.on("placement")
def _placement(draft: Draft) -> None:
    record: Any = draft.record
    if not draft.is_new:
        _refuse_outsiders(
            draft, *Placement.objects.filter(pk=record.pk).values_list("sender_id", "host_id").get()
        )
    if record.closed_on:
        raise Conflict(_("This is closed. Reopen it to change it."))
    _check_sides(draft, record)
    _check_days(record)
    _check_person(draft, record)
    if draft.is_new:
        record.proposed_by = _own_of(draft.actor, draft.parties, record)


def _refuse_outsiders(draft: Draft, *sides: int) -> None:
    """Refuse people of neither of the two sides, as recorded."""
    if not rules.sides_of(draft.actor.organisations, draft.parties) & set(sides):
        raise NotAllowed(_("Only the two sides of a stay can edit it."))


def _own_of(actor: Reader, parties: Sequence[Party], record: Placement) -> Party | None:
    """Return the one of the two sides for which the actor writes: first the one they manage."""
    two = [one for one in parties if one.pk in (record.sender_id, record.host_id)]
    found = rules.party_joined(actor, two)
    return found if found and found.organisation_id in actor.organisations else None


def _check_sides(draft: Draft, record: Placement) -> None:
    if None in (record.sender_id, record.host_id):
        return  # a missing column is reported separately
    if record.sender_id == record.host_id:
        raise InvalidInput(
            _("Choose two different sides: one sends, the other hosts."), field="host"
        )
    if _own_of(draft.actor, draft.parties, record) is None:
        raise InvalidInput(_("Your own side has to be one of the two."), field="host")


def _check_days(record: Placement) -> None:
    if None in (record.starts_on, record.ends_on):
        return
    if record.ends_on < record.starts_on:
        raise InvalidInput(_("The end can’t be before the start."), field="ends_on")
    if record.days < SHORTEST:
        raise InvalidInput(
            ngettext(
                "That’s only %(days)d day. A visit or stay lasts at least three.",
                "That’s only %(days)d days. A visit or stay lasts at least three.",
                record.days,
            )
            % {"days": record.days},
            field="ends_on",
        )
    if record.kind == Placement.Kind.VISIT and record.days > LONGEST_VISIT:
        raise InvalidInput(
            ngettext(
                "That’s %(days)d day. A visit lasts up to 31 days; make it a stay instead.",
                "That’s %(days)d days. A visit lasts up to 31 days; make it a stay instead.",
                record.days,
            )
            % {"days": record.days},
            field="ends_on",
        )


def _check_person(draft: Draft, record: Placement) -> None:
    """Refuse a person who is not of the sending side, or is elsewhere on these days."""
    if record.person_id is None:
        raise InvalidInput(_("Choose who goes."), field="person")
    if {"person", "sender"} & draft.values.keys() and record.sender_id is not None:
        team = list_team(draft.parties, today=draft.now.date()).get(record.sender_id, [])
        if record.person_id not in {one.pk for one in team}:
            raise InvalidInput(_("Choose someone from the sending side."), field="person")
    refuse_overlap(record)


def refuse_overlap(record: Placement) -> None:
    """Refuse a stay while its person is elsewhere: in any room that the reader sees.

    The person is locked meanwhile, so that two that are written at once do not overlap.
    """
    person_id = record.person_id
    if person_id is None or None in (record.starts_on, record.ends_on):
        return
    until = min(record.ends_on, record.closed_on or record.ends_on)
    with as_service("The person is locked, though only they may change their own entry."):
        Person.objects.select_for_update(no_key=True).only("pk").get(pk=person_id)
    found = (
        Placement.objects.filter(person_id=person_id, dropped_at=None)
        .exclude(pk=record.pk)
        .annotate(left_on=Least("ends_on", "closed_on"))
        .filter(starts_on__lte=until, left_on__gte=record.starts_on)
        .select_related("person")
        .order_by("starts_on", "pk")
        .first()
    )
    if found is None:
        return
    raise InvalidInput(
        _("%(name)s already has a stay in %(place)s (%(first)s to %(last)s).")
        % {
            "name": name_of(found.person),
            "place": found.place,
            "first": date_format(found.starts_on, "DATE_FORMAT"),
            "last": date_format(found.left_on, "DATE_FORMAT"),
        },
        field="starts_on",
    )


def name_of(person: Person | None) -> str:
    """Return the person's name, as far as the reader may see it."""
    return tell_name(person.name) if person else _("Someone whose name isn’t visible to you")


@AFTER.on("placement")
def _ask_anew(draft: Draft, changes: Mapping[str, list[Any]]) -> None:
    """Take the yes back when what was agreed on changes, and ask the other side."""
    record: Any = draft.record
    if "dropped_at" in changes:  # no check runs before putting away and bringing back
        _refuse_outsiders(draft, record.sender_id, record.host_id)
        if record.dropped_at is None:
            refuse_overlap(record)
        return
    if draft.is_new:
        _ask(draft.actor, draft.partnership, draft.parties, record, now=draft.now)
    elif AGREED & changes.keys():
        _take_back(draft, record)


def _take_back(draft: Draft, record: Placement) -> None:
    own = _own_of(draft.actor, draft.parties, record)
    assert own is not None  # `_check_sides` has seen it  # noqa: S101
    was_agreed, was_asked = record.agreed_at is not None, record.proposed_by_id == own.pk
    record.proposed_by, record.agreed_at, record.agreed_by = own, None, None
    record.save(update_fields=["proposed_by", "agreed_at", "agreed_by"])
    if was_agreed:
        _note(draft.actor, "void_placement", draft.partnership, own, record)
    if was_agreed or not was_asked:  # who is asked already reads what stands today
        _ask(draft.actor, draft.partnership, draft.parties, record, now=draft.now)


def _ask(
    actor: Reader,
    partnership: Partnership,
    parties: Iterable[Party],
    record: Placement,
    *,
    now: datetime,
) -> None:
    """Write to the managers of the side that is to say yes."""
    by_id = {one.pk: one for one in parties}
    asked = by_id[record.asked_id]
    if asked.state != Party.State.JOINED:
        return
    person = Person.objects.filter(pk=record.person_id or 0).first()

    def what() -> str:
        return _("%(name)s in %(place)s from %(first)s to %(last)s") % {
            "name": name_of(person),
            "place": record.place,
            "first": date_format(record.starts_on, "DATE_FORMAT"),
            "last": date_format(record.ends_on, "DATE_FORMAT"),
        }

    guards.tell(
        "placement",
        partnership,
        [asked],
        actor=actor,
        mine=by_id[record.proposed_by_id],
        today=now.date(),
        what=what,
        key=f"{record.pk}:{record.version}",
        page="placements",
    )


def _note(
    actor: Reader,
    verb: str,
    partnership: Partnership,
    own: Party,
    record: Placement,
    **changes: Any,
) -> None:
    audit.record(
        actor,
        verb,
        record,
        organisation_id=own.organisation_id,
        partnership_id=partnership.pk,
        changes={"title": record.place, **changes},
    )


def _enter(
    actor: Reader, partnership_id: int, placement_id: int
) -> tuple[Partnership, list[Party], Placement]:
    partnership, parties = enter(actor, partnership_id)
    get_record(KINDS["placement"], partnership.pk, placement_id)
    return partnership, parties, Placement.objects.select_for_update().get(pk=placement_id)


def _expect(record: Placement, version: int) -> None:
    if record.version != version or record.dropped_at:
        raise Conflict(
            _("Someone else has changed this since you opened it. Check the latest version.")
        )


@transaction.atomic
def agree_placement(
    *, actor: Reader, partnership_id: int, placement_id: int, version: int, now: datetime
) -> Placement:
    """Agree to a stay for the side that did not write it.

    Raises
    ------
    NotFound, NotAllowed
        As for every record of the room; only managers of the side that is asked.
    Conflict
        It changed since `version`, was archived, or is closed.
    """
    partnership, parties, record = _enter(actor, partnership_id, placement_id)
    asked = next(one for one in parties if one.pk == record.asked_id)
    if not rules.can_agree_placement(actor, record, parties):
        raise NotAllowed(_("Only a manager of the other side can agree to it."))
    if record.agreed_at is not None and not record.dropped_at:
        return record
    _expect(record, version)
    if record.closed_on:
        raise Conflict(_("This is closed. Reopen it to change it."))
    record.agreed_at, record.agreed_by_id = now, actor.person
    record.version += 1
    record.save(update_fields=["agreed_at", "agreed_by", "version"])
    _note(actor, "agree_placement", partnership, asked, record)
    return record


@transaction.atomic
def close_placement(
    *,
    actor: Reader,
    partnership_id: int,
    placement_id: int,
    version: int,
    report: str,
    proof_url: str,
    closed_on: date,
    now: datetime,
) -> Placement:
    """Close a stay with a report of its outcome.

    Raises
    ------
    NotFound, NotAllowed
        As for every record of the room; only the team of the side that sends.
    InvalidInput
        It is empty, the proof is no address of a page, or the day is invalid.
    Conflict
        It changed since `version`, was archived, is closed, or has not begun.
    """
    partnership, parties, record = _enter(actor, partnership_id, placement_id)
    if not rules.can_close_placement(actor, record, parties):
        raise NotAllowed(_("Only the sending side can write the closing report."))
    _expect(record, version)
    if record.closed_on:
        raise Conflict(_("This is closed. Reopen it to change it."))
    today = now.date()
    if record.starts_on > today:
        raise Conflict(_("It hasn’t started yet."))
    before = (record.report, record.proof_url)
    record.report, record.proof_url = report.strip(), _clean_proof(proof_url)
    if not record.report:
        raise InvalidInput(_("Describe in a few sentences what came of it."), field="report")
    if closed_on > today:
        raise InvalidInput(
            _("This date is in the future. Choose an earlier one."), field="closed_on"
        )
    if closed_on < record.starts_on:
        raise InvalidInput(_("The end can’t be before the start."), field="closed_on")
    record.closed_on = closed_on
    record.version += 1
    record.save(update_fields=["report", "proof_url", "closed_on", "version"])
    own = _own_of(actor, parties, record)
    assert own is not None  # the rule has seen it  # noqa: S101
    _note(
        actor,
        "close_placement",
        partnership,
        own,
        record,
        report=[before[0], record.report],
        proof_url=[before[1], record.proof_url],
        closed_on=[None, str(closed_on)],
    )
    return record


def _clean_proof(url: str) -> str:
    url = url.strip()
    if not url:
        return ""
    if len(url) > LONGEST_URL or not is_address(url, schemes=["https"]):
        raise InvalidInput(_("Enter the full address, starting with https://."), field="proof_url")
    return url


@transaction.atomic
def reopen_placement(
    *, actor: Reader, partnership_id: int, placement_id: int, version: int, now: datetime
) -> Placement:
    """Reopen a closed stay; its report becomes a draft again. A second call changes nothing.

    Raises
    ------
    NotFound, NotAllowed
        As for every record of the room; only managers of the two sides.
    InvalidInput
        Its person went elsewhere meanwhile.
    Conflict
        It changed since `version`, or was archived.
    """
    partnership, parties, record = _enter(actor, partnership_id, placement_id)
    if not rules.can_reopen_placement(actor, record, parties):
        raise NotAllowed(_("Only a manager of one of the two sides can reopen it."))
    if record.closed_on is None:
        return record
    _expect(record, version)
    before, record.closed_on = record.closed_on, None
    refuse_overlap(record)
    record.version += 1
    record.save(update_fields=["closed_on", "version"])
    own = _own_of(actor, parties, record)
    assert own is not None  # the rule has seen it  # noqa: S101
    _note(actor, "reopen_placement", partnership, own, record, closed_on=[str(before), None])
    return record
