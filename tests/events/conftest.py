"""Acting as a person of the world."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from proxeny.accounts.models import Person
from proxeny.kernel.tenancy import WEB, Reader, acting_as
from tests.conftest import reader_of


@pytest.fixture
def acting() -> Callable[[Person], AbstractContextManager[Reader]]:
    """`with acting(person) as reader:` works in the web role of that person."""

    @contextmanager
    def acting_person(person: Person) -> Iterator[Reader]:
        reader = reader_of(person)
        with acting_as(WEB, reader):
            yield reader

    return acting_person
