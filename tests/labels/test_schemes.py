"""What a label and its parts refuse, what is missing before it is published, and its texts."""

import pytest
from django.utils import timezone

from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry
from proxeny.labels.gaps import find_missing, find_remarks
from proxeny.labels.models import Criterion, Indicator, Level, Scheme, Wording
from proxeny.labels.operations.validators import read_countries
from proxeny.labels.operations.wording import Wanted, write_texts
from proxeny.labels.queries.schemes import read_parts
from proxeny.labels.scheme_texts import hash_of
from proxeny.partnerships.models import Agreement
from proxeny.partnerships.operations.records import add_record, drop_record, restore_record
from tests.factories import labels as made
from tests.factories.partnerships import PartnershipFactory
from tests.labels.naming import add, change, draft, publish, put
from tests.partnerships.rooms import do, others

pytestmark = pytest.mark.django_db


def begin(world, person=None, **values):
    values = {
        "title": "Atlas",
        "slug": "atlas",
        "language": "en",
        "languages": "en fr",
        "currency": "eur",
        **values,
    }
    return do(
        person or world.a.manager,
        add_record,
        kind="scheme",
        partnership_id=world.partnership.pk,
        values=values,
    )


def missing(scheme):
    return [one.text for one in find_missing(read_parts(Scheme.objects.get(pk=scheme.pk)))]


def remarks(scheme):
    parts = read_parts(Scheme.objects.get(pk=scheme.pk))
    return [one.text for one in find_remarks(parts, sides=2)]


def test_what_is_typed_is_kept_as_codes(world):
    one = begin(
        world,
        slug="  ATLAS-One ",
        countries="Maroc, Tunisia, fr EL\nFrance",
        kinds="Start-up, company",
        languages="fr",
        contact=" Us@Label.example ",
    )
    assert (one.slug, one.countries, one.kinds) == ("atlas-one", "MA TN FR GR", "startup company")
    assert (one.languages, one.currency, one.contact) == ("en fr", "EUR", "us@label.example")


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("", ""),
        ("MA TN", "MA TN"),
        ("Côte d’Ivoire, Senegal", "CI SN"),
        ("المغرب، تونس", "MA TN"),
        ("Ελλάδα; Γαλλία", "GR FR"),
    ],
)
def test_countries_are_read_in_four_languages(text, codes):
    assert read_countries(text) == codes


@pytest.mark.parametrize(
    ("values", "field", "said"),
    [
        ({"countries": "FR, Atlantis"}, "countries", "“Atlantis” isn’t a country"),
        ({"kinds": "bank"}, "kinds", "Available types of organisation:"),
        ({"languages": "en de"}, "languages", "Available languages:"),
        ({"currency": "EURO"}, "currency", "three-letter currency code"),
        ({"slug": "two words"}, "slug", "Use lower-case letters"),
        ({"slug": "verify"}, "slug", "Use lower-case letters"),
        ({"per": 2, "least_scores": 3}, "least_scores", "more than the number of jurors"),
        ({"valid_months": 3, "renew_months": 6}, "renew_months", "valid for 3 months"),
        ({"total_least": 101}, "total_least", "100"),
        ({"title": " "}, "title", "blank"),
    ],
)
def test_what_does_not_hold_is_refused_with_its_field(world, values, field, said):
    with pytest.raises(InvalidInput, match=said) as refused:
        begin(world, **values)
    assert refused.value.field == field
    assert not Scheme.objects.exists()


def test_an_address_is_taken_once_whoever_has_it(world):
    elsewhere = PartnershipFactory(lead=world.c.cluster)
    made.SchemeFactory(partnership=elsewhere, slug="atlas")
    with pytest.raises(InvalidInput, match="Another label already has this address") as refused:
        begin(world)
    assert refused.value.field == "slug"


def test_the_address_stays_once_it_waits_or_is_signed(world):
    scheme = draft(world)
    assert change(world.a.manager, scheme, "scheme", slug="atlas-2").slug == "atlas-2"
    asked = put(scheme, world.a.manager)
    with pytest.raises(InvalidInput, match="The address can’t be changed"):
        change(world.a.manager, scheme, "scheme", slug="atlas-3")
    Agreement.objects.filter(pk=asked.pk).update(closed_at=timezone.now())
    assert change(world.a.manager, scheme, "scheme", slug="atlas-3").slug == "atlas-3"
    publish(world, scheme)
    with pytest.raises(InvalidInput, match="The address can’t be changed"):
        change(world.b.manager, scheme, "scheme", slug="atlas-4")


