"""What tests of the desk share: a moment, doing things as somebody, and the links in mails."""

import re
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any

from proxeny.accounts.models import Person
from proxeny.ambassadors.models import Introduction
from proxeny.ambassadors.operations.booking import Proposal, answer_times_by_link, offer_times
from proxeny.ambassadors.operations.introductions import Facts, note_introduction
from proxeny.ambassadors.operations.wishes import answer_wish_by_link, ask_sides
from proxeny.ambassadors.queries.cases import Contact
from proxeny.kernel.models import Mail
from proxeny.kernel.tenancy import STRANGER, WEB, acting_as
from tests.conftest import reader_of
from tests.factories.world import World

#: In the year of `tests.factories.events.DAY`.
NOW = datetime(2083, 3, 1, 9, 0, tzinfo=UTC)
#: Ten in Athens, nine in Paris.
FIRST = datetime(2083, 3, 15, 8, 0, tzinfo=UTC)
SECOND = FIRST + timedelta(days=1)

CLAIRE = Contact("Claire Fontaine", "claire@buyer.example", "fr", "Europe/Paris")


def do(person: Person, operation: Any, *, now: datetime = NOW, **values: Any) -> Any:
    """Call an operation as the web role of a person."""
    reader = reader_of(person)
    with acting_as(WEB, reader):
        return operation(actor=reader, now=now, **values)


def by_link(operation: Any, *, now: datetime = NOW, **values: Any) -> Any:
    """Call an operation as the web role of nobody, as whoever opens a link is."""
    with acting_as(WEB, STRANGER):
        return operation(now=now, **values)


def facts(world: World, **changes: Any) -> Facts:
    """Return why member 1 of A should meet member 1 of B, and who speaks for either."""
    person = world.a.representatives[0]
    values: dict[str, Any] = {
        "reason": "They make what you look for.",
        "place": "Paris, 12 rue de Rome",
        "member_contact": Contact(person.name, person.email, "el", "Europe/Athens", person.pk),
        "stakeholder_contact": CLAIRE,
    }
    return Facts(**{**values, **changes})


def note(world: World, **changes: Any) -> Introduction:
    """Let A's ambassador note the introduction of member 1 of A to member 1 of B."""
    pair = {
        "member_id": changes.pop("member_id", world.a.members[0].pk),
        "stakeholder_id": changes.pop("stakeholder_id", world.b.members[0].pk),
    }
    for member, person in zip(world.a.members, world.a.representatives, strict=True):
        if member.pk == pair["member_id"]:
            contact = Contact(person.name, person.email, "el", "Europe/Athens", person.pk)
            changes.setdefault("member_contact", contact)
    return do(
        world.a.ambassador,
        note_introduction,
        partnership_id=world.partnership.pk,
        facts=facts(world, **changes),
        **pair,
    )


def tokens(email: str) -> list[str]:
    """Return the secrets of the links in the mails that wait for an address, the newest last.

    What is sent has lost its secrets: `token_in` reads them as the recipient does.
    """
    texts = Mail.objects.filter(recipient=email).order_by("pk").values_list("text", flat=True)
    return [token for text in texts for token in re.findall(r"/answer/([\w-]+)/", text)]


def token_in(*mails: EmailMessage) -> str:
    """Return the secret of the newest link in mails that arrived, the newest last."""
    texts = "".join(one.get_body(("plain",)).get_content() for one in mails)
    return re.findall(r"/answer/([\w-]+)/", texts)[-1]


def token(email: str) -> str:
    """Return the secret of the newest link that an address got."""
    return tokens(email)[-1]


def ask(case: Introduction, world: World) -> None:
    """Ask both sides whether they want to meet."""
    do(world.a.ambassador, ask_sides, introduction_id=case.pk)


def agree(case: Introduction, world: World) -> None:
    """Let both sides say yes."""
    ask(case, world)
    for email in (world.a.representatives[0].email, CLAIRE.email):
        by_link(answer_wish_by_link, token=token(email), wants=True)


def offer(case: Introduction, world: World, *times: datetime) -> list[int]:
    """Let the desk propose times; return their numbers."""
    do(
        world.a.ambassador,
        offer_times,
        introduction_id=case.pk,
        time_zone="Europe/Paris",
        proposals=[Proposal(one) for one in times or (FIRST, SECOND)],
    )
    return list(case.options.filter(withdrawn_at=None).values_list("pk", flat=True))


def book(case: Introduction, world: World) -> Introduction:
    """Let both sides agree to the first time that the desk proposes."""
    agree(case, world)
    first, *_rest = offer(case, world)
    for email in (world.a.representatives[0].email, CLAIRE.email):
        by_link(answer_times_by_link, token=token(email), suits=[first])
    case.refresh_from_db()
    return case
