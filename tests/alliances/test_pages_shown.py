"""The pages of the room: what stands together, the form of the draft, and the way to everybody."""

from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.formats import date_format

from proxeny.alliances.models import Page, PageVersion
from proxeny.partnerships.models import Agreement, Objective, Party
from tests.alliances.showing import SINCE, draft, fill_room, join, keys, publish, sign, write
from tests.factories import rooms
from tests.factories.bids import BidFactory
from tests.factories.calls import CallFactory
from tests.forms import form_of
from tests.partnerships.rooms import TODAY, others, team, words

pytestmark = pytest.mark.django_db


def at(world, name="page"):
    return reverse(f"alliances:{name}", args=[world.partnership.pk])


def read(client, world, name="page"):
    answer = client.get(at(world, name))
    assert answer.status_code == 200, answer.status_code
    return unescape(words(answer.content.decode()))


@pytest.mark.parametrize("name", ["page", "publication", "edit"])
def test_the_room_reads_it_and_nobody_else(world, sign_in, client, name):
    fill_room(world)
    draft(world)
    for person in team(world).values():
        assert sign_in(person).get(at(world, name)).status_code == 200
    for person in others(world).values():
        assert sign_in(person).get(at(world, name)).status_code == 404
    assert client.get(at(world, name)).status_code == 302


def test_all_stands_together_on_one_page(world, sign_in):
    fill_room(world)
    found = keys(world)
    draft(world, shown=[found["goal"]])
    text = read(sign_in(world.b.ambassador), world)
    for said in (
        "The partnership",
        "Small ports, clean water",
        "Greek cluster",
        "French cluster",
        f"since {date_format(SINCE, 'DATE_FORMAT')}",
        "Twelve clean harbours",
        "40%",
        "A goal of ours alone",
        "not measured yet",
        "Measure in two harbours",
        "Under way",
        "Won bid",
        "€1,200,000",
        "Published study What sensors see",
        "Lab of Tunis",
        "Shy port of Tunis",
        "Tunisia",
        "HARBOUR",
        "The partnership began",
    ):
        assert said in text, said
    assert "Lost at sea" not in text
    assert world.b.members[0].name not in text


def test_what_everybody_reads_is_marked(world, sign_in):
    fill_room(world)
    draft(world, shown=[keys(world)["goal"]])
    html = sign_in(world.a.manager).get(at(world)).content.decode()
    assert html.count("on the public page") == 2, "once as a title, once as a label"


def test_a_third_side_stands_beside_the_two(world, sign_in):
    draft(world)
    join(world)
    html = sign_in(world.c.manager).get(at(world)).content.decode()
    assert html.count('class="al-member is-a"') == html.count('class="al-member is-b"') == 1
    assert html.count('class="al-member"') == 1
    text = unescape(words(html))
    assert "The alliance" in text
    assert "An alliance since" in text
    assert "Other cluster joined" in text


def test_an_empty_room_says_what_would_stand_there(world, sign_in):
    text = read(sign_in(world.a.manager), world)
    for said in (
        "No goals written yet.",
        "Nothing is planned yet.",
        "Write the public page",
        "No one from a third country yet",
    ):
        assert said in text
    assert "Nothing written yet." in read(sign_in(world.a.manager), world, "publication")


def test_writing_by_the_form(world, sign_in):
    fill_room(world)
    found = keys(world)
    client = sign_in(world.a.ambassador)
    form = form_of(client.get(at(world, "edit")))
    # What everybody reads already is ticked, and all goals.
    assert form["goals"] == [found["goal"], found["own"]]
    assert form["results"] == [found["study"]]
    assert "sums" not in form
    sent = form | {
        "headline": "Clean ports",
        "about": "Water.",
        "contact": "office@ports.example",
        "goals": [found["goal"]],
        "sums": [found["sum"]],
        "partners": [found["lab"]],
    }
    answer = client.post(at(world, "edit"), sent)
    assert (answer.status_code, answer.url) == (302, at(world, "publication"))
    page = Page.objects.get()
    assert page.shown == [found["goal"], found["study"], found["sum"], found["lab"]]
    assert page.slug == "clean-ports"
    assert "Shy port" not in client.get(at(world, "edit")).content.decode()


def test_what_does_not_fit_is_shown_again_with_what_was_typed(world, sign_in):
    client = sign_in(world.a.manager)
    form = form_of(client.get(at(world, "edit"))) | {"headline": "Ports", "contact": "nobody"}
    answer = client.post(at(world, "edit"), form)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="Ports"' in text
    assert 'value="nobody"' in text
    assert not Page.objects.exists()