def test_parts_stay_in_their_label(world):
    scheme, other = draft(world), draft(world, slug="other")
    criterion = Criterion.objects.filter(scheme=other).first()
    with pytest.raises(InvalidInput) as refused:
        add(world.a.manager, scheme, "label-indicator", criterion=criterion.pk, title="New")
    assert refused.value.field == "criterion"
    mine = Criterion.objects.filter(scheme=scheme).first()
    with pytest.raises(InvalidInput, match="This can’t be moved to another label"):
        change(world.a.manager, mine, "label-criterion", scheme=other.pk)


@pytest.mark.parametrize(
    ("kind", "values", "field"),
    [
        ("label-level", {"title": "Green", "least": 80}, "least"),
        ("label-level", {"title": "Green", "least": 120}, "least"),
        ("label-quota", {"title": "Nowhere", "countries": " ", "least": 10}, "countries"),
        ("label-quota", {"title": "Turned", "countries": "MA", "least": 20, "most": 10}, "most"),
        ("label-criterion", {"title": "Far", "number": 1000}, "number"),
        ("label-criterion", {"title": "Light", "weight": 0}, "weight"),
    ],
)
def test_parts_refuse_what_does_not_hold(world, kind, values, field):
    scheme = draft(world)
    with pytest.raises(InvalidInput) as refused:
        add(world.b.ambassador, scheme, kind, **values)
    assert refused.value.field == field


def test_a_threshold_above_the_scale_is_refused(world):
    scheme = draft(world)
    criterion = Criterion.objects.get(title="Market")
    with pytest.raises(InvalidInput, match="The threshold is above the maximum points") as refused:
        add(
            world.a.manager,
            scheme,
            "label-indicator",
            criterion=criterion.pk,
            title="High",
            scale=5,
            least=6,
        )
    assert refused.value.field == "least"


def test_a_level_comes_back_only_where_nobody_stands(world):
    scheme = draft(world)
    gold = Level.objects.get(title="Gold")
    where = {"kind": "label-level", "partnership_id": world.partnership.pk, "record_id": gold.pk}
    do(world.a.manager, drop_record, **where)
    add(world.a.manager, scheme, "label-level", title="Green", least=80)
    with pytest.raises(InvalidInput, match="“Green” already starts there"):
        do(world.a.manager, restore_record, **where)


def test_a_label_that_is_published_or_judged_is_not_put_away(world):
    scheme = draft(world)
    version = publish(world, scheme)
    where = {"kind": "scheme", "partnership_id": world.partnership.pk, "record_id": scheme.pk}
    with pytest.raises(Conflict, match="Withdraw it first"):
        do(world.a.manager, drop_record, **where)
    made.RoundFactory(scheme_version=version, state="judging")
    with pytest.raises(Conflict, match="A round of this label is in progress"):
        do(world.a.manager, drop_record, **where)


def test_what_waits_is_closed_when_a_label_is_put_away(world):
    scheme = draft(world)
    asked = put(scheme, world.a.manager)
    do(
        world.a.ambassador,
        drop_record,
        kind="scheme",
        partnership_id=world.partnership.pk,
        record_id=scheme.pk,
    )
    asked.refresh_from_db()
    assert asked.closed_why == "The label is archived."
    with pytest.raises(InvalidInput):
        add(world.a.manager, scheme, "label-criterion", title="Late")
    with pytest.raises(Conflict, match="This label is archived"):
        change(world.a.manager, Level.objects.get(title="Gold"), "label-level", least=90)


def test_nobody_outside_the_room_writes_a_label(world):
    scheme = draft(world)
    for person in others(world).values():
        with pytest.raises((NotFound, NotAllowed)):
            add(person, scheme, "label-criterion", title="Mine")
        with pytest.raises((NotFound, NotAllowed)):
            translate(person, scheme, Wanted("about", "Texte.", hash_of(scheme.about)))


