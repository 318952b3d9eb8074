"""Merging two entries of one cluster, and taking that back."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, cast

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from proxeny.directory import queries, rules
from proxeny.directory.merging import SCALARS, differing, unite
from proxeny.directory.models import DuplicatePair, Merge, Organisation, Visibility
from proxeny.directory.operations.facts import (
    Facts,
    facts_of,
    follow_from,
    refuse_bad,
)
from proxeny.directory.operations.moving import move_back, move_rows, refuse_common
from proxeny.directory.operations.organisations import write_facts, write_search_text
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed
from proxeny.kernel.tenancy import Reader


def merge_organisations(
    *, actor: Reader, kept_id: int, gone_id: int, chosen: Collection[str], now: datetime
) -> Merge:
    """Merge one entry into another of the same cluster.

    The kept entry has what both say in lists (names, numbers, sectors), and of other facts its own,
    except those that `chosen` names. What pointed to the other points to it: seats, offers and
    needs, memberships, meetings, participations, grants. The entry that goes stays in the database
    and in no list.

    Side effects: an audit row; the pair is decided.

    Raises
    ------
    NotFound, NotAllowed
        The actor does not see both, or does not manage the cluster that keeps them.
    InvalidInput
        The same entry twice, or a fact that cannot be chosen.
    Conflict
        One was merged meanwhile, or both take part in something that can hold each but once.
    """
    with transaction.atomic():
        kept, gone = _both(actor, kept_id, gone_id)
        if not set(chosen) <= set(SCALARS):
            raise InvalidInput(_("This field can’t be chosen."), field="chosen")
        refuse_common(kept_id=kept_id, gone_id=gone_id)
        before, wanted = _united(kept, gone, chosen)
        moved = move_rows(kept_id=kept_id, gone_id=gone_id, today=now.date())
        moved["gone"] = {"key": gone.key, "visibility": gone.visibility}
        _put_away(gone, kept)
        write_facts(kept, wanted)
        pairs = {name: [before[name], value] for name, value in wanted.items()}
        merge = Merge.objects.create(
            cluster_id=cast("int", kept.steward_id),
            kept=kept,
            gone=gone,
            before=pairs,
            chosen=sorted(chosen),
            moved=moved,
            person_id=actor.person,
        )
        _decide(kept_id, gone_id, DuplicatePair.State.SAME, actor, now)
        audit.record(
            actor,
            "merge_organisations",
            merge,
            organisation_id=kept.steward_id,
            changes={"title": f"{gone.name} → {kept.name}", **pairs},
        )
    return merge


def unmerge_organisations(*, actor: Reader, merge_id: int, now: datetime) -> Merge:
    """Undo a merge: both entries are restored.

    Data added to the kept entry since then stays there, and a fact changed since keeps its new
    value.

    Side effects: an audit row; the pair is open again.

    Raises
    ------
    NotFound, NotAllowed
        The reader does not see the merge, or does not manage the cluster.
    Conflict
        It was already undone, or new data prevents it.
    """
    with transaction.atomic():
        merge = queries.get_merge(merge_id)
        if not rules.can_manage_members(actor, merge.cluster_id):
            raise NotAllowed(_("Only a manager of the cluster can undo a merge."))
        merge = Merge.objects.select_for_update().get(pk=merge_id)
        kept, gone = _locked(merge.kept_id), _locked(merge.gone_id)
        _refuse_return(merge, kept, gone)
        move_back(merge.moved, kept_id=kept.pk, gone_id=gone.pk)
        restored = _restored(kept, merge.before)
        write_facts(kept, restored)
        _bring_back(gone, merge.moved["gone"])
        merge.undone_at = now
        merge.save(update_fields=["undone_at"])
        _decide(kept.pk, gone.pk, DuplicatePair.State.OPEN, actor, now)
        audit.record(
            actor,
            "unmerge_organisations",
            merge,
            organisation_id=merge.cluster_id,
            changes={"title": f"{gone.name} → {kept.name}"},
        )
    return merge


def _both(actor: Reader, kept_id: int, gone_id: int) -> tuple[Organisation, Organisation]:
    if kept_id == gone_id:
        raise InvalidInput(_("Choose two different entries."), field="gone_id")
    for pk in (kept_id, gone_id):
        if not rules.can_merge(actor, queries.get_organisation(pk)):
            raise NotAllowed(_("You can only merge entries that your cluster manages."))
    # Always in the same order: two people merging the same pair cannot deadlock.
    found = {pk: _locked(pk) for pk in sorted((kept_id, gone_id))}
    kept, gone = found[kept_id], found[gone_id]
    if kept.steward_id != gone.steward_id:
        raise NotAllowed(_("You can only merge two entries of the same cluster."))
    if kept.is_cluster != gone.is_cluster:
        raise Conflict(_("You can’t merge a cluster with another organisation."))
    for one in (kept, gone):
        if one.merged_into_id:
            raise Conflict(_("“%(name)s” has already been merged.") % {"name": one.name})
    return kept, gone


def _locked(pk: int) -> Organisation:
    return Organisation.objects.select_for_update().get(pk=pk)


def _united(
    kept: Organisation, gone: Organisation, chosen: Collection[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the facts of the kept entry before the merge, and those that change."""
    before = facts_of(kept)
    after = unite(before, facts_of(gone), chosen)
    after |= follow_from(after, before)
    refuse_bad(Facts(**after))
    # Numbers move as rows of their own.
    return before, {k: v for k, v in differing(before, after).items() if k != "identifiers"}


