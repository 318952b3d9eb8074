"""Invented calls for proposals at one cluster, and the people who watch them."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from proxeny.accounts.models import Person
from proxeny.calls.operations.calls import CallFacts, add_call
from proxeny.calls.operations.watching import watch_call
from proxeny.calls.rules import BRUSSELS
from proxeny.demo.texts import read_content
from proxeny.demo.world import World
from proxeny.kernel.tenancy import SERVICE, acting_as

_PLAIN = (
    "reference",
    "title",
    "programme",
    "action",
    "rule_set",
    "part",
    "topics",
    "language",
    "own_rules",
    "grants_expected",
)
_SUMS = ("budget", "grant_least", "grant_most")


def build_calls(world: World) -> None:
    """Note the calls, each some days before it opened, and have people watch one."""
    content = read_content("calls")
    for told in content["calls"]:
        at = world.moment(min(told["opens"], 0) - 3)
        with world.acting(_person(content["person"]), at=at) as actor:
            call = add_call(
                actor=actor,
                steward_id=world.sides[content["cluster"]].id,
                facts=_facts(world, told),
                now=at,
            )
        for email in told.get("watched_by", ()):
            at = world.moment(told["opens"] + 1)
            with world.acting(_person(email), at=at) as actor:
                watch_call(actor=actor, call_id=call.pk, now=at)
    world.say(f"  {len(content['calls'])} calls for proposals")


def _person(email: str) -> int:
    with acting_as(SERVICE):
        return Person.objects.get(email=email).pk


def _facts(world: World, told: Mapping[str, Any]) -> CallFacts:
    said: dict[str, Any] = {name: told[name] for name in _PLAIN if name in told}
    said |= {name: Decimal(told[name]) for name in _SUMS if name in told}
    return CallFacts(
        **said,
        text=told["text"].strip(),
        opens_on=world.today + timedelta(days=told["opens"]),
        closes_at=_moment(world, told["closes"], told["hour"]),
        second_closes_at=(
            _moment(world, told["second_closes"], told["hour"]) if "second_closes" in told else None
        ),
    )


def _moment(world: World, days: int, hour: int) -> datetime:
    return datetime.combine(world.today + timedelta(days=days), time(hour), BRUSSELS)
