"""A label's way out of the room: put before all sides, signed, published, changed, withdrawn."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry, Mail
from proxeny.labels.content import read_scheme
from proxeny.labels.models import Criterion, Indicator, Level, SchemeVersion, Wording
from proxeny.labels.operations.publishing import ask_scheme, withdraw_scheme
from proxeny.labels.presenters import tell_differences
from proxeny.labels.queries.schemes import published_version
from proxeny.labels.scheme_texts import hash_of
from proxeny.partnerships.models import Agreement
from proxeny.partnerships.operations import signing
from tests.alliances.showing import join
from tests.factories import labels as made
from tests.labels.naming import at, change, draft, prepared, publish, put, read, sign
from tests.partnerships.rooms import do, others, words

pytestmark = pytest.mark.django_db


def withdraw(person, scheme, reason="We give it no more."):
    return do(
        person,
        withdraw_scheme,
        partnership_id=scheme.partnership_id,
        scheme_id=scheme.pk,
        reason=reason,
    )


def test_a_label_is_published_with_both_signatures_alone(world):
    scheme = draft(world)
    asked = put(scheme, world.a.manager)
    version = SchemeVersion.objects.get()
    assert (version.number, version.published_at, asked.completed_at) == (1, None, None)
    assert asked.subject == str(scheme.pk)
    [told] = Mail.objects.filter(recipient=world.b.manager.email)
    assert "the label “Atlas”" in told.subject + told.text
    with pytest.raises(Conflict, match="already signed"):
        sign(asked, world.a.manager)
    sign(asked, world.b.manager)
    version.refresh_from_db()
    assert version.published_at is not None
    assert published_version(scheme) == version
    said = read_scheme(version.content)
    assert [one.name for one in said.issuers] == ["Greek cluster", "French cluster"]
    entry = AuditEntry.objects.get(verb="publish_scheme")
    assert entry.changes == {"title": "Atlas", "number": 1}


def test_the_text_that_is_signed_says_everything(world):
    scheme = draft(
        world,
        fee_award=200,
        contact="us@label.example",
        conflicts="Say so.",
        appeals="Write to us.",
        audience="Everybody who makes things.",
    )
    Indicator.objects.filter(title="Customers").update(evidence="Letters", needs_file=True)
    text = put(scheme, world.a.manager).text
    for said in (
        "Label “Atlas”, version 1",
        "http",
        "/labels/atlas/",
        prepared(scheme, world.a.manager).checksum,
        "Issuers: Greek cluster (Greece), French cluster (France)",
        "Mutual recognition: Both clusters vouch for it.",
        "What it stands for: Projects that work on both shores.",
        "Minimum total: 60%",
        "Jurors per application: 2",
        "Application fee: none",
        "Award fee: €200",
        "Award validity: 24 months",
        "Criterion: Novelty, weight 2",
        "Criterion: Market, weight 1, at least 50%",
        (
            "– Customers, 0 to 5 points, weight 2, at least 2 points, evidence: "
            "Letters, a document is required"
        ),
        "– Silver: 60%",
        "– France: at least 33% of the places",
        "We sell in at least one of the two countries.",
        "Who can apply: Everybody who makes things.",
        "Say so.",
        "Write to us.",
        "us@label.example",
    ):
        assert said in text, said


def test_nobody_signs_what_changed_or_is_not_there_yet(world):
    scheme = draft(world)
    seen = prepared(scheme, world.a.manager).checksum
    change(world.b.manager, scheme, "scheme", total_least=65)
    ask = {"partnership_id": world.partnership.pk, "scheme_id": scheme.pk}
    with pytest.raises(Conflict, match="The label changed while you were reading"):
        do(world.a.manager, ask_scheme, seen=seen, **ask)
    Indicator.objects.all().update(dropped_at=timezone.now())
    with pytest.raises(InvalidInput, match="“Novelty” has no indicator"):
        do(world.a.manager, ask_scheme, seen=seen, **ask)
    assert not SchemeVersion.objects.exists()


def test_only_managers_of_the_room_put_it_before_all(world):
    scheme = draft(world)
    seen = prepared(scheme, world.a.manager).checksum
    ask = {"partnership_id": world.partnership.pk, "scheme_id": scheme.pk, "seen": seen}
    with pytest.raises(NotAllowed):
        do(world.a.ambassador, ask_scheme, **ask)
    for person in others(world).values():
        with pytest.raises((NotFound, NotAllowed)):
            do(person, ask_scheme, **ask)
    with pytest.raises(NotAllowed):
        withdraw(world.a.ambassador, scheme)


def test_what_waits_stays_as_it_was_put(world):
    scheme = draft(world)
    asked = put(scheme, world.a.manager)
    change(world.a.manager, scheme, "scheme", total_least=70)
    with pytest.raises(Conflict, match="already waiting for signatures"):
        put(scheme, world.a.manager)
    sign(asked, world.b.manager)
    said = read_scheme(SchemeVersion.objects.get().content)
    assert str(said.total_least) == "60.00"


def test_one_that_nobody_signed_is_written_over(world):
    scheme = draft(world)
    asked = put(scheme, world.a.manager)
    do(
        world.b.manager,
        signing.close_text,
        partnership_id=world.partnership.pk,
        agreement_id=asked.pk,
        why="Gold is too cheap.",
    )
    assert SchemeVersion.objects.get().published_at is None
    change(world.a.manager, Level.objects.get(title="Gold"), "label-level", least=85)
    version = publish(world, scheme)
    assert SchemeVersion.objects.get() == version
    assert (version.number, read_scheme(version.content).levels[1].least) == (1, 85)


def test_a_new_version_says_what_differs_and_the_old_one_never_changes(world):
    scheme = draft(world)
    first = publish(world, scheme)
    with pytest.raises(Conflict, match="Nothing has changed"):
        put(scheme, world.a.manager)
    change(world.a.manager, scheme, "scheme", total_least=65, about="Projects of both shores.")
    change(world.a.manager, Criterion.objects.get(title="Market"), "label-criterion", weight=3)
    change(world.a.manager, Level.objects.get(title="Gold"), "label-level", title="Gold star")
    made.LevelFactory(scheme=scheme, title="Platinum", least=95)
    Indicator.objects.filter(title="New abroad").update(least=None)
    second = publish(world, scheme)
    assert second.number == 2
    told = tell_differences(read_scheme(first.content), read_scheme(second.content))
    assert told == [
        "Minimum total: 65% instead of 60%.",
        "Changed: What it stands for",
        "Criteria: “Market”, weight 3 instead of 1.",
        "Indicators: “New abroad”, threshold none instead of 2.",
        "Levels: “Gold star” has changed.",
        "Levels: “Platinum” is new.",
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        SchemeVersion.objects.filter(pk=first.pk).update(content={})


def test_a_round_keeps_the_version_it_opened_with(world):
    scheme = draft(world)
    first = publish(world, scheme)
    held = made.RoundFactory(scheme_version=first)
    change(world.a.manager, scheme, "scheme", total_least=65)
    publish(world, scheme)
    held.refresh_from_db()
    assert held.scheme_version == first


def test_a_withdrawn_label_says_why_and_opens_no_round(world):
    scheme = draft(world)
    publish(world, scheme)
    change(world.a.manager, scheme, "scheme", total_least=65)
    waiting = put(scheme, world.b.manager)
    with pytest.raises(InvalidInput, match="Give a reason in one sentence"):
        withdraw(world.a.manager, scheme, reason=" ")
    gone = withdraw(world.a.manager, scheme)
    assert (gone.number, gone.withdrawn_why) == (1, "We give it no more.")
    assert published_version(scheme) is None
    waiting.refresh_from_db()
    assert waiting.closed_at is not None
    with pytest.raises(Conflict, match="No version of this label is published"):
        withdraw(world.b.manager, scheme)
    assert AuditEntry.objects.get(verb="withdraw_scheme").why == "We give it no more."
    assert publish(world, scheme).number == 2


def test_who_joins_signs_too(world):
    scheme = draft(world)
    waiting = put(scheme, world.a.manager)
    join(world)
    waiting.refresh_from_db()
    assert "The participants have changed." in waiting.closed_why
    asked = put(scheme, world.a.manager)
    sign(asked, world.b.manager)
    assert SchemeVersion.objects.get().published_at is None
    sign(asked, world.c.manager)
    version = SchemeVersion.objects.get()
    assert version.published_at is not None
    assert len(read_scheme(version.content).issuers) == 3


def test_the_page_shows_what_an_applicant_sees_in_a_language(world, sign_in):
    scheme = draft(world, languages="en fr", contact="us@label.example")
    room, client = world.partnership.pk, sign_in(world.a.manager)
    indicator = Indicator.objects.get(title="Customers")
    Wording.objects.create(
        partnership=world.partnership,
        scheme=scheme,
        key=f"i{indicator.pk}.title",
        language="fr",
        text="Clients",
        of_hash=hash_of("Customers"),
    )
    page = words(read(client, "publication", room, scheme.pk))
    assert "Before it can be published" in page
    assert "9 texts are missing in this language: French." in page
    assert "Send for signature" not in page
    assert "Customers" in page
    assert "us@label.example" in page
    assert "Clients" in words(read(client, "publication", room, scheme.pk, language="fr"))


def test_the_page_leads_from_asking_to_withdrawing(world, sign_in):
    scheme = draft(world)
    room, a, b = world.partnership.pk, sign_in(world.a.manager), sign_in(world.b.manager)
    assert "As an applicant sees it" in words(read(a, "publication", room, scheme.pk))
    ask = a.post(
        at("publication-ask", room, scheme.pk),
        {"seen": prepared(scheme, world.a.manager).checksum},
        follow=True,
    )
    assert "Signed for your side." in ask.content.decode()
    html = read(b, "publication", room, scheme.pk)
    assert "Waiting for signatures" in html
    text = Agreement.objects.get()
    assert f'href="{reverse("partnerships:text", args=[room, text.pk])}"' in html
    change(world.a.manager, scheme, "scheme", total_least=65)
    assert "The draft has changed since." in read(b, "publication", room, scheme.pk)
    sign(text, world.b.manager)
    html = words(read(b, "publication", room, scheme.pk))
    assert "Changes since version 1" in html
    assert "Minimum total: 65% instead of 60%." in html
    assert "View public page" in html
    page = read(b, "version", room, scheme.pk, 1)
    assert "60%" in page
    bad = b.post(at("publication-withdraw", room, scheme.pk), {"reason": " "})
    assert bad.status_code == 422
    b.post(at("publication-withdraw", room, scheme.pk), {"reason": "We moved."})
    page = words(read(a, "publication", room, scheme.pk))
    assert "We moved." in page
    assert "Send for signature" in page
    withdrawn = sign_in(world.a.ambassador).post(
        at("publication-withdraw", room, scheme.pk), {"reason": "No."}
    )
    assert withdrawn.status_code == 403


def test_the_page_asks_as_much_for_three_versions_as_for_one(world, sign_in):
    scheme, counts = draft(world), []
    publish(world, scheme)
    client = sign_in(world.a.manager)
    for more in ((2, 3), ()):
        with CaptureQueriesContext(connection) as asked:
            read(client, "publication", world.partnership.pk, scheme.pk)
        counts.append(len(asked))
        for number in more:
            made.SchemeVersionFactory(scheme=scheme, number=number)
            made.IndicatorFactory(criterion=Criterion.objects.get(title="Market"))
    assert counts[0] == counts[1]
