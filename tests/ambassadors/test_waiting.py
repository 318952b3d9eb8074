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
    assert "1 introduction is agreed by both and has no time yet." in text
    assert "For 1 introduction another time is proposed. Can you come?" in text
    assert "1 member asks you to act for it." in text
    assert "1 next step of yours is late." in text
    # A manager is not late with what the ambassador took on.
    assert "is late" not in text_of(sign_in(world.a.manager).get("/"))
    for person in (world.b.ambassador, world.c.manager):
        assert "introduction" not in text_of(sign_in(person).get("/")).lower()


def test_both_sides_read_what_waits_for_them(world, sign_in):
    make_case(world, state=State.ASKING)
    found = make_case(world, 0, 1, state=State.FINDING)
    TimeOptionFactory(introduction=found)
    text = text_of(sign_in(world.a.representatives[0]).get("/"))
    assert "1 introduction waits for your yes or no." in text
    assert "For 1 meeting a time is proposed. Does it suit you?" in text
    text = text_of(sign_in(world.b.representatives[1]).get("/"))
    assert "waits for your yes or no" not in text
    assert "For 1 meeting a time is proposed. Does it suit you?" in text
    assert "time is proposed" not in text_of(sign_in(world.a.representatives[2]).get("/"))


def test_the_way_to_the_desk(world, sign_in):
    make_case(world)
    for person in (world.a.ambassador, world.b.manager):
        client = sign_in(person)
        assert 'href="/desk/"' in client.get("/").content.decode()
        assert client.get("/desk/")["Location"] == f"/partnerships/{world.partnership.pk}/desk/"
    for person in (world.a.representatives[0], world.nobody_special):
        assert 'href="/desk/"' not in sign_in(person).get("/").content.decode()
        assert "There is no desk yet" in text_of(sign_in(person).get("/desk/"))
    # A second partnership: both are listed, with what is open.
    second = PartnershipFactory(lead=world.a.cluster, state="active", title="Athens – Oslo")
    for side, organisation in zip("AB", (world.a.cluster, world.c.cluster), strict=True):
        PartyFactory(partnership=second, organisation=organisation, side=side)
    text = text_of(sign_in(world.a.ambassador).get("/desk/"))
    assert "Athens – Oslo" in text
    assert "1 open introduction" in text
    assert "0 open introductions" in text
