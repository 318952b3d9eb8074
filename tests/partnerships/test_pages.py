"""Pages of partnerships: who gets which, and what stands on them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from proxeny.directory.models import Organisation
from proxeny.events.operations import close_requests
from proxeny.partnerships.models import Agreement, Partnership, SharingGrant, SignOff
from tests.factories import labels, rooms
from tests.factories.directory import ClusterFactory
from tests.factories.meetings import make_catch_up
from tests.factories.partnerships import AgreementFactory, PartnershipFactory, PartyFactory
from tests.factories.world import make_event
from tests.partnerships.test_operations import activate, do, draft, propose

ROOM_PATHS = ("", "history/", "amend/", "decline/", "end/", "share/", "edit/")


def body(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_strangers_are_sent_to_sign_in(world):
    for path in ("", "new/", *(f"{world.partnership.pk}/{path}" for path in ROOM_PATHS)):
        answer = Client().get(f"/partnerships/{path}")
        assert answer.status_code == 302, path
        assert answer["Location"].startswith("/accounts/login/"), path


def test_others_find_nothing(world, sign_in):
    for person in (world.c.manager, world.c.representatives[0], world.nobody_special):
        client = sign_in(person)
        assert world.partnership.title not in body(client.get("/partnerships/"))
        for path in ROOM_PATHS:
            address = f"/partnerships/{world.partnership.pk}/{path}"
            assert client.get(address).status_code == 404, (person, path)
        for path in ("propose/", "sign/", "withdraw/"):
            data = {"number": 1, "text_hash": "0"}
            answer = client.post(f"/partnerships/{world.partnership.pk}/{path}", data)
            assert answer.status_code in {302, 404}
            if answer.status_code == 302:
                assert client.get(answer["Location"]).status_code == 404


def test_room_of_both_sides_and_their_members(world, sign_in):
    AgreementFactory(partnership=world.partnership, text="Between us two.")
    for person in (world.a.manager, world.a.ambassador, world.b.manager):
        page = body(sign_in(person).get(f"/partnerships/{world.partnership.pk}/"))
        assert "Between us two." in page
        assert world.a.cluster.name in page
        assert world.b.cluster.name in page
    for person in (world.a.representatives[0], world.b.representatives[0]):
        page = body(sign_in(person).get(f"/partnerships/{world.partnership.pk}/"))
        assert "Between us two." not in page
        assert world.b.cluster.name in page
        assert "/sign/" not in page
        assert "/end/" not in page


def test_the_whole_way_by_pages(world, sign_in):
    Organisation.objects.filter(pk=world.c.cluster.pk).update(visibility="public")
    lead, other = sign_in(world.a.manager), sign_in(world.c.manager)
    page = body(lead.get("/partnerships/new/", {"partner": world.c.cluster.pk}))
    assert "1. Purpose" in page
    data = {
        "cluster_id": world.a.cluster.pk,
        "partner_id": world.c.cluster.pk,
        "title": "Athens – Casablanca",
        "purpose": "Games",
        "text": "The text.",
        "send": "1",
    }
    room = lead.post("/partnerships/new/", data)["Location"]
    assert "/sign/" in body(lead.get(room))
    page = body(other.get(room))
    assert "Decline" in page
    assert "What each side shares" not in page
    agreement = Agreement.objects.get()
    form = {"number": agreement.number, "text_hash": agreement.text_hash}
    assert other.post(f"{room}sign/", form)["Location"] == room
    assert "Waiting for Greek cluster" in body(other.get(room))
    lead.post(f"{room}sign/", form)
    page = body(lead.get(room))
    assert "signed by both" in page
    assert "All sides have signed: the partnership is active" in page
    assert "/events/?partnership=" in page
    assert f"{room}share/" in page
    answer = lead.post(f"{room}share/", {"purpose": "To find partners", "ends_on": ""})
    assert answer["Location"] == f"{room}sharing/"
    assert f"{room}share/" not in body(lead.get(room))
    assert "To find partners" in body(other.get(f"{room}papers/"))
    grant = SharingGrant.objects.get(partnership__title="Athens – Casablanca")
    assert other.post(f"{room}share/{grant.pk}/withdraw/").status_code == 403
    assert "Stop sharing “" in body(lead.get(f"{room}share/{grant.pk}/withdraw/"))
    lead.post(f"{room}share/{grant.pk}/withdraw/")
    assert "shares nothing" in body(other.get(f"{room}papers/"))
    assert "To find partners" in body(other.get(f"{room}sharing/"))
    history = body(other.get(f"{room}history/"))
    assert "Stopped sharing the member list" in history
    only = other.get(f"{room}history/", {"side": "B", "what": "sign_agreement"})
    timeline = body(only).split('class="px-timeline"')[1]
    assert "Signed the agreement" in timeline
    assert "Stopped sharing" not in timeline
    assert other.post(f"{room}end/", {"reason": ""}).status_code == 422
    other.post(f"{room}end/", {"reason": "Its work is done."})
    assert "Its work is done." in body(lead.get(room))


def test_draft_page_is_the_leads_alone(world, sign_in):
    made = draft(world)
    room = f"/partnerships/{made.pk}/"
    lead = sign_in(world.a.manager)
    assert "draft, visible to your side only" in body(lead.get(room))
    assert 'name="title"' in body(lead.get(f"{room}edit/"))
    colleague = sign_in(world.a.ambassador)
    assert "/propose/" not in body(colleague.get(room))
    assert colleague.get(f"{room}edit/").status_code == 403
    assert sign_in(world.c.manager).get(room).status_code == 404
    data = {"title": "Changed", "purpose": "", "text": "T", "version": made.version}
    assert lead.post(f"{room}edit/", data)["Location"] == room
    stale = lead.post(f"{room}edit/", {**data, "text": "What I typed"})
    assert stale.status_code == 409
    assert "What I typed" in stale.content.decode()
    lead.post(f"{room}propose/")
    made.refresh_from_db()
    assert made.state == "proposed"


def test_stale_amendment_keeps_what_was_typed(world, sign_in):
    made = propose(world)
    lead, other = sign_in(world.a.manager), sign_in(world.c.manager)
    room = f"/partnerships/{made.pk}/"
    assert lead.post(f"{room}amend/", {"text": "Two.", "version": 1})["Location"] == room
    answer = other.post(f"{room}amend/", {"text": "What I typed", "version": 1})
    assert answer.status_code == 409
    assert "What I typed" in answer.content.decode()
    assert "Two." in answer.content.decode()


def test_another_text_is_shown_beside_the_one_it_replaces(world, sign_in):
    made = propose(world)
    room = f"/partnerships/{made.pk}/"
    client = sign_in(world.a.manager)
    assert "What it changes" not in body(client.get(room))
    first = made.agreements.get().text
    client.post(f"{room}amend/", {"text": f"{first}\nWe meet monthly.", "version": 1})
    page = body(sign_in(world.c.manager).get(room))
    changes = page.split("What it changes")[1]
    assert changes.index("Version 1") < changes.index("Version 2") < changes.index("<mark>")
    assert "We meet monthly." in changes.split("<mark>")[1].split("</mark>")[0]


def test_history_names_what_something_was_done_to(world, sign_in):
    event = make_event(world).event
    for side in (world.a, world.b):
        do(side.manager, close_requests, event_id=event.pk, now=timezone.now())
    room = f"/partnerships/{world.partnership.pk}/"
    for person in (world.a.manager, world.b.ambassador):
        page = body(sign_in(person).get(f"{room}history/"))
        assert f"Closed requests for an event</strong> <bdi>{event.title}</bdi>" in page, (
            person.name
        )


def test_decline_and_withdraw_by_pages(world, sign_in):
    made = propose(world)
    room = f"/partnerships/{made.pk}/"
    lead, other = sign_in(world.a.manager), sign_in(world.c.manager)
    assert lead.get(f"{room}decline/").status_code == 403
    assert other.get(f"{room}end/").status_code == 403
    assert other.get(f"{room}share/").status_code == 403
    assert "Decline the proposal?" in body(other.get(f"{room}decline/"))
    lead.post(f"{room}withdraw/")
    assert other.get(room).status_code == 404
    lead.post(f"{room}propose/")
    other.post(f"{room}decline/", {"reason": "Not this year."})
    assert "Not this year." in body(lead.get(room))


def test_only_cluster_managers_may_open_the_new_page(world, sign_in):
    assert sign_in(world.a.manager).get("/partnerships/new/").status_code == 200
    for person in (world.a.ambassador, world.a.representatives[0], world.nobody_special):
        assert sign_in(person).get("/partnerships/new/").status_code == 403


def test_signing_without_reading_is_refused(world, sign_in):
    made = propose(world)
    sign_in(world.a.manager).post(f"/partnerships/{made.pk}/sign/", {"number": "x"})
    assert not SignOff.objects.exists()


def test_script_in_texts_is_shown_as_text(world, sign_in):
    evil = "<script>alert(1)</script>"
    made = draft(world, title=evil, purpose=evil, text=evil)
    page = body(sign_in(world.a.manager).get(f"/partnerships/{made.pk}/"))
    assert evil not in page
    assert page.count("&lt;script&gt;alert(1)") >= 3


def test_list_takes_the_same_queries_with_one_row_and_many(
    world, sign_in, django_assert_num_queries
):
    client = sign_in(world.a.manager)
    client.get("/partnerships/")
    with django_assert_num_queries(13):
        client.get("/partnerships/")
    for number in range(4):
        other = PartnershipFactory(lead=world.a.cluster, title=f"More {number}")
        PartyFactory(partnership=other, organisation=world.a.cluster, side="A")
        PartyFactory(partnership=other, organisation=ClusterFactory(), side="B")
    with django_assert_num_queries(13):
        page = body(client.get("/partnerships/"))
    assert "More 3" in page


def _keep_one(world, partnership):
    """Keep one record of each kind that a room keeps."""
    room = {"partnership": partnership}
    giver, receiver = partnership.parties.all()
    objective = rooms.ObjectiveFactory(**room)
    rooms.MeasurementFactory(result=rooms.KeyResultFactory(objective=objective))
    activity = rooms.ActivityFactory(**room)
    rooms.ChargeFactory(activity=activity, party=giver, person=world.a.manager)
    rooms.ActionFactory(**room)
    risk = rooms.RiskFactory(**room)
    rooms.ChargeFactory(risk=risk, party=giver, person=world.a.manager)
    rooms.FavourFactory(giver=giver, receiver=receiver)
    rooms.FundingLineFactory(source=rooms.FundingSourceFactory(**room))
    rooms.EvidenceFactory(recommendation=rooms.RecommendationFactory(state="proposed", **room))
    make_catch_up(partnership, world.a.manager, world.c.manager, starts_at=timezone.now())
    version = labels.make_scheme(partnership)
    labels.RoundFactory(scheme_version=version)
    labels.AwardFactory(
        scheme=version.scheme,
        scheme_version=version,
        organisation=world.a.members[0],
        status_list=labels.StatusListFactory(scheme=version.scheme),
        valid_until=timezone.now() + timedelta(days=20),
    )
    for kind, subject in (("risk", str(risk.pk)), ("stage", "working")):
        number = Agreement.objects.count() + 1
        AgreementFactory(kind=kind, subject=subject, number=number, **room)


def test_room_takes_the_same_queries_however_much_happened(
    world, sign_in, django_assert_num_queries, django_assert_max_num_queries
):
    made = activate(world)
    client = sign_in(world.a.manager)
    room = f"/partnerships/{made.pk}/"
    _keep_one(world, made)
    client.get(room)
    # One for all that waits, one for all dates, five for the gate; seven enter and leave.
    with django_assert_num_queries(28):
        client.get(room)
    for number in range(1, 5):
        client.post(f"{room}amend/", {"text": f"Text {number}", "version": number})
        _keep_one(world, made)
    client.get(room)
    # Beside a text that is still to be signed stands what it changes, and what is shared.
    with django_assert_max_num_queries(30):
        client.get(room)


def test_list_searches_filters_sorts_and_exports(world, sign_in):
    made = draft(world)
    client = sign_in(world.a.manager)
    page = body(client.get("/partnerships/", {"q": "french"}))
    assert world.partnership.title in page
    assert made.title not in page
    page = body(client.get("/partnerships/", {"state": "draft"}))
    assert made.title in page
    assert world.partnership.title not in page
    page = body(client.get("/partnerships/", {"sort": "title"}))
    assert page.index(made.title) < page.index(world.partnership.title)
    text = client.get("/partnerships/", {"export": "csv"}).content.decode("utf-8-sig")
    assert text.splitlines()[0] == "Name,State,Clusters,Begins on,Runs until"
    assert len(text.splitlines()) == 3
    assert client.get("/partnerships/", {"export": "xlsx"}).content[:2] == b"PK"


def test_empty_list_says_what_to_do_first(world, sign_in):
    assert "Propose a partnership" in body(sign_in(world.c.manager).get("/partnerships/"))
    page = body(sign_in(world.nobody_special).get("/partnerships/"))
    assert "Propose a partnership" not in page


@pytest.mark.parametrize("language", ["fr", "el", "ar"])
def test_pages_in_other_languages(world, sign_in, language):
    client = sign_in(world.a.manager)
    client.cookies["django_language"] = language
    for path in ("/partnerships/", "/partnerships/new/", f"/partnerships/{world.partnership.pk}/"):
        assert f'lang="{language}"' in body(client.get(path))


def test_unknown_states_do_not_break_the_room(world, sign_in):
    client = sign_in(world.a.manager)
    for state in Partnership.State.values:
        Partnership.objects.filter(pk=world.partnership.pk).update(state=state)
        assert world.partnership.title in body(client.get(f"/partnerships/{world.partnership.pk}/"))
