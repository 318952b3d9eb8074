"""The person behind a job, and the view of the recipient of a job's messages."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone, translation

from proxeny.accounts.queries import get_reader_of_person
from proxeny.kernel.jobs import JobContext
from proxeny.kernel.tenancy import GATE, STRANGER, WEB, Reader, acting_as


@contextmanager
def person_behind(context: JobContext) -> Iterator[Reader]:
    """Yield the person who asked for a job, with today's rights and their language activated.

    The block must still enter the role that reads and writes; no transaction is held.
    """
    reader = STRANGER
    if context.person_id is not None:
        with acting_as(GATE):
            reader = get_reader_of_person(context.person_id, today=timezone.now().date())
    with translation.override(reader.language or "en"):
        yield reader


@contextmanager
def eyes_of_person(person_id: int) -> Iterator[Reader]:
    """Run a block with a person's own read rights, so no one is notified of data they may not see."""
    with acting_as(GATE):
        reader = get_reader_of_person(person_id, today=timezone.now().date())
    with acting_as(WEB, reader):
        yield reader
