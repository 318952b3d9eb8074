"""Every case of the access matrix (`docs/reference/access.md`), by every way.

`test_routes` and `test_api_routes` refuse each row's pages and programs to everybody else, and send
what they change. Here the rest is made of it: that nothing is left out; that what can be read opens
to its readers; that what a record says is told to its readers and to nobody else by any page, export,
search, feed or answer of the API; and what the tables give beneath.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import DatabaseError, transaction
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from proxeny.accounts.models import ApiToken, CalendarFeed, Invitation, Seat
from proxeny.directory.models import Membership
from proxeny.kernel.policies import tenant_models
from proxeny.partnerships.models import Partnership, SharingGrant
from proxeny.research.models import DataRequest
from tests.access import bids, desk, matrix
from tests.access.api_routes import API_ROUTES
from tests.access.crowd import FEED, LINK, Crowd
from tests.access.probes import (
    SECRETS,
    Clients,
    is_paper,
    is_refusal,
    is_secret,
    our_routes,
    readable,
    text_of,
)
from tests.access.records import MARKED, UNTOLD, hold, mark, share_more
from tests.access.routes import EVERYBODY, PUBLIC, ROUTES, SEATED, name_of, research_public
from tests.access.test_api_routes import Programs, leaks, tried
from tests.callers import Caller

READ = {row.record: row for row in matrix.rows() if row.action == matrix.READS}


def test_every_page_program_table_and_job_is_in_one_row():
    tables = {model._meta.label for model, _ in tenant_models()}
    named = Counter(one for row in matrix.rows() for one in row.tables)
    assert set(matrix.pages()) == {*ROUTES, *PUBLIC}
    assert {name_of(key) for key in matrix.pages()} == our_routes()
    assert set(matrix.programs()) == set(API_ROUTES)
    assert tables - set(named) == set()
    assert set(named) - tables == {"directory.OrganisationDetails"}


def test_records_are_told_apart():
    rows = [(row.record, row.action) for row in matrix.rows()]
    assert [one for one, times in Counter(rows).items() if times > 1] == []
    assert set(MARKED) <= set(READ)


@dataclass
class Told:
    """What one page, file or answer says to somebody.

    `is_right` is whether it opens as the matrix says: to a reader, and to nobody else.
    """

    key: str
    text: str
    is_right: bool
    code: int
    #: Names in it of what no answer ever holds.
    leaks: list[str]


@dataclass
class Listener:
    """Somebody who reads all that can be read, by page and by program.

    What is refused at its own address is not asked for: `test_routes` and `test_api_routes` are
    refused there, and read the refusals. It is asked for in its further forms.
    """

    crowd: Crowd
    who: str
    client: Client
    program: Caller | None

    def read(self) -> Iterator[Told]:
        """Yield what each page, file and answer says."""
        for key, address, route in readable(self.crowd):
            reads = self.who in route.readers
            # Secret addresses are tried as links.
            if is_secret(key) or not (reads or key not in ROUTES):
                continue
            answer = self.client.get(address)
            opens = not is_refusal(answer) and answer.status_code in {200, 302, *route.statuses}
            # What is public may be nothing at all: an unknown link.
            is_right = answer.status_code in route.statuses if key in PUBLIC else opens == reads
            yield Told(key, text_of(answer), is_right, answer.status_code, [])
        for key, route in API_ROUTES.items() if self.program else ():
            if route.method == "GET" and self.who in route.readers:
                answer = tried(route, self.crowd, self.program)
                is_right = answer.status_code in route.statuses
                # Names of fields are the same for all.
                found = leaks(answer) if self.who == route.readers[0] else []
                yield Told(key, text_of(answer), is_right, answer.status_code, found)

    def hear(self, addresses: dict[str, str]) -> Iterator[tuple[str, str]]:
        """Yield what pages say, and answers to which a program is sent, by their keys."""
        for key, address in addresses.items():
            if key in API_ROUTES:
                if self.program:
                    answer = tried(API_ROUTES[key], self.crowd, self.program)
                    yield key, text_of(answer)
            else:
                yield key, text_of(self.client.get(address))


def _heard(texts: Iterable[tuple[str, str]], marks: dict[str, str]) -> dict[str, list[str]]:
    """Return what tells each record."""
    told: dict[str, list[str]] = {}
    for key, text in texts:
        for record, word in marks.items():
            if word in text:
                told.setdefault(record, []).append(key)
    return told


def _listener(crowd: Crowd, call, who: str) -> Listener:
    program = Programs(crowd, call)[who] if who in SEATED else None
    return Listener(crowd, who, Clients(crowd)[who], program)


#: Who has nothing to do with A and B.
_OUTSIDERS = ("nobody", "stranger", "c_manager", "c_member")


@pytest.mark.parametrize("who", EVERYBODY)
def test_what_a_record_says_is_told_to_its_readers_alone(crowd, call, who):
    marks = mark(hold(crowd))
    found = list(_listener(crowd, call, who).read())
    wrong = [f"{one.key} answered {who} {one.code}" for one in found if not one.is_right]
    wrong += [f"{one.key} shows {one.leaks}" for one in found if one.leaks]
    if who in _OUTSIDERS:
        wrong += [
            f"{one.key} tells {who} of {name}"
            for one in found
            if "proposal" not in one.key
            for name in SECRETS
            if name in one.text
        ]
    told = _heard(((one.key, one.text) for one in found), marks)
    readers = {record: READ[record].readers for record in marks}
    wrong += [
        f"{who} {'does not read' if who in readers[record] else 'reads'} {record}"
        f" {told.get(record, '')}"
        for record in marks
        if (who in readers[record]) != (record in told)
        and not (record in UNTOLD and who in readers[record])
    ]
    assert not wrong, "\n".join(wrong)


def _sees(row: Model) -> bool:
    rows = type(row)._base_manager.filter(pk=row.pk)
    if row._meta.label == "directory.OrganisationDetails":
        rows = rows.exclude(contact=None)
    try:
        with transaction.atomic():
            return rows.exists()
    except DatabaseError:
        return False


def test_tables_show_a_record_to_its_readers_alone(crowd, reading):
    people, held, wrong, tried = crowd.people(), hold(crowd), [], []
    for row in matrix.rows():
        if not row.tables or row.record not in held:
            assert not (row.tables and row.readers), f"No row is known for {row.record}."
            continue
        found = {one._meta.label: one for one in held[row.record]}
        tried += [(row, table, found[table]) for table in row.tables]
    for who in EVERYBODY:
        with reading(people[who]):
            for row, table, one in tried:
                sees = _sees(one)
                if sees != (who in row.readers):
                    wrong.append(
                        f"{who} {'sees' if sees else 'does not see'} {row.record} in {table}"
                    )
    assert not wrong, "\n".join(wrong)


def test_sealed_tables_answer_nobody(crowd, reading):
    people = crowd.people()
    sealed = [table for row in matrix.rows() if not row.readers for table in row.tables]
    for who in EVERYBODY:
        with reading(people[who]):
            for table in sealed:
                with (
                    pytest.raises(DatabaseError, match="permission denied"),
                    transaction.atomic(),
                ):
                    apps.get_model(table)._base_manager.count()


def _writes(row: Model) -> bool:
    rows, name = type(row)._base_manager.filter(pk=row.pk), row._meta.concrete_fields[1].attname
    for write in (
        lambda: rows.update(**{name: getattr(row, name)}),
        lambda: rows._raw_delete(rows.db),
    ):
        try:
            with transaction.atomic():
                done = write()
                transaction.set_rollback(True)
        except DatabaseError:
            continue
        if done:
            return True
    return False


def test_tables_let_nobody_write_who_may_do_nothing_to_the_record(crowd, reading):
    people, held, wrong = crowd.people(), hold(crowd), []
    actors: dict[str, set[str]] = {}
    for row in matrix.rows():
        if row.action != matrix.READS:
            actors.setdefault(row.record, set()).update(row.readers)
    for who in EVERYBODY:
        with reading(people[who]):
            wrong += [
                f"{who} can write {record} in {one._meta.label}"
                for record, rows in held.items()
                if who not in actors.get(record, ())
                for one in rows
                if _writes(one)
            ]
    assert not wrong, "\n".join(sorted(wrong))


def _end_seat(crowd: Crowd, who: str) -> None:
    yesterday = timezone.now().date() - timedelta(days=1)
    seats = Seat.objects.filter(person=crowd.people()[who])
    seats.update(starts_on=yesterday, ends_on=yesterday)


def _end_membership(crowd: Crowd, who: str) -> None:
    yesterday = timezone.now().date() - timedelta(days=1)
    own = crowd.people()[who].seats.values("organisation_id")
    Membership.objects.filter(organisation__in=own).update(starts_on=yesterday, ends_on=yesterday)


def _withdraw_grants(crowd: Crowd, who: str) -> None:
    SharingGrant.objects.update(withdrawn_at=timezone.now())


def _run_grants_out(crowd: Crowd, who: str) -> None:
    SharingGrant.objects.update(ends_on=timezone.now().date() - timedelta(days=1))


def _end_partnership(crowd: Crowd, who: str) -> None:
    Partnership.objects.filter(pk=crowd.world.partnership.pk).update(state="ended")


#: Where what two clusters share is told; the test above has looked everywhere.
SHARED = (
    "directory:",
    "partnerships:",
    "ambassadors:",
    "events:",
    "meetings:",
    "history:",
    "a member",
)
SHARED_API = tuple(
    f"/api/v1/{one}" for one in ("directory", "partnerships", "desk", "events", "meetings")
)

STATES = {
    "as it is": lambda crowd, who: None,
    "grants withdrawn": _withdraw_grants,
    "grants' day past": _run_grants_out,
    "partnership ended": _end_partnership,
    "own seat over": _end_seat,
    "own membership over": _end_membership,
}


@pytest.mark.parametrize("who", sorted({one.who for one in matrix.changes()}))
def test_what_changes_is_told_no_more_at_once(crowd, call, reading, who):
    cases = [one for one in matrix.changes() if one.who == who]
    held = hold(crowd) | share_more(crowd)
    marks = {
        record: word
        for record, word in mark(held).items()
        if record in {one.record for one in cases}
    }
    listener = _listener(crowd, call, who)
    # What does not tell it today will not tell it once it is over. What is on paper stands on a page
    # as well; that it is told to nobody else is tried above.
    asked = (
        {
            key: address
            for key, address, _route in readable(crowd)
            if key.startswith(SHARED)
            and not is_paper(key)
            and not is_secret(key)
            and (key not in ROUTES or who in ROUTES[key].readers)
        }
        | {
            name: reverse("directory:detail", args=[held[name][0].pk])
            for name in ("a member in the shared list", "a member shared by itself")
        }
        | {
            key: route.path
            for key, route in API_ROUTES.items()
            if route.method == "GET" and route.path.startswith(SHARED_API) and who in route.readers
        }
    )
    tell = {key for keys in _heard(listener.hear(asked), marks).values() for key in keys}
    ways = {key: address for key, address in asked.items() if key in tell}
    wrong = []
    for state, change in STATES.items():
        with transaction.atomic():
            change(crowd, who)
            told = _heard(listener.hear(ways), marks)
            with reading(crowd.people()[who]):
                seen = {record: _sees(held[record][0]) for record in marks}
            transaction.set_rollback(True)
        for one in cases:
            found = (one.record in told, seen[one.record])
            if one.state == state and found != (one.reads, one.reads):
                wrong.append(f"{who}: {one.record}, {state}: {found} {told.get(one.record, '')}")
    assert not wrong, "\n".join(wrong)
    assert ways


def _withdraw_links(crowd: Crowd) -> None:
    Invitation.objects.update(withdrawn_at=timezone.now())
    ApiToken.objects.update(revoked_at=timezone.now())
    CalendarFeed.objects.all().delete()
    desk.close_links()
    bids.close_links()
    DataRequest.objects.update(state="refused", token_digest="")


def _run_links_out(crowd: Crowd) -> None:
    Invitation.objects.update(expires_at=timezone.now())
    ApiToken.objects.update(expires_at=timezone.now())
    desk.run_links_out()
    bids.run_links_out()
    DataRequest.objects.update(until=timezone.localdate() - timedelta(days=1))


LINK_STATES = {
    "as it is": lambda crowd: None,
    "withdrawn": _withdraw_links,
    "its day past": _run_links_out,
    "its seat over": lambda crowd: _end_seat(crowd, "a_member"),
}


def test_links_and_tokens_open_nothing_once_they_are_over(crowd, call):
    program = call(crowd.people()["a_member"])
    research_public.link(crowd)
    opens = {
        "invitation known": lambda: (
            "Greek cluster" in text_of(Client().get(reverse("invitation", args=[LINK])))
        ),
        "meetings:feed known": lambda: (
            "VEVENT" in text_of(Client().get(reverse("meetings:feed", args=[FEED])))
        ),
        "ambassadors:link known": lambda: (
            "Greek member" in text_of(Client().get(reverse("ambassadors:link", args=[desk.LINK])))
        ),
        "bids:link known": lambda: (
            "Greek member" in text_of(Client().get(reverse("bids:link", args=[bids.LINK])))
        ),
        "research:data-link known": lambda: (
            "answers.csv"
            in text_of(Client().get(reverse("research:data-link", args=[research_public.LINK])))
        ),
        "api": lambda: program.get("/people/me").status_code == 200,
    }
    found = {}
    for state, change in LINK_STATES.items():
        with transaction.atomic():
            change(crowd)
            found |= {(link, state): look() for link, look in opens.items()}
            transaction.set_rollback(True)
    assert {case: found[case] for case in matrix.links()} == matrix.links()
    assert {link for link, _ in matrix.links()} == set(opens)


def test_the_page_tells_the_count_of_cases():
    rows, people = matrix.rows(), len(EVERYBODY)
    counts = {
        "by page": people * sum(len(row.pages) for row in rows),
        "by program": people * sum(len(row.programs) for row in rows),
        "in tables": people * sum(len(row.tables) for row in rows),
        "as a job": people * sum(len(row.beneath) - len(row.tables) for row in rows),
        "told in any page, file or answer": people * len(MARKED),
        "after a change": len(matrix.changes()),
        "by link or token": len(matrix.links()),
    }
    told = ", ".join(f"{count} {name}" for name, count in counts.items())
    page = " ".join(matrix.PAGE.read_text(encoding="utf-8").split())
    assert f"{sum(counts.values())} cases: {told}." in page
