"""`proxeny jobs`: failed work and mails that were given up, for the operator at a terminal."""

from collections.abc import Callable, Iterator
from datetime import datetime

from proxeny.kernel.errors import NotFound
from proxeny.kernel.failures import list_all_failed, list_all_waiting, retry_for_operator
from proxeny.kernel.inbox.reading import count_put_aside
from proxeny.kernel.models import Job, Mail

ALL = "all"


def look_after_failures(
    *, retry: str, retry_mail: str, waiting: bool, say: Callable[[str], None]
) -> None:
    """Try again what is named, or say what failed (and what waits) when nothing is.

    Raises
    ------
    NotFound
        What is named is none of what failed.
    """
    jobs, mails = list_all_failed()
    if not (retry or retry_mail):
        for line in (*_lines(jobs, mails), *_received_lines()):
            say(line)
        if waiting:
            for line in _waiting_lines(*list_all_waiting()):
                say(line)
        return
    for number in _named(retry, [job.pk for job in jobs]):
        retry_for_operator(job_id=number)
        say(f"Job {number} is tried again.")
    for number in _named(retry_mail, [mail.pk for mail in mails]):
        retry_for_operator(mail_id=number)
        say(f"Mail {number} is tried again.")


def _named(given: str, failed: list[int]) -> list[int]:
    if given == ALL:
        return failed
    if given and not given.isdecimal():
        raise NotFound(f"{given!r} is no number; write one, or {ALL}.")
    return [int(given)] if given else []


def _lines(jobs: list[Job], mails: list[Mail]) -> Iterator[str]:
    if not (jobs or mails):
        yield "Nothing failed."
    if jobs:
        yield "Failed jobs (proxeny jobs --retry NUMBER):"
    for job in jobs:
        yield _job_line(job, job.finished_at or job.created_at)
        yield f"      {job.error}"
    if mails:
        yield "Mails given up (proxeny jobs --retry-mail NUMBER):"
    for mail in mails:
        yield _mail_line(mail)
        yield f"      {mail.error}"


def _received_lines() -> Iterator[str]:
    found = count_put_aside()
    if found:
        yield "Mail that came in and was put aside, of 90 days (it lies in Not-understood):"
    for outcome, count in sorted(found.items()):
        yield f"  {count}  {outcome}"


def _waiting_lines(jobs: list[Job], mails: list[Mail]) -> Iterator[str]:
    yield f"Jobs that wait or run: {len(jobs)}"
    for job in jobs:
        yield _job_line(job, job.created_at)
    yield f"Mails that wait: {len(mails)}"
    for mail in mails:
        yield _mail_line(mail)


def _job_line(job: Job, at: datetime) -> str:
    return f"  {job.pk}  {job.kind}  {at:%Y-%m-%d %H:%M} UTC  tried {job.attempts} times"


def _mail_line(mail: Mail) -> str:
    at = f"{mail.created_at:%Y-%m-%d %H:%M} UTC"
    return f"  {mail.pk}  {mail.recipient}  {at}  tried {mail.attempts} times  {mail.subject}"
