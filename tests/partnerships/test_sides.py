"""Texts of partnerships of two and of alliances of three: true of however many take part."""

import re
from datetime import date

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from proxeny.kernel.models import Mail
from proxeny.partnerships.models import Party
from proxeny.partnerships.operations import amend_agreement
from proxeny.partnerships.sides import count_others, say_saved, say_signed, say_told
from proxeny.partnerships.views.frame import PARTS
from tests.factories.partnerships import AgreementFactory, PartyFactory
from tests.partnerships.rooms import do, words
from tests.stages import staged

PAIR = re.compile(
    r"\b(?:both (?:sides|teams|clusters|parties|have signed|sign)|the other side|two clusters|two"
    r" sides|either side)\b",
    re.IGNORECASE,
)
#: Of a stay and of a favour, each between two, whoever else takes part; and the history, which
#: offers to filter by all that happens in partnerships.
OF_TWO = {"partnerships:placements", "partnerships:record-add", "partnerships:history"}


@staged
def third(world):
    return PartyFactory(partnership=world.partnership, organisation=world.c.cluster, side="C")


def pages():
    return [one.name for _label, those in PARTS.values() for one in those]


def read(client, name, world):
    answer = client.get(reverse(name, args=[world.partnership.pk]))
    assert answer.status_code == 200, name
    return words(answer.content.decode())


def test_those_who_take_part_are_counted_beside_oneself(world, third):
    parties = list(world.partnership.parties.all())
    assert count_others(parties) == 2
    assert count_others(parties[:2]) == 1
    third.state = Party.State.LEFT
    assert count_others([*parties[:2], third]) == 1
    assert count_others([]) == 1


def test_no_page_of_a_room_of_three_speaks_of_two(world, third, sign_in):
    client = sign_in(world.a.manager)
    mine = [one for one in pages() if one.startswith("partnerships:") and one not in OF_TWO]
    found = {
        name: PAIR.findall(read(client, name, world)) for name in [*mine, "partnerships:sharing"]
    }
    assert {name: said for name, said in found.items() if said} == {}


def test_a_room_of_two_still_says_both(world, sign_in):
    client = sign_in(world.a.manager)
    assert "Both sides see the same ledger" in read(client, "partnerships:sharing", world)
    assert "Ask both teams how it’s going" in read(client, "partnerships:health", world)


def test_what_is_said_after_a_deed_counts_the_others(world):
    pk = world.partnership.pk
    pair = [say(pk) for say in (say_saved, say_signed, say_told)]
    assert all("The other side " in one for one in pair)
    PartyFactory(partnership=world.partnership, organisation=world.c.cluster, side="C")
    three = [say(pk) for say in (say_saved, say_signed, say_told)]
    assert all("The other sides " in one for one in three)


@pytest.mark.parametrize(
    "kind",
    ["proposal", "signature", "active", "amendment", "asked", "agreed", "review", "reviewed"],
)
def test_no_mail_to_three_speaks_of_two(kind):
    values = {"kind": kind, "actor": "Ada", "cluster": "Pharos", "title": "North", "what": "x"}
    for part in ("subject", "body"):
        name = f"partnerships/mail/notice.txt#{part}"
        assert not PAIR.search(render_to_string(name, {**values, "others": 2}))
    assert PAIR.search(
        render_to_string(
            "partnerships/mail/notice.txt#body", {**values, "kind": "active", "others": 1}
        )
    )


def test_a_mail_of_an_alliance_is_written_for_three(world, third):
    AgreementFactory(partnership=world.partnership)
    do(
        world.a.manager,
        amend_agreement,
        partnership_id=world.partnership.pk,
        number=1,
        text=f"Another text of {date(2026, 1, 1)}.",
    )
    mail = Mail.objects.filter(recipient=world.c.manager.email).get()
    assert "It needs the signatures of all sides." in mail.text
    assert mail.reply_to == world.a.manager.email
