"""The directory's pages, as each side, a member, a third cluster and a stranger."""

import csv
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from python_calamine import CalamineWorkbook

from proxeny.directory.models import Details, Listing, Membership, Organisation, Visibility
from proxeny.kernel.models import AuditEntry
from tests.factories.accounts import SeatFactory
from tests.factories.directory import ListingFactory, MembershipFactory, OrganisationFactory

LIST = "/directory/"


def names_on(client, **query):
    response = client.get(LIST, query)
    assert response.status_code == 200
    return [row.name for row in response.context["page"].rows]


def test_each_reader_sees_their_part_of_the_list(world, sign_in):
    greek = [f"Greek member {n}" for n in (1, 2, 3)]
    french = [f"French member {n}" for n in (1, 2, 3)]
    both = ["French cluster", *french, "Greek cluster", *greek]
    for person in (
        world.a.manager,
        world.a.ambassador,
        world.b.manager,
        world.a.representatives[0],
    ):
        assert names_on(sign_in(person)) == both, person.name
    assert names_on(sign_in(world.c.manager)) == ["Other cluster"] + [
        f"Other member {n}" for n in (1, 2, 3)
    ]
    assert names_on(sign_in(world.nobody_special)) == []
    assert names_on(Client()) == []


def test_partner_sees_members_only_while_the_grant_lives(world, sign_in):
    client = sign_in(world.b.manager)
    member = world.a.members[0]
    assert client.get(f"/directory/{member.pk}/").status_code == 200
    world.partnership.grants.filter(organisation=world.a.cluster).update(
        withdrawn_at="2026-01-01T00:00Z"
    )
    assert client.get(f"/directory/{member.pk}/").status_code == 404
    assert "Greek member 1" not in names_on(client)


@pytest.mark.parametrize(
    ("visibility", "seen_by"),
    [
        (Visibility.PRIVATE, "own manager"),
        (Visibility.CLUSTER, "own manager member"),
        (Visibility.PARTNERSHIP, "own manager member partner"),
        (Visibility.PUBLIC, "own manager member partner third stranger"),
    ],
)
def test_visibility_of_one_entry(world, sign_in, visibility, seen_by):
    member = world.a.members[0]
    Organisation.objects.filter(pk=member.pk).update(visibility=visibility)
    readers = {
        "own": sign_in(world.a.representatives[0]),
        "manager": sign_in(world.a.manager),
        "member": sign_in(world.a.representatives[1]),
        "partner": sign_in(world.b.manager),
        "third": sign_in(world.c.manager),
        "stranger": Client(),
    }
    seen = [
        name
        for name, client in readers.items()
        if client.get(f"/directory/{member.pk}/").status_code == 200
    ]
    assert " ".join(seen) == seen_by


def test_stranger_never_reads_the_contact(world, sign_in):
    member = world.a.members[0]
    Organisation.objects.filter(pk=member.pk).update(visibility=Visibility.PUBLIC)
    Details.objects.filter(pk=member.pk).update(email="desk@example.org", contact="Contact Person")
    page = Client().get(f"/directory/{member.pk}/").content.decode()
    assert "desk@example.org" not in page
    assert "Contact Person" not in page
    assert "desk@example.org" in sign_in(world.b.manager).get(f"/directory/{member.pk}/").text
    assert Client().get("/directory/export/").status_code == 302


def count_queries(client, url):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_list_needs_the_same_queries_for_few_rows_and_for_many(world, sign_in):
    client = sign_in(world.a.manager)
    client.get(LIST)
    few = count_queries(client, LIST)
    for number in range(60):
        OrganisationFactory(name=f"More {number}", steward=world.a.cluster)
    assert count_queries(client, LIST) == few
    assert [len(names_on(client, page=page)) for page in (1, 2)] == [10, 10]


