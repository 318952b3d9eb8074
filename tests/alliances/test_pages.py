"""The draft of a public page and its way out of the room: written, signed, renewed, withdrawn."""

import pytest
from django.utils import timezone

from proxeny.alliances.content import from_json
from proxeny.alliances.models import Page, PageVersion
from proxeny.alliances.operations.publishing import ask_page, withdraw_page
from proxeny.alliances.queries.line import read_line
from proxeny.alliances.queries.pages import list_versions
from proxeny.alliances.queries.together import read_together
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry, Mail
from proxeny.kernel.waiting import list_waiting
from proxeny.partnerships.models import Agreement, Objective, Partnership, Party
from proxeny.partnerships.operations import signing
from proxeny.partnerships.public_results import find_results
from proxeny.partnerships.queries import get_partnership, parties_of
from proxeny.partnerships.texts import name_of
from proxeny.research.models import Publication
from tests.alliances.showing import (
    SINCE,
    WORDS,
    draft,
    fill_room,
    join,
    keys,
    leave,
    prepare,
    publish,
    put,
    sign,
    write,
)
from tests.conftest import reader_of
from tests.factories.alliances import PageFactory
from tests.factories.events import EventFactory, GroupFactory, ParticipationFactory
from tests.factories.partnerships import PartnershipFactory
from tests.partnerships.rooms import TODAY, do, others, team

pytestmark = pytest.mark.django_db


def line_of(world, person=None):
    """Return the line of the room's life as its people read it: days and titles."""
    room = get_partnership(world.partnership.pk)
    return read_line(room, parties_of(room), list_versions(room.pk))


def test_the_team_of_each_side_writes_and_nobody_else(world):
    for number, person in enumerate(team(world).values(), 1):
        page = write(world, person, about=f"Text {number}")
        assert (page.version, page.about) == (number, f"Text {number}")
    for person in others(world).values():
        with pytest.raises(NotFound):
            write(world, person, about="Mine")
    assert AuditEntry.objects.filter(verb="write_page").count() == 4


def test_a_draft_is_read_in_the_room_alone(world, reading):
    draft(world)
    for person in team(world).values():
        with reading(person):
            assert Page.objects.count() == 1
    for person in [*others(world).values(), None]:
        with reading(person):
            assert not Page.objects.exists()


def test_what_is_written_is_cleaned_and_the_address_is_made_of_the_headline(world):
    fill_room(world)
    page = write(world, **WORDS)
    assert page.slug == "small-ports-clean-water"
    assert page.contact == "office@ports.example"
    # Goals, and what everybody reads anyway, until somebody has chosen.
    found = keys(world)
    assert page.shown == [found["goal"], found["own"], found["study"]]
    assert write(world, headline="  Clean \n ports ").headline == "Clean ports"
    assert page.slug == Page.objects.get().slug


def test_a_headline_without_latin_letters_has_an_address_too(world):
    assert write(world, headline="Καθαρά λιμάνια").slug == "kathara-limania"


def test_a_headline_without_letters_has_an_address_too(world):
    assert write(world, headline="？！").slug == f"alliance-{world.partnership.pk}"


def test_an_address_is_one_pages_alone(world):
    other = PageFactory(partnership=PartnershipFactory(lead=world.c.cluster), slug="ports")
    with pytest.raises(InvalidInput, match="Another page") as refused:
        write(world, slug="Ports")
    assert refused.value.field == "slug"
    assert write(world, headline="Ports").slug == f"ports-{world.partnership.pk}"
    assert Page.objects.get(pk=other.pk).slug == "ports"


@pytest.mark.parametrize(
    ("field", "value"),
    [("contact", "nobody"), ("slug", "with space"), ("language", "xx"), ("headline", "x" * 201)],
)
def test_bad_values_are_refused_with_their_field(world, field, value):
    with pytest.raises(InvalidInput) as refused:
        write(world, **{field: value})
    assert refused.value.field == field
    assert not Page.objects.exists()


def test_only_what_is_there_can_be_shown(world):
    fill_room(world)
    found = keys(world)
    for key in ("goal:999999", found["shy"], "bid:1:sum:x"):
        with pytest.raises(InvalidInput, match="from the list"):
            write(world, shown=[key])
    page = write(world, shown=[found["lab"], found["goal"]])
    assert page.shown == [found["goal"], found["lab"]]
    # What is put away later is let go of with the next change.
    Objective.objects.update(dropped_at=timezone.now())
    assert write(world, shown=page.shown).shown == [found["lab"]]


