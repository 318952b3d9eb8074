"""Recommendations: what they rest on, who decides, what became of them, and of last year's."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from proxeny.kernel.errors import Conflict, NotFound
from proxeny.kernel.models import AuditEntry, Mail
from proxeny.kernel.tenancy import SERVICE, WEB, acting_as
from proxeny.partnerships.advice_queries import (
    Wanted,
    find_advice,
    look_back,
    tell_way,
    without_answered,
)
from proxeny.partnerships.models import Action, Agreement, Evidence, Recommendation
from proxeny.partnerships.operations import advice as deeds
from proxeny.partnerships.operations.records import change_record
from tests.conftest import reader_of
from tests.factories import rooms
from tests.factories.partnerships import DelegationFactory, PartyFactory
from tests.factories.world import make_world
from tests.partnerships.rooms import TODAY, do, others, party, team, words
from tests.stages import staged

State = Recommendation.State
NOW = timezone.now()


def address(world, name="advice", **more):
    return reverse(f"partnerships:{name}", kwargs={"pk": world.partnership.pk, **more})


def page(client, world, name="advice", status=200, query=None, **more):
    answer = client.get(address(world, name, **more), query or {})
    assert answer.status_code == status
    return answer.content.decode()


def advise(world, title="Meet every quarter", state=State.DRAFT, days=0, **given):
    given = {"addressee": "all", **given}
    made = rooms.RecommendationFactory(
        partnership=world.partnership, title=title, state=state, **given
    )
    Recommendation.objects.filter(pk=made.pk).update(created_at=NOW - timedelta(days=days))
    return made


def prove(made, **given):
    return rooms.EvidenceFactory(partnership=made.partnership, recommendation=made, **given)


@staged
def draft(world):
    made = advise(world)
    prove(made)
    return made


@staged
def proposed(world):
    made = advise(world, state=State.PROPOSED)
    prove(made)
    return made


def step(client, world, made, state, reason="", version=None):
    return client.post(
        address(world, "recommendation-step", record_id=made.pk),
        {"state": state, "reason": reason, "seen": version or made.version},
    )


# --- The register


def test_both_teams_read_the_register_and_nobody_else(world, proposed, sign_in):
    for name, person in team(world).items():
        html = page(sign_in(person), world)
        assert "Meet every quarter" in html, name
        assert ("#decide" in html) == name.startswith("manager"), name
        page(sign_in(person), world, "recommendation", record_id=proposed.pk)
    for person in others(world).values():
        page(sign_in(person), world, status=404)
        page(sign_in(person), world, "recommendation", 404, record_id=proposed.pk)
        for name in ("recommendation-step", "evidence-add"):
            answer = sign_in(person).post(address(world, name, record_id=proposed.pk), {})
            assert answer.status_code == 404


def test_what_waits_for_a_decision_comes_first(world, sign_in):
    advise(world, "Adopted", State.ADOPTED)
    advise(world, "Draft")
    advise(world, "Older proposal", State.PROPOSED, days=9)
    advise(world, "Dropped", State.DROPPED)
    advise(world, "Under way", State.DOING)
    advise(world, "Newer proposal", State.PROPOSED)
    advise(world, "Put away", dropped_at=NOW)
    found = [one.title for one in find_advice(world.partnership, Wanted())]
    assert found == [
        "Newer proposal",
        "Older proposal",
        "Draft",
        "Under way",
        "Adopted",
        "Dropped",
    ]
    told = words(page(sign_in(world.b.ambassador), world))
    assert told.index("Waiting for a decision") < told.index("Older proposal")
    assert told.index("Older proposal") < told.index("All others") < told.rindex("Under way")


def test_what_is_looked_for(world, sign_in):
    a = party(world, world.a)
    advise(world, "Share the calendar", details="of fairs", addressee="one", party=a)
    advise(world, "Name a deputy", State.DOING, source="review", source_id=7)
    advise(world, "Nobody yet", addressee="")

    def titles(**query):
        return [one.title for one in find_advice(world.partnership, Wanted(**query))]

    assert titles(q="calendar FAIRS") == ["Share the calendar"]
    assert titles(state="doing") == titles(source="review") == titles(review=7) == ["Name a deputy"]
    assert titles(review=8) == []
    assert titles(side="A") == ["Share the calendar"]
    assert titles(side="B") == []
    assert sorted(titles(side="all")) == ["Name a deputy", "Nobody yet"]
    client = sign_in(world.a.manager)
    html = page(client, world, query={"q": "calendar", "state": "draft", "side": "A"})
    assert "Share the calendar" in html
    assert "Name a deputy" not in html
    assert "Show all recommendations" in page(client, world, query={"q": "nothing like it"})
    assert "Name a deputy" in page(client, world, query={"state": "wrong", "review": "x"})


def test_an_empty_register_says_what_to_do(world, sign_in):
    html = page(sign_in(world.a.ambassador), world)
    assert "Write one and add evidence" in html
    assert address(world, "record-add", kind="recommendation") in html


def test_what_was_recommended_a_year_ago_and_what_came_of_it(world, sign_in):
    advise(
        world,
        "Calendar",
        State.ADOPTED,
        370,
        adoption="One calendar since spring.",
        adopted_on=TODAY - timedelta(days=90),
    )
    advise(world, "Office", State.REFUSED, 380, reason="Too dear.")
    advise(world, "Handover", State.ACCEPTED, 330)
    advise(world, "Bank", State.PROPOSED, 300)
    advise(world, "Draft of then", State.DRAFT, 365)
    advise(world, "Too long ago", State.ADOPTED, 500)
    advise(world, "Too new", State.ADOPTED, 200)
    found = look_back(world.partnership, today=TODAY)
    assert [one.title for one in found.rows] == ["Office", "Calendar", "Handover", "Bank"]
    assert found.counts == {"adopted": 1, "under_way": 1, "waits": 1, "over": 1}
    told = words(page(sign_in(world.b.manager), world)).split("A year ago")[1]
    assert "One calendar since spring." in told
    assert "Rejected Too dear." in told
    assert "Bank" in told
    assert "still waiting for a decision" in told
    assert "A year ago" not in page(sign_in(world.b.manager), world, query={"q": "Bank"})


def test_the_register_takes_the_same_queries_with_one_row_and_many(
    world, sign_in, django_assert_num_queries
):
    client = sign_in(world.a.manager)
    for number in (0, 3):
        for at in range(max(number, 1)):
            made = advise(
                world,
                f"More {number} {at}",
                State.PROPOSED,
                days=365,
                addressee="one",
                party=party(world, world.b),
            )
            prove(made)
            rooms.ActionFactory(partnership=world.partnership, origin="advice", origin_id=made.pk)
        page(client, world)
        with django_assert_num_queries(QUERIES):
            page(client, world)


QUERIES = 16


# --- One recommendation


def test_a_draft_needs_evidence_and_somebody_who_is_to_act(world, sign_in):
    made = advise(world, addressee="")
    client = sign_in(world.a.ambassador)
    told = words(page(client, world, "recommendation", record_id=made.pk))
    assert "Choose who should act before you propose it." in told
    assert "Add evidence before you propose it." in told
    answer = step(client, world, made, "proposed")
    assert answer.status_code == 422
    assert "Choose who should act" in answer.content.decode()
    made.addressee = "all"
    made.save()
    assert "Add evidence before" in step(client, world, made, "proposed").content.decode()
    prove(made)
    assert step(client, world, made, "proposed")["Location"] == address(
        world, "recommendation", record_id=made.pk
    )
    made.refresh_from_db()
    assert made.state == State.PROPOSED


@pytest.mark.parametrize(
    ("side", "who", "told"),
    [
        ("", "a.manager", ["b.manager"]),
        ("", "a.ambassador", ["a.manager", "b.manager"]),
        ("b", "a.manager", ["b.manager"]),
        ("a", "b.ambassador", ["a.manager"]),
        ("a", "a.manager", []),
    ],
)
def test_who_is_to_decide_is_told_once_by_mail(world, sign_in, side, who, told):
    def person(name):
        letter, role = name.split(".")
        return getattr(getattr(world, letter), role)

    whose = {"addressee": "one", "party": party(world, getattr(world, side))} if side else {}
    made = advise(world, title="<b>Meet</b> more often", **whose)
    prove(made)
    client = sign_in(person(who))
    step(client, world, made, "proposed")
    step(client, world, made, "proposed")
    mails = {mail.recipient: mail for mail in Mail.objects.all()}
    assert sorted(mails) == sorted(person(name).email for name in told)
    for mail in mails.values():
        assert mail.subject == "A recommendation is waiting for your decision: Athens – Paris"
        assert "<b>Meet</b> more often" in mail.text
        assert "&lt;b&gt;Meet&lt;/b&gt; more often" in mail.html
        assert address(world) in mail.text
    # Of what is for one side the rest is no news; what is for all is told to the other side.
    count = Mail.objects.count()
    for deciding in (world.a.manager, world.b.manager):
        step(sign_in(deciding), world, made, "accepted", "Gladly.", version=2)
    assert Mail.objects.count() == count + (0 if side else 2)


def test_the_whole_way_to_adoption(world, draft, sign_in):
    other, client = sign_in(world.b.manager), sign_in(world.a.manager)
    step(client, world, draft, "proposed")
    step(other, world, draft, "accepted", "Gladly.", version=2)
    step(client, world, draft, "accepted", version=2)
    draft.refresh_from_db()
    assert (draft.state, draft.decided_on, draft.reason) == (State.ACCEPTED, TODAY, "Gladly.")
    step(client, world, draft, "doing", version=3)
    answer = step(client, world, draft, "adopted", version=4)
    assert answer.status_code == 422
    assert "This field is required" in answer.content.decode()
    step(client, world, draft, "adopted", "Since May: https://example.org/minutes", version=4)
    draft.refresh_from_db()
    assert (draft.state, draft.adopted_on, draft.version) == (State.ADOPTED, TODAY, 5)
    html = page(other, world, "recommendation", record_id=draft.pk)
    assert 'href="https://example.org/minutes"' in html
    assert "What came of it?" not in html
    verbs = AuditEntry.objects.order_by("pk").values_list("verb", "organisation_id")
    assert list(verbs)[-4:] == [
        ("sign_advice", world.a.cluster.pk),
        ("decide_recommendation", world.a.cluster.pk),
        ("decide_recommendation", world.a.cluster.pk),
        ("decide_recommendation", world.a.cluster.pk),
    ]


@pytest.mark.parametrize("state", ["amended", "refused"])
def test_a_change_or_a_no_needs_words(world, proposed, sign_in, state):
    client = sign_in(world.b.manager)
    answer = step(client, world, proposed, state)
    assert answer.status_code == 422
    assert "Give a reason in one sentence" in answer.content.decode()
    step(client, world, proposed, state, "Not this year.")
    if state == "amended":
        step(sign_in(world.a.manager), world, proposed, "accepted", version=2)
    proposed.refresh_from_db()
    assert (proposed.state, proposed.reason) == (state, "Not this year.")
    assert "Not this year." in page(
        sign_in(world.a.ambassador), world, "recommendation", record_id=proposed.pk
    )


def test_no_decision_is_no_decision(world, proposed, sign_in):
    answer = step(sign_in(world.a.manager), world, proposed, "")
    assert answer.status_code == 422
    proposed.refresh_from_db()
    assert proposed.state == State.PROPOSED


def test_only_a_manager_of_the_side_that_is_to_act_decides(world, sign_in):
    made = advise(world, state=State.PROPOSED, addressee="one", party=party(world, world.b))
    html = page(sign_in(world.a.manager), world, "recommendation", record_id=made.pk)
    assert 'id="decide"' not in html
    assert "Waiting for a decision by a manager of" in html
    for person in (world.a.manager, world.a.ambassador, world.b.ambassador):
        assert step(sign_in(person), world, made, "accepted").status_code == 403
    step(sign_in(world.b.manager), world, made, "accepted")
    made.refresh_from_db()
    assert made.state == State.ACCEPTED


@pytest.mark.parametrize(
    ("state", "wrong"),
    [
        ("draft", "accepted"),
        ("proposed", "adopted"),
        ("refused", "doing"),
        ("adopted", "dropped"),
        ("doing", "proposed"),
    ],
)
def test_a_step_that_does_not_follow_is_refused(world, state, wrong):
    made = advise(world, state=state)
    prove(made)
    with pytest.raises(Conflict):
        do(
            world.a.manager,
            deeds.take_step,
            partnership_id=world.partnership.pk,
            record_id=made.pk,
            version=1,
            state=wrong,
            reason="Because.",
        )


def test_words_of_a_stale_decision_are_shown_again(world, proposed, sign_in):
    step(sign_in(world.a.manager), world, proposed, "amended", "Twice a year.")
    answer = step(sign_in(world.b.manager), world, proposed, "refused", "What I wrote.", version=1)
    assert answer.status_code == 409
    told = words(answer.content.decode())
    assert "What you wrote hasn’t been saved; it’s shown here: What I wrote." in told
    proposed.refresh_from_db()
    assert proposed.state == State.PROPOSED


@pytest.mark.django_db(transaction=True)
def test_of_a_yes_and_a_no_at_once_the_no_holds():
    with acting_as(SERVICE):
        world = make_world()
        made = advise(world, state=State.PROPOSED)
        prove(made)
    found = []
    ready = threading.Barrier(2)

    def decide(person, state):
        try:
            ready.wait(20)
            do(
                person,
                deeds.take_step,
                partnership_id=world.partnership.pk,
                record_id=made.pk,
                version=1,
                state=state,
                reason="Because.",
            )
            found.append(state)
        except Conflict:
            found.append("conflict")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=decide, args=(world.a.manager, "accepted")),
        threading.Thread(target=decide, args=(world.b.manager, "refused")),
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join(20)
    assert not any(one.is_alive() for one in threads)
    # One no is enough, whether the yes of the other side came before it or too late.
    assert "refused" in found
    assert len(found) == 2
    with acting_as(SERVICE):
        made.refresh_from_db()
        assert (made.state, made.refused_by.organisation) == (State.REFUSED, world.b.cluster)


def test_one_that_was_put_away_can_be_brought_back_and_not_decided(world, sign_in):
    made = advise(world, state=State.PROPOSED, dropped_at=NOW)
    html = page(sign_in(world.a.manager), world, "recommendation", record_id=made.pk)
    assert 'id="decide"' not in html
    assert address(world, "record-restore", kind="recommendation", record_id=made.pk) in html
    assert step(sign_in(world.a.manager), world, made, "accepted").status_code == 409


def test_the_way_ends_where_it_was_refused_or_dropped(world):
    def told(**given):
        return [(str(one.label), one.state) for one in tell_way(Recommendation(**given))]

    assert told(state="proposed") == [
        ("Draft", "done"),
        ("Proposed", "current"),
        ("Decided", "todo"),
        ("In progress", "todo"),
        ("Adopted", "todo"),
    ]
    assert told(state="refused") == [
        ("Draft", "done"),
        ("Proposed", "done"),
        ("Rejected", "current"),
    ]
    assert told(state="amended")[2] == ("Accepted with changes", "current")
    assert told(state="dropped")[-1] == ("Dropped", "current")
    assert {state for _label, state in told(state="adopted")} == {"done"}


# --- Evidence


def test_evidence_is_added_and_taken_away_while_it_is_a_draft(world, draft, sign_in):
    client = sign_in(world.b.ambassador)
    here = address(world, "recommendation", record_id=draft.pk)
    answer = client.post(
        address(world, "evidence-add", record_id=draft.pk),
        {"kind": "document", "text": "The report", "url": "https://example.org/a.pdf"},
    )
    assert answer["Location"] == here
    html = page(client, world, "recommendation", record_id=draft.pk)
    assert 'href="https://example.org/a.pdf" rel="noopener noreferrer"' in html
    made = Evidence.objects.get(text="The report")
    assert client.post(address(world, "evidence-remove", evidence_id=made.pk))["Location"] == here
    assert not Evidence.objects.filter(pk=made.pk).exists()
    step(client, world, draft, "proposed")
    kept = Evidence.objects.get()
    answer = client.post(address(world, "evidence-remove", evidence_id=kept.pk))
    assert answer["Location"] == address(world)
    assert "This evidence was part of the proposal, so it can’t be removed." in page(client, world)
    assert Evidence.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"text": ""}, "required"),
        ({"kind": "rumour"}, "Select a valid choice"),
        ({"url": "javascript:alert(1)"}, "Enter the full address, starting with https://."),
        ({"text": " "}, "required"),
    ],
)
def test_wrong_evidence_is_said_beside_its_field(world, draft, sign_in, wrong, sentence):
    sent = {"kind": "figure", "text": "Three of four", "url": "", **wrong}
    answer = sign_in(world.a.manager).post(address(world, "evidence-add", record_id=draft.pk), sent)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert Evidence.objects.count() == 1


def test_evidence_of_another_room_is_none(world):
    from tests.factories.partnerships import PartnershipFactory

    foreign = rooms.RecommendationFactory(partnership=PartnershipFactory(lead=world.c.cluster))
    piece = prove(foreign)
    with pytest.raises(NotFound):
        do(
            world.a.manager,
            lambda *, now, **given: deeds.remove_evidence(**given),
            partnership_id=world.partnership.pk,
            evidence_id=piece.pk,
        )
    with pytest.raises(NotFound):
        do(
            world.a.manager,
            deeds.add_evidence,
            partnership_id=world.partnership.pk,
            record_id=foreign.pk,
            kind="figure",
            text="Ours",
            url="",
        )


def test_there_is_room_for_some_evidence_only(world, draft, monkeypatch):
    monkeypatch.setattr(deeds, "MOST_EVIDENCE", 1)
    with pytest.raises(Conflict):
        do(
            world.a.manager,
            deeds.add_evidence,
            partnership_id=world.partnership.pk,
            record_id=draft.pk,
            kind="figure",
            text="One more",
            url="",
        )


# --- What belongs to it


def test_actions_for_it_stand_with_it_and_lead_back(world, proposed, sign_in):
    client = sign_in(world.a.ambassador)
    html = page(client, world, "recommendation", record_id=proposed.pk)
    add = address(world, "record-add", kind="action")
    assert f"{add}?origin=advice&amp;origin_id={proposed.pk}" in html
    sent = {"title": "Ask for dates", "due_on": str(TODAY), "party": "", "person": ""}
    answer = client.post(f"{add}?origin=advice&origin_id={proposed.pk}", sent)
    here = address(world, "recommendation", record_id=proposed.pk)
    assert answer["Location"] == here
    action = Action.objects.get()
    assert (action.origin, action.origin_id) == ("advice", proposed.pk)
    html = page(client, world, "recommendation", record_id=proposed.pk)
    assert "Ask for dates" in html
    done = address(world, "record-done", kind="action", record_id=action.pk)
    answer = client.post(f"{done}?version=1&page=advice-{proposed.pk}")
    assert answer["Location"] == f"{here}#action-{action.pk}"
    assert "1 open action" not in page(client, world)


def test_it_leads_back_to_the_review_it_comes_from(world, sign_in):
    review = rooms.HealthReviewFactory(partnership=world.partnership, shown_at=NOW)
    made = advise(world, source="review", source_id=review.pk)
    html = page(sign_in(world.a.manager), world, "recommendation", record_id=made.pk)
    assert address(world, "review", review_id=review.pk) in html


def test_a_decided_text_is_not_written_over(world, sign_in):
    made = advise(world, state=State.ACCEPTED)
    html = page(sign_in(world.a.manager), world, "recommendation", record_id=made.pk)
    assert address(world, "record", kind="recommendation", record_id=made.pk) not in html


def test_an_ended_room_only_reads(world, proposed, sign_in):
    world.partnership.state = "ended"
    world.partnership.save()
    html = page(sign_in(world.a.manager), world, "recommendation", record_id=proposed.pk)
    assert 'id="decide"' not in html
    assert "Add evidence" not in html
    assert step(sign_in(world.a.manager), world, proposed, "accepted").status_code == 403
    with pytest.raises(Conflict, match="has ended"):
        do(
            world.a.manager,
            deeds.take_step,
            partnership_id=world.partnership.pk,
            record_id=proposed.pk,
            version=1,
            state="accepted",
            reason="",
        )


def test_texts_are_text(world, sign_in):
    evil = "<script>alert(1)</script>"
    made = advise(world, evil, State.ADOPTED, details=evil, reason=evil, adoption=evil)
    prove(made, text=evil)
    client = sign_in(world.a.manager)
    for html in (page(client, world), page(client, world, "recommendation", record_id=made.pk)):
        assert evil not in html


def test_what_happened_to_it_stands_with_it_and_in_the_news(world, draft, sign_in):
    client = sign_in(world.b.manager)
    step(sign_in(world.a.manager), world, draft, "proposed")
    step(client, world, draft, "refused", "Not this year.", version=2)
    for page_of in (
        reverse("history:show", args=["recommendation", draft.pk]),
        address(world, "history"),
    ):
        told = words(client.get(page_of).content.decode())
        assert "Proposed a recommendation" in told
        assert "Decided on a recommendation, or took it further" in told
        assert "Not this year." in told


# --- What all are to do


def third(world):
    return PartyFactory(partnership=world.partnership, organisation=world.c.cluster, side="C")


def test_of_three_parties_each_accepts_for_itself(world, proposed, sign_in):
    third(world)
    a, b, c = (sign_in(one.manager) for one in (world.a, world.b, world.c))
    step(a, world, proposed, "accepted")
    proposed.refresh_from_db()
    assert proposed.state == State.PROPOSED
    html = words(page(a, world, "recommendation", record_id=proposed.pk))
    assert "Your side decides" not in html
    assert (
        f"Waiting for a decision by a manager of {world.b.cluster.name} , and of {world.c.cluster.name}"
        in html
    )
    assert f"Still to answer: {world.b.cluster.name} , {world.c.cluster.name}" in words(
        page(a, world)
    )
    assert "Your side decides" in words(page(b, world, "recommendation", record_id=proposed.pk))
    step(b, world, proposed, "accepted")
    proposed.refresh_from_db()
    assert proposed.state == State.PROPOSED
    step(c, world, proposed, "accepted")
    proposed.refresh_from_db()
    assert (proposed.state, proposed.decided_on) == (State.ACCEPTED, TODAY)
    html = words(page(a, world, "recommendation", record_id=proposed.pk))
    assert "Who has accepted" in html


def test_one_no_refuses_and_says_whose_and_why(world, proposed, sign_in):
    third(world)
    step(sign_in(world.a.manager), world, proposed, "accepted")
    step(sign_in(world.c.manager), world, proposed, "refused", "Too dear for us.")
    proposed.refresh_from_db()
    assert (proposed.state, proposed.refused_by.organisation) == (State.REFUSED, world.c.cluster)
    html = words(page(sign_in(world.b.manager), world, "recommendation", record_id=proposed.pk))
    assert f"Why {world.c.cluster.name} declined it" in html
    assert "Too dear for us." in html
    told = Mail.objects.filter(key__contains=":refused:")
    assert {one.recipient for one in told} == {world.a.manager.email, world.b.manager.email}
    assert all("Too dear for us." in one.text for one in told)
    assert not Agreement.objects.filter(kind="advice", closed_at=None).exists()


def test_changes_are_accepted_by_the_others_in_the_same_words(world, proposed, sign_in):
    a, b = sign_in(world.a.manager), sign_in(world.b.manager)
    step(a, world, proposed, "accepted")
    step(b, world, proposed, "amended", "Twice a year.")
    proposed.refresh_from_db()
    assert proposed.state == State.PROPOSED
    html = words(page(a, world, "recommendation", record_id=proposed.pk))
    assert "Twice a year." in html
    assert "Your side decides" in html
    step(a, world, proposed, "accepted", version=2)
    proposed.refresh_from_db()
    assert (proposed.state, proposed.reason) == (State.AMENDED, "Twice a year.")


def test_with_delegations_one_side_accepts_for_all(world, proposed, sign_in):
    DelegationFactory(giver=party(world, world.b), receiver=party(world, world.a), matter="advice")
    step(sign_in(world.a.manager), world, proposed, "accepted")
    proposed.refresh_from_db()
    assert proposed.state == State.ACCEPTED
    html = words(page(sign_in(world.b.manager), world, "recommendation", record_id=proposed.pk))
    assert "by delegation" in html


def test_a_yes_is_withdrawn_while_others_have_yet_to_answer(world, proposed, sign_in):
    client = sign_in(world.a.manager)
    step(client, world, proposed, "accepted")
    text = Agreement.objects.get(kind="advice", closed_at=None)
    assert "Withdraw your side’s acceptance" in page(
        client, world, "recommendation", record_id=proposed.pk
    )
    client.post(address(world, "text-close", agreement_id=text.pk), {"reason": "Not yet."})
    proposed.refresh_from_db()
    assert proposed.state == State.PROPOSED
    assert "Your side decides" in words(
        page(client, world, "recommendation", record_id=proposed.pk)
    )


def test_the_other_side_says_no_on_the_page_of_the_text(world, proposed, sign_in):
    step(sign_in(world.a.manager), world, proposed, "accepted")
    text = Agreement.objects.get(kind="advice", closed_at=None)
    sign_in(world.b.manager).post(
        address(world, "text-close", agreement_id=text.pk), {"reason": "Not this year."}
    )
    proposed.refresh_from_db()
    assert (proposed.state, proposed.reason) == (State.REFUSED, "Not this year.")
    assert proposed.refused_by == party(world, world.b)


def test_a_change_of_the_text_asks_everybody_again(world, proposed, sign_in):
    client = sign_in(world.a.manager)
    step(client, world, proposed, "accepted")
    do(
        world.b.manager,
        change_record,
        kind="recommendation",
        partnership_id=world.partnership.pk,
        record_id=proposed.pk,
        version=1,
        values={"title": "Meet every month"},
    )
    assert not Agreement.objects.filter(kind="advice", closed_at=None).exists()
    step(sign_in(world.b.manager), world, proposed, "accepted", version=2)
    proposed.refresh_from_db()
    assert proposed.state == State.PROPOSED


def test_what_one_side_has_accepted_waits_for_the_others_alone(world, proposed, sign_in):
    step(sign_in(world.a.manager), world, proposed, "accepted")
    for side, left in ((world.a, 0), (world.b, 1)):
        reader = reader_of(side.manager)
        with acting_as(WEB, reader):
            assert without_answered(Recommendation.objects.all(), reader).count() == left


# --- What a company is advised


def test_what_a_company_is_advised_waits_for_no_side(world, sign_in):
    company = world.a.members[0]
    made = advise(
        world, "For the company", State.PROPOSED, 365, addressee="org", organisation=company
    )
    prove(made)
    assert [one.pk for one in find_advice(world.partnership, Wanted(side="org"))] == [made.pk]
    assert not find_advice(world.partnership, Wanted(side="all"))
    assert look_back(world.partnership, today=TODAY).rows == (made,)
    assert look_back(world.partnership, today=TODAY, companies=False).rows == ()
    client = sign_in(world.a.manager)
    assert "waiting for your side’s decision." not in words(page(client, world, "detail"))
    html = page(client, world, "recommendation", record_id=made.pk)
    assert company.name in html
    assert 'id="decide"' not in html
    assert step(client, world, made, "accepted").status_code == 403


def test_the_room_s_form_does_not_offer_a_company(world, sign_in):
    client = sign_in(world.a.manager)
    html = page(client, world, "record-add", kind="recommendation")
    assert 'value="org"' not in html
    sent = {"title": "Ours", "details": "", "addressee": "org", "party": ""}
    assert client.post(address(world, "record-add", kind="recommendation"), sent).status_code == 422
