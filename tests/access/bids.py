"""The bid of A and B in the crowd's world: a row of every table of bids.

It is for A's call. A's member takes part: it was asked, and has signed its letter of intent; B's member
is noted, and was not asked yet.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import F, Model
from django.utils import timezone

from proxeny.accounts.queries import hash_token
from proxeny.bids import models
from proxeny.bids.models import Bid, Partner
from proxeny.calls.models import Call
from proxeny.partnerships.models import Agreement, Signatory, SignOff
from tests.factories import bids as made
from tests.factories.partnerships import AgreementFactory
from tests.factories.world import World

Arguments = Callable[[Any], dict]
#: The secret of the link by which A's member answers.
LINK = "secret-of-a-partner"


def fill(world: World) -> None:
    """Give the room of A and B a bid with a row of every table."""
    now, room = timezone.now(), world.partnership
    bid = made.BidFactory(partnership=room, call=Call.objects.earliest("pk"), state="preparing")
    side = room.parties.get(side="A")
    made.StanceFactory(bid=bid, party=side, person=world.a.manager)
    member = made.PartnerFactory(
        bid=bid,
        organisation=world.a.members[0],
        party=side,
        state="in",
        leads=True,
        asked_at=now,
        answered_at=now,
        brings="Sensors that last.",
    )
    made.PartnerFactory(bid=bid, organisation=world.b.members[0], brings="Harbours.")
    made.LinkFactory(partner=member, token_hash=hash_token(LINK))
    first, second = (
        made.WorkPackageFactory(bid=bid, number=number, title=title)
        for number, title in ((1, "Measure"), (2, "Tell"))
    )
    made.PackageNeedFactory(package=second, needs=first)
    made.SpendingFactory(partner=member, package=first)
    paper = made.PaperFactory(bid=bid)
    made.PaperVersionFactory(paper=paper, person=world.a.ambassador)
    made.SearchFactory(bid=bid, person=world.a.ambassador)
    letter = AgreementFactory(
        partnership=room,
        kind=Agreement.Kind.LETTER,
        subject=str(member.pk),
        text="We take part in HARBOUR.",
        completed_at=now,
    )
    Signatory.objects.create(agreement=letter, organisation=member.organisation)
    SignOff.objects.create(
        agreement=letter,
        organisation=member.organisation,
        person=world.a.representatives[0],
        person_name="Signing Person",
        text_hash=letter.text_hash,
        signed_at=now,
    )


def main() -> Bid:
    """Return the bid, in preparation."""
    one = Bid.objects.earliest("pk")
    Bid.objects.filter(pk=one.pk).exclude(state="preparing").update(state="preparing")
    return Bid.objects.get(pk=one.pk)


def at(state: str = "preparing", **more: Callable[[], Any]) -> Arguments:
    """Return what finds the bid in a state, and more of it by number: `partner_id=partner`."""

    def arguments(crowd: Any) -> dict:
        one = main()
        Bid.objects.filter(pk=one.pk).exclude(state=state).update(
            state=state,
            submitted_at=None if state in ("exploring", "preparing") else F("created_at"),
        )
        found = {"pk": one.partnership_id, "bid_id": one.pk}
        return found | {name: find().pk for name, find in more.items()}

    return arguments


def partner() -> Partner:
    """Return A's member, which takes part."""
    return Partner.objects.earliest("pk")


def noted() -> Partner:
    """Return B's member, which was not asked yet."""
    return Partner.objects.latest("pk")


def own(crowd: Any) -> dict:
    """Return A's member as its own people name it."""
    main()
    return {"partner_id": partner().pk}


def link(crowd: Any) -> dict:
    """Return its link, which lets in."""
    main()
    return {"token": LINK}


def close_links() -> None:
    """Close all links of partners."""
    models.Link.objects.update(closed_at=timezone.now())


def run_links_out() -> None:
    """Let all links of partners be past their day."""
    models.Link.objects.update(expires_at=timezone.now())


def letter() -> Agreement:
    """Return its letter of intent."""
    return Agreement.objects.filter(kind=Agreement.Kind.LETTER).earliest("pk")


def held() -> dict[str, list[Model]]:
    """Return the rows that hold each record, one a table."""
    one = {
        name: getattr(models, name).objects.order_by("pk").first()
        for name in (
            "Bid",
            "Stance",
            "WorkPackage",
            "PackageNeed",
            "Spending",
            "Paper",
            "PaperVersion",
            "Search",
        )
    }
    signed = letter()
    return {
        "a bid of A and B": [
            one["Bid"],
            one["Stance"],
            one["WorkPackage"],
            one["PackageNeed"],
            one["Spending"],
            one["Search"],
        ],
        "documents of a bid": [one["Paper"], one["PaperVersion"]],
        "A's member as a partner of a bid": [partner()],
        "a partner of a bid that was not asked yet": [noted()],
        "the letter of A's member for a bid": [
            signed,
            signed.signatories.get(),
            signed.sign_offs.get(),
        ],
    }


#: What a page tells of each, marked; see `records.MARKED`. What a bid is about, its partners read
#: too; what was learned is the room's alone.
MARKED: dict[str, str] = {
    "a bid of A and B": "learned",
    "documents of a bid": "title",
    "A's member as a partner of a bid": "brings",
    "a partner of a bid that was not asked yet": "brings",
}
