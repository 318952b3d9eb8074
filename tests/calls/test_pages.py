"""Pages of calls: the list, one call, its form, files of calls."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from proxeny.calls.models import Call, CallImport
from proxeny.calls.rules import closing_moment
from tests.factories.calls import CallFactory
from tests.forms import form_of
from tests.partnerships.rooms import words

pytestmark = pytest.mark.django_db
OWN = {
    "key": "own-1",
    "kind": "countries",
    "text": "Partners of three countries",
    "least": 3,
    "source": "Call text, p. 4",
    "url": "https://calls.example.org/p4",
}


def page(name, *args):
    return reverse(f"calls:{name}", args=args)


def text_of(answer):
    return words(answer.content.decode())


def test_the_list_tells_state_deadline_and_budget(world, sign_in):
    CallFactory(
        steward=world.a.cluster,
        title="Nets that last",
        reference="BLUE-1",
        closes_at=timezone.now() + timedelta(days=20),
    )
    CallFactory(steward=world.c.cluster, title="Of another")
    text = text_of(sign_in(world.b.representatives[0]).get(page("list")))
    for word in (
        "Nets that last",
        "BLUE-1",
        "Open",
        "20 days left",
        "€6,000,000",
        "1 call",
        world.a.cluster.name,
        "time in Brussels",
    ):
        assert word in text
    assert "Of another" not in text
    assert "Upload a file" not in text


def test_it_is_narrowed_sorted_and_told_when_nothing_fits(world, sign_in):
    client = sign_in(world.a.manager)
    assert "No calls yet" in text_of(client.get(page("list")))
    for title, days in (("Nets", 9), ("Boats", 3), ("Harbours", -3)):
        CallFactory(
            steward=world.a.cluster,
            title=title,
            programme=f"Of {title}",
            closes_at=timezone.now() + timedelta(days=days),
        )
    shown = client.get(page("list"))
    assert [row["call"].title for row in shown.context["rows"]] == ["Boats", "Nets"]
    shown = client.get(page("list"), {"state": "all", "sort": "-title"})
    assert [row["call"].title for row in shown.context["rows"]] == ["Nets", "Harbours", "Boats"]
    shown = client.get(page("list"), {"q": "boat", "programme": "Of Boats"})
    assert [row["call"].title for row in shown.context["rows"]] == ["Boats"]
    assert "Nothing matches" in text_of(client.get(page("list"), {"q": "cheese"}))
    for wrong in ({"before": "soon"}, {"state": "x"}, {"page": "x"}, {"sort": "x"}):
        assert client.get(page("list"), wrong).status_code == 200


def test_what_is_listed_leaves_as_a_table(world, sign_in):
    CallFactory(
        steward=world.a.cluster,
        title="=SUM(1)",
        reference="BLUE-1",
        closes_at=closing_moment(datetime(2041, 5, 1, tzinfo=UTC).date()),
    )
    client = sign_in(world.a.manager)
    answer = client.get(page("list"), {"export": "csv"})
    text = (
        b"".join(answer).decode("utf-8-sig")
        if answer.streaming
        else answer.content.decode("utf-8-sig")
    )
    assert "BLUE-1" in text
    assert "'=SUM(1)" in text
    assert "2041-05-01 17:00" in text
    assert client.get(page("list"), {"export": "xlsx"}).status_code == 200


def _count(client, address):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_the_list_asks_the_same_for_one_call_and_for_three(world, sign_in):
    client = sign_in(world.b.manager)
    CallFactory(steward=world.a.cluster)
    client.get(page("list"))
    for_one = _count(client, page("list"))
    CallFactory.create_batch(2, steward=world.a.cluster)
    assert _count(client, page("list")) == for_one <= 22


def test_a_call_shows_its_facts_conditions_and_what_to_do(world, sign_in):
    call = CallFactory(
        steward=world.a.cluster,
        own_rules=[OWN],
        second_closes_at=timezone.now() + timedelta(90),
        grant_most=2_000_000,
        grants_expected=3,
    )
    text = text_of(sign_in(world.a.representatives[0]).get(page("detail", call.pk)))
    for word in (
        "Sensors for clean harbours",
        "Blue Bridges",
        "Small firms and labs",
        "Pillar II",
        "€2,000,000",
        "Horizon Europe: research and innovation action",
        "Regulation (EU) 2021/695",
        "Partners of three countries",
        "specific to this call",
        "Who could take part",
        "Members that fit",
        "Watch this call",
        "Second stage closes",
        "harbours",
    ):
        assert word in text
    assert "Archive" not in text


def test_a_call_asks_few_queries(world, sign_in):
    call = CallFactory(steward=world.a.cluster, own_rules=[OWN])
    client = sign_in(world.a.manager)
    client.get(page("detail", call.pk))
    assert _count(client, page("detail", call.pk)) <= 16


def test_a_stranger_finds_no_call(world, sign_in):
    call = CallFactory(steward=world.a.cluster)
    for person in (world.c.manager, world.nobody_special):
        client = sign_in(person)
        assert client.get(page("detail", call.pk)).status_code == 404
        assert client.get(page("edit", call.pk)).status_code == 404
        assert client.post(page("put-away", call.pk)).status_code == 404


def test_a_call_is_noted_changed_put_away_and_brought_back(world, sign_in):
    client = sign_in(world.a.ambassador)
    values = form_of(client.get(page("add")), "reference") | {
        "reference": "BLUE-9",
        "title": "Quiet engines",
        "closes_at": "2041-05-01",
        "topics": "engines\r\nnoise",
        "budget": "1500000",
        "rule_set": "horizon-europe-ia",
        "own_rules": "0",
        "own_rules-0-kept": json.dumps(OWN),
    }
    answer = client.post(page("add"), values)
    call = Call.objects.get()
    assert answer.url == page("detail", call.pk)
    assert call.closes_at == closing_moment(datetime(2041, 5, 1, tzinfo=UTC).date())
    assert (call.topics, call.own_rules, call.steward) == (
        ["engines", "noise"],
        [OWN],
        world.a.cluster,
    )

    values = form_of(client.get(page("edit", call.pk)), "reference")
    assert values["closes_at_time"] == ["17:00"]
    answer = client.post(page("edit", call.pk), values | {"closes_at_time": "12:30"})
    assert answer.url == page("detail", call.pk)
    call.refresh_from_db()
    assert (call.version, call.closes_at.hour) == (2, 10)

    assert client.post(page("put-away", call.pk)).url == page("list")
    assert "This has been archived" in text_of(client.get(page("detail", call.pk)))
    assert "Quiet engines" in text_of(client.get(page("list"), {"away": "on"}))
    client.post(page("restore", call.pk))
    call.refresh_from_db()
    assert call.put_away_at is None
    history = text_of(client.get(reverse("history:show", args=["call", call.pk])))
    assert "Added a call" in history
    assert "Restored a call" in history


def test_what_is_wrong_stands_beside_its_field(world, sign_in):
    client = sign_in(world.a.manager)
    values = form_of(client.get(page("add")), "reference") | {
        "reference": "BLUE-9",
        "title": "Quiet engines",
        "address": "ftp://x",
    }
    answer = client.post(page("add"), values)
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"address"}
    assert not Call.objects.exists()


def test_two_who_change_one_call_see_both_versions(world, sign_in):
    call = CallFactory(steward=world.a.cluster)
    one, other = sign_in(world.a.manager), sign_in(world.a.ambassador)
    first, second = (form_of(who.get(page("edit", call.pk)), "reference") for who in (one, other))
    one.post(page("edit", call.pk), first | {"title": "By the manager"})
    answer = other.post(page("edit", call.pk), second | {"title": "By the ambassador"})
    assert answer.status_code == 409
    assert "By the manager" in text_of(answer)
    assert "By the ambassador" in text_of(answer)
    # What the other did not touch is merged.
    other.post(page("edit", call.pk), second | {"programme": "Green"})
    call.refresh_from_db()
    assert (call.title, call.programme) == ("By the manager", "Green")


def _file(content, name="calls.csv"):
    return {"file": SimpleUploadedFile(name, content)}


def test_a_file_is_shown_taken_and_told(world, sign_in):
    client = sign_in(world.a.manager)
    values = form_of(client.get(page("import")), "file")
    content = b"reference,title,closes at\r\nA-1,Nets,2041-05-01\r\nA-2,Boats,2041-06-01\r\n"
    answer = client.post(page("import"), values | _file(content))
    one = CallImport.objects.get()
    assert answer.url == page("import-detail", one.pk)
    text = text_of(client.get(answer.url))
    assert "The calls are ready to import" in text
    assert "Nets" in text
    answer = client.post(page("import-take", one.pk), {"version": one.version}, follow=True)
    assert "2 calls imported." in text_of(answer)
    assert "The calls have been imported" in text_of(answer)
    assert Call.objects.count() == 2
    # The same once more, with one that moved and one that is wrong.
    content = b"reference,title,closes at\r\nA-1,Nets,2041-05-09\r\nA-3,Fish,soon\r\n"
    client.post(page("import"), values | _file(content))
    two = CallImport.objects.latest("pk")
    text = text_of(client.get(page("import-detail", two.pk)))
    assert "1 row has errors" in text
    assert "“soon” isn’t a date" in text
    assert "9 May 2041" in text or "May 9, 2041" in text
    client.post(page("import-take", two.pk), {"version": 1})
    assert Call.objects.get(reference="A-1").version == 1
    client.post(page("import-take", two.pk), {"version": 1, "leave_out": "on"})
    assert Call.objects.get(reference="A-1").version == 2
    assert Call.objects.count() == 2


def test_calls_are_imported_and_a_bid_is_begun_in_one(world, sign_in):
    client = sign_in(world.a.manager)
    content = b"reference,title\r\nA:1,Nets\r\nA-2,Boats\r\n"
    cluster = {"cluster": str(world.a.cluster.pk)}
    shown = client.post(page("import"), cluster | _file(content), follow=True)
    assert text_of(shown).count("Import and start a bid") == 2
    one, room = CallImport.objects.get(), world.partnership.pk
    values = {"version": one.version, "begin": f"bid-{room}:A:1"}
    call = reverse("partnerships:record-add", args=[room, "bid"])
    answer = client.post(page("import-take", one.pk), values)
    assert answer.url == f"{call}?call={Call.objects.get(reference='A:1').pk}"
    assert client.get(answer.url).status_code == 200
    # A room that is not theirs, or a call that is none: only the import.
    client.post(page("import"), cluster | _file(b"reference,title\r\nA-3,Fish\r\n"))
    two = CallImport.objects.latest("pk")
    values = {"version": two.version, "begin": f"bid-{room + 1}:A-3"}
    assert client.post(page("import-take", two.pk), values).url == page("import-detail", two.pk)


def test_a_file_that_cannot_be_read_is_told_at_its_field(world, sign_in):
    client = sign_in(world.a.manager)
    values = form_of(client.get(page("import")), "file")
    for content, words_ in ((b"", "empty"), (b"%PDF-1.7", "PDF"), (b"a,b\r\n1,2\r\n", "“a”")):
        answer = client.post(page("import"), values | _file(content))
        assert answer.status_code == 422
        assert words_ in text_of(answer)
    answer = client.post(page("import"), values | _file(b"x" * (21 * 1024 * 1024)))
    assert answer.status_code == 422
    assert "20 MB" in text_of(answer)
    assert not CallImport.objects.exists()


def test_a_file_is_left(world, sign_in):
    client = sign_in(world.a.manager)
    client.post(
        page("import"),
        {"cluster": world.a.cluster.pk, **_file(b"reference,title\r\nA-1,Nets\r\n")},
    )
    one = CallImport.objects.get()
    assert client.post(page("import-leave", one.pk), {"version": 1}).url == page("import")
    assert not CallImport.objects.exists()
    assert not Call.objects.exists()


def test_who_keeps_no_calls_is_told_so(world, sign_in):
    client = sign_in(world.a.representatives[0])
    assert client.get(page("add")).status_code == 403
    assert client.get(page("import")).status_code == 403
    call = CallFactory(steward=world.a.cluster)
    assert client.get(page("edit", call.pk)).status_code == 403
    assert client.post(page("put-away", call.pk)).status_code == 403
