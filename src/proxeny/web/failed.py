"""Failed jobs in words: title, time, reason, and where they belong."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from proxeny.events.queries.agenda.runs import events_of_runs
from proxeny.kernel.jobs.failures import can_decide
from proxeny.kernel.models import Job
from proxeny.kernel.rows import Column, Rows
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.queries import visible_partnerships

#: The title of each kind of job; `tests/web/test_failed.py` reports a missing kind.
TITLES: dict[str, Any] = {
    "accounts.collect-data": _("Preparing your data"),
    "accounts.erase-person": _("Erasing a person’s data"),
    "accounts.tell-idle": _("Emailing people who are no longer active"),
    "ambassadors.mind": _("Checking what’s due at the ambassadors’ desks"),
    "assessments.ask_later": _("Asking about the outcomes of market assessments"),
    "assessments.fetch-figure": _("Requesting a figure from a statistical office"),
    "assessments.refresh-figure": _("Requesting newer values from a statistical office"),
    "assessments.remind_steps": _("Reminding advisers of steps due"),
    "bids.search": _("Finding partners for a bid"),
    "calls.remind": _("Reminding people of calls they watch"),
    "directory.apply-import": _("Importing a member list"),
    "directory.check-import": _("Checking a member list"),
    "directory.count-words": _("Counting words in the directory"),
    "directory.end-listings": _("Pausing expired offers and needs"),
    "directory.find-duplicates": _("Looking for duplicates"),
    "directory.find-matches": _("Looking for partners"),
    "directory.look-for-new": _("Checking saved searches"),
    "directory.read-meaning": _("Analysing what entries mean"),
    "directory.tell-followers": _("Sending updates to followers"),
    "events.announce": _("Emailing event participants"),
    "events.invite": _("Inviting members to an event"),
    "events.solve": _("Calculating an agenda"),
    "events.suggest": _("Finding suggestions for an event"),
    "insight.digest": _("Sending quarterly figures to subscribers"),
    "notices.digest": _("Sending daily and weekly emails"),
    "insight.refresh": _("Calculating figures for a cluster and its partnerships"),
    "kernel.apply-terms": _("Deleting data that’s no longer needed"),
    "labels.sign-anew": _("Re-signing awards after the loss of a key"),
    "labels.sign-lists": _("Signing the lists of revoked awards"),
    "labels.remind": _("Reminding people of their labels and applications"),
    "meetings.ask-ripe": _("Finding meetings held six months ago"),
    "events.ask-guests": _("Asking participants how their meetings went"),
    "meetings.ask_later": _("Asking about the outcomes of meetings"),
    "meetings.mind-rhythms": _("Checking whether catch-ups are due"),
    "partnerships.introduce": _("Preparing introductions"),
    "partnerships.remind": _("Reminding people of what’s due in their partnerships"),
    "research.check-arrival": _("Checking an external study"),
    "research.check-table": _("Checking a table row by row"),
    "research.sweep": _("Deleting unfinished uploads"),
    "research.take-arrival": _("Importing an external study"),
}


@dataclass(frozen=True, slots=True)
class FailedWork:
    """One row: what failed, in which partnership, when and why, and whether the reader decides."""

    pk: int
    title: str
    partnership: str
    at: datetime
    why: str
    url: str
    may_decide: bool


#: Failed jobs, latest first.
FAILED = Rows(
    "failed-work",
    (
        Column("what", _("What"), lambda row: row.title, ("kind",)),
        Column("when", _("When"), lambda row: row.at, ("finished_at",)),
        Column("why", _("Reason"), lambda row: row.why),
    ),
    sort="-when",
    search=("error",),
)


def tell_failed(reader: Reader, jobs: Iterable[Job]) -> list[FailedWork]:
    """Return rows for jobs; two queries for all of them."""
    return [
        FailedWork(at=job.finished_at or job.created_at, may_decide=can_decide(reader, job), **told)
        for job, told in tell_jobs(jobs)
    ]


def tell_jobs(jobs: Iterable[Job]) -> Iterator[tuple[Job, dict[str, Any]]]:
    """Yield each job with its `pk`, `title`, `partnership`, `why` and `url`; two queries for all."""
    found = list(jobs)
    runs = events_of_runs(
        job.arguments["run"] for job in found if job.kind == "events.solve" and job.arguments
    )
    rooms = visible_partnerships().filter(pk__in={job.partnership_id for job in found})
    titles = dict(rooms.values_list("pk", "title"))
    for job in found:
        yield (
            job,
            {
                "pk": job.pk,
                "title": str(TITLES.get(job.kind, job.kind)),
                "partnership": titles.get(job.partnership_id or 0, ""),
                "why": job.error,
                "url": address_of(job, runs),
            },
        )


def _agenda(event_id: int | None) -> str:
    return reverse("events:agenda", args=[event_id]) if event_id else ""


#: Where the work belongs, from its arguments.
_PLACES: dict[str, Callable[[dict[str, Any], dict[int, int]], str]] = {
    "accounts.collect-data": lambda _arguments, _runs: reverse("people:me"),
    "bids.search": lambda arguments, _runs: reverse(
        "bids:search", args=[arguments[name] for name in ("partnership_id", "bid_id", "search_id")]
    ),
    "directory.apply-import": lambda arguments, _runs: _import(arguments),
    "directory.check-import": lambda arguments, _runs: _import(arguments),
    "directory.find-duplicates": lambda _arguments, _runs: reverse("directory:duplicates"),
    "directory.find-matches": lambda arguments, _runs: reverse(
        "directory:matches", args=[arguments["organisation_id"]]
    ),
    "events.announce": lambda arguments, _runs: _agenda(arguments.get("event")),
    "events.invite": lambda arguments, _runs: reverse("events:answers", args=[arguments["event"]]),
    "events.solve": lambda arguments, runs: _agenda(runs.get(arguments.get("run", 0))),
    "events.suggest": lambda arguments, _runs: reverse(
        "events:suggestions", args=[arguments["participation"]]
    ),
    "partnerships.introduce": lambda arguments, _runs: reverse(
        "partnerships:introductions", args=[arguments["partnership_id"]]
    ),
}

#: Where it belongs in its partnership: the address's name, and which arguments it takes beside.
_ROOMS: dict[str, tuple[str, tuple[str, ...]]] = {
    "assessments.fetch-figure": ("assessments:figures", ()),
    "assessments.refresh-figure": ("assessments:figures", ()),
    "insight.refresh": ("insight:board", ()),
    "research.check-arrival": ("research:arrival", ("arrival_id",)),
    "research.take-arrival": ("research:arrival", ("arrival_id",)),
}


def _import(arguments: dict[str, Any]) -> str:
    number = arguments.get("import_id")
    return reverse("directory:import-detail", args=[number]) if number else ""


def address_of(job: Job, runs: dict[int, int]) -> str:
    """Return the page that a job belongs to, or an empty string; `runs` as `events_of_runs` gives them."""
    place = _PLACES.get(job.kind)
    if place is not None:
        return place(job.arguments, runs)
    if not job.partnership_id:
        return reverse("insight:network") if job.kind == "insight.refresh" else ""
    name, more = _ROOMS.get(job.kind, ("partnerships:detail", ()))
    return reverse(name, args=[job.partnership_id, *(job.arguments[one] for one in more)])