def test_detail_needs_the_same_queries_for_one_row_and_for_many(world, sign_in):
    client = sign_in(world.a.manager)
    member = world.a.members[0]
    url = f"/directory/{member.pk}/"
    ListingFactory(organisation=member)
    client.get(url)
    few = count_queries(client, url)
    ListingFactory.create_batch(4, organisation=member)
    ListingFactory.create_batch(3, organisation=member, status="archived")
    SeatFactory.create_batch(3, organisation=member)
    assert count_queries(client, url) == few


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Société d'Édition Numérique", "edition NUM"),
        ("Ψηφιακή Ακρόπολη Αθηνών", "ακροπολη αθην"),
        ("ΨΗΦΙΑΚΉ ΤΈΧΝΗΣ", "τεχνης"),
        ("شركة الأندلس للتِّقْنِيَّة", "الاندلس للتقنيه"),
        ("Straßenbau Œuvre 3D-Labs", "strassenbau oeuv"),
        ("e-Health & Co", "e-health"),
    ],
)
def test_search_does_not_mind_accents_case_and_spelling(world, sign_in, name, typed):
    OrganisationFactory(name=name, steward=world.a.cluster)
    client = sign_in(world.a.manager)
    assert names_on(client, q=typed) == [name]
    assert names_on(client, q=f"{typed} nothing") == []


def test_search_cannot_be_broken_by_operators(world, sign_in):
    client = sign_in(world.a.manager)
    for typed in ("' & | ! :* <->", "member' | 'x", "a:*b", "\\"):
        assert client.get(LIST, {"q": typed}).status_code == 200
    assert names_on(client, q="!!!") == []


def test_filters_and_sorting(world, sign_in):
    OrganisationFactory(
        name="Élan",
        steward=world.a.cluster,
        country="MA",
        kind="lab",
        sectors=["Health", "Imaging"],
    )
    client = sign_in(world.a.manager)
    assert names_on(client, country="MA") == ["Élan"]
    assert names_on(client, kind="lab") == ["Élan"]
    assert names_on(client, field="Imaging") == ["Élan"]
    assert names_on(client, cluster=world.b.cluster.pk)[0] == "French cluster"
    assert names_on(client)[0] == "Élan"
    assert names_on(client, sort="-name")[-1] == "Élan"
    assert names_on(client, sort="nonsense", cluster="x", page="zero")[0] == "Élan"


def test_country_is_named_in_the_readers_language(world, sign_in):
    client = sign_in(world.a.manager)
    client.cookies["django_language"] = "el"
    assert "Ελλάδα" in client.get(f"/directory/{world.a.members[0].pk}/").text


def test_empty_directory_says_what_to_do_first(world, sign_in):
    Membership.objects.all().delete()
    Organisation.objects.filter(steward=world.c.cluster, seats=None).delete()
    page = sign_in(world.c.manager).get(LIST, {"q": "nobody"}).text
    assert "Nothing matches" in page
    assert "Nothing to show you yet" in sign_in(world.nobody_special).get(LIST).text


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_export_escapes_formulas_and_can_be_read_back(world, sign_in, form):
    OrganisationFactory(
        name="=HYPERLINK(1)", key="@x", city="-1", steward=world.a.cluster, sectors=["Health"]
    )
    client = sign_in(world.a.manager)
    response = client.get("/directory/export/", {"q": "hyperlink", "format": form})
    if form == "csv":
        header, row = csv.reader(io.StringIO(response.content.decode("utf-8-sig")))
    else:
        book = CalamineWorkbook.from_filelike(io.BytesIO(response.content))
        header, row = book.get_sheet_by_index(0).to_python()
    found = dict(zip(header, row, strict=True))
    assert (found["Name"], found["Reference"], found["City"]) == ("'=HYPERLINK(1)", "'@x", "'-1")
    assert found["Fields"] == "Health"


def test_export_holds_what_the_reader_may_see(world, sign_in):
    text = sign_in(world.c.manager).get("/directory/export/").content.decode("utf-8-sig")
    assert "Other member 1" in text
    assert "Greek member" not in text


def organisation_form(**changes):
    return {
        "name": "New name",
        "kind": "company",
        "country": "GR",
        "language": "en",
        "visibility": "partnership",
        "website": "www.example.org",
        "sectors": "Health, Imaging",
        "languages": ["en", "el"],
        "employees": "12",
        "founded": "",
        **changes,
    }


