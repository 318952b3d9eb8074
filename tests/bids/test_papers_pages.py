"""The page of documents of a bid: by kind, with their versions, brought and taken along."""

from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from proxeny.bids.models import Bid, Paper, PaperVersion
from proxeny.kernel.files import MAX_BYTES
from tests.bids.bidding import bid_of
from tests.factories.bids import PaperFactory, PaperVersionFactory
from tests.forms import form_of
from tests.partnerships.rooms import others, team, words

pytestmark = pytest.mark.django_db


def text_of(answer):
    return " ".join(unescape(words(answer.content.decode())).split())


def url(bid, name="papers", *more):
    return reverse(f"bids:{name}", args=[bid.partnership_id, bid.pk, *more])


def file(content=b"Harbours, and why.", name="part-b.txt"):
    return SimpleUploadedFile(name, content)


def test_a_bid_without_documents_says_what_to_do(world, sign_in):
    bid = bid_of(world)
    shown = sign_in(world.a.ambassador).get(url(bid))
    assert "No documents yet" in text_of(shown)
    assert "required document" not in text_of(shown)
    assert (
        f"{reverse('partnerships:record-add', args=[bid.partnership_id, 'bid-paper'])}?bid={bid.pk}"
        in (shown.content.decode())
    )


def test_a_document_is_brought_and_brought_anew(world, sign_in):
    bid, greek, french = bid_of(world), sign_in(world.a.manager), sign_in(world.b.ambassador)
    given = form_of(greek.get(url(bid)), "title")
    answer = greek.post(
        url(bid, "paper-bring"),
        {
            **given,
            "title": "Part B",
            "kind": "annex",
            "is_required": "on",
            "file": file(),
        },
    )
    paper = Paper.objects.get()
    assert answer.url == f"{url(bid)}#bid-paper-{paper.pk}"
    shown = french.get(url(bid))
    text = text_of(shown)
    assert "All required documents are ready." in text
    assert "Annex Part B provided part-b.txt version 1 18 bytes Greek manager" in text
    assert f'id="bid-paper-{paper.pk}"' in shown.content.decode()
    given = form_of(shown, "news")
    assert given["seen"] == ["1"]
    answer = french.post(
        url(bid, "paper-version", paper.pk),
        {**given, "news": "Figures", "file": file(b"Better.", "part-b-2.txt")},
        follow=True,
    )
    text = text_of(answer)
    assert "Version 2 uploaded." in text
    assert "part-b-2.txt version 2 7 bytes French ambassador" in text
    assert "Figures" in text
    assert "1 earlier version part-b.txt version 1" in text


def test_who_had_not_seen_the_newest_version_is_told(world, sign_in):
    paper = PaperFactory(bid=bid_of(world))
    PaperVersionFactory(paper=paper, number=1)
    client = sign_in(world.a.manager)
    given = form_of(client.get(url(paper.bid)), "news")
    PaperVersionFactory(paper=paper, number=2, sha256="1" * 64)
    address = url(paper.bid, "paper-version", paper.pk)
    answer = client.post(address, {**given, "file": file(b"Mine")}, follow=True)
    assert "Version 3 uploaded. Someone else uploaded version 2 in the meantime" in text_of(answer)


def test_what_is_refused_is_told_at_its_form_with_what_was_typed(world, sign_in):
    bid = bid_of(world)
    paper, other = PaperFactory(bid=bid), PaperFactory(bid=bid, title="Maps", kind="annex")
    client = sign_in(world.a.manager)
    address = url(bid, "paper-version", paper.pk)
    client.post(address, {"file": file()})
    answer = client.post(address, {"news": "The same", "file": file(), "seen": "1"})
    text = text_of(answer)
    assert answer.status_code == 422
    assert "This file is identical to version 1, so nothing was added." in text
    html = answer.content.decode()
    assert 'value="The same"' in html
    assert html.count('px-noprint" open>') == 1
    assert f'id="id_{paper.pk}_file_error"' in html
    assert f'id="id_{other.pk}_file_error"' not in html
    answer = client.post(address, {"news": "Nothing"})
    assert answer.status_code == 422
    assert "Choose the file to upload." in text_of(answer)
    answer = client.post(
        url(bid, "paper-bring"),
        {
            "title": "Work plan",
            "kind": "annex",
            "file": file(b"MZ", "plan.exe"),
        },
    )
    assert answer.status_code == 422
    assert "can run when it’s opened" in text_of(answer)
    assert 'value="Work plan"' in answer.content.decode()
    assert PaperVersion.objects.count() == 1


