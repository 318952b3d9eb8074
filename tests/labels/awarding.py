"""Shorthands of the tests of awards: a decided round, keys, awards that all have signed, checking."""

import json
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from django.test import Client
from django.utils import timezone

from proxeny.engine.credentials import Verdict
from proxeny.engine.credentials import verify as judge
from proxeny.labels.models import Award, Round
from proxeny.labels.operations.awarding import prepare_awards, put_awards
from proxeny.labels.operations.keys import make_key
from proxeny.partnerships.models import Agreement
from proxeny.partnerships.operations import signing
from proxeny.partnerships.queries import parties_of
from tests.factories import labels as made
from tests.factories.directory import OrganisationFactory
from tests.partnerships.rooms import do

_NUMBERS = count(1)


def code() -> str:
    """Return a code that no other award has."""
    return f"code{next(_NUMBERS):08}"


def keys(world) -> None:
    """Give both clusters a key."""
    for side in (world.a, world.b):
        do(side.manager, make_key, organisation_id=side.cluster.pk)


def decided(world, many: int = 1, **values: Any) -> Round:
    """Return a decided round in which so many applications are chosen, all of the level gold."""
    version = made.make_scheme(world.partnership, **values)
    held = made.RoundFactory(scheme_version=version, state="decided", places=many)
    decision = made.DecisionFactory(round=held, person=world.a.manager)
    gold = version.content["levels"][-1]["key"]
    for number in range(many):
        holder = world.a.members[0] if number == 0 else OrganisationFactory(name=f"Firm {number}")
        one = made.make_submitted(held, holder, title=f"Project {number}")
        made.ResultFactory(decision=decision, application=one, rank=number + 1, level=gold)
    return Round.objects.select_related("scheme", "scheme_version").get(pk=held.pk)


def put(person, held: Round, **values: Any) -> Agreement:
    """Put the awards of a round before all sides."""
    prepared = prepare_awards(held, parties_of(held.partnership))
    given = {"seen": prepared.fingerprint, "make_code": code, **values}
    return do(person, put_awards, partnership_id=held.partnership_id, round_id=held.pk, **given)


def sign(person, agreement: Agreement, **values: Any) -> Agreement:
    """Sign a text for one's own side."""
    return do(
        person,
        signing.sign_text,
        partnership_id=agreement.partnership_id,
        agreement_id=agreement.pk,
        text_hash=agreement.text_hash,
        **values,
    )


def close(person, agreement: Agreement, why: str = "Not now.") -> Agreement:
    """Say no to a text."""
    return do(
        person,
        signing.close_text,
        partnership_id=agreement.partnership_id,
        agreement_id=agreement.pk,
        why=why,
    )


def awarded(world, many: int = 1, **values: Any) -> list[Award]:
    """Return awards of a round that both clusters have signed, with keys of theirs."""
    keys(world)
    held = decided(world, many, **values)
    sign(world.b.manager, put(world.a.manager, held))
    return list(Award.objects.filter(decision__round=held).order_by("pk"))


def verify(award: Award, *, now: Any = None, document: Any = None) -> Verdict:
    """Return what a stranger finds who fetches everything from the site itself."""
    client = Client()

    def resolve(url: str) -> Any:
        answer = client.get(urlsplit(url).path)
        return json.loads(answer.content) if answer.status_code == 200 else None

    if document is None:
        document = resolve(f"/awards/{award.code}/credential.json")
    return judge(document, now=now or timezone.now(), resolve=resolve)
