"""Consent to show something to a partnership, and taking it back."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from proxeny.directory.models import Organisation, Visibility
from proxeny.directory.queries import get_organisation
from proxeny.kernel import audit
from proxeny.kernel.edit_conflicts import fingerprint
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships import queries, rules
from proxeny.partnerships.models import Partnership, Party, SharingGrant
from proxeny.partnerships.operations import guards, shared_files

Kind = SharingGrant.Kind
MAX_PURPOSE = 300
#: Verbs for granting each kind, and for withdrawing it.
GRANTED: dict[str, str] = {
    Kind.LIST: "grant_sharing",
    Kind.MEMBER: "share_member",
    Kind.FILE: "share_file",
}
WITHDRAWN: dict[str, str] = {
    Kind.LIST: "withdraw_sharing",
    Kind.MEMBER: "withdraw_member",
    Kind.FILE: "withdraw_file",
}


@transaction.atomic
def grant_sharing(
    *,
    actor: Reader,
    partnership_id: int,
    purpose: str,
    now: datetime,
    ends_on: date | None = None,
    member_id: int | None = None,
    fields: Iterable[str] = (),
) -> SharingGrant:
    """Show the members of the actor's cluster, or one of them, to the other side until a day.

    Of the list, members whose entry is "only us" or "our cluster" stay hidden.

    Parameters
    ----------
    purpose : str
        The purpose for which the other side may use it.
    ends_on : date, optional
        The last day; until it is withdrawn if not given.
    member_id : int, optional
        One member that the cluster keeps; the list if not given.
    fields : iterable of str
        Guarded facts (`SharingGrant.Field`) that people with a seat in the other side see too.

    Side effects: an audit row that both sides read.

    Raises
    ------
    NotFound
        The actor does not see the partnership.
    NotAllowed
        The actor manages none of its parties.
    InvalidInput
        There is no purpose, the day is past, a field cannot be shared, or the member is
        another cluster's or private.
    Conflict
        The partnership is not active, or this is shared already.
    """
    partnership, mine = _begin(actor, partnership_id)
    purpose = clean_purpose(purpose)
    refuse_past(ends_on, now)
    if member_id is not None:
        _refuse_member(member_id, mine)
    kind = Kind.LIST if member_id is None else Kind.MEMBER
    grant = SharingGrant(
        partnership=partnership,
        organisation=mine.organisation,
        kind=kind,
        member_id=member_id,
        fields=_clean_fields(fields),
        purpose=purpose,
        ends_on=ends_on,
    )
    return write_grant(actor, grant, now=now)


@transaction.atomic
def share_file(
    *,
    actor: Reader,
    partnership_id: int,
    name: str,
    content: bytes,
    purpose: str,
    now: datetime,
    ends_on: date | None = None,
) -> SharingGrant:
    """Store a file, and give people with a seat in the other side access until a day.

    Side effects: the file is kept in the database; an audit row that both sides read.

    Raises
    ------
    NotFound, NotAllowed, Conflict
        As for `grant_sharing`; Conflict also when the cluster shares too many files already.
    InvalidInput
        No purpose, a past day, or a file that is not accepted: the message says why.
    """
    partnership, mine = _begin(actor, partnership_id)
    purpose = clean_purpose(purpose)
    refuse_past(ends_on, now)
    kept = shared_files.keep(actor, mine.organisation_id, name=name, content=content)
    grant = SharingGrant(
        partnership=partnership,
        organisation=mine.organisation,
        kind=Kind.FILE,
        file_id=kept.pk,
        file_name=kept.name,
        purpose=purpose,
        ends_on=ends_on,
    )
    return write_grant(actor, grant, now=now)


def grant_version(grant: SharingGrant) -> int:
    """Return a number that changes with the content of a grant."""
    return fingerprint(grant.ends_on, grant.fields, grant.withdrawn_at)


@transaction.atomic
def change_sharing(
    *,
    actor: Reader,
    grant_id: int,
    now: datetime,
    ends_on: date | None,
    fields: Iterable[str] = (),
    version: int | None = None,
) -> SharingGrant:
    """Change until when something is shared, and which guarded facts come with it.

    Parameters
    ----------
    version : int, optional
        What `grant_version` gave for the grant that the change was made from.

    Side effects: an audit row with what was before.

    Raises
    ------
    NotFound, NotAllowed
        The actor does not see the grant, or it is not the actor's cluster that shares.
    InvalidInput
        The day is past, or a field is none that can be shared; a file has none.
    Conflict
        It is not shared any more, or somebody changed it since `version`.
    """
    grant = _lock_own(actor, grant_id)
    if version is not None and version != grant_version(grant):
        raise Conflict(
            _(
                "Someone else has changed what is shared since you opened it. Check the latest "
                "version."
            )
        )
    if not grant.is_live(today=now.date()):
        raise Conflict(_("This is no longer shared. Share it again first."))
    refuse_past(ends_on, now)
    wanted = {"ends_on": ends_on, "fields": _clean_fields(fields)}
    if grant.kind == Kind.FILE and wanted["fields"]:
        raise InvalidInput(
            _("Details can be included with members, not with a file."), field="fields"
        )
    changes = {
        name: [_plain(getattr(grant, name)), _plain(value)]
        for name, value in wanted.items()
        if getattr(grant, name) != value
    }
    if changes:
        SharingGrant.objects.filter(pk=grant_id).update(**wanted)
        for name, value in wanted.items():
            setattr(grant, name, value)
        shared_files.settle(grant.file_id, now=now)
        _record(actor, "change_sharing", grant, changes=changes)
    return grant


@transaction.atomic
def withdraw_sharing(*, actor: Reader, grant_id: int, now: datetime) -> SharingGrant:
    """Stop sharing, at once: the next page the other side opens no longer shows it.

    A file is kept for its owner, to be shared again or taken away.

    Side effects: an audit row that both sides read.

    Raises
    ------
    NotFound
        The actor does not see the grant.
    NotAllowed
        It is not the actor's cluster that shares.
    Conflict
        It was withdrawn already.
    """
    grant = _lock_own(actor, grant_id)
    live = SharingGrant.objects.filter(pk=grant_id, withdrawn_at=None)
    if not live.update(withdrawn_at=now):
        raise Conflict(_("This has already been withdrawn."))
    grant.withdrawn_at = now
    shared_files.settle(grant.file_id, now=now)
    _record(actor, WITHDRAWN[grant.kind], grant)
    return grant


@transaction.atomic
def share_again(*, actor: Reader, grant_id: int, now: datetime) -> SharingGrant:
    """Share a withdrawn or expired item again, for the same purpose, with the same facts.

    The last day stays if it is still to come, and is left open if it is past.

    Side effects: a new grant (the old one stays in the ledger), and an audit row.

    Raises
    ------
    NotFound, NotAllowed
        The actor does not see the grant, or it is not the actor's cluster's; the file was removed.
    InvalidInput
        The member is private now, or another cluster keeps it.
    Conflict
        The partnership is not active, or this is shared.
    """
    old = _lock_own(actor, grant_id)
    partnership, mine = _begin(actor, old.partnership_id)
    if old.organisation_id != mine.organisation_id:
        raise NotAllowed(_("Only the cluster that shares can do this."))
    if old.is_live(today=now.date()):
        raise Conflict(_("This is already shared."))
    if old.member_id is not None:
        _refuse_member(old.member_id, mine)
    if old.file_id is not None and not queries.is_file_kept(old.file_id):
        raise NotFound(_("This file is no longer stored."))
    grant = SharingGrant(
        partnership=partnership,
        organisation=mine.organisation,
        kind=old.kind,
        member_id=old.member_id,
        file_id=old.file_id,
        file_name=old.file_name,
        fields=old.fields,
        purpose=old.purpose,
        ends_on=old.ends_on if old.ends_on and old.ends_on >= now.date() else None,
    )
    return write_grant(actor, grant, now=now)


@transaction.atomic
def remove_file(*, actor: Reader, grant_id: int, now: datetime) -> None:
    """Take a shared file away entirely: nobody has it any more, and it is shared nowhere.

    Side effects: every grant of the file ends; an audit row for each partnership.

    Raises
    ------
    NotFound, NotAllowed
        The actor does not see the grant, or it is not the actor's cluster's; it is no file's, or
        the file is gone.
    """
    grant = _lock_own(actor, grant_id)
    if grant.file_id is None:
        raise NotFound(_("We couldn’t find this file."))
    ended = list(SharingGrant.objects.filter(file_id=grant.file_id, withdrawn_at=None))
    if not ended and not queries.is_file_kept(grant.file_id):
        raise NotFound(_("This file is no longer stored."))
    SharingGrant.objects.filter(pk__in=[one.pk for one in ended]).update(withdrawn_at=now)
    for one in {one.partnership_id: one for one in (*ended, grant)}.values():
        _record(actor, "remove_file", one)
    shared_files.remove(grant.file_id)


def write_grant(actor: Reader, grant: SharingGrant, *, now: datetime) -> SharingGrant:
    """Save a grant in the actor's role: the database lets them share what their cluster keeps."""
    grant.granted_by_id, grant.granted_at = actor.person, now
    _close_run_out(grant, now=now)
    try:
        with transaction.atomic():
            grant.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(_("This is already shared with this partnership.")) from error
    shared_files.settle(grant.file_id, now=now)
    changes = {"fields": grant.fields, "ends_on": _plain(grant.ends_on)}
    _record(actor, GRANTED[grant.kind], grant, changes=changes)
    return grant


