"""The person behind a job, and the eyes of a person whom a job writes to."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone, translation

from proxeny.accounts.queries import get_reader_of_person
from proxeny.kernel.jobs import JobContext
from proxeny.kernel.tenancy import GATE, STRANGER, WEB, Reader, acting_as


@contextmanager
def person_behind(context: JobContext) -> Iterator[Reader]:
    """Yield who asked for a job, as they read today, with their language in force.

    The role that reads and writes is still to be taken on; no transaction is held.
    """
    reader = STRANGER
    if context.person_id is not None:
        with acting_as(GATE):
            reader = get_reader_of_person(context.person_id, today=timezone.now().date())
    with translation.override(reader.language or "en"):
        yield reader


@contextmanager
def eyes_of_person(person_id: int) -> Iterator[Reader]:
    """Read for a block as a person reads today: nobody is told of what they may not see."""
    with acting_as(GATE):
        reader = get_reader_of_person(person_id, today=timezone.now().date())
    with acting_as(WEB, reader):
        yield reader
