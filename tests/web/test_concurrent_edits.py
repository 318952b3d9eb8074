"""Two people at one form: nothing typed is lost, and nobody silently overwrites anybody."""

import html
from datetime import time

import pytest
from django.urls import reverse

from proxeny.directory.models import Listing, MemberImport, Organisation
from proxeny.events.models import Event, Participation
from proxeny.events.operations import set_days
from proxeny.events.times import Day
from proxeny.kernel.tenancy import WEB, acting_as
from tests.conftest import reader_of
from tests.factories.directory import ListingFactory
from tests.forms import form_of
from tests.web import edits
from tests.web.edits import CASES

CLASHING = [name for name in CASES if name != "RulesForm"]


class Two:
    """Both people, each with the form as they opened it."""

    def __init__(self, case, sign_in):
        self.case = case
        self.clients = [sign_in(case.first), sign_in(case.second)]
        self.opened = [form_of(client.get(case.page), case.form) for client in self.clients]

    def save(self, who, **values):
        return self.clients[who].post(self.case.post, {**self.opened[who], **values})

    def save_both(self):
        """The first saves; the answer is the second's."""
        field, one, other = self.case.both
        answer = self.save(0, **{**self.case.firsts, field: one})
        assert answer.status_code == 302, answer.context["form"].errors
        return self.save(1, **{**self.case.seconds, field: other})

    def choose(self, answer, **values):
        return self.clients[1].post(self.case.post, form_of(answer, self.case.form) | values)

    def saved(self, field):
        values = form_of(self.clients[0].get(self.case.page), self.case.form).get(field, [""])
        return values[0].replace("\r\n", "\n")

    def assert_saved(self, values):
        assert {field: self.saved(field) for field in values} == values


@pytest.fixture
def two(request, world, sign_in):
    return Two(CASES[request.param](world, sign_in), sign_in)


@pytest.mark.parametrize("two", CLASHING, indirect=True)
def test_the_second_sees_both_versions_and_nothing_is_lost(two):
    field, first, second = two.case.both
    answer = two.save_both()
    text = html.unescape(answer.content.decode())
    assert answer.status_code == 409
    assert "This changed while you were editing" in text
    for shown in two.case.shown:
        assert shown in text.replace("<mark>", "").replace("</mark>", "")
    kept = form_of(answer, two.case.form)
    assert kept[field][0].replace("\r\n", "\n") == second
    for name, value in {**two.case.firsts, **two.case.seconds}.items():
        assert kept[name] == [value], name
    # Nothing of the second is saved before they have chosen.
    two.assert_saved({field: first, **two.case.firsts})


@pytest.mark.parametrize(("choice", "wins"), [("typed", 2), ("saved", 1)])
@pytest.mark.parametrize("two", CLASHING, indirect=True)
def test_the_choice_is_saved_with_all_that_only_one_changed(two, choice, wins):
    answer = two.choose(two.save_both(), **{"version-take": choice})
    assert answer.status_code == 302, answer.content.decode()
    names = {name: name for name in (*two.case.firsts, *two.case.seconds)}
    if "name_new1" in names:
        assert "Investors" in two.clients[0].get(two.case.page).content.decode()
        names.pop("name_new1")
    expected = {name: {**two.case.firsts, **two.case.seconds}[name] for name in names}
    two.assert_saved({two.case.both[0]: two.case.both[wins], **expected})


@pytest.mark.parametrize("two", list(CASES), indirect=True)
def test_what_only_one_changed_is_kept_without_a_question(two):
    if not two.case.seconds:
        pytest.skip("a form of one field")
    assert two.save(0, **two.case.firsts).status_code == 302
    assert two.save(1, **two.case.seconds).status_code == 302
    page = two.clients[0].get(two.case.page)
    kept = form_of(page, two.case.form)
    for name, value in {**two.case.firsts, **two.case.seconds}.items():
        if name == "name_new1":
            assert "Investors" in page.content.decode()
        else:
            assert kept[name] == [value], name


