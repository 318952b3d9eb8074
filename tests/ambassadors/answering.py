"""What tests of answers by mail to the desk share: who answers, and what stands afterwards."""

from types import SimpleNamespace

import pytest

from proxeny.ambassadors.models import Introduction
from proxeny.kernel.mail import send
from proxeny.kernel.models import AuditEntry, Mail
from proxeny.meetings.models import Meeting, MeetingParty
from tests.ambassadors.desk import CLAIRE, FIRST
from tests.meetings.answering import said_by

WAITING, ACCEPTED, DECLINED = MeetingParty.Answer.values
#: Who answers: by a sign-in, or without one.
SIDES = pytest.mark.parametrize("role", ["member", "stakeholder"])


def flush(inbox) -> dict:
    """Send what waits; return the newest mail of each recipient."""
    before = len(inbox.messages)
    for one in Mail.objects.filter(sent_at=None, error="").order_by("pk"):
        send(one.pk)
    return {message["To"]: message for message in inbox.messages[before:]}


def who(world, role):
    """Return who was asked on a side, as an answer names them."""
    return (
        world.a.representatives[0]
        if role == "member"
        else SimpleNamespace(email=CLAIRE.email, name=CLAIRE.name, pk=None)
    )


def said(world, case, role, **changes):
    """Return an answer to the invitation as it stands."""
    return said_by(who(world, role), case.meeting, **changes)


def answers(case):
    """Return the answers of both parties, the member's first."""
    found = MeetingParty.objects.filter(meeting=case.meeting_id)
    both = dict(found.values_list("organisation_id", "answer"))
    return both[case.member_id], both[case.stakeholder_id]


def deeds(case, *verbs):
    """Return what the trail of the case says of answers by mail."""
    rows = AuditEntry.objects.filter(target="ambassadors.introduction", target_id=case.pk)
    rows = rows.filter(verb__in=verbs or ("answer_booking", "propose_time", "mark_bounce"))
    return list(rows.order_by("pk").values_list("verb", "person_id", "changes", "why"))


def stands(case):
    """Whether the meeting is booked as it was."""
    now = Introduction.objects.select_related("meeting").get(pk=case.pk)
    meeting = now.meeting
    return (now.state, meeting.starts_at, meeting.sequence, meeting.state) == (
        "booked",
        FIRST,
        0,
        Meeting.State.CONFIRMED,
    )