def test_representative_and_steward_may_edit_and_nobody_else(world, sign_in):
    member = world.a.members[0]
    url = f"/directory/{member.pk}/edit/"
    others = (world.a.representatives[1], world.a.ambassador, world.b.manager)
    for person in others:
        assert sign_in(person).get(url).status_code == 403, person.name
        assert sign_in(person).post(url, organisation_form(version=1)).status_code == 403
    assert sign_in(world.c.manager).get(url).status_code == 404
    assert Client().get(url).status_code == 302
    for person in (world.a.representatives[0], world.a.manager):
        assert sign_in(person).get(url).status_code == 200
    response = sign_in(world.a.representatives[0]).post(url, organisation_form(version=1))
    assert response.status_code == 302
    member.refresh_from_db()
    assert (member.name, member.website, member.sectors, member.languages, member.version) == (
        "New name",
        "https://www.example.org",
        ["Health", "Imaging"],
        ["en", "el"],
        2,
    )
    assert member.key.startswith("K")  # not on the representative's form, so not emptied
    entry = AuditEntry.objects.get(verb="update_organisation")
    assert entry.changes["name"] == ["Greek member 1", "New name"]


def test_concurrent_edit_keeps_what_was_typed(world, sign_in):
    member = world.a.members[0]
    Organisation.objects.filter(pk=member.pk).update(version=5, city="Volos")
    client = sign_in(world.a.representatives[0])
    url = f"/directory/{member.pk}/edit/"
    response = client.post(url, organisation_form(version=4, city="Patras"))
    assert response.status_code == 409
    page = response.text
    assert "This changed while you were editing" in page
    assert "Volos" in page
    assert 'value="Patras"' in page
    assert client.post(url, organisation_form(version=5, city="Patras")).status_code == 302
    member.refresh_from_db()
    assert member.city == "Patras"


def test_bad_facts_are_refused_at_their_field(world, sign_in):
    client = sign_in(world.a.representatives[0])
    url = f"/directory/{world.a.members[0].pk}/edit/"
    response = client.post(
        url, organisation_form(version=1, country="XX", website="no address", name="!")
    )
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"country", "website"}
    response = client.post(url, organisation_form(version=1, name="!"))
    assert response.context["form"].errors["name"] == ["Enter the organisation’s name."]


def test_manager_adds_a_member_once(world, sign_in):
    client = sign_in(world.a.manager)
    form = organisation_form(cluster=world.a.cluster.pk, name="Νέο μέλος")
    response = client.post("/directory/new/", form)
    made = Organisation.objects.get(name="Νέο μέλος")
    assert response["Location"] == f"/directory/{made.pk}/"
    assert made.memberships.get().cluster == world.a.cluster
    again = client.post("/directory/new/", form | {"name": "ΝΕΟ ΜΕΛΟΣ"})
    assert again.status_code == 422
    assert "already" in again.text
    foreign = client.post("/directory/new/", form | {"cluster": world.b.cluster.pk, "name": "X"})
    assert foreign.status_code == 422
    for person in (world.a.ambassador, world.a.representatives[0], world.nobody_special):
        assert sign_in(person).get("/directory/new/").status_code == 403


def test_offers_are_written_found_archived_and_brought_back(world, sign_in):
    member = world.a.members[0]
    client = sign_in(world.a.manager)
    form = {
        "direction": "offer",
        "kind": "technology",
        "title": "Τρισδιάστατη σάρωση",
        "summary": "",
        "language": "el",
    }
    assert client.post(f"/directory/{member.pk}/listings/new/", form).status_code == 302
    listing = Listing.objects.get()
    partner = sign_in(world.b.manager)
    assert names_on(partner, q="τρισδιαστατη") == ["Greek member 1"]
    assert "Τρισδιάστατη σάρωση" in partner.get(f"/directory/{member.pk}/").text
    client.post(f"/directory/listings/{listing.pk}/archive/")
    assert names_on(partner, q="τρισδιαστατη") == []
    assert "Τρισδιάστατη" not in partner.get(f"/directory/{member.pk}/").text
    client.post(f"/directory/listings/{listing.pk}/restore/")
    assert names_on(partner, q="τρισδιαστατη") == ["Greek member 1"]
    edited = client.post(
        f"/directory/listings/{listing.pk}/edit/", form | {"version": 3, "title": "New title"}
    )
    assert edited.status_code == 302
    stale = client.post(
        f"/directory/listings/{listing.pk}/edit/", form | {"version": 3, "title": "Stale"}
    )
    assert stale.status_code == 409
    assert 'value="Stale"' in stale.text


