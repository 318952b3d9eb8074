"""An agreement has a kind and perhaps a worth: its party's own word, summed for both clusters."""

import csv
import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from proxeny.kernel.errors import Conflict, InvalidInput
from proxeny.kernel.models import AuditEntry
from proxeny.kernel.tenancy import SERVICE, STRANGER, WEB, acting_as
from proxeny.meetings.models import Meeting, Rating
from proxeny.meetings.operations import keep_rating, rate_meeting
from proxeny.meetings.queries.funnel import read_funnel
from tests.conftest import reader_of
from tests.factories.meetings import make_meeting
from tests.stages import staged

LATER = datetime(2083, 10, 1, 9, 0, tzinfo=UTC)


def rate(person, meeting, value="agreement", *, phase="later", **terms):
    reader = reader_of(person)
    with acting_as(WEB, reader):
        return rate_meeting(
            actor=reader, meeting_id=meeting.pk, phase=phase, value=value, now=LATER, **terms
        )


def terms_of(rating):
    rating.refresh_from_db()
    return rating.agreed, rating.worth, rating.currency


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"agreed": "sale"}, ("sale", None, "")),
        # Without a worth no currency is kept.
        ({"agreed": "sale", "currency": "GBP"}, ("sale", None, "")),
        ({"agreed": "licence", "worth": Decimal("1234.5")}, ("licence", Decimal("1234.50"), "MAD")),
        ({"agreed": "bid", "worth": Decimal(0), "currency": " eur "}, ("bid", Decimal(0), "EUR")),
        (
            {"agreed": "other", "worth": Decimal("999999999999.99"), "currency": "JPY"},
            ("other", Decimal("999999999999.99"), "JPY"),
        ),
    ],
)
def test_an_agreement_is_kept_with_its_kind_and_worth(world, meeting, given, kept):
    world.partnership.currency = "MAD"
    world.partnership.save()
    assert terms_of(rate(world.b.representatives[0], meeting, **given)) == kept


@pytest.mark.parametrize(
    ("value", "given", "field", "sentence"),
    [
        ("agreement", {}, "agreed", "Choose the kind of agreement."),
        ("agreement", {"agreed": "barter"}, "agreed", "Choose the kind of agreement."),
        ("agreement", {"agreed": "sale", "worth": Decimal(-1)}, "worth", "from 0 to"),
        ("agreement", {"agreed": "sale", "worth": Decimal(10) ** 12}, "worth", "from 0 to"),
        ("agreement", {"agreed": "sale", "worth": Decimal("NaN")}, "worth", "from 0 to"),
        ("agreement", {"agreed": "sale", "worth": Decimal("0.001")}, "worth", "two decimals"),
        (
            "agreement",
            {"agreed": "sale", "worth": Decimal(1), "currency": "XYZ"},
            "currency",
            "three-letter currency code",
        ),
        ("negotiating", {"agreed": "sale"}, "agreed", "Only an agreement"),
        ("contact", {"worth": Decimal(1)}, "agreed", "Only an agreement"),
        ("contact", {"currency": "EUR"}, "agreed", "Only an agreement"),
    ],
)
def test_what_is_refused_of_an_agreement(world, meeting, value, given, field, sentence):
    with pytest.raises(InvalidInput, match=sentence) as refused:
        rate(world.a.representatives[0], meeting, value, **given)
    assert refused.value.field == field
    assert not Rating.objects.exists()


def test_another_answer_takes_the_agreement_back(world, meeting):
    me = world.a.representatives[0]
    rate(me, meeting, agreed="sale", worth=Decimal(500))
    assert terms_of(rate(me, meeting, "negotiating")) == ("", None, "")


def test_the_other_side_never_reads_it(world, meeting, reading):
    rate(world.a.representatives[0], meeting, agreed="sale", worth=Decimal(500))
    for person, told in (
        (world.a.representatives[0], ["sale"]),
        (world.a.manager, ["sale"]),
        (world.b.manager, ["sale"]),
        (world.b.representatives[0], []),
        (world.a.representatives[1], []),
        (world.c.manager, []),
        (None, []),
    ):
        with reading(person):
            assert list(Rating.objects.values_list("agreed", flat=True)) == told, person


