"""`proxeny jobs`: failed work and mails that were given up, for the operator at a terminal."""

from collections.abc import Callable, Iterator
from datetime import datetime

from django.utils import timezone

from proxeny.kernel.errors import NotFound
from proxeny.kernel.inbox.reading import count_put_aside
from proxeny.kernel.jobs.failures import (
    Counts,
    count_jobs_and_mails,
    list_all_failed,
    list_all_waiting,
    mails_to_hurry,
    retry_for_operator,
)
from proxeny.kernel.models import Job, Mail

ALL = "all"


def look_after_failures(
    *, retry: str, retry_mail: str, waiting: bool, say: Callable[[str], None]
) -> None:
    """Retry the named jobs and mails, or list the failed (and waiting) ones when none is named.

    Raises
    ------
    NotFound
        What is named has not failed, or is sent.
    """
    jobs, mails = list_all_failed()
    if not (retry or retry_mail):
        for line in (*_lines(jobs, mails), *_received_lines()):
            say(line)
        if waiting:
            for line in _waiting_lines(*list_all_waiting()):
                say(line)
        for line in _count_lines(*count_jobs_and_mails()):
            say(line)
        return
    for number in _named(retry, [job.pk for job in jobs]):
        retry_for_operator(job_id=number)
        say(f"Job {number} queued for retry.")
    for number in _named(retry_mail, mails_to_hurry(timezone.now())):
        retry_for_operator(mail_id=number)
        say(f"Email {number} queued for sending.")


def _named(given: str, failed: list[int]) -> list[int]:
    if given == ALL:
        return failed
    if given and not given.isdecimal():
        raise NotFound(f"{given!r} isn't a number. Enter a number, or {ALL}.")
    return [int(given)] if given else []


def _lines(jobs: list[Job], mails: list[Mail]) -> Iterator[str]:
    if not (jobs or mails):
        yield "No failed jobs or emails."
    if jobs:
        yield "Failed jobs (to retry: proxeny jobs --retry NUMBER):"
    for job in jobs:
        yield _job_line(job, job.finished_at or job.created_at)
        yield f"      {job.error}"
    if mails:
        yield "Emails given up (to retry: proxeny jobs --retry-mail NUMBER):"
    for mail in mails:
        yield _mail_line(mail)
        yield f"      {mail.error}"


def _received_lines() -> Iterator[str]:
    found = count_put_aside()
    if found:
        yield "Received emails set aside in the last 90 days (see the folder Not-understood):"
    for outcome, count in sorted(found.items()):
        yield f"  {count}  {outcome}"


def _count_lines(jobs: Counts, mails: Counts) -> Iterator[str]:
    yield f"Jobs in total: {jobs.written} = {_sum(jobs)}"
    yield f"Emails in total: {mails.written} = {_sum(mails).replace('failed', 'given up')}"
    if jobs.left or mails.left:
        yield (
            f"Not in the queue: {jobs.left} jobs, {mails.left} emails. A worker puts them back "
            "within a minute. If that doesn't happen, check that a worker is running."
        )


def _sum(counts: Counts) -> str:
    return " + ".join(f"{count} {state}" for state, count in counts.states.items())


def _waiting_lines(jobs: list[Job], mails: list[Mail]) -> Iterator[str]:
    yield f"Waiting or running jobs: {len(jobs)}"
    for job in jobs:
        yield _job_line(job, job.created_at)
    yield f"Waiting emails: {len(mails)}"
    for mail in mails:
        yield _mail_line(mail)


def _job_line(job: Job, at: datetime) -> str:
    return f"  {job.pk}  {job.kind}  {at:%Y-%m-%d %H:%M} UTC  attempts: {job.attempts}"


def _mail_line(mail: Mail) -> str:
    at = f"{mail.created_at:%Y-%m-%d %H:%M} UTC"
    return f"  {mail.pk}  {mail.recipient}  {at}  attempts: {mail.attempts}  {mail.subject}"
