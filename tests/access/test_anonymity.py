"""Who is behind an anonymous offer is told nowhere: the same is read whichever member wrote it.

The same things are done twice, once by one member of A and once by another, in a database that is
each time what it was. Whatever somebody without the right reads then must be the same to the letter:
pages, answers of the API with their ETags, files, mails, and the rows of every table, in the order
and with the numbers in which they come.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone
from psycopg import sql

from proxeny.accounts.models import Person
from proxeny.directory.models import Interest, Listing, ProfileVector
from proxeny.directory.operations.details import write_details
from proxeny.directory.operations.meaning import read_meaning
from proxeny.directory.operations.organisations import write_search_text
from proxeny.directory.queries.matching import without_vectors
from proxeny.kernel import jobs
from proxeny.kernel.models import Job, Mail
from proxeny.kernel.policies import tenant_models
from proxeny.kernel.tenancy import SERVICE, WEB, acting_as, enter
from proxeny.partnerships.operations.introductions import PlanSettings, plan_introductions
from tests.access.probes import is_refusal, text_of
from tests.callers import Caller
from tests.conftest import reader_of
from tests.factories.directory import (
    FollowFactory,
    ListingFactory,
    OrganisationFactory,
    SavedSearchFactory,
)
from tests.factories.world import World, make_event

TITLE = "Ceramic bearings for bakeries"
WORDS = {
    "direction": "offer",
    "title": TITLE,
    "summary": "They need no grease and last for years.",
    "technologies": ["sintering"],
    "is_open": True,
}
ANSWERS = {"who": "A baker", "why": "It fits", "brings": "Ovens", "next_step": "A call"}
DAILY = ("directory.tell-followers", "directory.look-for-new", "directory.count-words")

#: Rows that are made anew whenever what they are made of changes, and how long that took.
UNNUMBERED = {"directory.ProfileVector": ("id",), "partnerships.IntroductionPlan": ("seconds",)}

# Moments, the token of a form, the number of a request.
_FLEETING = re.compile(
    r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d[\d:.]*(?:Z|[+-]\d\d:?(?:\d\d)?)?|\b[A-Za-z0-9]{64}\b"
    r"|, \d\d:\d\d<|(?:\d+|a)\s(?:second|minute)s?\sago"
)


class Stage:
    """The world with everybody's programs and pages, and what is done in it."""

    def __init__(self, world: World, call: Callable[..., Caller]) -> None:
        self.world = world
        self.taken = make_event(world)
        a, b = world.a, world.b
        self.readers = {
            "b_manager": b.manager,
            "b_member": b.representatives[0],
            "a_other_member": a.representatives[2],
        }
        # By name, so that a lookup of either writer is one of both.
        self.programs = {
            person.pk: call(person)
            for person in (
                *a.representatives,
                a.manager,
                a.ambassador,
                b.manager,
                b.ambassador,
                *b.representatives,
                world.c.manager,
            )
        }
        for member, words in ((a.members[0], "Casting of bronze"), (a.members[1], "Tin solder")):
            ListingFactory(organisation=member, title=words, summary="Named.", direction="offer")
            write_search_text(member)
        ListingFactory(
            organisation=b.members[0],
            title="Bearings that need no grease",
            summary="For bakeries and ovens.",
            direction="need",
        )
        OrganisationFactory(
            steward=a.cluster,
            name="Bakery",
            visibility="public",
            summary="Bearings, ovens, grease.",
        )
        for person in self.readers.values():
            for organisation in (a.cluster, *a.members):
                FollowFactory(person=person, organisation=organisation)
            for query in ("q=bearings", "q=Greek+member+1", "has=offer", "country=GR"):
                for scope in ("organisations", "listings"):
                    SavedSearchFactory(
                        person=person,
                        scope=scope,
                        name=f"{scope} {query}",
                        query=query,
                        notify=True,
                    )
        self.run(*DAILY)
        self.read_vectors()
        self.stamps = stamps()
        self.only_tables = False

    def program(self, person: Person) -> Caller:
        return self.programs[person.pk]

    def ask(self, person: Person, method: str, path: str, data: Any = None) -> Any:
        answer = self.program(person).send(method, path, data=data, version="*")
        assert answer.status_code < 300, (path, answer.content.decode())
        return answer

    def write(self, number: int, **values: Any) -> int:
        """Have a member write the offer, and the cluster's adviser let it pass."""
        a = self.world.a
        path = f"/directory/organisations/{a.members[number].pk}/listings"
        pk = self.ask(a.representatives[number], "POST", path, WORDS | values).json()["id"]
        self.ask(a.ambassador, "POST", f"/directory/listings/{pk}/pass")
        return pk

    def change(self, pk: int, number: int, **values: Any) -> None:
        """Have its writer change it, and the cluster's adviser let it pass again."""
        a, path = self.world.a, f"/directory/listings/{pk}"
        self.ask(a.representatives[number], "PATCH", path, values)
        self.ask(a.ambassador, "POST", f"{path}/pass")

    def be_interested(self, pk: int, number: int) -> None:
        """B's member would like to meet who is behind it, and is answered."""
        a, b = self.world.a, self.world.b
        sent = ANSWERS | {"organisation_id": b.members[0].pk}
        answer = self.ask(b.representatives[0], "POST", f"/directory/listings/{pk}/interests", sent)
        path = f"/directory/interests/{answer.json()['id']}"
        self.ask(b.ambassador, "POST", f"{path}/pass", {})
        self.ask(a.ambassador, "POST", f"{path}/pass", {})
        self.ask(
            a.representatives[number],
            "POST",
            f"{path}/accept",
            {"reply": "Gladly.", "contact": "box 7"},
        )

    def introduce(self) -> None:
        """A's manager, who may know, has members of A and B proposed to each other."""
        manager = self.world.a.manager
        with acting_as(WEB, reader_of(manager)):
            made = plan_introductions(
                actor=reader_of(manager),
                partnership_id=self.world.partnership.pk,
                settings=PlanSettings(),
            )
        jobs.run(made.job_id)
        enter(SERVICE)

    def run(self, *kinds: str) -> None:
        for kind in kinds:
            count = Job.objects.count()
            job = Job.objects.create(kind=kind, key=f"stage-{count}", arguments={})
            jobs.run(job.pk)
            enter(SERVICE)
            assert Job.objects.get(pk=job.pk).state == Job.State.DONE, kind

    def run_queued(self, kind: str) -> None:
        for pk in Job.objects.filter(kind=kind, state=Job.State.QUEUED).values_list(
            "pk", flat=True
        ):
            jobs.run(pk)
            enter(SERVICE)
            assert Job.objects.get(pk=pk).state == Job.State.DONE

    def read_vectors(self) -> None:
        while unread := without_vectors(model="letters-1", most=100):
            read_meaning(unread)
            ProfileVector.objects.update(made_at=timezone.now())

    def find_matches(self) -> None:
        for person, member in (
            (self.world.b.representatives[0], self.world.b.members[0]),
            (self.world.a.representatives[2], self.world.a.members[2]),
        ):
            self.ask(person, "POST", f"/directory/organisations/{member.pk}/matches")
            jobs.run(Job.objects.filter(kind="directory.find-matches").latest("pk").pk)
            enter(SERVICE)

    # --- reading

    def tell(self, person: Person, pk: int) -> dict[str, Any]:
        """Return all that somebody can read, and how each is answered that is tried."""
        told: dict[str, Any] = {}
        ways = (self._tables, self._answers, self._pages, self._attempts)
        for read in ways[:1] if self.only_tables else ways:
            with kept_as_it_is():
                told |= read(person, pk)
        mails = Mail.objects.filter(recipient=person.email).order_by("pk")
        told["mails"] = [
            _FLEETING.sub("…", "\n".join((one.key, one.subject, one.text, one.html)))
            for one in mails
        ]
        return told

    def _tables(self, person: Person, _pk: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        rewritten = {
            label: [pk for pk, stamp in rows.items() if self.stamps[label].get(pk, stamp) != stamp]
            for label, rows in stamps().items()
        }
        with acting_as(WEB, reader_of(person)):
            for model, tenancy in tenant_models():
                label = model._meta.label
                left_out = {*tenancy.hidden_columns, *UNNUMBERED.get(label, ())}
                names = [
                    one.column for one in model._meta.concrete_fields if one.column not in left_out
                ]
                query = sql.SQL(
                    "SELECT to_jsonb(t)::text FROM (SELECT {} FROM {} ORDER BY {}) t"
                ).format(
                    sql.SQL(", ").join(map(sql.Identifier, names)),
                    sql.Identifier(model._meta.db_table),
                    sql.Identifier(model._meta.pk.column),
                )
                try:
                    with transaction.atomic(), connection.cursor() as cursor:
                        cursor.execute(query)
                        rows = cursor.fetchall()
                except DatabaseError:
                    continue
                again = model._base_manager.filter(pk__in=rewritten[label])
                found[f"rewritten {label}"] = sorted(again.values_list("pk", flat=True))
                told = [_FLEETING.sub("…", row) for (row,) in rows]
                found[label] = sorted(told) if label in UNNUMBERED else told
        return found

    def _answers(self, person: Person, pk: int) -> dict[str, Any]:
        if person.pk not in self.programs:
            return {}
        program, found = self.program(person), {}
        for path in self.addresses(pk, "api"):
            answer = program.get(path)
            body = "" if answer.status_code == 404 else _FLEETING.sub("…", text_of(answer))
            found[path] = (answer.status_code, answer.headers.get("ETag"), body)
        return found

    def _pages(self, person: Person, pk: int) -> dict[str, Any]:
        client, found = Client(), {}
        client.force_login(person.account)
        for path in self.addresses(pk, "page"):
            answer = client.get(path)
            if not is_refusal(answer):
                found[f"page {path}"] = _FLEETING.sub("…", text_of(answer))
        return found

    def _attempts(self, person: Person, pk: int) -> dict[str, Any]:
        """Try what changes something, with valid data; nothing of it is kept."""
        program, found = self.program(person), {}
        for method, path, data in self.deeds(pk):
            with kept_as_it_is():
                answer = program.send(method, path, data=data, version="*")
                found[f"{method} {path} {data}"] = (
                    answer.status_code,
                    _FLEETING.sub("…", answer.content.decode()),
                )
        return found

    def deeds(self, pk: int) -> Iterator[tuple[str, str, Any]]:
        a, b = self.world.a, self.world.b
        listing = f"/directory/listings/{pk}"
        yield "PATCH", listing, {"title": "Ours"}
        steps = ("submit", "withdraw", "hold", "resume", "renew", "archive", "restore", "pass")
        yield from (("POST", f"{listing}/{one}", None) for one in steps)
        yield "POST", f"{listing}/return", {"note": "Whose is it?"}
        yield "POST", f"{listing}/reopen", {"version": 2}
        yield "PUT", f"{listing}/follow", None
        for one in (a.cluster, *a.members, *b.members[:2]):
            yield "POST", f"{listing}/interests", ANSWERS | {"organisation_id": one.pk}
        for one in a.members[:2]:
            path = f"/directory/organisations/{one.pk}"
            yield "POST", f"{path}/listings", WORDS
            yield (
                "PUT",
                f"/directory/organisations/{b.members[0].pk}/matches/{one.pk}",
                {"verdict": "wanted"},
            )
            yield (
                "POST",
                "/directory/merges",
                {"kept_id": one.pk, "gone_id": b.members[0].pk, "chosen": []},
            )
        for one in Interest.objects.values_list("pk", flat=True):
            path = f"/directory/interests/{one}"
            yield from (("POST", f"{path}/{step}", {}) for step in ("pass", "withdraw"))
            yield "POST", f"{path}/accept", {"contact": "me"}
            yield "POST", f"{path}/decline", {"reply": "No."}

    def addresses(self, pk: int, kind: str) -> Iterator[str]:
        a, b = self.world.a, self.world.b
        event = self.taken.event.pk
        ids = [one.pk for one in (a.cluster, *a.members[:2], b.members[0])]
        interests = list(Interest.objects.values_list("pk", flat=True))
        words = ("bearings", "Greek+member+1", "bearongs")
        if kind == "page":
            yield from (
                "/",
                "/directory/",
                "/directory/map/",
                "/directory/listings/",
                "/directory/interests/",
                "/directory/following/",
                "/directory/searches/",
                "/directory/export/",
                f"/events/{event}/participants/",
            )
            for path in ("/directory/", "/directory/listings/", "/directory/map/"):
                yield from (f"{path}?q={one}" for one in words)
            yield from ("/directory/?has=offer", "/directory/listings/?country=GR&sort=changed")
            yield from (f"/directory/{one}/" for one in ids)
            yield from (f"/history/organisation/{one}/" for one in ids)
            yield from (f"/directory/{one}/matches/" for one in ids)
            yield from (f"/directory/listings/{pk}/", f"/history/listing/{pk}/")
            for one in interests:
                yield from (f"/directory/interests/{one}/", f"/history/interest/{one}/")
            return
        lists = ("organisations", "search", "facets", "places", "listings", "listings/search")
        for one in lists:
            yield f"/directory/{one}"
            yield from (f"/directory/{one}?q={word}" for word in words)
        yield from (
            "/directory/organisations?has=offer",
            "/directory/search?has=offer&sort=-changed",
            "/directory/listings/search?sort=-changed",
            "/directory/places?has=offer",
            "/directory/export?format=csv",
            "/directory/export?format=xlsx&has=offer",
            "/directory/interests",
            "/directory/following",
            "/directory/searches",
            "/directory/memberships",
            "/directory/review",
            "/work/jobs",
            f"/events/{event}/participants",
        )
        for one in ids:
            yield f"/directory/listings?organisation={one}"
            for more in ("", "/history", "/matches", "/matches/export", "/profile", "/wanted"):
                yield f"/directory/organisations/{one}{more}"
        for more in ("", "/history", "/hints"):
            yield f"/directory/listings/{pk}{more}"
        for one in interests:
            yield from (f"/directory/interests/{one}", f"/directory/interests/{one}/history")


def stamps() -> dict[str, dict[int, str]]:
    """Return which transaction wrote each row last: who reads a row reads that as well."""
    found = {}
    with connection.cursor() as cursor:
        for model, _tenancy in tenant_models():
            query = sql.SQL("SELECT {}, xmin::text FROM {}")
            cursor.execute(
                query.format(
                    sql.Identifier(model._meta.pk.column), sql.Identifier(model._meta.db_table)
                )
            )
            found[model._meta.label] = dict(cursor.fetchall())
    return found


@contextmanager
def kept_as_it_is() -> Iterator[None]:
    """Take back all that is written in the block, and have numbers begin where they began."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT schemaname, sequencename, last_value FROM pg_sequences")
        before = cursor.fetchall()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    enter(SERVICE)
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute(
            "SELECT setval(format('%%I.%%I', schema, name)::regclass, coalesce(last, 1), last IS NOT NULL)"
            " FROM unnest(%s::text[], %s::text[], %s::bigint[]) AS kept(schema, name, last)"
            " JOIN pg_sequences now ON (schemaname, sequencename) = (schema, name)"
            " WHERE last_value IS DISTINCT FROM last",
            [list(column) for column in zip(*before, strict=True)],
        )
    enter(SERVICE)


def differing(stage: Stage, act: Callable[[int], int]) -> list[str]:
    """Return what somebody reads otherwise when another member did the same."""
    told = []
    for number in (0, 1):
        with kept_as_it_is():
            pk = act(number)
            assert Listing.objects.get(pk=pk).is_anonymous
            read = {who: stage.tell(person, pk) for who, person in stage.readers.items()}
            told.append(read)
    found = []
    for who, first in told[0].items():
        second = told[1][who]
        found += [
            f"{who} reads {key} otherwise: {_first_difference(first.get(key), second.get(key))}"
            for key in {**first, **second}
            if first.get(key) != second.get(key)
        ]
    return found


def _first_difference(one: Any, other: Any) -> str:
    one, other = str(one), str(other)
    at = next((n for n, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), 0)
    return f"…{one[max(0, at - 90) : at + 60]!r} and …{other[max(0, at - 90) : at + 60]!r}"


@pytest.fixture
def stage(world, call, settings) -> Stage:
    settings.MATCHING_MODEL = "tests.directory.test_meaning.Letters"
    return Stage(world, call)


def test_what_is_read_is_the_same_whoever_wrote_it(stage):
    def act(number: int) -> int:
        pk = stage.write(number, is_anonymous=True)
        stage.change(pk, number, summary="They need no grease at all.")
        stage.be_interested(pk, number)
        stage.read_vectors()
        stage.run(*DAILY)
        stage.find_matches()
        stage.introduce()
        return pk

    found = differing(stage, act)
    assert not found, "\n".join(found)


@pytest.mark.long
def test_so_it_is_when_a_name_was_taken_away(stage):
    """Who read it before knows; who reads it from now on does not."""

    def act(number: int) -> int:
        pk = stage.write(number)
        stage.read_vectors()
        stage.change(pk, number, is_anonymous=True)
        stage.read_vectors()
        stage.run("directory.count-words")
        stage.find_matches()
        return pk

    # That the member's entry is no longer found by its words is written there.
    found = [one for one in differing(stage, act) if " rewritten " not in one]
    assert not found, "\n".join(found)


def test_nor_does_the_offer_tell_what_becomes_of_its_writer(stage):
    """The first member is merged into another entry, its contact is erased, and it is hidden."""
    a = stage.world.a
    stage.only_tables = True
    double = OrganisationFactory(name="Doubled", steward=a.cluster, country="GR")
    write_details(
        [
            (
                a.members[0].pk,
                {
                    "contact": "Maria K.",
                    "email": "m@example.org",
                    "employees": None,
                    "founded": None,
                },
            )
        ]
    )
    stage.stamps = stamps()

    def act(number: int) -> int:
        pk = stage.write(number, is_anonymous=True)
        stage.ask(a.manager, "POST", f"/people/contacts/{a.members[0].pk}/erase")
        stage.run_queued("accounts.erase-person")
        stage.ask(
            a.manager,
            "POST",
            "/directory/merges",
            {"kept_id": double.pk, "gone_id": a.members[0].pk, "chosen": ["contact"]},
        )
        stage.ask(
            a.manager, "PATCH", f"/directory/organisations/{double.pk}", {"visibility": "private"}
        )
        return pk

    found = differing(stage, act)
    assert not found, "\n".join(found)


def test_the_comparison_would_notice(stage):
    """Its writers and the cluster read whose it is, and everybody else does read the offer."""
    reader = stage.readers["b_member"]
    # That b_member reads the same is compared above.
    stage.readers = {"a_manager": stage.world.a.manager}

    def act(number: int) -> int:
        pk = stage.write(number, is_anonymous=True)
        if number == 0:
            told = stage.tell(reader, pk)
            assert any(TITLE in row for row in told["directory.Listing"])
            assert TITLE in told["/directory/listings/search?q=bearings"][2]
            assert TITLE in told[f"page /directory/{stage.world.a.cluster.pk}/"]
        return pk

    found = differing(stage, act)
    pages = ("directory.ListingClient", "/directory/listings", "page /directory/listings/")
    assert all(any(f"a_manager reads {one}" in line for line in found) for one in pages), found
