"""Whom should we meet: the list as both sides and strangers, its reasons, and the choices."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from proxeny.directory.models import Listing, MatchChoice, MatchList, Organisation
from proxeny.directory.operations import matching, ranking
from proxeny.kernel import jobs
from proxeny.kernel.models import Job
from proxeny.kernel.tenancy import SERVICE, WEB, acting_as, enter
from tests.conftest import reader_of
from tests.factories.directory import ListingFactory, OrganisationFactory
from tests.stages import staged

NOW = timezone.now()


def say(
    organisation: Organisation, direction: str, title: str, language: str = "en", **values
) -> Listing:
    """Publish an offer or a need."""
    return ListingFactory(
        organisation=organisation, direction=direction, title=title, language=language, **values
    )


@staged
def market(world):
    """A foundry of A that needs sensors; of B a maker of sensors that needs castings, and a baker."""
    foundry, *_ = world.a.members
    maker, baker, _third = world.b.members
    say(foundry, "offer", "Aluminium castings for pumps")
    say(foundry, "need", "Temperature sensors for furnaces")
    say(maker, "offer", "Sensors that watch a furnace", summary="Temperature up to 1,200 degrees.")
    say(maker, "need", "A supplier of aluminium castings")
    say(baker, "offer", "Bread and cakes for canteens")
    Organisation.objects.filter(pk=maker.pk).update(city="Lyon")
    return foundry, maker, baker


def find(person, organisation) -> Job:
    """Start the search as a person and run it to its end."""
    with acting_as(WEB, reader_of(person)):
        job = matching.start_matching(
            actor=reader_of(person), organisation_id=organisation.pk, now=timezone.now()
        )
    jobs.run(job.pk)
    enter(SERVICE)
    return Job.objects.get(pk=job.pk)


def page(client, organisation, **query):
    return client.get(reverse("directory:matches", args=[organisation.pk]), query)


def test_a_member_finds_who_gives_what_it_needs_and_why(world, market, sign_in):
    foundry, maker, baker = market
    client = sign_in(world.a.representatives[0])
    assert "Find your partners" in page(client, foundry).text
    job = find(world.a.representatives[0], foundry)
    assert job.state == "done", job.error
    text = page(client, foundry).text
    assert "They offer “\u2068Sensors that watch a furnace\u2069”; you need" in text
    assert "You offer “\u2068Aluminium castings for pumps\u2069”; they need" in text
    assert "both ways" in text
    assert "Lyon" in text
    assert baker.name not in text
    made = MatchList.objects.get()
    assert [one["target"] for one in made.proposals] == [maker.pk]
    assert (
        made.considered
        == Organisation.objects.filter(steward__in=[world.a.cluster, world.b.cluster]).count()
        - 1
        + 2
    )


def test_of_too_many_those_are_read_who_share_telling_words(world, market, monkeypatch):
    foundry, maker, _baker = market
    Listing.objects.filter(organisation=foundry, direction="need").update(
        title="'Sensors' & (furnaces:* | !pumps); DROP"
    )
    monkeypatch.setattr(ranking, "READ_ALL", 0)
    assert find(world.a.representatives[0], foundry).state == "done"
    assert [one["target"] for one in MatchList.objects.get().proposals] == [maker.pk]


def test_reasons_are_told_in_the_readers_language(world, market, sign_in):
    foundry, _maker, _baker = market
    person = world.a.ambassador
    find(person, foundry)
    text = page(sign_in(person), foundry).text
    assert f"\u2068{foundry.name}\u2069 needs" in text
    assert "Partners proposed for" in text


def test_others_neither_see_nor_start_it(world, market, sign_in):
    foundry, *_ = market
    find(world.a.representatives[0], foundry)
    for person in (world.a.representatives[1], world.b.representatives[0], world.b.manager):
        client = sign_in(person)
        assert page(client, foundry).status_code == 403
        assert client.post(reverse("directory:matches-find", args=[foundry.pk])).status_code == 403
    for person in (world.c.manager, world.nobody_special):
        assert page(sign_in(person), foundry).status_code == 404
    assert MatchList.objects.count() == 1


def test_two_people_have_each_their_own_list(world, market, sign_in):
    foundry, *_ = market
    find(world.a.representatives[0], foundry)
    assert "Find your partners" in page(sign_in(world.a.manager), foundry).text


def test_a_second_click_starts_no_second_search(world, market):
    foundry, *_ = market
    person = world.a.representatives[0]
    with acting_as(WEB, reader_of(person)):
        made = [
            matching.start_matching(actor=reader_of(person), organisation_id=foundry.pk, now=NOW)
            for _ in range(2)
        ]
    assert made[0].pk == made[1].pk


def test_a_refused_partner_comes_back_only_when_taken_back(world, market, sign_in):
    foundry, maker, _baker = market
    person = world.a.representatives[0]
    client = sign_in(person)
    find(person, foundry)
    url = reverse("directory:match-choose", args=[foundry.pk, maker.pk])
    client.post(url, {"verdict": "refused", "why": "rival"})
    choice = MatchChoice.objects.get()
    assert (choice.verdict, choice.why, choice.person) == ("refused", "rival", person)
    assert 'id="with-' not in page(client, foundry).text
    find(person, foundry)
    assert MatchList.objects.get().proposals == []
    assert "1 organisation won’t be proposed again" in page(client, foundry).text
    client.post(url, {"verdict": "none"})
    find(person, foundry)
    assert [one["target"] for one in MatchList.objects.get().proposals] == [maker.pk]


def test_the_card_answers_a_tap_and_offers_to_take_it_back(world, market, sign_in):
    foundry, maker, _baker = market
    person = world.a.representatives[0]
    client = sign_in(person)
    find(person, foundry)
    url = reverse("directory:match-choose", args=[foundry.pk, maker.pk])
    answer = client.post(url, {"verdict": "refused", "why": "size"}, headers={"HX-Request": "true"})
    assert "won’t be proposed again." in answer.text
    assert "Too large or too small for us" in answer.text
    answer = client.post(url, {"verdict": "none"}, headers={"HX-Request": "true"})
    assert "We want to meet" in answer.text


def test_wanted_partners_stand_before_the_clusters_team_alone(world, market, sign_in):
    foundry, maker, _baker = market
    sign_in(world.a.representatives[0]).post(
        reverse("directory:match-choose", args=[foundry.pk, maker.pk]), {"verdict": "wanted"}
    )
    url = reverse("directory:wanted", args=[world.a.cluster.pk])
    for person in (world.a.ambassador, world.a.manager):
        assert maker.name in sign_in(person).get(url).text
        assert "1 request to meet someone" in sign_in(person).get("/").text
    assert "to meet someone" not in sign_in(world.b.manager).get("/").text
    for person in (world.a.representatives[0], world.b.manager):
        assert sign_in(person).get(url).status_code == 403
    text = page(sign_in(world.b.representatives[0]), maker).text
    assert foundry.name not in text


def test_a_list_says_when_it_is_no_longer_fresh(world, market, sign_in):
    foundry, maker, _baker = market
    person = world.a.representatives[0]
    client = sign_in(person)
    find(person, foundry)
    MatchList.objects.update(computed_at=timezone.now() + timedelta(minutes=1))
    assert "This list is out of date" not in page(client, foundry).text
    MatchList.objects.update(computed_at=timezone.now() - timedelta(hours=1))
    Listing.objects.filter(organisation=maker).update(updated_at=timezone.now())
    Organisation.objects.exclude(pk=maker.pk).update(updated_at=NOW - timedelta(days=1))
    Listing.objects.exclude(organisation=maker).update(updated_at=NOW - timedelta(days=1))
    assert "1 other entry has changed since." in page(client, foundry).text
    say(foundry, "need", "Another need")
    assert "Your profile, offers or needs have changed since." in page(client, foundry).text


def test_what_is_hidden_or_no_longer_published_is_not_told(world, market, sign_in):
    foundry, maker, _baker = market
    person = world.a.representatives[0]
    client = sign_in(person)
    find(person, foundry)
    Listing.objects.filter(organisation=maker, direction="offer").update(status="draft")
    text = page(client, foundry).text
    assert "Sensors that watch" not in text
    assert "You offer" in text
    Organisation.objects.filter(pk=maker.pk).update(visibility="cluster")
    assert maker.name not in page(client, foundry).text


def test_whom_the_texts_do_not_seek_is_left_out(world, market):
    foundry, maker, _baker = market
    person = world.a.representatives[0]
    Listing.objects.filter(organisation=foundry).update(partner_kinds=["university"])
    find(person, foundry)
    assert MatchList.objects.get().proposals == []
    Listing.objects.filter(organisation=foundry).update(partner_kinds=["company"])
    Listing.objects.filter(organisation=maker).update(partner_countries=["BE"])
    find(person, foundry)
    assert MatchList.objects.get().proposals == []
    Listing.objects.filter(organisation=maker).update(partner_countries=["GR", "BE"])
    find(person, foundry)
    assert [one["target"] for one in MatchList.objects.get().proposals] == [maker.pk]


def test_queries_do_not_grow_with_the_list(world, market, sign_in, django_assert_num_queries):
    foundry, *_ = market
    person = world.a.representatives[0]
    client = sign_in(person)
    find(person, foundry)
    page(client, foundry)
    with django_assert_num_queries(18):
        assert page(client, foundry).text.count('class="px-match"') == 1
    for number in range(8):
        other = OrganisationFactory(name=f"Maker {number}", steward=world.b.cluster)
        say(other, "offer", f"Temperature sensors for furnaces, series {number}")
        say(other, "need", "Aluminium castings")
    find(person, foundry)
    with django_assert_num_queries(18):
        assert page(client, foundry).text.count('class="px-match"') == 9


def test_the_list_as_a_file(world, market, sign_in):
    foundry, maker, _baker = market
    person = world.a.representatives[0]
    find(person, foundry)
    client = sign_in(person)
    answer = client.get(reverse("directory:matches-export", args=[foundry.pk]), {"format": "csv"})
    assert maker.name in answer.content.decode("utf-8-sig")
    assert "sensors" in answer.content.decode("utf-8-sig").lower()


def test_three_lines_of_text_give_matches_and_the_page_says_what_would_help(world, sign_in):
    cold, maker = world.a.members[1], world.b.members[0]
    Organisation.objects.filter(pk=cold.pk).update(
        summary="We build sensors.\nThey watch furnaces.\nWe are ten people."
    )
    say(maker, "need", "Sensors that watch a furnace")
    assert maker.language == "en"
    person = world.a.representatives[1]
    find(person, cold)
    text = page(sign_in(person), cold).text
    assert "They need “\u2068Sensors that watch a furnace\u2069”; you mention it" in text
    assert "What would help most" in text
    add = reverse("directory:listing-add", args=[cold.pk])
    assert f"{add}?direction=need" in text
    assert [gap["field"] for gap in MatchList.objects.get().gaps] == ["about", "needs"]
    say(cold, "need", "A baker of bread", language="fr", partner_countries=["FR"])
    Organisation.objects.filter(pk=cold.pk).update(language="fr")
    find(person, cold)
    assert MatchList.objects.get().gaps[0]["field"] == "language"
    assert "most often English" in page(sign_in(person), cold).text


def test_answers_change_the_order_and_the_page_says_so(world, sign_in):
    """Both offer the same words; the French side was wanted before, the other refused."""
    own = world.a.members[0]
    say(own, "need", "Temperature sensors for furnaces")
    for number in range(12):
        country = "FR" if number % 2 else "BE"
        other = OrganisationFactory(
            name=f"Known {number}", country=country, steward=world.b.cluster
        )
        say(other, "offer", f"Temperature sensors for furnaces, series {number}")
        MatchChoice.objects.create(
            organisation=own, target=other, verdict="wanted" if country == "FR" else "refused"
        )
    fresh = {
        country: OrganisationFactory(
            name=f"New of {country}", country=country, steward=world.b.cluster
        )
        for country in ("BE", "FR")
    }
    for other in fresh.values():
        say(other, "offer", "Temperature sensors for furnaces")
    person = world.a.representatives[0]
    find(person, own)
    found = MatchList.objects.get().proposals
    assert {one["target"] for one in found} == {one.pk for one in fresh.values()}
    text = page(sign_in(person), own).text
    assert "Your 12 choices are taken into account in the order." in text


def test_the_day_shows_three_partners_with_a_reason_each(world, market, sign_in):
    foundry, _maker, _baker = market
    person = world.a.representatives[0]
    client = sign_in(person)
    assert "Find your partners" in client.get("/").text
    for number in range(4):
        other = OrganisationFactory(name=f"Maker {number}", steward=world.b.cluster)
        say(other, "offer", f"Temperature sensors for furnaces, series {number}")
    find(person, foundry)
    text = client.get("/").text
    assert text.count('class="px-entity"') == 3
    assert "They offer “" in text
    assert reverse("directory:matches", args=[foundry.pk]) in text
    assert "Partners for you" not in sign_in(world.a.manager).get("/").text