def test_two_who_write_at_once_lose_nothing(world):
    write(world, headline="Ports")
    write(world, world.b.manager, about="Water")
    with pytest.raises(Conflict, match="kept here"):
        write(world, version=1, headline="Harbours")
    with pytest.raises(Conflict):
        write(world, version=0, headline="Harbours")


def test_a_copy_shows_what_was_chosen_and_nothing_else(world):
    fill_room(world)
    found = keys(world)
    draft(world, shown=[found[one] for one in ("goal", "activity", "bid", "study", "lab")])
    said = prepare(world).content
    assert [(one.title, one.percent) for one in said.goals] == [("Twelve clean harbours", 40)]
    assert [one.title for one in said.activities] == ["Measure in two harbours"]
    assert [(one.kind, one.title, one.amount) for one in said.results] == [
        ("study", "What sensors see", None),
        ("bid", "Clean harbours by small sensors", None),
    ]
    assert said.results[1].note == "HARBOUR · Sensors for the sea"
    assert said.results[0].url == "/studies/sensors-1/"
    assert [(one.name, one.country) for one in said.partners] == [("Lab of Tunis", "TN")]
    assert [one.name for one in said.members] == [world.a.cluster.name, world.b.cluster.name]
    assert (said.since, said.alliance_since, said.is_alliance) == (SINCE, None, False)
    Page.objects.update(shown=[found["bid"], found["sum"], found["shy"]])
    said = prepare(world).content
    assert said.results[0].sum == "€1,200,000"
    assert said.partners == ()


def test_both_sides_would_publish_the_same(world):
    fill_room(world)
    found = keys(world)
    draft(world, shown=list(found.values()))
    assert prepare(world, world.a.manager).checksum == prepare(world, world.b.manager).checksum


def test_what_is_missing_is_told_and_nothing_is_published(world):
    write(world, headline="")
    assert prepare(world).missing == (
        "The page has no headline yet.",
        "The page doesn’t say what its purpose is yet.",
        "No one would know how to reach you. Explain how, or enter an email address.",
    )
    with pytest.raises(InvalidInput, match="no headline"):
        put(world)
    assert not PageVersion.objects.exists()


def test_what_is_worth_a_look_is_told(world):
    fill_room(world)
    draft(world, shown=[])
    assert prepare(world).remarks == (
        "No goals are shown, so no one can see what you want to achieve.",
        "This is already public, but the page doesn’t mention it: What sensors see",
        "1 organisation from another country stays in the room: its entry isn’t public.",
    )


def test_it_is_published_with_the_last_signature_and_not_before(world, reading):
    draft(world)
    agreement = put(world)
    for person in (None, world.c.manager, world.a.representatives[0]):
        with reading(person):
            assert not PageVersion.objects.exists()
    assert Mail.objects.filter(recipient=world.b.manager.email).count() == 1
    assert name_of(agreement) == "the public page “Small ports, clean water”"
    sign(agreement, world.b.manager)
    with reading(None):
        assert PageVersion.objects.get().published_at is not None
    entry = AuditEntry.objects.get(verb="publish_page")
    assert (entry.person_id, entry.changes["number"]) == (world.b.manager.pk, 1)


def test_the_text_says_all_that_the_world_will_read(world):
    fill_room(world)
    found = keys(world)
    draft(world, shown=list(found.values()))
    text = put(world).text
    for said in (
        "Public page “Small ports, clean water”, version 1",
        "/alliances/ports-",
        prepare(world).checksum,
        "Greek cluster (Greece), French cluster (France)",
        "keep harbours clean",
        "– Twelve clean harbours (40% achieved)",
        "– Measure in two harbours",
        "– What sensors see",
        "€1,200,000",
        "Lab of Tunis (Tunisia)",
        "office@ports.example",
    ):
        assert said in text, said
    assert "Shy port" not in text