def _put_away(gone: Organisation, kept: Organisation) -> None:
    gone.merged_into = kept
    gone.visibility = Visibility.PRIVATE
    gone.key = ""
    gone.version += 1
    gone.save(update_fields=["merged_into", "visibility", "key", "version"])


def _bring_back(gone: Organisation, was: Mapping[str, str]) -> None:
    gone.merged_into = None
    gone.visibility, gone.key = was["visibility"], was["key"]
    gone.version += 1
    gone.save(update_fields=["merged_into", "visibility", "key", "version"])
    write_search_text(gone)


def _refuse_return(merge: Merge, kept: Organisation, gone: Organisation) -> None:
    if merge.undone_at or gone.merged_into_id != kept.pk:
        raise Conflict(_("This merge has already been undone."))
    if kept.merged_into_id:
        raise Conflict(
            _("“%(name)s” has since been merged into another entry. Undo that merge first.")
            % {"name": kept.name}
        )
    key = merge.moved["gone"]["key"]
    holders = Organisation.objects.filter(steward_id=merge.cluster_id, key=key)
    if "key" in merge.chosen and kept.key == key:
        holders = holders.exclude(pk=kept.pk)
    if key and (holder := holders.first()):
        raise Conflict(
            _("“%(name)s” now has the reference “%(key)s”. Change it there first.")
            % {"name": holder.name, "key": key}
        )


def _restored(kept: Organisation, pairs: Mapping[str, list[Any]]) -> dict[str, Any]:
    """Return the facts of the kept entry that return to their previous values."""
    restored = {}
    for name, (before, after) in pairs.items():
        now = kept.fact(name)
        if now == after:
            restored[name] = before
        elif isinstance(after, list):
            added = [one for one in after if one not in before]
            restored[name] = [one for one in now if one not in added]
    return {name: value for name, value in restored.items() if value != kept.fact(name)}


def _decide(kept_id: int, gone_id: int, state: str, actor: Reader, now: datetime) -> None:
    first, second = sorted((kept_id, gone_id))
    is_open = state == DuplicatePair.State.OPEN
    DuplicatePair.objects.filter(Q(first_id=first, second_id=second)).update(
        state=state,
        person_id=None if is_open else actor.person,
        decided_at=None if is_open else now,
    )
