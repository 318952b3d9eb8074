"""Background jobs of the directory: checking and importing member lists, finding partners.

A job runs as the person who started it, so that the database denies anything that person may no
longer do. Killed at any moment it leaves nothing half-done: all rows and the job's own end are one
transaction. Jobs without a starter run as Proxeny itself: a few entries, one text or one person in
a transaction.
"""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils import timezone

from proxeny.accounts.acting_for import eyes_of_person, person_behind
from proxeny.directory import operations, queries
from proxeny.directory.filter_forms import filters_of
from proxeny.directory.models import MemberImport, SavedSearch
from proxeny.directory.operations import (
    ending,
    following,
    matching,
    meaning,
    ranking,
    searches,
    term_counts,
)
from proxeny.directory.queries.following import followers
from proxeny.directory.queries.matching import without_vectors
from proxeny.directory.queries.searches import newest_hits, watchers
from proxeny.kernel.batch import for_each
from proxeny.kernel.errors import NotFound
from proxeny.kernel.jobs import JOB_ENDED, JobContext, enqueue, job
from proxeny.kernel.jobs.schedule import HOURLY
from proxeny.kernel.models import Job
from proxeny.kernel.tenancy import SERVICE, STRANGER, WEB, acting_as

State = MemberImport.State
# A model reads about five texts a second: for so long, and so many entries in one transaction.
_READING_S, _READ_AT_ONCE = 1800, 8
# Of the whole bar, what each step takes; measured with 20,000 rows.
_STEPS = {"read": (0, 5), "check": (5, 35), "compare": (35, 45), "write": (45, 100)}


@job("directory.check-import")
def check(context: JobContext) -> dict[str, Any]:
    """Check an uploaded list."""
    with person_behind(context) as reader, acting_as(WEB, reader):
        if not _is_current(context):
            return {}
        brought = operations.check_import(
            actor=reader, import_id=context.arguments["import_id"], report=_bar(context)
        )
        result = {"problems": brought.problem_count, "rows": brought.rows}
        context.finish(result)
    return result


@job("directory.apply-import")
def apply(context: JobContext) -> dict[str, Any]:
    """Import a checked list."""
    with person_behind(context) as reader, acting_as(WEB, reader):
        if not _is_current(context):
            return {}
        brought = operations.write_import(
            actor=reader,
            import_id=context.arguments["import_id"],
            now=timezone.now(),
            report=_bar(context),
        )
        result = {
            "added": brought.added,
            "changed": brought.changed,
            "unchanged": brought.unchanged,
        }
        context.finish(result)
    return result


@job("directory.find-matches")
def find_matches(context: JobContext) -> dict[str, Any]:
    """Find suggested partners for an organisation.

    No transaction is held during the calculation.
    """
    organisation_id = context.arguments["organisation_id"]
    with person_behind(context) as reader:
        context.report(step="read", percent=5, force=True)
        with acting_as(WEB, reader):
            market = ranking.load_market(
                actor=reader, organisation_id=organisation_id, today=timezone.localdate()
            )
        found = ranking.rank_partners(
            market, report=lambda step, percent: context.report(step=step, percent=percent)
        )
        with acting_as(WEB, reader):
            matching.store_matches(
                actor=reader,
                organisation_id=organisation_id,
                market=market,
                found=found,
                now=timezone.now(),
            )
            result = {"considered": market.considered, "proposed": len(found.proposals)}
            context.finish(result)
    return result


@HOURLY.add
def start_reading_meaning(now: datetime) -> None:
    """Queue the reading of what entries mean, where a model is set and some are unread."""
    found = meaning.get_model()
    if found is not None and without_vectors(model=found[0], most=1):
        enqueue(
            "directory.read-meaning",
            actor=STRANGER,
            arguments={},
            key=f"directory.read-meaning:{now:%Y-%m-%d-%H}",
        )


@job("directory.read-meaning")
def read_meaning(context: JobContext) -> dict[str, Any]:
    """Have the model read entries, a few in a transaction, for at most half an hour."""
    found, begun, count = meaning.get_model(), time.monotonic(), 0
    while found and time.monotonic() - begun < _READING_S and not context.should_stop():
        with acting_as(SERVICE):
            unread = without_vectors(model=found[0], most=_READ_AT_ONCE)
            if not unread:
                break
            meaning.read_meaning(unread)
        count += len(unread)
        context.report(done=count)
    return {"read": count}