@pytest.mark.parametrize("who", ["ambassador of A", "manager of C", "stranger", "member of A"])
def test_only_managers_put_it_before_all_and_withdraw_it(world, who):
    draft(world)
    seen = prepare(world).checksum
    person = {**team(world), **others(world)}[who]
    error = NotAllowed if who == "ambassador of A" else NotFound
    with pytest.raises(error):
        do(person, ask_page, partnership_id=world.partnership.pk, seen=seen)
    publish(world)
    with pytest.raises(error):
        do(person, withdraw_page, partnership_id=world.partnership.pk, reason="No.")


def test_nobody_signs_what_was_changed_since(world):
    draft(world)
    seen = prepare(world).checksum
    write(world, world.b.ambassador, contact="other@ports.example")
    with pytest.raises(Conflict, match="changed since"):
        do(world.a.manager, ask_page, partnership_id=world.partnership.pk, seen=seen)
    put(world)
    with pytest.raises(Conflict, match="already waiting for signatures"):
        put(world, world.b.manager)


def test_later_work_changes_nothing_and_needs_new_signatures(world):
    draft(world)
    first = publish(world)
    page = write(world, headline="Clean ports")
    first.refresh_from_db()
    assert (first.title, first.content["headline"]) == ("Small ports, clean water",) * 2
    second = publish(world)
    assert (second.number, second.slug, second.title) == (2, first.slug, "Clean ports")
    with pytest.raises(InvalidInput, match="The address can’t be changed"):
        write(world, slug="elsewhere")
    assert page.slug == Page.objects.get().slug


def test_who_does_not_sign_says_why_and_the_next_try_keeps_the_number(world):
    draft(world)
    agreement = put(world)
    with pytest.raises(InvalidInput, match="The address can’t be changed"):
        write(world, slug="elsewhere")
    do(
        world.b.manager,
        signing.close_text,
        partnership_id=world.partnership.pk,
        agreement_id=agreement.pk,
        why="Too bold.",
    )
    write(world, slug="elsewhere")
    one = publish(world)
    assert (one.number, one.slug, PageVersion.objects.count()) == (1, "elsewhere", 1)


def test_it_is_withdrawn_in_all_versions_with_a_reason(world):
    draft(world)
    publish(world)
    write(world, headline="Clean ports")
    publish(world)
    write(world, headline="Waiting ports")
    waiting = put(world)
    with pytest.raises(InvalidInput, match="Give a reason in one sentence"):
        do(world.b.manager, withdraw_page, partnership_id=world.partnership.pk, reason=" ")
    do(world.b.manager, withdraw_page, partnership_id=world.partnership.pk, reason="We  moved.")
    found = PageVersion.objects.filter(published_at__isnull=False)
    assert {one.withdrawn_why for one in found} == {"We moved."}
    with pytest.raises(Conflict):
        sign(waiting, world.b.manager)
    with pytest.raises(Conflict, match="No page"):
        do(world.a.manager, withdraw_page, partnership_id=world.partnership.pk, reason="Again.")
    # It can come back, signed anew.
    assert publish(world).number == 3


def test_a_partnership_that_becomes_an_alliance_keeps_its_history(world, reading):
    fill_room(world)
    draft(world)
    publish(world)
    with reading(world.a.manager):
        before = [one.title for one in line_of(world).moments]
    join(world)
    with reading(world.c.manager):
        line = line_of(world)
    told = [one.title for one in line.moments]
    assert [one for one in told if one in before] == before
    assert told == [
        "The partnership began",
        "All sides signed the agreement",
        "Other cluster joined",
        "The partnership became an alliance",
        "The public page was published, version 1",
    ]
    assert (line.since, line.alliance_since) == (SINCE, TODAY)
    # Who joined reads all that was there before.
    with reading(world.c.manager):
        assert Objective.objects.filter(partnership=world.partnership).count() == 2
        assert Page.objects.count() == 1
    assert prepare(world, world.c.manager).content.is_alliance


def test_who_said_no_to_an_invitation_never_left(world, reading):
    Party.objects.create(
        partnership=world.partnership,
        organisation=world.c.cluster,
        side="C",
        state="left",
        left_on=TODAY,
    )
    with reading(world.a.manager):
        assert [one.title for one in line_of(world).moments] == ["The partnership began"]


