"""Calls by hand: noted, changed, put away, found."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from proxeny.accounts.models import Role
from proxeny.calls.models import Call
from proxeny.calls.operations import calls as operations
from proxeny.calls.operations.calls import CallFacts
from proxeny.calls.queries import calls as queries
from proxeny.calls.queries.calls import Wanted
from proxeny.calls.rules import BRUSSELS, State, closing_moment, state_of
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry
from tests.conftest import reader_of
from tests.factories.accounts import SeatFactory
from tests.factories.calls import CallFactory

pytestmark = pytest.mark.django_db
FACTS = CallFacts(
    reference="BLUE-1", title="Nets that last", closes_at=closing_moment(date(2031, 5, 1))
)
OWN = {
    "key": "own-1",
    "kind": "countries",
    "text": "Partners of three countries",
    "least": 3,
    "source": "Call text, p. 4",
    "url": "https://calls.example.org",
    "seen": "2026-11-26",
}


def _add(world, reading, person, facts=FACTS):
    with reading(person):
        return operations.add_call(
            actor=reader_of(person),
            steward_id=world.a.cluster.pk,
            facts=facts,
            now=timezone.now(),
        )


def test_a_manager_notes_a_call_and_the_trail_tells_it(world, reading):
    made = _add(world, reading, world.a.manager)
    assert (made.source, made.brought_by, made.version) == ("hand", world.a.manager, 1)
    entry = AuditEntry.objects.get(verb="add_call")
    assert entry.changes == {"title": "Nets that last", "reference": "BLUE-1"}
    assert entry.organisation_id == world.a.cluster.pk


@pytest.mark.parametrize("role", [Role.ADVISER, Role.AMBASSADOR])
def test_so_do_advisers_and_ambassadors(world, reading, role):
    person = SeatFactory(organisation=world.a.cluster, role=role).person
    assert _add(world, reading, person).pk


@pytest.mark.parametrize("role", [Role.REPRESENTATIVE, Role.JUROR])
def test_other_seats_of_the_cluster_do_not(world, reading, role):
    person = SeatFactory(organisation=world.a.cluster, role=role).person
    with pytest.raises(NotAllowed):
        _add(world, reading, person)


@pytest.mark.parametrize("who", ["a member", "b", "c"])
def test_members_partners_and_strangers_do_not(world, reading, who):
    people = {"a member": world.a.representatives[0], "b": world.b.manager, "c": world.c.manager}
    with pytest.raises(NotAllowed):
        _add(world, reading, people[who])
    call = CallFactory(steward=world.a.cluster)
    with reading(people[who]), pytest.raises(NotFound if who == "c" else NotAllowed):
        operations.put_call_away(actor=reader_of(people[who]), call_id=call.pk, now=timezone.now())


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"reference": " "}, "reference"),
        ({"title": ""}, "title"),
        ({"title": "x" * 401}, "title"),
        ({"address": "javascript:alert(1)"}, "address"),
        ({"address": "ftp://calls.example.org"}, "address"),
        ({"language": "xx"}, "language"),
        ({"part": "pillar-9"}, "part"),
        ({"rule_set": "horizon-1999"}, "rule_set"),
        ({"budget": Decimal(-1)}, "budget"),
        ({"budget": Decimal("NaN")}, "budget"),
        ({"grant_least": Decimal(5), "grant_most": Decimal(4)}, "grant_most"),
        ({"grants_expected": -1}, "grants_expected"),
        ({"currency": "euro"}, "currency"),
        ({"currency": "XYZ"}, "currency"),
        ({"opens_on": date(2031, 5, 2)}, "opens_on"),
        ({"second_closes_at": closing_moment(date(2031, 4, 1))}, "second_closes_at"),
        ({"closes_at": None, "second_closes_at": closing_moment(date(2031, 4, 1))}, "closes_at"),
        ({"topics": ["x" * 201]}, "topics"),
        ({"topics": [f"topic {one}" for one in range(61)]}, "topics"),
        ({"own_rules": [{"key": "own-1", "kind": "wish"}]}, "own_rules"),
        ({"own_rules": [OWN | {"least": "many"}]}, "own_rules"),
        ({"own_rules": [OWN | {"text": "x" * 1001}]}, "own_rules"),
        ({"own_rules": [OWN | {"url": "javascript:alert(1)"}]}, "own_rules"),
        ({"own_rules": [OWN | {"seen": "yesterday"}]}, "own_rules"),
        ({"own_rules": [OWN, OWN]}, "own_rules"),
        ({"own_rules": ["three countries"]}, "own_rules"),
        ({"own_rules": [OWN | {"key": "he-three"}], "rule_set": "horizon-europe-ria"}, "own_rules"),
    ],
)
def test_what_does_not_hold_is_told_with_its_field(change, field):
    with pytest.raises(InvalidInput) as refused:
        operations.check_facts(replace(FACTS, **change))
    assert refused.value.field == field
    assert str(refused.value).endswith(".") or field == "own_rules"


def test_a_reference_is_not_taken_twice(world, reading):
    _add(world, reading, world.a.manager)
    with pytest.raises(InvalidInput, match="already"):
        _add(world, reading, world.a.ambassador, replace(FACTS, reference=" BLUE-1 "))
    assert Call.objects.count() == 1


def test_a_change_is_told_field_by_field_and_an_older_version_is_refused(world, reading):
    call = _add(world, reading, world.a.manager)
    facts = replace(
        FACTS, budget=Decimal("2000000"), topics=["nets", "nets ", "boats"], own_rules=[OWN]
    )
    with reading(world.a.ambassador):
        actor = reader_of(world.a.ambassador)
        given = {"actor": actor, "call_id": call.pk, "now": timezone.now()}
        saved = operations.change_call(**given, version=1, facts=facts)
        assert (saved.version, saved.topics) == (2, ["nets", "boats"])
        with pytest.raises(Conflict):
            operations.change_call(**given, version=1, facts=facts)
        assert operations.change_call(**given, version=2, facts=facts).version == 2
    changes = AuditEntry.objects.get(verb="change_call").changes
    assert changes == {
        "title": "Nets that last",
        "budget": [None, "2000000.00"],
        "topics": [[], ["nets", "boats"]],
        "own_rules": [[], ["Partners of three countries"]],
    }


def test_a_call_that_is_put_away_leaves_the_list_and_comes_back(world, reading):
    call, now = _add(world, reading, world.a.manager), timezone.now()
    with reading(world.a.manager):
        given = {"actor": reader_of(world.a.manager), "call_id": call.pk, "now": now}
        operations.put_call_away(**given)
        assert not queries.find_calls(Wanted(), now=now)
        assert list(queries.find_calls(Wanted(away=True), now=now)) == [call]
        with pytest.raises(Conflict):
            operations.put_call_away(**given)
        with pytest.raises(Conflict):
            operations.change_call(**given, version=2, facts=FACTS)
        operations.bring_call_back(**given)
        assert list(queries.find_calls(Wanted(), now=now)) == [call]


def test_where_a_call_stands_follows_from_its_dates():
    now = datetime(2030, 5, 1, 12, tzinfo=BRUSSELS)
    noon = {"opens_on": None, "closes_at": None}
    assert state_of(Call(**noon), now=now) is State.OPEN
    assert state_of(Call(closes_at=closing_moment(date(2030, 5, 1))), now=now) is State.OPEN
    assert state_of(Call(closes_at=now), now=now) is State.CLOSED
    assert state_of(Call(opens_on=date(2030, 5, 2)), now=now) is State.COMING
    # Late in the evening of another zone it is the next day in Brussels.
    late = datetime.fromisoformat("2030-05-01T23:30+00:00")
    assert state_of(Call(opens_on=date(2030, 5, 2)), now=late) is State.OPEN


def test_the_call_of_a_reference_comes_first(world, reading):
    now, a = timezone.now(), world.a.cluster
    reference = "HORIZON-CL2-2031-HERITAGE-01-02"
    own = CallFactory(
        steward=a, title="Own", reference=reference, closes_at=now + timedelta(days=99)
    )
    near = CallFactory(
        steward=a,
        title="Near",
        text=f"Follows {reference}.",
        reference="X-1",
        closes_at=now + timedelta(days=1),
    )
    sibling = CallFactory(
        steward=a,
        title="Sibling",
        reference=f"{reference}-TWO-STAGE",
        closes_at=now + timedelta(days=2),
    )
    with reading(world.a.manager):
        for typed in (reference, f" {reference.lower()} "):
            found = list(queries.find_calls(Wanted(q=typed), now=now))
            assert found == [own, near, sibling]
            assert next(iter(queries.find_calls(Wanted(q=typed, sort="title"), now=now))) == own


def test_calls_are_found_by_words_and_filters(world, reading):
    now, a = timezone.now(), world.a.cluster
    net = CallFactory(steward=a, title="Nets that last", topics=["Pêche"], text="", budget=5)
    old = CallFactory(steward=a, title="Old harbours", closes_at=now - timedelta(days=1), budget=9)
    new = CallFactory(
        steward=a,
        title="New harbours",
        opens_on=now.date() + timedelta(days=9),
        closes_at=now + timedelta(days=90),
        programme="Green",
        action="Grants",
        rule_set="",
        budget=None,
    )
    CallFactory(steward=world.c.cluster, title="Of another")

    def found(**wanted):
        return list(queries.find_calls(Wanted(**wanted), now=now))

    with reading(world.b.manager):
        assert found() == [old, net, new]
        assert found(sort="-closes") == [new, net, old]
        assert found(sort="budget") == [old, net, new]
        assert found(sort="title") == [net, new, old]
        assert found(q="peche") == [net]
        assert found(q="harbour", sort="title") == [new, old]
        assert found(state="live") == [net, new]
        assert found(state="open") == [net]
        assert found(state="coming") == [new]
        assert found(state="closed") == [old]
        assert found(programme="Green", action="Grants") == [new]
        assert found(rule_set="horizon-europe-ria") == [old, net]
        assert found(closes_before=(now + timedelta(days=30)).date(), state="live") == [net]
        assert queries.programmes_seen() == ["Blue Bridges", "Green"]
        assert queries.rule_sets_seen() == ["horizon-europe-ria"]
    with reading(world.nobody_special):
        assert found(q="harbour") == found() == []