@HOURLY.add
def start_looking_after_listings(now: datetime) -> None:
    """Queue the daily automatic steps for offers and needs, and the mail about news."""
    enqueue(
        "directory.end-listings",
        actor=STRANGER,
        key=f"directory.end-listings:{now:%Y-%m-%d}",
        arguments={},
    )
    enqueue(
        "directory.tell-followers",
        actor=STRANGER,
        arguments={},
        key=f"directory.tell-followers:{now:%Y-%m-%d}",
    )
    enqueue(
        "directory.look-for-new",
        actor=STRANGER,
        arguments={},
        key=f"directory.look-for-new:{now:%Y-%m-%d}",
    )
    enqueue(
        "directory.count-words",
        actor=STRANGER,
        arguments={},
        key=f"directory.count-words:{now:%Y-%m-%d}",
    )


@job("directory.end-listings")
def end_listings(context: JobContext) -> dict[str, Any]:
    """Notify people whose offers and needs end soon, and expire those whose last day is over."""
    now = timezone.now()
    with acting_as(SERVICE):
        over = ending.find_expired(now=now)
    ended = for_each(
        over,
        lambda pk: ending.end_listing(pk, now=now),
        what="ending a listing",
        should_stop=context.should_stop,
    )
    with acting_as(SERVICE):
        soon = ending.find_ending(now=now)
    told = for_each(
        soon,
        lambda pk: ending.announce_ending(pk, now=now),
        what="telling an ending",
        should_stop=context.should_stop,
    )
    return {
        "expired": ended.count,
        "told": told.count,
        "failed": len(ended.failed) + len(told.failed),
    }


@job("directory.tell-followers")
def tell_followers(context: JobContext) -> dict[str, Any]:
    """Mail followers the news of the items they follow, each with their own read rights."""
    now = timezone.now()
    with acting_as(SERVICE):
        people = followers()
    told = for_each(
        people,
        lambda one: following.tell_follower(one, now=now, reading=eyes_of_person),
        what="telling a follower",
        should_stop=context.should_stop,
    )
    return {"mails": told.count, "failed": len(told.failed)}


@job("directory.look-for-new")
def look_for_new(context: JobContext) -> dict[str, Any]:
    """Run saved searches, each with its person's read rights, and mail the new hits."""

    def find(search: SavedSearch) -> list[int]:
        return newest_hits(search.scope, filters_of(search.scope, search.query))

    now = timezone.now()
    with acting_as(SERVICE):
        people = watchers()
    told = for_each(
        people,
        lambda one: searches.tell_searcher(one, now=now, reading=eyes_of_person, find=find),
        what="looking a search through",
        should_stop=context.should_stop,
    )
    return {"mails": told.count, "failed": len(told.failed)}


@job("directory.count-words")
def count_words(context: JobContext) -> dict[str, Any]:
    """Count which words occur in how many entries, for beginnings and typing errors."""
    return {"changed": term_counts.count_words()}


@job("directory.find-duplicates")
def find_duplicates(context: JobContext) -> dict[str, Any]:
    """Look through a cluster's entries for those that may be the same organisation."""
    with person_behind(context) as reader, acting_as(WEB, reader):
        count = operations.find_duplicates(
            actor=reader,
            cluster_id=context.arguments["cluster_id"],
            report=lambda done, total: context.report(percent=100 * done // total),
        )
        result = {"open": count}
        context.finish(result)
    return result


@JOB_ENDED.add
def let_go_of_import(job: Job) -> None:
    """Release a list whose job has failed, so that it can be checked and imported again."""
    if job.kind in ("directory.check-import", "directory.apply-import") and (
        job.state == Job.State.FAILED
    ):
        MemberImport.objects.filter(
            pk=job.arguments["import_id"],
            version=job.arguments["version"],
            state__in=(State.CHECKING, State.APPLYING),
        ).update(state=State.FAILED)


def _is_current(context: JobContext) -> bool:
    # Somebody may have chosen other columns since this job was queued.
    try:
        brought = queries.get_import(context.arguments["import_id"])
    except NotFound:
        return False
    return brought.version == context.arguments["version"] and not brought.is_over


def _bar(context: JobContext) -> Callable[[str, int, int], None]:
    def report(step: str, done: int, total: int) -> None:
        start, end = _STEPS[step]
        percent = start + (end - start) * done // max(total, 1)
        context.report(step=step, done=done, total=total, percent=percent)

    return report
