"""What the front page says of desks and introductions, to each of the people concerned."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from proxeny.ambassadors.models import Introduction
from tests.factories.ambassadors import MandateFactory, TimeOptionFactory, make_case
from tests.factories.partnerships import PartnershipFactory, PartyFactory

pytestmark = pytest.mark.django_db
State = Introduction.State


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_the_desk_reads_what_it_has_to_do(world, sign_in):
    make_case(world, state=State.FINDING)
    asked = make_case(world, 1, 1, state=State.FINDING)
    TimeOptionFactory(introduction=asked, desk=None, proposed_by="stakeholder", stakeholder=True)
    make_case(world, 2, 2, next_on=timezone.localdate() - timedelta(days=1), next_step="Call")
    MandateFactory(
        partnership=world.partnership, cluster=world.a.cluster, member=world.a.members[0]
    )
    text = text_of(sign_in(world.a.ambassador).get("/"))
    assert "Both want to meet, but no times have been proposed yet." in text
    assert "A different time has been proposed. Can you make it?" in text
    assert "This member has asked you to act for them." in text
    assert "Greek member 3 – French member 3 Call" in text
    # A manager is not late with what the ambassador took on.
    assert "Greek member 3" not in text_of(sign_in(world.a.manager).get("/"))
    for person in (world.b.ambassador, world.c.manager):
        read = text_of(sign_in(person).get("/"))
        for told in ("Greek member", "times have been proposed", "time has been", "act for them"):
            assert told not in read


def test_both_sides_read_what_waits_for_them(world, sign_in):
    make_case(world, state=State.ASKING)
    found = make_case(world, 0, 1, state=State.FINDING)
    TimeOptionFactory(introduction=found)
    text = text_of(sign_in(world.a.representatives[0]).get("/"))
    assert "French member 1 Would you like to meet them?" in text
    assert "French member 2 Times have been proposed. Which suit you?" in text
    text = text_of(sign_in(world.b.representatives[1]).get("/"))
    assert "Would you like to meet them?" not in text
    assert "Greek member 1 Times have been proposed. Which suit you?" in text
    assert "have been proposed" not in text_of(sign_in(world.a.representatives[2]).get("/"))


def test_the_way_to_the_desk(world, sign_in):
    make_case(world)
    for person in (world.a.ambassador, world.b.manager):
        client = sign_in(person)
        assert 'href="/desk/"' in client.get("/").content.decode()
        assert client.get("/desk/")["Location"] == f"/partnerships/{world.partnership.pk}/desk/"
    for person in (world.a.representatives[0], world.nobody_special):
        assert 'href="/desk/"' not in sign_in(person).get("/").content.decode()
        assert "No desks yet" in text_of(sign_in(person).get("/desk/"))
    # A second partnership: both are listed, with what is open.
    second = PartnershipFactory(lead=world.a.cluster, state="active", title="Athens – Oslo")
    for side, organisation in zip("AB", (world.a.cluster, world.c.cluster), strict=True):
        PartyFactory(partnership=second, organisation=organisation, side=side)
    text = text_of(sign_in(world.a.ambassador).get("/desk/"))
    assert "Athens – Oslo" in text
    assert "1 open introduction" in text
    assert "0 open introductions" in text
