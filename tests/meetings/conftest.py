"""A meeting of a Greek and a French member; a catch-up whose guests answer by mail."""

import pytest

from proxeny.accounts.models import Person
from proxeny.meetings.operations.catch_ups import plan_catch_up
from tests.factories.meetings import make_meeting
from tests.kernel.inboxes import make_maildir
from tests.meetings.answering import send_all
from tests.meetings.catching_up import do, facts
from tests.stages import staged


@staged
def meeting(world):
    """Member 1 of side A meets member 1 of side B, at 10:00 in Athens."""
    return make_meeting(
        world.partnership,
        (world.a.members[0], world.a.representatives[0]),
        (world.b.members[0], world.b.representatives[0]),
        title="Spring fair",
        place="Athens, Table 1",
    )


@pytest.fixture
def box(tmp_path, settings):
    """The configured place, and addresses that lead to it."""
    settings.DEFAULT_FROM_EMAIL = "Proxeny <no-reply@proxeny.example>"
    settings.REPLY_ADDRESS = "calendar@proxeny.example"
    made = make_maildir(tmp_path / "maildir")
    settings.INBOX_URL = made.url
    return made


@pytest.fixture
def planned(world, box, inbox):
    """A catch-up that A's manager planned."""
    Person.objects.filter(pk=world.a.manager.pk).update(time_zone="Europe/Athens")
    Person.objects.filter(pk=world.b.manager.pk).update(time_zone="Europe/Paris")
    return do(world.a.manager, plan_catch_up, world, facts=facts(world))


@pytest.fixture
def mails(planned, inbox):
    """The invitations, by recipient."""
    return send_all(inbox)
