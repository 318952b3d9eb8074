"""What tests of a member's own pages share: addresses, and introductions of two with a sign-in."""

import re
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from proxeny.ambassadors.models import Introduction, Mandate
from proxeny.ambassadors.operations.introductions import note_introduction
from proxeny.ambassadors.operations.mandates import MandateFacts, ask_mandate
from proxeny.ambassadors.operations.wishes import answer_wish, ask_sides
from proxeny.ambassadors.queries.cases import Contact
from tests.ambassadors.desk import do, facts

State = Introduction.State
OWN = reverse("ambassadors:own")


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def page(name, *args) -> str:
    return reverse(f"ambassadors:{name}", args=args)


def note(world, number=0, **changes) -> Introduction:
    """Let A's ambassador note member 1 of A and a member of B, whose representative has a sign-in."""
    person = world.b.representatives[number]
    changes = {
        "stakeholder_contact": Contact(person.name, person.email, "fr", "Europe/Paris", person.pk),
        **changes,
    }
    return do(
        world.a.ambassador,
        note_introduction,
        partnership_id=world.partnership.pk,
        member_id=world.a.members[0].pk,
        stakeholder_id=world.b.members[number].pk,
        facts=facts(world, **changes),
        now=timezone.now(),
    )


def asked(world, number=0, **changes) -> Introduction:
    """Let both be asked."""
    case = note(world, number, **changes)
    do(world.a.ambassador, ask_sides, introduction_id=case.pk, now=timezone.now())
    return case


def agreed(world, number=0) -> Introduction:
    """Let both say yes."""
    case = asked(world, number)
    for person in (world.a.representatives[0], world.b.representatives[number]):
        do(person, answer_wish, introduction_id=case.pk, wants=True, now=timezone.now())
    return case


def mandate(world, person=0, **changes) -> Mandate:
    """Let a member of A ask A's ambassador."""
    asks = MandateFacts("A buyer.", timezone.localdate() + timedelta(days=60), **changes)
    return do(
        world.a.representatives[person],
        ask_mandate,
        partnership_id=world.partnership.pk,
        member_id=world.a.members[person].pk,
        facts=asks,
        now=timezone.now(),
    )


def state(case) -> str:
    return Introduction.objects.get(pk=case.pk).state
