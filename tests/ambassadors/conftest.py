"""A meeting that the desk booked, whose three answer by mail."""

import pytest
from django.test import override_settings

from tests.ambassadors.answering import flush
from tests.ambassadors.desk import book, note
from tests.kernel.inboxes import make_maildir
from tests.stages import staged

ADDRESSES = {
    "DEFAULT_FROM_EMAIL": "Proxeny <no-reply@proxeny.example>",
    "REPLY_ADDRESS": "calendar@proxeny.example",
}


@pytest.fixture
def box(tmp_path, settings):
    """The configured place, and addresses that lead to it."""
    for name, value in ADDRESSES.items():
        setattr(settings, name, value)
    made = make_maildir(tmp_path / "maildir")
    settings.INBOX_URL = made.url
    return made


@staged
def case(world):
    """A meeting that A's ambassador booked for member 1 and Claire."""
    with override_settings(**ADDRESSES):
        return book(note(world), world)


@pytest.fixture
def mails(case, box, inbox):
    """The invitations, by recipient; the newest of each."""
    return flush(inbox)