def test_who_leaves_and_comes_back_is_told_both_times(world, reading):
    join(world)
    leave(world)
    with reading(world.a.manager):
        line = line_of(world)
        assert line.alliance_since is None
    assert [one.title for one in line.moments][-1] == "Other cluster left"
    join(world)
    with reading(world.a.manager):
        line = line_of(world)
    told = [one.title for one in line.moments]
    assert (told.count("Other cluster joined"), told.count("Other cluster left")) == (2, 1)
    assert line.alliance_since == TODAY


def waits(world, person):
    found = list_waiting(reader_of(person), timezone.now(), room=world.partnership.pk)
    return [one.text for one in found]


def test_who_joins_or_leaves_makes_the_page_out_of_date_for_the_room(world, reading):
    draft(world)
    publish(world)
    told = "The public page doesn’t list the current participants."
    with reading(world.a.manager):
        assert told not in waits(world, world.a.manager)
    join(world)
    for person in (world.a.manager, world.c.manager):
        with reading(person):
            assert told in waits(world, person)
    # Managers renew it: nobody else is asked to.
    with reading(world.b.ambassador):
        assert told not in waits(world, world.b.ambassador)
    newest = publish(world, world.b.manager, world.c.manager)
    assert [one.name for one in from_json(newest.content).members][-1] == "Other cluster"
    with reading(world.a.manager):
        assert told not in waits(world, world.a.manager)
    leave(world)
    with reading(world.b.manager):
        assert told in waits(world, world.b.manager)


def test_what_waits_is_closed_when_somebody_joins_or_leaves(world):
    draft(world)
    waiting = put(world)
    join(world)
    waiting.refresh_from_db()
    assert waiting.closed_at is not None
    assert (
        waiting.closed_why
        == "The participants have changed. Send the page to all sides for signature again."
    )
    again = put(world)
    sign(again, world.b.manager)
    assert Agreement.objects.get(pk=again.pk).completed_at is None, "C signs too"
    leave(world)
    assert Agreement.objects.get(pk=again.pk).closed_at is not None
    assert not PageVersion.objects.filter(published_at__isnull=False).exists()


def test_a_third_side_signs_and_withdraws_like_the_two(world):
    draft(world)
    join(world)
    one = publish(world, world.b.manager, world.c.manager)
    assert one.published_at is not None
    do(world.c.manager, withdraw_page, partnership_id=world.partnership.pk, reason="We moved.")
    one.refresh_from_db()
    assert one.withdrawn_why == "We moved."


def test_members_of_further_countries_sustain_it(world, reading):
    fill_room(world)
    join(world)
    with reading(world.b.ambassador):
        room = get_partnership(world.partnership.pk)
        found = read_together(room, parties_of(room), [], today=TODAY)
    assert [one.name for one in found.further] == ["Other cluster"]
    assert [(one.supporter.name, one.is_public) for one in found.beside] == [
        ("Lab of Tunis", True),
        ("Shy port of Tunis", False),
    ]
    assert {one.supporter.what for one in found.beside} == {"HARBOUR"}


@pytest.mark.parametrize(
    ("state", "taking", "is_told"),
    [
        ("open", "registered", True),
        ("draft", "registered", False),
        ("cancelled", "registered", False),
        ("open", "invited", False),
    ],
)
def test_who_comes_to_events_from_further_countries_sustains_it(
    world, reading, state, taking, is_told
):
    event = EventFactory(partnership=world.partnership, title="Harbour days", state=state)
    group = GroupFactory(event=event, name="All")
    for one in (world.c.members[0], world.b.members[0]):
        ParticipationFactory(event=event, organisation=one, group=group, state=taking)
    with reading(world.a.manager):
        room = get_partnership(world.partnership.pk)
        found = read_together(room, parties_of(room), [], today=TODAY).beside
    assert [(one.supporter.name, one.supporter.what) for one in found] == (
        [("Other member 1", "Harbour days")] if is_told else []
    )


def test_a_study_that_was_withdrawn_is_no_result(world, reading):
    fill_room(world)
    Publication.objects.update(withdrawn_at=timezone.now())
    with reading(world.a.manager):
        found = find_results(get_partnership(world.partnership.pk))
    assert [one.kind for one in found] == ["bid"]


def test_nothing_is_written_once_the_partnership_is_over(world):
    draft(world)
    Partnership.objects.filter(pk=world.partnership.pk).update(state="ended", ends_on=TODAY)
    with pytest.raises(Conflict, match="has ended"):
        write(world, headline="More")
