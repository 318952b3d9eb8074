"""Documents of a bid: brought with versions that never change, by both sides, also at once."""

import threading

import pytest
from django.db import connection
from django.utils import timezone

from proxeny.bids.models import Paper, PaperVersion
from proxeny.bids.operations import papers as operations
from proxeny.bids.queries.papers import get_version, read_papers
from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.models import AuditEntry
from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.partnerships.operations.records import restore_record
from tests.bids.bidding import add, bid_of, call_of, drop
from tests.factories.bids import PaperFactory, PaperVersionFactory
from tests.factories.world import make_world
from tests.partnerships.rooms import do

pytestmark = pytest.mark.django_db


def bring(person, bid, content=b"Harbours, and why.", *, title="Part B", **given):
    """Bring a document as somebody would."""
    values = {"title": title, "kind": "proposal", "is_required": True, **given.pop("values", {})}
    given = {"name": "part-b.txt", **given}
    return do(
        person,
        operations.bring_paper,
        partnership_id=bid.partnership_id,
        bid_id=bid.pk,
        values=values,
        content=content,
        **given,
    )


def again(person, paper, content, **given):
    """Bring it anew."""
    given = {"name": "part-b.txt", **given}
    return do(
        person,
        operations.bring_version,
        partnership_id=paper.partnership_id,
        bid_id=paper.bid_id,
        paper_id=paper.pk,
        content=content,
        **given,
    )


def test_a_file_is_a_document_with_its_first_version(world):
    bid = bid_of(world)
    made = bring(world.a.ambassador, bid, news="First draft", values={"note": "In English"})
    paper = Paper.objects.get()
    assert (paper.title, paper.kind, paper.is_required, paper.note) == (
        "Part B",
        "proposal",
        True,
        "In English",
    )
    kept = PaperVersion.objects.get()
    assert (kept.pk, kept.number, kept.name, kept.size, kept.note) == (
        made.pk,
        1,
        "part-b.txt",
        18,
        "First draft",
    )
    assert (kept.person, kept.media_type) == (world.a.ambassador, "text/plain")
    verbs = AuditEntry.objects.filter(target="bids.paper").order_by("pk")
    assert [one.verb for one in verbs] == ["add_bid_paper", "bring_bid_paper"]
    assert verbs.last().changes == {
        "title": "Part B",
        "number": 1,
        "name": "part-b.txt",
        "sha256": kept.sha256,
    }


def test_without_a_title_it_is_called_as_its_file(world):
    bring(world.a.manager, bid_of(world), title=" ", name="C:\\My files\\Annex 1.TXT")
    assert Paper.objects.get().title == "Annex 1"
    assert PaperVersion.objects.get().name == "Annex 1.txt"


def test_the_bytes_are_read_for_a_download_alone(world):
    paper = bring(world.a.manager, bid_of(world)).paper
    [kept] = read_papers(paper.bid)
    assert kept.newest.get_deferred_fields() == {"content"}
    found = get_version(paper.partnership_id, paper.bid_id, paper.pk, 1)
    assert bytes(found.content) == b"Harbours, and why."
    with pytest.raises(NotFound):
        get_version(paper.partnership_id, paper.bid_id, paper.pk, 2)
    with pytest.raises(NotFound):
        get_version(paper.partnership_id, paper.bid_id + 1, paper.pk, 1)


def test_each_version_has_the_next_number_and_none_changes(world):
    paper = bring(world.a.manager, bid_of(world)).paper
    second = again(world.b.ambassador, paper, b"Harbours, better.", news=" More\n figures ", seen=1)
    assert (second.version.number, second.version.note, second.missed) == (2, "More figures", None)
    # What was there before may come back: as a version of its own.
    third = again(world.a.manager, paper, b"Harbours, and why.", seen=1)
    assert (third.version.number, third.missed.number) == (3, 2)
    assert [
        bytes(get_version(paper.partnership_id, paper.bid_id, paper.pk, number).content)
        for number in (1, 2, 3)
    ] == [
        b"Harbours, and why.",
        b"Harbours, better.",
        b"Harbours, and why.",
    ]


def test_the_newest_version_once_more_is_refused(world):
    paper = bring(world.a.manager, bid_of(world)).paper
    with pytest.raises(InvalidInput, match="identical to version 1") as refused:
        again(world.b.manager, paper, b"Harbours, and why.", name="other.txt")
    assert refused.value.field == "file"
    assert PaperVersion.objects.count() == 1


