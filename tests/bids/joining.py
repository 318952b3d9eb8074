"""Shorthands of the tests of partners: asked, answering by a seat or by a link, leaving."""

import re
from typing import Any

from django.test import Client
from django.urls import reverse

from proxeny.bids.models import Bid, Partner
from proxeny.bids.operations import answering, asking, leaving
from proxeny.kernel.models import Mail
from proxeny.partnerships.models import Agreement, Signatory
from tests.factories.directory import OrganisationFactory
from tests.factories.partnerships import AgreementFactory
from tests.partnerships.rooms import do


def lab(world, **values: Any) -> Any:
    """Return an organisation that is no member of anybody, and has nobody with a seat."""
    given = {"name": "Harbour lab", "country": "GR", "kind": "lab", **values}
    return OrganisationFactory(steward=world.a.cluster, visibility="public", **given)


def ask(person, partner, **given):
    """Ask a partner."""
    return _in_room(asking.ask_partner, person, partner, **given)


def remind(person, partner, **given):
    """Ask it once more."""
    return _in_room(asking.remind_partner, person, partner, **given)


def withdraw(person, partner):
    """Take the question back."""
    return _in_room(asking.withdraw_invitation, person, partner)


def bring_back(person, partner):
    """Plan with it again."""
    return _in_room(asking.bring_back, person, partner)


def note_left(person, partner, why="It has no people any more.", **given):
    """Note that it has left."""
    return _in_room(leaving.note_left, person, partner, why=why, **given)


def _in_room(operation, person, partner, **given):
    return do(
        person,
        operation,
        partnership_id=partner.partnership_id,
        bid_id=partner.bid_id,
        partner_id=partner.pk,
        **given,
    )


def letter_of(partner: Partner) -> Agreement:
    """Return its newest letter of intent."""
    found = Agreement.objects.filter(kind="letter", subject=str(partner.pk))
    return found.latest("number")


def sign(person, partner, text=None, **given):
    """Sign a text for its organisation, as read now."""
    text = text or letter_of(partner)
    given.setdefault("text_hash", text.text_hash)
    return do(person, answering.sign_own, partner_id=partner.pk, agreement_id=text.pk, **given)


def refuse(person, partner, text=None, why="We are too few."):
    """Say no to a text for its organisation."""
    text = text or letter_of(partner)
    return do(person, answering.refuse_own, partner_id=partner.pk, agreement_id=text.pk, why=why)


def whole_text(bid: Bid, *partners: Partner, text: str = "All of HARBOUR.") -> Agreement:
    """Put the whole bid before partners."""
    number = Agreement.objects.filter(kind="bid", subject=str(bid.pk)).count() + 1
    made = AgreementFactory(
        partnership=bid.partnership, kind="bid", subject=str(bid.pk), text=text, number=number
    )
    Signatory.objects.bulk_create(
        Signatory(agreement=made, organisation=one.organisation) for one in partners
    )
    return made


def mails_to(address: str) -> list[Mail]:
    """Return the mails to an address, the last last."""
    return list(Mail.objects.filter(recipient=address).order_by("pk"))


def link_in(mail: Mail) -> str:
    """Return the path of the link that a mail holds."""
    return re.search(r"https?://[^/\s]+(/bids/answer/[\w-]+/)", mail.text)[1]


def link_of(partner: Partner) -> str:
    """Return the path of the newest link that a partner was sent."""
    sent = [one for one in mails_to(partner.contact_email) if "/bids/answer/" in one.text]
    return link_in(sent[-1])


def post(path: str, deed: str, **values: Any) -> Any:
    """Answer by a link, as a stranger's browser does."""
    return Client().post(path, {"deed": deed, **values})


def sign_by_link(partner: Partner, name="Eleni Example", text=None, **values: Any) -> Any:
    """Sign by the newest link."""
    text = text or letter_of(partner)
    given = {"agreement": text.pk, "text_hash": text.text_hash, "name": name, "word": "", **values}
    return post(link_of(partner), "sign", **given)


def consortium(bid: Bid) -> str:
    """Return the address of the consortium's page."""
    return reverse("bids:consortium", args=[bid.partnership_id, bid.pk])


def deed(name: str, partner: Partner) -> str:
    """Return the address of something done with a partner."""
    return reverse(f"bids:{name}", args=[partner.partnership_id, partner.bid_id, partner.pk])