def test_a_party_without_an_account_is_heard_in_the_service_role(world, meeting):
    party = meeting.parties.get(organisation=world.b.members[0])
    party.person = None
    party.save()
    with acting_as(SERVICE):
        keep_rating(party=party, phase="day", value="possible", now=LATER, actor=STRANGER)
        kept = keep_rating(
            party=party,
            phase="later",
            value="agreement",
            now=LATER,
            actor=STRANGER,
            agreed="supply",
            worth=Decimal(70_000),
        )
        with pytest.raises(InvalidInput):
            keep_rating(party=party, phase="day", value="agreement", now=LATER, actor=STRANGER)
    assert terms_of(kept) == ("supply", Decimal(70_000), "EUR")
    meeting.refresh_from_db()
    assert meeting.state == Meeting.State.HELD
    entry = AuditEntry.objects.filter(verb="rate_meeting").first()
    assert (entry.person_id, entry.organisation_id) == (None, party.organisation_id)
    Meeting.objects.update(state=Meeting.State.CANCELLED)
    meeting.refresh_from_db()
    party.refresh_from_db()
    with acting_as(SERVICE), pytest.raises(Conflict):
        keep_rating(party=party, phase="day", value="possible", now=LATER, actor=STRANGER)


@staged
def ripe(meeting):
    """The same meeting, held seven months ago."""
    began = timezone.now() - timedelta(days=212)
    Meeting.objects.filter(pk=meeting.pk).update(
        starts_at=began, ends_at=began + timedelta(minutes=20), state=Meeting.State.HELD
    )
    return meeting


def address(meeting):
    return reverse("meetings:rate", args=[meeting.pk])


AGREED = {"phase": "later", "value": "agreement", "agreed": "supply", "currency": "GBP"}


def test_the_page_asks_for_the_kind_and_tells_what_was_said(world, ripe, sign_in):
    world.partnership.currency = "MAD"
    world.partnership.save()
    client = sign_in(world.a.representatives[0])
    page = client.get(reverse("meetings:ratings")).content.decode()
    assert f'id="id_{ripe.pk}_agreed"' in page
    assert 'value="MAD"' in page
    # One tap is left for the others.
    assert 'name="value" value="negotiating" class="btn"' in page
    assert 'name="value" value="agreement" class="btn"' not in page
    answer = client.post(address(ripe), {**AGREED, "worth": "1500"}, follow=True)
    text = answer.content.decode()
    assert "Thank you. Your answer has been saved." in text
    assert "Supply or distribution · £1,500" in text
    assert 'value="GBP"' in text
    assert terms_of(Rating.objects.get()) == ("supply", Decimal(1500), "GBP")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"agreed": ""}, "Choose the kind of agreement."),
        ({"agreed": "barter"}, "Select a valid choice."),
        ({"worth": "much"}, "Enter a number."),
        ({"worth": "-1"}, "greater than or equal to 0"),
        ({"worth": "1.234"}, "2 decimal places"),
        ({"worth": "1000000000000"}, "less than or equal to 999"),
        ({"worth": "1", "currency": "XYZ"}, "three-letter currency code, such as EUR"),
        ({"worth": "1", "currency": "EURO"}, "at most 3 characters"),
    ],
)
def test_a_wrong_agreement_is_shown_with_its_sentence(world, ripe, sign_in, wrong, sentence):
    client = sign_in(world.a.representatives[0])
    part = client.post(address(ripe), AGREED | wrong, headers={"HX-Request": "true"})
    whole = client.post(address(ripe), AGREED | wrong)
    for answer in (part, whole):
        assert answer.status_code == 422
        text = answer.content.decode()
        assert sentence in text
        assert '<details class="px-deed mt-3" open>' in text
    assert part.content.decode().startswith("<article") or "<html" not in part.content.decode()
    assert "<h1" in whole.content.decode()
    assert not Rating.objects.exists()


def test_an_agreement_is_no_answer_of_the_day(world, ripe, sign_in):
    client = sign_in(world.b.representatives[0])
    answer = client.post(address(ripe), {**AGREED, "phase": "day"}, follow=True)
    assert "Choose an answer." in answer.content.decode()
    part = client.post(
        address(ripe), {"phase": "later", "value": "contact"}, headers={"HX-Request": "true"}
    )
    assert part.status_code == 200
    assert "Valuable contact" in part.content.decode()