@pytest.mark.parametrize("two", CLASHING, indirect=True)
def test_a_post_that_does_not_say_what_it_saw_overwrites_nothing(two):
    field, first, second = two.case.both
    two.save(0, **{**two.case.firsts, field: first})
    blind = {n: v for n, v in two.opened[1].items() if not n.startswith("version")}
    answer = two.clients[1].post(two.case.post, {**blind, **two.case.seconds, field: second})
    assert answer.status_code == 409
    two.assert_saved({field: first})


@pytest.mark.parametrize("two", ["EventForm"], indirect=True)
def test_both_sides_are_told_who_saved(two):
    answer = two.save_both()
    assert "<bdi>Greek manager</bdi> · " in answer.content.decode()


@pytest.mark.parametrize("two", ["OrganisationForm"], indirect=True)
def test_who_saved_is_told_only_to_who_may_read_the_trail(world, two):
    assert "<bdi>Greek representative 1</bdi> · " in two.save_both().content.decode()
    two.opened = two.opened[::-1]
    two.clients = two.clients[::-1]
    two.opened = [form_of(client.get(two.case.page)) for client in two.clients]
    answer = two.save(0, summary="By the manager.")
    answer = two.save(1, summary="By the representative.")
    assert answer.status_code == 409
    assert "<bdi>Greek manager</bdi> · " not in answer.content.decode()


@pytest.mark.parametrize("two", ["ProfileForm"], indirect=True)
def test_one_person_in_two_windows(two):
    assert "You, in another window" in two.save_both().content.decode()


@pytest.mark.parametrize("two", ["OrganisationForm"], indirect=True)
def test_a_choice_for_each_field(two):
    two.save(0, summary="First.", city="Volos", name="One name")
    answer = two.save(1, summary="Second.", city="Patras", name="Other name")
    page = answer.content.decode()
    assert page.count('type="radio" name="version-take-') == 6
    saved = two.choose(
        answer,
        **{
            "version-take-summary": "saved",
            "version-take-city": "typed",
            "version-take-name": "saved",
        },
    )
    assert saved.status_code == 302
    two.assert_saved({"summary": "First.", "city": "Patras", "name": "One name"})


@pytest.mark.parametrize("two", ["OrganisationForm"], indirect=True)
def test_put_together_by_hand(two):
    answer = two.save_both()
    two.choose(answer, **{"version-take": "typed", "summary": "We scan statues and temples."})
    two.assert_saved({"summary": "We scan statues and temples."})


@pytest.mark.parametrize("two", ["OrganisationForm"], indirect=True)
def test_taking_the_other_and_writing_anew_at_once_is_asked_again(two):
    answer = two.save_both()
    again = two.choose(answer, **{"version-take": "saved", "summary": "Written with care."})
    assert again.status_code == 409
    assert (
        "You changed this but also chose the saved version. Choose one of the two."
        in again.content.decode()
    )
    assert form_of(again)["summary"] == ["Written with care."]
    assert form_of(again)["version"] == form_of(answer)["version"]
    two.assert_saved({"summary": "We scan statues."})
    two.choose(again, **{"version-take": "typed"})
    two.assert_saved({"summary": "Written with care."})


@pytest.mark.parametrize("two", ["OrganisationForm"], indirect=True)
def test_an_error_while_choosing_keeps_choice_and_text(two):
    two.save(0, summary="First.", city="Volos")
    answer = two.save(1, summary="Second.", city="Patras")
    wrong = two.choose(answer, **{"version-take-summary": "saved", "website": "no address"})
    assert wrong.status_code == 409
    assert "website" in wrong.context["form"].errors
    kept = form_of(wrong)
    assert kept["summary"] == ["Second."]
    assert kept["version-take-summary"] == ["saved"]
    assert kept["version-take-city"] == ["typed"]
    assert two.clients[1].post(two.case.post, kept | {"website": ""}).status_code == 302
    two.assert_saved({"summary": "First.", "city": "Patras"})


