"""A meeting that the desk booked, whose three answer by mail."""

import pytest

from tests.ambassadors.answering import flush
from tests.ambassadors.desk import book, note
from tests.kernel.inboxes import make_maildir


@pytest.fixture
def box(tmp_path, settings):
    """The configured place, and addresses that lead to it."""
    settings.DEFAULT_FROM_EMAIL = "Proxeny <no-reply@proxeny.example>"
    settings.REPLY_ADDRESS = "calendar@proxeny.example"
    made = make_maildir(tmp_path / "maildir")
    settings.INBOX_URL = made.url
    return made


@pytest.fixture
def case(world, box, inbox):
    """A meeting that A's ambassador booked for member 1 and Claire."""
    return book(note(world), world)


@pytest.fixture
def mails(case, inbox):
    """The invitations, by recipient; the newest of each."""
    return flush(inbox)
