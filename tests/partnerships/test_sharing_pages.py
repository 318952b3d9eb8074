"""Pages of sharing: what each side gets, and withdrawal that acts at the next click."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from proxeny.kernel.files import MAX_BYTES
from proxeny.kernel.models import StoredFile
from proxeny.partnerships.models import Partnership, SharingGrant
from tests.factories.directory import ListingFactory
from tests.forms import form_of
from tests.kernel.test_files import PDF
from tests.partnerships.test_pages import body
from tests.partnerships.test_sharing import share_file, share_member


def room(world, path=""):
    return f"/partnerships/{world.partnership.pk}/{path}"


def upload(content=PDF, name="Plan.pdf", **given):
    return {"purpose": "For the fair", "file": SimpleUploadedFile(name, content), **given}


def test_one_member_is_found_chosen_and_shared(bare, sign_in):
    client, member = sign_in(bare.a.manager), bare.a.members[0]
    page = body(client.get(room(bare, "share/member/"), {"q": "member 1"}))
    assert f"?member={member.pk}" in page
    assert "Greek member 2" not in page
    address = room(bare, f"share/member/?member={member.pk}")
    assert "Share Greek member 1?" in body(client.get(address))
    answer = client.post(address, {"purpose": "For the fair", "fields": ["email"], "ends_on": ""})
    assert answer["Location"] == room(bare, "sharing/")
    page = body(sign_in(bare.b.manager).get(room(bare, "sharing/")))
    assert "Greek member 1" in page
    assert "Contact email" in page
    assert "For the fair" in page
    page = body(sign_in(bare.b.manager).get(f"/directory/{member.pk}/"))
    assert "desk@member.example" in page
    assert "A Person" not in page
    page = body(sign_in(bare.b.representatives[0]).get(f"/directory/{member.pk}/"))
    assert "desk@member.example" not in page
    assert "can introduce you" in page


def test_sharing_begins_on_the_members_own_page(bare, sign_in):
    from tests.factories.partnerships import PartnershipFactory, PartyFactory

    client, member = sign_in(bare.a.manager), bare.a.members[0]
    start = f"/partnerships/share/{member.pk}/"
    assert start in body(client.get(f"/directory/{member.pk}/"))
    assert client.get(start)["Location"] == room(bare, f"share/member/?member={member.pk}")
    second = PartnershipFactory(title="Second", lead=bare.a.cluster)
    PartyFactory(partnership=second, organisation=bare.a.cluster, side="A")
    page = body(client.get(start))
    for one in (bare.partnership, second):
        assert f"/partnerships/{one.pk}/share/member/?member={member.pk}" in page
    share_member(bare)
    for person, status in (
        (bare.a.ambassador, 403),
        (bare.a.representatives[0], 403),
        (bare.b.manager, 403),
        (bare.c.manager, 404),
    ):
        assert sign_in(person).get(start).status_code == status, person
        if status == 403:
            assert start not in body(sign_in(person).get(f"/directory/{member.pk}/"))
    page = body(sign_in(bare.c.manager).get(f"/partnerships/share/{bare.c.members[0].pk}/"))
    assert "You don’t have a partner yet" in page


def test_only_own_members_can_be_chosen(bare, sign_in):
    client = sign_in(bare.a.manager)
    for member in (bare.b.members[0].pk, bare.c.members[0].pk, 0, 10**19):
        answer = client.get(room(bare, f"share/member/?member={member}"))
        assert answer.status_code == 404 or member == 10**19, member
        assert "Other member" not in answer.content.decode()


def test_a_file_is_shared_taken_and_noted(bare, sign_in):
    lead, other = sign_in(bare.a.manager), sign_in(bare.b.ambassador)
    answer = lead.post(room(bare, "share/file/"), upload(name="../Σχέδιο.pdf"))
    assert answer["Location"] == room(bare, "sharing/")
    grant = SharingGrant.objects.get()
    page = body(other.get(room(bare, "sharing/")))
    address = room(bare, f"share/{grant.pk}/file/")
    assert address in page
    answer = other.get(address)
    assert answer.content == PDF
    assert answer["Content-Disposition"] == (
        "attachment; filename=\"schedio.pdf\"; filename*=UTF-8''%CE%A3%CF%87%CE%AD%CE%B4%CE%B9%CE%BF.pdf"
    )
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].endswith("sandbox")
    assert "no-store" in answer["Cache-Control"]
    page = body(lead.get(room(bare, "sharing/")))
    assert "Downloaded a file" in page
    assert bare.b.ambassador.name in page


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (
            b"<svg onload='alert(1)'/>",
            "a.svg",
            "can run when it’s opened",
        ),
        (
            b"<html><script>alert(1)</script>",
            "a.pdf",
            "isn’t a complete PDF",
        ),
        (b"", "a.pdf", "This file is empty"),
        (b"%PDF-" + b"0" * MAX_BYTES, "a.pdf", "maximum for sharing is 10 MB"),
    ],
)
def test_a_refused_file_says_why_and_keeps_what_was_typed(bare, sign_in, content, name, sentence):
    answer = sign_in(bare.a.manager).post(room(bare, "share/file/"), upload(content, name))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert sentence in page
    assert 'value="For the fair"' in page
    assert not StoredFile.objects.exists()


def test_an_upload_without_its_token_is_refused(bare, sign_in):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(bare.a.manager.account)
    assert client.post(room(bare, "share/file/"), upload()).status_code == 403


def test_withdrawing_asks_once_acts_at_the_next_click_and_can_be_undone(bare, sign_in):
    member = bare.a.members[0]
    ListingFactory(organisation=member, title="Offer of the shared")
    grant = share_member(bare, fields=["email"])
    file = share_file(bare)
    lead, other, third = (
        sign_in(one) for one in (bare.a.manager, bare.b.manager, bare.b.representatives[0])
    )
    page, download = f"/directory/{member.pk}/", room(bare, f"share/{file.pk}/file/")
    assert "Offer of the shared" in body(third.get(page))
    assert other.get(download).status_code == 200
    for one in (grant, file):
        address = room(bare, f"share/{one.pk}/withdraw/")
        assert "Stop sharing “" in body(lead.get(address))
        assert SharingGrant.objects.get(pk=one.pk).withdrawn_at is None
        answer = lead.post(address)
        assert answer["Location"] == room(bare, f"sharing/?ended={one.pk}")
    ledger = body(lead.get(room(bare, f"sharing/?ended={grant.pk}")))
    assert "No longer shared: Greek member 1." in ledger
    assert "Share it again" in ledger
    for client in (other, third):
        assert client.get(page).status_code == 404
        assert client.get(page, headers={"HX-Request": "true"}).status_code == 404
        assert client.get(download).status_code == 404
        for address in ("/directory/", "/directory/export/"):
            text = client.get(address, {"q": "greek member"}).content.decode()
            assert "Greek member 1" not in text
            text = client.get(
                address, {"q": "greek member"}, headers={"HX-Request": "true"}
            ).content.decode()
            assert "Greek member 1" not in text
    ledger = body(other.get(room(bare, "sharing/")))
    assert "Greek member 1" not in ledger
    assert "A member you can no longer see" in ledger
    lead.post(room(bare, f"share/{grant.pk}/again/"))
    assert other.get(page).status_code == 200


def test_the_ledger_is_for_the_staff_of_both(bare, sign_in):
    share_member(bare)
    for person, status in (
        (bare.a.manager, 200),
        (bare.a.ambassador, 200),
        (bare.b.manager, 200),
        (bare.b.ambassador, 200),
        (bare.a.representatives[0], 403),
        (bare.b.representatives[0], 403),
        (bare.c.manager, 404),
        (bare.nobody_special, 404),
    ):
        for query in ({}, {"export": "csv"}):
            assert sign_in(person).get(room(bare, "sharing/"), query).status_code == status, person
    proposed = Partnership.State.PROPOSED
    Partnership.objects.filter(pk=bare.partnership.pk).update(state=proposed)
    assert sign_in(bare.b.manager).get(room(bare, "sharing/")).status_code == 403


def test_an_ended_partnership_keeps_its_ledger_and_shares_nothing(bare, sign_in):
    grant, file = share_member(bare), share_file(bare)
    lead, other = sign_in(bare.a.manager), sign_in(bare.b.manager)
    other.post(room(bare, "end/"), {"reason": "Done."})
    ledger = body(lead.get(room(bare, "sharing/")))
    assert "Withdrawn or expired" in ledger
    assert "Greek member 1" in ledger
    assert "/again/" not in ledger
    assert other.get(room(bare, f"share/{file.pk}/file/")).status_code == 404
    assert lead.post(room(bare, f"share/{grant.pk}/again/")).status_code == 302
    assert not SharingGrant.objects.filter(withdrawn_at=None).exists()
    assert other.get(f"/directory/{bare.a.members[0].pk}/").status_code == 404


def test_a_grant_belongs_to_its_partnership(bare, sign_in):
    from tests.factories.partnerships import PartnershipFactory, PartyFactory

    second = PartnershipFactory(title="Second", lead=bare.a.cluster)
    PartyFactory(partnership=second, organisation=bare.a.cluster, side="A")
    grant = share_file(bare)
    client = sign_in(bare.a.manager)
    for path in ("withdraw/", "change/", "remove/", "file/"):
        address = f"/partnerships/{second.pk}/share/{grant.pk}/{path}"
        assert client.get(address).status_code == 404, path


def test_readings_are_filtered_and_exported(bare, sign_in):
    share_member(bare)
    share_file(bare, person=bare.b.manager)
    sign_in(bare.b.manager).get(f"/directory/{bare.a.members[0].pk}/")
    file = SharingGrant.objects.get(kind="file")
    client = sign_in(bare.a.manager)
    client.get(room(bare, f"share/{file.pk}/file/"))

    def shown(**query):
        page = body(client.get(room(bare, "sharing/"), query))
        read = page.split('id="read"')[1].split("</section>")[0].partition("<tbody>")[2]
        return "Opened an entry" in read, "Downloaded a file" in read

    assert shown() == (True, True)
    assert shown(of="A") == (True, False)
    assert shown(of="B") == (False, True)
    assert shown(what="read_shared_file") == (False, True)
    text = client.get(room(bare, "sharing/"), {"export": "csv", "of": "A"}).content.decode(
        "utf-8-sig"
    )
    head, row = text.splitlines()
    assert head == "When,Person,Organisation,How,What,Shared by"
    assert row.split(",")[1:] == [
        "French manager",
        "French cluster",
        "Opened an entry",
        "Greek member 1",
        "Greek cluster",
    ]
    assert client.get(room(bare, "sharing/"), {"export": "xlsx"}).content[:2] == b"PK"


def test_a_reader_whose_name_is_not_shown_is_told_by_the_organisation(bare, sign_in):
    share_member(bare)
    sign_in(bare.b.representatives[0]).get(f"/directory/{bare.a.members[0].pk}/")
    ledger = body(sign_in(bare.a.manager).get(room(bare, "sharing/")))
    assert bare.b.representatives[0].name not in ledger
    assert "Someone whose name isn’t visible to you" in ledger
    SharingGrant.objects.create(
        partnership=bare.partnership, organisation=bare.b.cluster, purpose="P"
    )
    ledger = body(sign_in(bare.a.manager).get(room(bare, "sharing/")))
    assert "Someone at this organisation" in ledger
    assert "French member 1" in ledger


def test_what_ends_soon_stands_on_the_day_of_who_shares(bare, sign_in):
    today = timezone.now().date()
    share_member(bare, ends_on=today + timedelta(days=9))
    share_file(bare, ends_on=today + timedelta(days=31))
    assert "You share this until" in body(sign_in(bare.a.manager).get("/"))
    for person in (bare.a.ambassador, bare.b.manager, bare.a.representatives[0]):
        assert "You share this until" not in body(sign_in(person).get("/"))
    assert "ends on" in body(sign_in(bare.b.manager).get(room(bare, "sharing/")))


def test_the_form_of_a_change_shows_what_is(bare, sign_in):
    day = timezone.now().date() + timedelta(days=40)
    grant = share_member(bare, fields=["email"], ends_on=day)
    client, address = sign_in(bare.a.manager), room(bare, f"share/{grant.pk}/change/")
    page = body(client.get(address))
    assert f'value="{day.isoformat()}"' in page
    assert re.search(r'value="email"[^>]*checked', page)
    typed = form_of(client.get(address)) | {"fields": ["email", "contact"], "ends_on": ""}
    answer = client.post(address, typed)
    assert answer["Location"] == room(bare, "sharing/")
    grant.refresh_from_db()
    assert (grant.fields, grant.ends_on) == (["contact", "email"], None)
    answer = client.post(address, {"fields": ["name"], "ends_on": "2001-01-01"})
    assert answer.status_code == 422


def test_what_was_withdrawn_meanwhile_is_not_changed(bare, sign_in):
    grant = share_member(bare, fields=["email"])
    client, address = sign_in(bare.a.manager), room(bare, f"share/{grant.pk}/change/")
    typed = form_of(client.get(address)) | {"fields": ["contact"]}
    client.post(room(bare, f"share/{grant.pk}/withdraw/"))
    page = client.post(address, typed)
    assert page.status_code == 422
    assert "This is no longer shared. Share it again first." in page.content.decode()
    grant.refresh_from_db()
    assert grant.fields == ["email"]


def test_a_file_is_taken_away_after_asking(bare, sign_in):
    grant, client = share_file(bare), sign_in(bare.a.manager)
    address = room(bare, f"share/{grant.pk}/remove/")
    assert "“Plan.pdf” will be deleted here" in body(client.get(address))
    assert StoredFile.objects.exists()
    client.post(address)
    assert not StoredFile.objects.exists()
    ledger = body(client.get(room(bare, "sharing/")))
    assert "Plan.pdf" in ledger
    assert "/again/" not in ledger


def test_the_ledger_takes_the_same_queries_however_much_is_shared(
    bare, sign_in, django_assert_num_queries
):
    client = sign_in(bare.a.manager)
    share_member(bare)
    share_file(bare)
    for reader in (bare.b.manager, bare.b.ambassador):
        sign_in(reader).get(f"/directory/{bare.a.members[0].pk}/")
    grant = SharingGrant.objects.get(kind="file")
    sign_in(bare.b.manager).get(room(bare, f"share/{grant.pk}/file/"))
    client.get(room(bare, "sharing/"))
    with django_assert_num_queries(QUERIES):
        client.get(room(bare, "sharing/"))
    for member in bare.a.members[1:]:
        share_member(bare, member_id=member.pk)
        sign_in(bare.b.ambassador).get(f"/directory/{member.pk}/")
    for _ in range(3):
        share_file(bare)
    with django_assert_num_queries(QUERIES):
        client.get(room(bare, "sharing/"))


QUERIES = 18


@pytest.mark.parametrize("language", ["fr", "el", "ar"])
def test_pages_in_other_languages(bare, sign_in, language):
    grant, client = share_member(bare), sign_in(bare.a.manager)
    client.cookies["django_language"] = language
    for path in (
        "sharing/",
        "share/",
        "share/member/",
        "share/file/",
        f"share/{grant.pk}/change/",
        f"share/{grant.pk}/withdraw/",
    ):
        assert f'lang="{language}"' in body(client.get(room(bare, path)))


def test_texts_and_names_of_files_are_text(bare, sign_in):
    evil = "<script>alert(1)</script>"
    share_file(bare, name=f"{evil}.pdf", purpose=evil)
    page = body(sign_in(bare.b.manager).get(room(bare, "sharing/")))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_pages_are_named_by_their_routes(bare):
    names = {"sharing": "sharing/", "share-member": "share/member/", "share-file": "share/file/"}
    for name, path in names.items():
        assert reverse(f"partnerships:{name}", args=[bare.partnership.pk]) == room(bare, path)