def test_a_hundred_versions_are_enough(world):
    paper = PaperFactory(bid=bid_of(world))
    PaperVersionFactory(paper=paper, number=operations.MOST_VERSIONS)
    with pytest.raises(Conflict, match="100 versions"):
        again(world.a.manager, paper, b"Another")


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("empty.pdf", b"", "empty"),
        ("part.exe", b"MZ", "can run"),
        ("part.pdf", b"Hello", "PDF"),
        ("page.txt", b"<script>alert(1)</script>", "can run"),
    ],
)
def test_what_is_no_sound_file_is_refused_and_nothing_is_kept(world, name, content, why):
    bid = bid_of(world)
    with pytest.raises(InvalidInput, match=why) as refused:
        bring(world.a.manager, bid, content, name=name)
    assert refused.value.field == "file"
    assert not Paper.objects.exists()


def test_what_was_sent_stays_as_it_was_sent(world):
    bid = bid_of(world)
    paper = bring(world.a.manager, bid).paper
    away = add(world.a.manager, bid, "bid-paper", title="Old", kind="annex")
    drop(world.a.manager, away, "bid-paper")
    bid.state, bid.submitted_at = "submitted", timezone.now()
    bid.save()
    for deed in (
        lambda: bring(world.a.manager, bid, b"Too late"),
        lambda: again(world.a.manager, paper, b"Too late"),
        lambda: drop(world.a.manager, paper, "bid-paper"),
        lambda: do(
            world.a.manager,
            restore_record,
            kind="bid-paper",
            partnership_id=bid.partnership_id,
            record_id=away.pk,
        ),
    ):
        with pytest.raises(Conflict, match="This bid can no longer be edited"):
            deed()
    assert [one.paper.pk for one in read_papers(bid)] == [paper.pk]


def test_a_document_that_was_put_away_takes_no_version_until_it_is_back(world):
    paper = bring(world.a.manager, bid_of(world)).paper
    drop(world.b.manager, paper, "bid-paper")
    assert read_papers(paper.bid) == []
    with pytest.raises(Conflict, match="This document is archived"):
        again(world.a.manager, paper, b"Better")
    do(
        world.b.manager,
        restore_record,
        kind="bid-paper",
        partnership_id=paper.partnership_id,
        record_id=paper.pk,
    )
    assert again(world.a.manager, paper, b"Better").version.number == 2


def test_a_bid_has_sixty_documents_at_most(world):
    bid = bid_of(world)
    PaperFactory.create_batch(60, bid=bid)
    with pytest.raises(Conflict, match="You’ve reached the maximum"):
        bring(world.a.manager, bid)


def test_documents_stand_by_kind_with_those_that_have_to_be_there_first(world):
    bid = bid_of(world)
    for title, kind, required in (
        ("Maps", "annex", False),
        ("Part B", "proposal", False),
        ("Budget", "annex", True),
    ):
        PaperFactory(bid=bid, title=title, kind=kind, is_required=required)
    rows = read_papers(bid)
    assert [(one.paper.title, one.is_missing) for one in rows] == [
        ("Part B", False),
        ("Budget", True),
        ("Maps", False),
    ]


def test_others_bring_nothing(world):
    paper = bring(world.a.manager, bid_of(world)).paper
    for person in (world.a.representatives[0], world.c.manager, world.nobody_special):
        with pytest.raises(NotFound):
            again(person, paper, b"Mine")
        with pytest.raises(NotFound):
            bring(person, paper.bid, b"Mine")


def test_of_two_who_bring_at_once_both_versions_stay(transactional_db):
    with acting_as(SERVICE):
        world = make_world()
        paper = bring(world.a.manager, bid_of(world, call=call_of(world))).paper
    gate, made = threading.Barrier(2), []

    def send(person, content):
        try:
            gate.wait(timeout=10)
            made.append(again(person, paper, content, seen=1))
        finally:
            connection.close()

    pairs = [(world.a.manager, b"Of A"), (world.b.manager, b"Of B")]
    threads = [threading.Thread(target=send, args=pair) for pair in pairs]
    for one in threads:
        one.start()
    for one in threads:
        one.join(timeout=30)
    assert sorted(one.version.number for one in made) == [2, 3]
    assert sorted(one.missed.number for one in made if one.missed) == [2]
    with acting_as(SERVICE):
        kept = PaperVersion.objects.defer(None).filter(paper=paper, number__gt=1)
        assert sorted(bytes(one.content) for one in kept) == [b"Of A", b"Of B"]