def test_a_new_label_lacks_what_it_says(world):
    scheme = begin(world)
    assert missing(scheme) == [
        "There’s no description of what the label stands for.",
        "There’s no text on mutual recognition: what the label is worth in each country.",
        "No criteria yet.",
    ]


def test_a_whole_label_lacks_nothing(world):
    assert missing(draft(world)) == []


def test_translations_are_missing_by_language(world):
    scheme = draft(world, languages="en fr el")
    assert missing(scheme) == [
        "10 texts are missing in this language: French.",
        "10 texts are missing in this language: Greek.",
    ]


def test_quotas_that_cannot_be_met_are_missing(world):
    scheme = draft(world, countries="FR GR")
    made.QuotaFactory(scheme=scheme, title="Greece", countries="GR", least=70)
    made.QuotaFactory(scheme=scheme, title="Senegal", countries="SN", least=10)
    assert missing(scheme) == [
        "No one from the countries of “Senegal” can apply, so its places would stay empty.",
        "These quotas ask for more places than there are: Greece, France, Senegal.",
    ]


def test_quotas_that_share_countries_are_told_and_may_be(world):
    scheme = draft(world)
    made.QuotaFactory(scheme=scheme, title="Europe", countries="FR GR", least=90)
    assert missing(scheme) == []
    assert (
        "“France” and “Europe” have countries in common: a project from one of those "
        "counts in both."
    ) in remarks(scheme)


def test_levels_that_nobody_ends_at_are_told(world):
    scheme = draft(world, total_least=70, per=1)
    Level.objects.filter(title="Gold").update(least=70)
    made.LevelFactory(scheme=scheme, title="Tin", least=50)
    told = remarks(scheme)
    assert (
        "No one ends up at the level “Silver”: a higher level starts at or below the minimum total."
    ) in told
    assert (
        "No one ends up at the level “Tin”: a higher level starts at or below the minimum total."
    ) in told
    assert not any("“Gold”" in one for one in told)
    assert "1 juror reads each application, so not every cluster has a voice in each." in told


def translate(person, scheme, *texts, language="fr"):
    return do(
        person,
        write_texts,
        partnership_id=scheme.partnership_id,
        scheme_id=scheme.pk,
        language=language,
        texts=texts,
    )


def test_texts_are_written_changed_and_taken_away(world):
    scheme = draft(world, languages="en fr")
    one = Wanted("about", " Des deux rives. ", hash_of(scheme.about))
    assert translate(world.b.ambassador, scheme, one) == 1
    assert translate(world.b.ambassador, scheme, one) == 0
    assert Wording.objects.get().text == "Des deux rives."
    entry = AuditEntry.objects.get(verb="translate_scheme")
    assert entry.changes == {"title": "Atlas", "language": "fr", "count": 1}
    assert translate(world.a.manager, scheme, Wanted("about", "", hash_of(scheme.about))) == 1
    assert not Wording.objects.exists()


def test_a_translation_of_what_was_changed_since_stays_marked(world):
    scheme = draft(world, languages="en fr")
    indicator = Indicator.objects.get(title="Customers")
    before = hash_of("Customers")
    change(world.a.manager, indicator, "label-indicator", title="Paying customers")
    translate(world.b.manager, scheme, Wanted(f"i{indicator.pk}.title", "Clients", before))
    assert "1 text has changed since it was translated: French." in remarks(scheme)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (Wanted("i0.title", "Rien", "0" * 64), "i0.title"),
        (Wanted("about", "a" * 6001, "0" * 64), "about"),
        (Wanted("about", "a", "no"), "about"),
    ],
)
def test_texts_that_do_not_hold_are_refused(world, text, field):
    with pytest.raises(InvalidInput) as refused:
        translate(world.a.manager, draft(world, languages="en fr"), text)
    assert refused.value.field == field


def test_a_label_is_translated_into_its_own_languages_alone(world):
    scheme = draft(world, languages="en fr")
    for language in ("en", "el"):
        with pytest.raises(InvalidInput, match="not published in this language"):
            translate(world.a.manager, scheme, Wanted("about", "Text", "0" * 64), language=language)