def clean_purpose(purpose: str) -> str:
    """Return a purpose on one line; `InvalidInput` if there is none."""
    purpose = " ".join(purpose.split())
    if not purpose:
        raise InvalidInput(_("Describe what others may use it for."), field="purpose")
    return purpose[:MAX_PURPOSE]


def refuse_past(ends_on: date | None, now: datetime) -> None:
    """Raise `InvalidInput` for a last day that is over."""
    if ends_on and ends_on < now.date():
        raise InvalidInput(_("Choose a date in the future."), field="ends_on")


def _begin(actor: Reader, partnership_id: int) -> tuple[Partnership, Party]:
    partnership, parties = guards.lock(partnership_id)
    mine = rules.party_managed(actor, parties)
    if mine is None:
        raise NotAllowed(_("Only a manager of one of the clusters can share something."))
    guards.expect(partnership, Partnership.State.ACTIVE)
    return partnership, mine


def _lock_own(actor: Reader, grant_id: int) -> SharingGrant:
    grant = queries.get_grant(grant_id)
    if grant.organisation_id not in actor.managed:
        raise NotAllowed(_("Only the cluster that shares can do this."))
    return SharingGrant.objects.select_for_update().get(pk=grant_id)


def _refuse_member(member_id: int, mine: Party) -> None:
    try:
        member: Organisation = get_organisation(member_id)
    except NotFound as error:
        raise InvalidInput(str(error), field="member_id") from error
    if member.steward_id != mine.organisation_id:
        raise InvalidInput(_("Your cluster can only share its own members."), field="member_id")
    if member.visibility == Visibility.PRIVATE:
        raise InvalidInput(
            _("This entry is visible to “only us”. Change that before you share it."),
            field="member_id",
        )


def _clean_fields(fields: Iterable[str]) -> list[str]:
    wanted = set(fields)
    if not wanted <= set(SharingGrant.Field.values):
        raise InvalidInput(_("Choose from the details that can be shared."), field="fields")
    return [name for name in SharingGrant.Field.values if name in wanted]


def _close_run_out(grant: SharingGrant, *, now: datetime) -> None:
    # An expired grant no longer counts, but would block the next one.
    SharingGrant.objects.filter(
        partnership_id=grant.partnership_id,
        organisation_id=grant.organisation_id,
        kind=grant.kind,
        member_id=grant.member_id,
        file_id=grant.file_id,
        withdrawn_at=None,
        ends_on__lt=now.date(),
    ).update(withdrawn_at=now)


def _record(
    actor: Reader, verb: str, grant: SharingGrant, *, changes: dict[str, Any] | None = None
) -> None:
    audit.record(
        actor,
        verb,
        grant,
        organisation_id=grant.organisation_id,
        partnership_id=grant.partnership_id,
        changes=changes,
        why=grant.purpose,
    )


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
