"""Looking for entries that may be the same organisation, and deciding on them."""

from collections.abc import Callable, Collection, Iterable
from datetime import datetime
from itertools import batched
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from proxeny.directory import queries, rules
from proxeny.directory.likeness import Pair, find_pairs
from proxeny.directory.merging import filled, suggest
from proxeny.directory.models import DuplicatePair, Merge, Organisation
from proxeny.directory.operations.facts import facts_of
from proxeny.directory.operations.merging import merge_organisations
from proxeny.kernel import audit
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, ProxenyError
from proxeny.kernel.jobs import enqueue
from proxeny.kernel.models import Job
from proxeny.kernel.tenancy import Reader

State = DuplicatePair.State
_BATCH = 1000
#: So many pairs are merged in one go.
MOST_AT_ONCE = 50


def request_search(*, actor: Reader, cluster_id: int, now: datetime) -> Job:
    """Have a cluster's entries looked through for duplicates, by a job.

    One that waits or runs already is returned instead.

    Raises
    ------
    NotAllowed
        The actor does not manage the cluster.
    """
    _refuse_others(actor, cluster_id)
    last = queries.get_search_job([cluster_id])
    if last is not None and not last.is_over:
        return last
    return enqueue(
        "directory.find-duplicates",
        actor=actor,
        organisation_id=cluster_id,
        key=f"find-duplicates:{cluster_id}:{now.isoformat()}",
        arguments={"cluster_id": cluster_id},
    )


def find_duplicates(
    *, actor: Reader, cluster_id: int, report: Callable[[int, int], None] = lambda done, total: None
) -> int:
    """Look through a cluster's entries; return how many open pairs there are now.

    Open pairs that nothing speaks for any more go; decided ones stay.

    Raises
    ------
    NotAllowed
        The actor does not manage the cluster.
    """
    _refuse_others(actor, cluster_id)
    pairs = find_pairs(queries.entries_to_compare(cluster_id), report=report)
    with transaction.atomic():
        kept = note_duplicates(actor=actor, cluster_id=cluster_id, pairs=pairs)
        DuplicatePair.objects.filter(cluster_id=cluster_id, state=State.OPEN).exclude(
            pk__in=kept
        ).delete()
    return len(kept)


def note_duplicates(
    *,
    actor: Reader,
    cluster_id: int,
    pairs: Iterable[Pair],
    apart: Iterable[Pair] = (),
    now: datetime | None = None,
) -> list[int]:
    """Submit pairs of entries to the cluster's managers; return the open ones' ids.

    What was decided is not asked again; of a pair that is there, evidence and score are renewed.

    Parameters
    ----------
    pairs : iterable of Pair
        Entries that the cluster keeps, the smaller number first; others are left out.
    apart, now : iterable of Pair, datetime
        Those that the actor has just found to be two organisations, and when: kept as decided.

    Raises
    ------
    NotAllowed
        The actor does not manage the cluster.
    """
    _refuse_others(actor, cluster_id)
    decided = queries.decided_pairs(cluster_id)
    noted: list[int] = []
    with transaction.atomic():
        for some in batched(apart, _BATCH):
            _note(some, cluster_id, state=State.DIFFERENT, person_id=actor.person, decided_at=now)
            decided.update((one.first, one.second) for one in some)
        for some in batched(pairs, _BATCH):
            asked = [one for one in some if (one.first, one.second) not in decided]
            made = _note(asked, cluster_id)
            noted += DuplicatePair.objects.filter(pk__in=made, state=State.OPEN).values_list(
                "pk", flat=True
            )
    return noted


def _note(pairs: Collection[Pair], cluster_id: int, **decision: Any) -> list[int]:
    ids = {pk for one in pairs for pk in (one.first, one.second)}
    kept = set(
        Organisation.objects.listed()
        .filter(steward_id=cluster_id, pk__in=ids)
        .values_list("pk", flat=True)
    )
    made = DuplicatePair.objects.bulk_create(
        [
            DuplicatePair(
                cluster_id=cluster_id,
                first_id=one.first,
                second_id=one.second,
                evidence=one.evidence,
                score=one.score,
                **decision,
            )
            for one in pairs
            if one.first < one.second and {one.first, one.second} <= kept
        ],
        update_conflicts=True,
        unique_fields=["first", "second"],
        update_fields=["evidence", "score", *decision],
    )
    return [one.pk for one in made]


def decide_pair(
    *, actor: Reader, pair_id: int, are_different: bool, now: datetime
) -> DuplicatePair:
    """Decide that two entries are two organisations, or undo that.

    That they are the same is said by merging them.

    Side effects: an audit row.

    Raises
    ------
    NotFound
        The actor does not manage the cluster.
    Conflict
        They were merged.
    """
    with transaction.atomic():
        pair = queries.get_pair(pair_id)
        _refuse_others(actor, pair.cluster_id)
        pair = DuplicatePair.objects.select_for_update().get(pk=pair_id)
        if pair.state == State.SAME:
            raise Conflict(_("These two have already been merged."))
        pair.state = State.DIFFERENT if are_different else State.OPEN
        pair.person_id = actor.person if are_different else None
        pair.decided_at = now if are_different else None
        pair.save(update_fields=["state", "person", "decided_at"])
        audit.record(
            actor,
            "part_duplicates" if are_different else "reopen_duplicates",
            pair,
            organisation_id=pair.cluster_id,
            changes={"title": f"{pair.first.name} · {pair.second.name}"},
        )
    return pair


def merge_pairs(
    *, actor: Reader, pair_ids: Collection[int], now: datetime
) -> tuple[list[Merge], list[tuple[str, str]]]:
    """Merge several pairs, each into its fuller entry with the facts that are suggested.

    Only pairs that share an identifier; each for itself, so that one refusal stops no other.

    Returns
    -------
    tuple
        The merges, and for each pair that was refused its names and why.
    """
    if len(pair_ids) > MOST_AT_ONCE:
        raise InvalidInput(
            _("You can merge up to %(limit)s pairs at once.") % {"limit": MOST_AT_ONCE}
        )
    done: list[Merge] = []
    refused: list[tuple[str, str]] = []
    for pk in sorted(pair_ids):
        pair = queries.get_pair(pk)
        try:
            if "identifier" not in pair.evidence:
                raise Conflict(_("They have no number in common. Check them one by one."))
            kept, gone = sides_of(pair)
            chosen = suggest(facts_of(kept), facts_of(gone))
            done.append(
                merge_organisations(
                    actor=actor, kept_id=kept.pk, gone_id=gone.pk, chosen=chosen, now=now
                )
            )
        except ProxenyError as error:
            refused.append((f"{pair.first.name} · {pair.second.name}", str(error)))
    return done, refused


def sides_of(pair: DuplicatePair) -> tuple[Organisation, Organisation]:
    """Return which entry is better kept, and the other: the fuller one, else the older."""
    first, second = pair.first, pair.second
    if filled(facts_of(second)) > filled(facts_of(first)):
        return second, first
    return first, second


def _refuse_others(actor: Reader, cluster_id: int) -> None:
    if not rules.can_manage_members(actor, cluster_id):
        raise NotAllowed(_("Only a manager of the cluster can manage its entries."))