def test_a_program_says_and_reads_it(world, ripe, call):
    path = f"/meetings/{ripe.pk}/rate"
    mine, other = call(world.a.representatives[0]), call(world.b.representatives[0])
    for wrong in (
        {"worth": "1.234"},
        {"worth": "1000000000000"},
        {"currency": "euro"},
        {"agreed": "barter"},
        {"agreed": ""},
        {"value": "contact"},
    ):
        assert mine.post(path, AGREED | wrong).status_code == 422, wrong
    said = mine.post(path, {**AGREED, "worth": "1500.50"})
    assert said.status_code == 200, said.content
    assert (said.json()["agreed"], said.json()["currency"]) == ("supply", "GBP")
    (question,) = mine.get("/meetings/questions").json()
    assert (question["agreed"], Decimal(question["worth"])) == ("supply", Decimal("1500.50"))
    assert (question["currency"], question["usual_currency"]) == ("GBP", "EUR")
    (foreign,) = other.get("/meetings/questions").json()
    assert (foreign["agreed"], foreign["worth"], foreign["currency"]) == ("", None, "")
    words = [party["words"] for party in other.get(f"/meetings/{ripe.pk}").json()["parties"]]
    assert words == [[], []]


@staged
def agreed(world):
    """Both sides name a worth; one side alone; two currencies; a kind without a worth."""
    made = [
        make_meeting(
            world.partnership,
            (world.a.members[left], world.a.representatives[left]),
            (world.b.members[right], world.b.representatives[right]),
            state="held",
        )
        for left, right in ((0, 0), (0, 1), (1, 1), (1, 2))
    ]
    greek, french = world.a.representatives, world.b.representatives
    for meeting, person, kind, worth, currency in (
        (0, greek[0], "sale", 100, "EUR"),
        (0, french[0], "supply", 120, "EUR"),
        (1, french[1], "licence", 1000, "GBP"),
        (2, greek[1], "sale", 900, "MAD"),
        (2, french[1], "sale", 80, "EUR"),
        (3, greek[1], "research", None, ""),
        (3, french[2], "bid", None, ""),
    ):
        worth = None if worth is None else Decimal(worth)
        rate(person, made[meeting], agreed=kind, worth=worth, currency=currency)
    return world


def terms_in(reading, world, person, by="member"):
    with reading(person):
        seen = read_funnel(reader_of(person), world.partnership.pk, by=by)
    return [
        (label, terms.kinds, {one.currency: (one.amount, one.count) for one in terms.worths})
        for label, terms in (("", seen.terms), *((one.label, one.terms) for one in seen.groups))
    ]


def test_each_agreement_counts_once_and_each_side_by_its_own_words(agreed, reading):
    whole = {"sale": 1, "supply": 1, "licence": 1, "research": 1}
    assert terms_in(reading, agreed, agreed.a.manager) == [
        # Of both, the higher; of two currencies, the partnership's own.
        ("", whole, {"EUR": (200, 2), "GBP": (1000, 1)}),
        ("Greek member 1", {"sale": 1}, {"EUR": (100, 1)}),
        ("Greek member 2", {"sale": 1, "research": 1}, {"MAD": (900, 1)}),
        (
            "All members of French cluster",
            {"sale": 1, "supply": 1, "licence": 1, "bid": 1},
            {"EUR": (200, 2), "GBP": (1000, 1)},
        ),
    ]
    assert terms_in(reading, agreed, agreed.b.ambassador, "sector")[1:] == [
        (
            "Not specified",
            {"sale": 1, "supply": 1, "licence": 1, "bid": 1},
            {"EUR": (200, 2), "GBP": (1000, 1)},
        ),
    ]
    assert terms_in(reading, agreed, agreed.a.ambassador, "ambassador")[1:] == [
        ("Not arranged by an ambassador", whole, {"EUR": (200, 2), "GBP": (1000, 1)})
    ]


def test_the_funnel_tells_kinds_and_worths_everywhere(agreed, sign_in, call):
    page = reverse("meetings:outcomes", args=[agreed.partnership.pk])
    text = sign_in(agreed.a.manager).get(page).content.decode()
    assert "What was agreed" in text
    assert "€200" in text
    assert "GBP, reported for 1 agreement" in text
    table = sign_in(agreed.b.manager).get(page, {"export": "csv"}).content.decode("utf-8-sig")
    head, whole = list(csv.reader(io.StringIO(table)))[:2]
    row = dict(zip(head, whole, strict=True))
    assert (row["Licence"], row["Investment"]) == ("1", "0")
    assert (row["Value, EUR"], row["Value, GBP"]) == ("200.00", "1000.00")
    said = call(agreed.a.manager).get(f"/meetings/outcomes/{agreed.partnership.pk}").json()
    assert said["terms"]["kinds"][0] == {"kind": "sale", "count": 1}
    assert [
        (one["currency"], Decimal(one["amount"]), one["count"])
        for one in said["groups"][0]["terms"]["worths"]
    ] == [("EUR", 100, 1)]
    for person in (agreed.a.representatives[0], agreed.c.manager):
        assert sign_in(person).get(page).status_code == 404