def test_the_preview_is_what_is_signed(world, sign_in):
    fill_room(world)
    found = keys(world)
    draft(world, shown=[found["goal"], found["study"]])
    a, b = sign_in(world.a.manager), sign_in(world.b.manager)
    page = a.get(at(world, "publication"))
    text = unescape(words(page.content.decode()))
    assert "What everyone would see" in text
    assert "A goal of ours alone" not in text
    assert "Send for signature" in text
    assert "Send for signature" not in read(sign_in(world.a.ambassador), world, "publication")
    a.post(at(world, "ask"), form_of(page, "seen"))
    assert "Waiting for signatures" in read(b, world, "publication")
    assert "the public page “Small ports, clean water”" in unescape(
        b.get(reverse("partnerships:detail", args=[world.partnership.pk])).content.decode()
    )
    asked = Agreement.objects.get(kind="page")
    sign(asked, world.b.manager)
    assert "Nothing has changed since it was published." in read(a, world, "publication")
    assert "Version 1" in read(a, world, "publication")


def test_who_looked_at_an_older_draft_is_told(world, sign_in):
    draft(world)
    client = sign_in(world.a.manager)
    seen = form_of(client.get(at(world, "publication")), "seen")
    write(world, world.b.manager, headline="Clean ports")
    answer = client.post(at(world, "ask"), seen, follow=True)
    assert "changed since you opened" in answer.content.decode()
    assert not PageVersion.objects.exists()


def test_what_differs_from_the_last_version_is_told(world, sign_in):
    fill_room(world)
    found = keys(world)
    draft(world, shown=[found["goal"]])
    publish(world)
    write(world, about="Other water.", shown=[found["own"], found["lab"]])
    text = read(sign_in(world.b.manager), world, "publication")
    for said in (
        "Changes since version 1",
        "Changed: Purpose",
        "Goals: “A goal of ours alone” is new.",
        "Goals: “Twelve clean harbours” has been removed.",
        "Partners from other countries: “Lab of Tunis” is new.",
    ):
        assert said in text, said


def test_the_room_is_told_that_the_page_is_out_of_date(world, sign_in):
    draft(world)
    publish(world)
    join(world)
    text = read(sign_in(world.b.ambassador), world, "publication")
    assert "The page is out of date" in text
    assert "Members: “Other cluster” is new." in text
    front = sign_in(world.c.manager).get(
        reverse("partnerships:detail", args=[world.partnership.pk])
    )
    assert "The public page doesn’t list the current participants." in front.content.decode()


def test_withdrawing_needs_a_reason_and_keeps_what_was_typed(world, sign_in):
    draft(world)
    publish(world)
    client = sign_in(world.b.manager)
    answer = client.post(at(world, "withdraw"), {"reason": ""})
    assert answer.status_code == 422
    assert (
        sign_in(world.b.ambassador).post(at(world, "withdraw"), {"reason": "x"}).status_code == 403
    )
    assert client.post(at(world, "withdraw"), {"reason": "We moved."}).status_code == 302
    text = read(client, world, "publication")
    assert "We moved." in text
    assert "Send for signature" in text, "it can come back"
    again = client.post(at(world, "withdraw"), {"reason": "Again."})
    assert again.status_code == 422
    assert "No page is published." in again.content.decode()


def test_what_happened_is_told(world, sign_in):
    page = write(world, headline="Ports", about="Water", joining="Come.")
    publish(world)
    client = sign_in(world.b.ambassador)
    told = words(
        client.get(reverse("history:show", args=["public-page", page.pk])).content.decode()
    )
    for said in (
        "Edited the draft of the public page",
        "Sent the public page for signature",
        "Signed the public page",
        "All sides signed: the public page was published",
    ):
        assert said in told, said
    room = client.get(reverse("partnerships:detail", args=[world.partnership.pk]))
    assert "All sides signed: the public page was published" in room.content.decode()
    stranger = sign_in(world.c.manager)
    assert stranger.get(reverse("history:show", args=["public-page", page.pk])).status_code == 404


def test_a_room_that_is_over_is_read_and_not_written(world, sign_in):
    draft(world)
    publish(world)
    type(world.partnership).objects.update(state="ended", ends_on=TODAY)
    client = sign_in(world.a.manager)
    assert "The partnership ended" in read(client, world)
    assert client.get(at(world, "edit")).status_code == 403
    assert "Send for signature" not in read(client, world, "publication")


def grow(world):
    for _ in range(3):
        goal = rooms.ObjectiveFactory(partnership=world.partnership)
        rooms.MeasurementFactory(result=rooms.KeyResultFactory(objective=goal))
        rooms.ActivityFactory(partnership=world.partnership)
        BidFactory(
            partnership=world.partnership,
            call=CallFactory(steward=world.a.cluster),
            state="won",
            submitted_at=world.partnership.created_at,
        )


@pytest.mark.parametrize("name", ["page", "publication", "edit"])
def test_queries_do_not_grow_with_the_room(world, sign_in, name):
    fill_room(world)
    found = keys(world)
    draft(world, shown=list(found.values()))
    client = sign_in(world.a.manager)
    client.get(at(world, name))
    with CaptureQueriesContext(connection) as before:
        client.get(at(world, name))
    grow(world)
    join(world)
    # What was told of it is read now.
    client.get(at(world, name))
    with CaptureQueriesContext(connection) as after:
        client.get(at(world, name))
    assert len(after) == len(before)
    assert Objective.objects.count() == 5
    assert Party.objects.filter(partnership=world.partnership).count() == 3