@pytest.mark.parametrize("two", ["OrganisationForm"], indirect=True)
def test_a_third_save_while_choosing_is_asked_about_as_well(two):
    answer = two.save_both()
    two.opened[0] = form_of(two.clients[0].get(two.case.page))
    two.save(0, summary="A third text.", city="Larissa")
    again = two.choose(answer, **{"version-take": "typed"})
    assert again.status_code == 409
    page = again.content.decode()
    assert form_of(again)["summary"] == ["We scan temples."]
    assert "third text" in page
    assert form_of(again)["city"] == ["Larissa"]
    two.choose(again, **{"version-take": "saved"})
    two.assert_saved({"summary": "A third text.", "city": "Larissa", "region": "Attica"})


@pytest.mark.parametrize("two", ["RegistrationForm"], indirect=True)
def test_times_are_merged_one_by_one(two):
    free = two.opened[0]["free"]
    two.save(0, free=[one for one in free if one != "1"])
    assert two.save(1, free=[one for one in free if one != "5"]).status_code == 302
    assert Participation.objects.order_by("pk").first().unavailable == [1, 5]


@pytest.mark.parametrize("two", ["RegistrationForm"], indirect=True)
def test_a_withdrawal_is_not_undone_unasked(world, two):
    found = Participation.objects.order_by("pk").first()
    two.clients[0].post(reverse("events:withdraw", args=[found.pk]), {"reason": "Ill"})
    answer = two.save(1, pitch="Museums")
    assert answer.status_code == 409
    assert (
        "This registration has since been withdrawn. If you save, you’ll be registered again."
        in answer.content.decode()
    )
    found.refresh_from_db()
    assert found.state == "withdrawn"
    assert two.choose(answer).status_code == 302
    found.refresh_from_db()
    assert (found.state, found.pitch) == ("registered", "Museums")


@pytest.mark.parametrize("two", ["RegistrationForm"], indirect=True)
def test_times_that_were_cut_anew_are_not_taken_by_their_numbers(world, two):
    event = Event.objects.get()
    reader = reader_of(world.b.manager)
    day = Day(event.starts_on, time(9), time(10), 20, 0)
    with acting_as(WEB, reader):
        set_days(actor=reader, event_id=event.pk, days=[day], accept_loss=True)
    free = [one for one in two.opened[0]["free"] if one != "1"]
    answer = two.save(0, free=free, pitch="Museums")
    assert answer.status_code == 409
    assert "The event times have changed. Check when you’re free." in answer.content.decode()
    assert form_of(answer)["free"] == ["1", "2", "3"]
    assert form_of(answer)["pitch"] == ["Museums"]


@pytest.mark.parametrize("two", ["ListingForm"], indirect=True)
def test_the_archive_is_not_undone_unasked(two):
    listing = Listing.objects.get()
    two.clients[0].post(reverse("directory:listing-archive", args=[listing.pk]))
    answer = two.save(1, title="Still wanted")
    assert answer.status_code == 409
    assert "This is archived; saving it restores it." in answer.content.decode()
    listing.refresh_from_db()
    assert listing.status == "archived"
    two.choose(answer)
    listing.refresh_from_db()
    # A member's words are read by an adviser before they are seen.
    assert (listing.status, listing.title) == ("review", "Still wanted")


@pytest.mark.parametrize("two", ["GroupsForm"], indirect=True)
def test_a_group_that_is_gone_is_shown_with_what_was_typed(world, sign_in, two):
    Participation.objects.all().delete()
    one, other = Event.objects.get().groups.all()
    assert two.save(0, **{f"name_{other.pk}": ""}).status_code == 302
    answer = two.save(1, **{f"name_{other.pk}": "Île-de-France"})
    assert answer.status_code == 409
    assert form_of(answer)[f"name_{other.pk}"] == ["Île-de-France"]
    assert two.choose(answer, **{"version-take": "typed"}).status_code == 302
    assert [group.name for group in Event.objects.get().groups.all()] == [one.name, "Île-de-France"]