def test_draft_stays_with_the_organisation_and_its_steward(world, sign_in):
    member = world.a.members[0]
    listing = ListingFactory(organisation=member, title="Secret plan", status="draft")
    url = f"/directory/{member.pk}/"
    for person in (world.a.representatives[0], world.a.manager):
        assert "Secret plan" in sign_in(person).get(url).text
    for person in (world.a.representatives[1], world.b.manager):
        assert "Secret plan" not in sign_in(person).get(url).text
        assert sign_in(person).get(f"/directory/listings/{listing.pk}/edit/").status_code == 404


def test_others_cannot_write_listings(world, sign_in):
    listing = ListingFactory(organisation=world.a.members[0])
    for person, status in ((world.b.manager, 403), (world.c.manager, 404)):
        client = sign_in(person)
        assert client.get(f"/directory/listings/{listing.pk}/edit/").status_code == status
        assert client.post(f"/directory/listings/{listing.pk}/archive/").status_code == status
        assert client.get(f"/directory/{world.a.members[0].pk}/listings/new/").status_code == status
    listing.refresh_from_db()
    assert listing.status == "published"


def test_membership_ends_and_the_end_is_taken_back(world, sign_in):
    member = world.a.members[0]
    membership = member.memberships.get()
    client = sign_in(world.a.manager)
    url = f"/directory/memberships/{membership.pk}/end/"
    early = client.post(url, {"on": "2020-01-01"})
    assert early.status_code == 422
    assert client.post(url, {"on": "2026-01-31", "why": "Moved away"}).status_code == 302
    membership.refresh_from_db()
    assert str(membership.ends_on) == "2026-01-31"
    assert AuditEntry.objects.get(verb="end_membership").why == "Moved away"
    assert "Cancel the end date" in client.get(f"/directory/{member.pk}/").text
    # Its people no longer belong: neither the other members nor the partners are shown.
    assert names_on(sign_in(world.a.representatives[0])) == ["Greek member 1"]
    client.post(f"/directory/memberships/{membership.pk}/restore/")
    membership.refresh_from_db()
    assert membership.ends_on is None
    for person, status in (
        (world.a.representatives[0], 403),
        (world.b.manager, 403),
        (world.c.manager, 404),
    ):
        assert sign_in(person).post(url, {"on": "2026-01-31"}).status_code == status


def test_end_is_not_taken_back_when_there_is_a_new_membership(world, sign_in):
    member = world.a.members[0]
    old = member.memberships.get()
    old.ends_on = "2025-01-01"
    old.save()
    MembershipFactory(cluster=world.a.cluster, organisation=member, starts_on="2025-02-01")
    page = sign_in(world.a.manager).post(f"/directory/memberships/{old.pk}/restore/", follow=True)
    assert "This organisation is already a member again." in page.text


@pytest.mark.parametrize("language", ["en", "fr", "el", "ar"])
def test_pages_answer_in_each_language(world, sign_in, language):
    client = sign_in(world.a.manager)
    client.cookies["django_language"] = language
    member = world.a.members[0]
    ListingFactory(organisation=member)
    with translation.override(language):
        pages = [
            LIST,
            reverse("directory:import-start"),
            f"/directory/{member.pk}/",
            f"/directory/{member.pk}/edit/",
            "/directory/new/",
        ]
    for url in pages:
        response = client.get(url)
        assert response.status_code == 200, url
        assert f'lang="{language}"' in response.text


def test_stored_script_is_text_everywhere(world, sign_in):
    script = "<script>alert(1)</script>"
    member = world.a.members[0]
    Organisation.objects.filter(pk=member.pk).update(
        name=script, city=script, summary=script, sectors=[script], region=script
    )
    Details.objects.filter(pk=member.pk).update(contact=script)
    ListingFactory(organisation=member, title=script, summary=script)
    client = sign_in(world.a.manager)
    for url in (LIST, f"/directory/{member.pk}/", f"/directory/{member.pk}/edit/"):
        assert "<script>alert" not in client.get(url).text, url
