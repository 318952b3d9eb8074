"""Offers and needs written by hand, one anonymous, one still to be reviewed; interest in them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from proxeny.demo.guests import GuestBook
from proxeny.demo.members import Member
from proxeny.demo.texts import read_content
from proxeny.demo.world import World
from proxeny.directory.operations import interests as deeds
from proxeny.directory.operations.listings import ListingText, add_listing

_ANSWERS = tuple(deeds.QUESTIONS)
#: The steps of interest, in their order, and so many days ago.
_DAYS = {"asked": -12, "returned": -11, "passed": -9, "offered": -6, "decided": -4}


def build_listings(world: World, guests: GuestBook) -> None:
    """Write the texts, and let others be interested in them."""
    content = read_content("listings")
    written = {one["key"]: _write(world, guests, one) for one in content["texts"]}
    for one in content["interests"]:
        _ask(world, guests, one, *written[one["text"]])
    world.say(
        f"  {len(written)} offers and needs at length, {len(content['interests'])} met interest"
    )


def find_company(world: World, whose: Mapping[str, Any]) -> tuple[int, Member]:
    """Return a company of a cluster by its field, its language and its number."""
    language = whose.get("language")
    found = [
        (pk, member)
        for pk, member in world.sides[whose["cluster"]].members
        if member.kind == "company"
        and member.field == whose["field"]
        and (language is None or member.language == language)
    ]
    return found[int(whose["number"])]


def _write(world: World, guests: GuestBook, given: dict[str, Any]) -> tuple[int, int]:
    """Write one text; return its id and its owner's, the organisation."""
    organisation_id, member = find_company(world, given)
    names = ListingText.__slots__
    text = ListingText(
        **{"language": member.language} | {name: given[name] for name in names if name in given}
    )
    side, at = world.sides[given["cluster"]], world.moment(-21)
    # A listing still under review was submitted by the member itself.
    is_read = given.get("is_read", True)
    person = side.manager_id if is_read else guests.guest(side.slug, organisation_id).person_id
    with world.acting(person, at=at) as actor:
        made = add_listing(actor=actor, organisation_id=organisation_id, text=text, now=at)
    return made.pk, organisation_id


def _ask(
    world: World, guests: GuestBook, given: dict[str, Any], listing_id: int, owner_id: int
) -> None:
    """Express interest, and take it as far as it has come."""
    organisation_id, _member = find_company(world, given)
    asker = guests.guest(given["cluster"], organisation_id)
    own = world.sides[given["cluster"]].manager_id
    other_slug = next(
        one["cluster"] for one in read_content("listings")["texts"] if one["key"] == given["text"]
    )
    other, until = world.sides[other_slug].manager_id, given["until"]
    with world.acting(asker.person_id, at=world.moment(_DAYS["asked"])) as actor:
        made = deeds.express_interest(
            actor=actor,
            listing_id=listing_id,
            organisation_id=organisation_id,
            answers={name: given.get(name, "") for name in _ANSWERS},
            now=world.moment(_DAYS["asked"]),
        )
    if until == "asked":
        return
    with world.acting(own, at=world.moment(_DAYS["returned"])) as actor:
        if until == "returned":
            deeds.return_interest(
                actor=actor,
                interest_id=made.pk,
                note=given["question"],
                now=world.moment(_DAYS["returned"]),
            )
            return
        deeds.pass_interest(
            actor=actor,
            interest_id=made.pk,
            note=given.get("word", ""),
            now=world.moment(_DAYS["passed"]),
        )
    if until == "passed":
        return
    with world.acting(other, at=world.moment(_DAYS["offered"])) as actor:
        deeds.pass_interest(actor=actor, interest_id=made.pk, now=world.moment(_DAYS["offered"]))
    if until != "offered":
        _answer(world, guests, given, other_slug, owner_id, made.pk)


def _answer(
    world: World, guests: GuestBook, given: dict[str, Any], slug: str, owner_id: int, pk: int
) -> None:
    at = world.moment(_DAYS["decided"]) + timedelta(minutes=5)
    with world.acting(guests.guest(slug, owner_id).person_id, at=at) as actor:
        if given["until"] == "accepted":
            deeds.accept_interest(
                actor=actor, interest_id=pk, reply=given["reply"], contact=given["contact"], now=at
            )
        else:
            deeds.decline_interest(actor=actor, interest_id=pk, reply=given["reply"], now=at)