@pytest.mark.parametrize("two", ["ProposalForm"], indirect=True)
def test_a_draft_that_was_sent_shows_what_was_typed(two):
    two.clients[0].post(two.case.page.replace("edit", "propose"))
    answer = two.save(1, text="My own text")
    assert answer.status_code == 409
    assert "My own text" in answer.content.decode()
    assert (
        "The proposal has since been sent, so the draft can no longer be changed."
        in answer.content.decode()
    )


@pytest.mark.parametrize("two", ["ColumnsForm"], indirect=True)
def test_a_list_that_was_discarded_shows_what_was_chosen(two):
    pk = MemberImport.objects.get().pk
    two.clients[0].post(reverse("directory:import-discard", args=[pk]))
    answer = two.save(1, city="Code")
    assert answer.status_code == 404
    assert "This no longer exists" in answer.content.decode()
    assert "Code" in answer.content.decode()


@pytest.mark.parametrize("two", ["ListingForm"], indirect=True)
def test_a_record_that_was_deleted_shows_what_was_typed(two):
    Listing.objects.all().delete()
    answer = two.save(1, summary="<b>Hours of work</b>")
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "This no longer exists" in page
    assert "&lt;b&gt;Hours of work&lt;/b&gt;" in page
    assert 'data-copy="&lt;b&gt;Hours of work&lt;/b&gt;"' in page
    assert two.clients[1].get(two.case.page).status_code == 404


def test_a_stranger_learns_nothing_from_a_form_sent_blindly(world, sign_in):
    hidden = ListingFactory(organisation=world.a.members[0], status="draft")
    client = sign_in(world.c.manager)
    pages = [
        client.post(reverse("directory:listing-edit", args=[pk]), {"title": "T", "version": 1})
        for pk in (hidden.pk, hidden.pk + 1000)
    ]
    assert [page.status_code for page in pages] == [404, 404]
    assert "This no longer exists" in pages[0].content.decode()


@pytest.mark.parametrize("two", ["OrganisationForm"], indirect=True)
def test_a_seat_that_ended_while_writing_shows_what_was_typed(world, two):
    world.a.representatives[0].seats.all().delete()
    answer = two.save(0, summary="Hours of work")
    assert answer.status_code in (403, 404)
    assert "Hours of work" in answer.content.decode()


@pytest.mark.parametrize("two", ["NoteForm"], indirect=True)
def test_by_htmx_the_part_comes_back_with_both(two):
    two.save(0, note="Their engine")
    answer = two.clients[1].post(
        two.case.post, {**two.opened[1], "note": "Their museum"}, headers={"HX-Request": "true"}
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert page.lstrip().startswith("<article")
    assert "Their <mark>engine</mark>" in page
    assert form_of(answer, "note")["note"] == ["Their museum"]
    # htmx swaps an answer with an error only where the page says so.
    head = two.clients[1].get(two.case.page).content.decode()
    assert '"code":"4(09|22)","swap":true' in head


@pytest.mark.parametrize("two", ["NoteForm"], indirect=True)
def test_a_colleagues_mark_survives_a_note(two):
    two.clients[0].post(two.case.post, {"kind": "must"})
    assert two.save(1, note="Their museum").status_code == 302
    page = two.clients[0].get(two.case.page)
    assert form_of(page, "note")["kind"] == ["must"]
    assert form_of(page, "note")["note"] == ["Their museum"]
    two.opened = [form_of(client.get(two.case.page), "note") for client in two.clients]
    two.clients[0].post(two.case.post, {"kind": "none"})
    answer = two.save(1, note="Their museum, once more")
    assert answer.status_code == 409
    assert (
        "This choice has since been withdrawn. If you save, it will be restored."
        in answer.content.decode()
    )


def test_a_clean_merge_costs_one_reading_more(world, sign_in, django_assert_max_num_queries):
    two = Two(edits.entry(world, sign_in), sign_in)
    # Six of them count an upload, as which a form with a place for a file is taken.
    with django_assert_max_num_queries(31):
        two.save(0, city="Volos")
    with django_assert_max_num_queries(43):
        assert two.save(1, region="Attica").status_code == 302
    found = Organisation.objects.get(pk=world.a.members[0].pk)
    assert (found.city, found.region) == ("Volos", "Attica")
