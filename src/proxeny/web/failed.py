"""Failed work in words: what it was, when, why, and where it belongs."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from proxeny.events.queries.agenda.runs import events_of_runs
from proxeny.kernel.failures import can_decide
from proxeny.kernel.models import Job
from proxeny.kernel.rows import Column, Rows
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.queries import visible_partnerships

#: What each kind of work is to a person; `tests/web/test_failed.py` names a kind that is missing.
TITLES: dict[str, Any] = {
    "accounts.collect-data": _("Putting your data together"),
    "accounts.erase-person": _("Erasing a person"),
    "accounts.tell-idle": _("Writing to people who take part no longer"),
    "ambassadors.mind": _("Looking what waits at the ambassadors’ desks"),
    "assessments.ask_later": _("Asking what came of market assessments"),
    "assessments.fetch-figure": _("Asking a statistical office for a figure"),
    "assessments.refresh-figure": _("Asking a statistical office for newer values"),
    "assessments.remind_steps": _("Reminding advisers of steps that are due"),
    "bids.search": _("Searching for partners of a bid"),
    "calls.remind": _("Reminding people of calls that they watch"),
    "directory.apply-import": _("Importing a member list"),
    "directory.check-import": _("Checking a member list"),
    "directory.count-words": _("Counting the words of the directory"),
    "directory.end-listings": _("Letting offers and needs rest whose day is over"),
    "directory.find-duplicates": _("Looking for duplicates"),
    "directory.find-matches": _("Looking for partners"),
    "directory.look-for-new": _("Looking saved searches through"),
    "directory.read-meaning": _("Reading what entries mean"),
    "directory.tell-followers": _("Writing what is new to those who follow it"),
    "events.announce": _("Writing to the participants of an event"),
    "events.solve": _("Working out an agenda"),
    "events.suggest": _("Looking for suggestions at an event"),
    "insight.digest": _("Writing the figures of a quarter to those who want them"),
    "notices.digest": _("Writing the mails of the day and of the week"),
    "insight.refresh": _("Working out figures of a cluster and its partnerships"),
    "kernel.apply-terms": _("Dropping what is no longer needed"),
    "labels.sign-anew": _("Signing awards anew after the loss of a key"),
    "labels.sign-lists": _("Signing the lists of revoked awards"),
    "labels.remind": _("Reminding people of their labels and applications"),
    "meetings.ask-ripe": _("Finding meetings that are half a year old"),
    "meetings.ask_later": _("Asking what came of meetings"),
    "meetings.mind-rhythms": _("Looking whether catch-ups are due"),
    "partnerships.introduce": _("Working out introductions"),
    "partnerships.remind": _("Reminding people of what is due in their partnerships"),
    "research.check-arrival": _("Looking into a study from elsewhere"),
    "research.check-table": _("Checking a table, row by row"),
    "research.sweep": _("Dropping uploads that nobody went on with"),
    "research.take-arrival": _("Taking a study from elsewhere"),
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


#: What did not work, the latest first.
FAILED = Rows(
    "failed-work",
    (
        Column("what", _("What"), lambda row: row.title, ("kind",)),
        Column("when", _("When"), lambda row: row.at, ("finished_at",)),
        Column("why", _("Why"), lambda row: row.why),
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
                "partnership": titles.get(job.partnership_id, ""),
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