def test_a_file_that_is_too_large_is_told_and_what_was_typed_stays(world, sign_in):
    bid, client = bid_of(world), sign_in(world.a.manager)
    large = file(b"x" * (MAX_BYTES + 1), "large.txt")
    answer = client.post(
        url(bid, "paper-bring"), {"title": "Part B", "kind": "annex", "file": large}
    )
    assert answer.status_code == 422
    assert "This file is 11 MB. The maximum for sharing is 10 MB." in text_of(answer)
    assert 'value="Part B"' in answer.content.decode()
    assert not Paper.objects.exists()


def test_a_version_is_saved_and_never_shown_on_the_site(world, sign_in):
    paper = PaperFactory(bid=bid_of(world))
    PaperVersionFactory(paper=paper, name="Ünsere “Idee”.txt")
    address = url(paper.bid, "paper-download", paper.pk, 1)
    for person in team(world).values():
        answer = sign_in(person).get(address)
        assert answer.content == b"Harbours, and why."
        assert answer["Content-Disposition"] == (
            'attachment; filename="Unsere Idee.txt"; '
            "filename*=UTF-8''%C3%9Cnsere%20%E2%80%9CIdee%E2%80%9D.txt"
        )
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert "no-store" in answer["Cache-Control"]
    assert (
        sign_in(world.a.manager).get(url(paper.bid, "paper-download", paper.pk, 2)).status_code
        == 404
    )


def test_what_is_missing_is_named(world, sign_in):
    bid = bid_of(world)
    paper = PaperFactory(bid=bid, title="Budget sheet", is_required=True)
    PaperFactory(bid=bid, title="Maps", kind="annex")
    text = text_of(sign_in(world.b.manager).get(url(bid)))
    assert "1 required document is missing Budget sheet" in text
    assert "Budget sheet missing" in text
    assert "Maps no file yet" in text
    PaperVersionFactory(paper=paper)
    assert "All required documents are ready." in text_of(sign_in(world.b.manager).get(url(bid)))


def test_what_was_submitted_is_read_and_not_written(world, sign_in):
    bid = bid_of(world, state="submitted", submitted_at=timezone.now())
    paper = PaperFactory(bid=bid)
    PaperVersionFactory(paper=paper)
    PaperFactory(bid=bid, title="Away", dropped_at=timezone.now())
    client = sign_in(world.a.manager)
    shown = client.get(url(bid))
    text = text_of(shown)
    assert "part-b.txt" in text
    for word in ("Upload", "New version", "Restore"):
        assert word not in text
    for address in (url(bid, "paper-bring"), url(bid, "paper-version", paper.pk)):
        assert client.post(address, {"file": file(b"Late")}).status_code == 403
    assert client.get(url(bid, "paper-download", paper.pk, 1)).status_code == 200


def test_a_document_is_put_away_and_brought_back(world, sign_in):
    paper = PaperFactory(bid=bid_of(world), title="Maps")
    client = sign_in(world.b.ambassador)
    kept = [paper.partnership_id, "bid-paper", paper.pk]
    answer = client.post(reverse("partnerships:record-drop", args=kept))
    assert answer.url == url(paper.bid)
    assert "1 archived Maps" in text_of(client.get(url(paper.bid)))
    client.post(reverse("partnerships:record-restore", args=kept))
    assert Paper.objects.get().dropped_at is None


def test_others_find_nothing(world, sign_in, client):
    paper = PaperFactory(bid=bid_of(world))
    PaperVersionFactory(paper=paper)
    addresses = {
        "get": [url(paper.bid), url(paper.bid, "paper-download", paper.pk, 1)],
        "post": [url(paper.bid, "paper-bring"), url(paper.bid, "paper-version", paper.pk)],
    }
    for person in others(world).values():
        reader = sign_in(person)
        for method, all_of in addresses.items():
            for address in all_of:
                assert getattr(reader, method)(address).status_code == 404
    assert client.get(url(paper.bid)).url.startswith("/accounts/login/")
    # A document of another bid is not found under this one.
    other = bid_of(world)
    manager = sign_in(world.a.manager)
    assert manager.get(url(other, "paper-download", paper.pk, 1)).status_code == 404
    answer = manager.post(url(other, "paper-version", paper.pk), {"file": file(b"Mine")})
    assert answer.status_code == 404


def test_the_page_asks_the_same_for_one_document_and_three(world, sign_in):
    bid, client = bid_of(world), sign_in(world.a.manager)

    def queries():
        with CaptureQueriesContext(connection) as caught:
            assert client.get(url(bid)).status_code == 200
        assert not any('"content"' in one["sql"] for one in caught.captured_queries)
        return len(caught)

    PaperVersionFactory(paper=PaperFactory(bid=bid), person=world.a.manager)
    queries()
    one = queries()
    for number in (2, 3):
        paper = PaperFactory(bid=bid, title=f"Paper {number}", kind="annex")
        for version in range(1, 4):
            PaperVersionFactory(paper=paper, number=version, person=world.b.manager)
    assert queries() == one
    assert Bid.objects.count() == 1
