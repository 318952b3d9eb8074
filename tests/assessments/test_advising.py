"""What an engagement recommends: on what it rests, who decides, who is told, and who sees nothing."""

from dataclasses import replace

import pytest
from django.urls import reverse

from proxeny.assessments.models import Finding, Note
from proxeny.assessments.operations import advising as deeds
from proxeny.assessments.operations.advising import AdviceFacts, propose_all
from proxeny.assessments.operations.findings import FINDINGS
from proxeny.assessments.operations.guards import enter_as_team
from proxeny.assessments.operations.notes import NOTES
from proxeny.assessments.operations.work import FIGURE, FINDING, NOTE
from proxeny.assessments.queries.advised import list_advice, list_own_advice
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry, Mail
from proxeny.kernel.tenancy import WEB, acting_as
from proxeny.notices.models import Notice
from proxeny.partnerships.evidence import find_spots
from proxeny.partnerships.models import Evidence, Recommendation
from proxeny.partnerships.operations.advice import take_own_step, take_step
from tests.assessments.doing import do, told
from tests.assessments.working import (
    NOW,
    TODAY,
    address,
    at_work,
    figure,
    founded,
    outsiders,
    own_address,
    page,
    wall,
    words,
)
from tests.conftest import reader_of
from tests.factories.accounts import PersonFactory, SeatFactory
from tests.factories.assessments import AdviserFactory, NoteFactory
from tests.stages import staged

pytestmark = pytest.mark.django_db
State = Recommendation.State
FACTS = AdviceFacts(
    title="Offer a yearly licence", details="They all asked for it.", addressee="org"
)


@staged
def one(world):
    made = at_work(world)
    for side, letter in ((world.a, "A"), (world.b, "B")):
        AdviserFactory(
            engagement=made,
            person=side.ambassador,
            party=world.partnership.parties.get(side=letter),
        )
    return made


def write(person, engagement, **changes):
    return do(
        person,
        deeds.ADVICE.write,
        engagement_id=engagement.pk,
        facts=replace(FACTS, **changes),
        now=NOW,
    )


def rest(person, advice, target, number, **more):
    return do(
        person,
        deeds.rest_on,
        engagement_id=advice.source_id,
        advice_id=advice.pk,
        target=target,
        target_id=number,
        **more,
    )


def ready(world, engagement, **changes):
    """Write a draft that rests on a finding."""
    advice = write(world.a.manager, engagement, **changes)
    found = Finding.objects.first() or founded(engagement)
    rest(world.a.manager, advice, FINDING, found.pk)
    return advice


def propose(world, engagement, **changes):
    """Write a recommendation and propose it."""
    advice = ready(world, engagement, **changes)
    return do(
        world.a.manager,
        deeds.propose_advice,
        engagement_id=engagement.pk,
        advice_id=advice.pk,
        seen=1,
        now=NOW,
    )


def decide(person, advice, state, reason="", version=None):
    return do(
        person,
        take_own_step,
        record_id=advice.pk,
        state=state,
        reason=reason,
        version=version or Recommendation.objects.get(pk=advice.pk).version,
        now=NOW,
    )


def party(world, side):
    return world.partnership.parties.get(organisation=side.cluster)


def side_of(world, side):
    return {"addressee": "one", "party_id": party(world, side).pk}


# --- Writing


def test_it_stands_in_the_one_register_addressed_to_the_client(world, one):
    made = write(world.b.ambassador, one)
    assert (made.source, made.source_id, made.state) == ("assessment", one.pk, State.DRAFT)
    assert (made.addressee, made.organisation_id, made.party_id) == ("org", one.client_id, None)
    sided = write(world.a.manager, one, **side_of(world, world.b))
    assert (sided.organisation_id, sided.party_id) == (None, party(world, world.b).pk)
    assert AuditEntry.objects.get(verb="write_advice", target_id=made.pk).changes == {}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"details": "x" * 4001}, "details"),
        ({"addressee": "all of them"}, "addressee"),
        ({"addressee": "one"}, "addressee"),
        ({"addressee": "one", "party_id": 0}, "addressee"),
    ],
)
def test_what_does_not_hold_is_said_beside_its_field(world, one, changes, field):
    with pytest.raises(InvalidInput) as refused:
        write(world.a.manager, one, **changes)
    assert refused.value.field == field


@pytest.mark.parametrize("state", ["asked", "brief", "handed-over", "closed"])
def test_nothing_is_recommended_before_the_brief_is_signed_or_after_the_hand_over(world, state):
    with pytest.raises(Conflict):
        write(world.a.manager, at_work(world, state=state))


def test_it_rests_on_findings_notes_and_figures_of_the_engagement(world, one):
    advice = write(world.a.manager, one)
    finding, talk = founded(one), Note.objects.get()
    paper, values = NoteFactory(engagement=one, kind="source", title="Study"), figure(one)
    rest(world.a.manager, advice, FINDING, finding.pk)
    rest(
        world.b.manager, advice, NOTE, talk.pk, place="minute 4", text="She would  pay by the year"
    )
    rest(world.b.manager, advice, NOTE, paper.pk)
    rest(world.b.manager, advice, FIGURE, values.pk, place="2025")
    rows = Evidence.objects.order_by("pk").values_list(
        "kind", "text", "target", "target_id", "place"
    )
    assert list(rows) == [
        ("finding", "Studios buy by subscription", FINDING, finding.pk, ""),
        ("interview", "She would pay by the year", NOTE, talk.pk, "minute 4"),
        ("document", "Study", NOTE, paper.pk, ""),
        ("figure", "Turnover of sound studios", FIGURE, values.pk, "2025"),
    ]
    with pytest.raises(Conflict, match="already"):
        rest(world.a.manager, advice, NOTE, talk.pk)
    given = {"engagement_id": one.pk}
    with pytest.raises(Conflict, match="A recommendation is based on this finding"):
        do(world.a.manager, FINDINGS.drop, record_id=finding.pk, **given)
    with pytest.raises(Conflict, match="A recommendation is based on this note"):
        do(world.a.manager, NOTES.drop, record_id=paper.pk, **given)


def test_it_rests_on_nothing_of_another_engagement(world, one):
    advice = write(world.a.manager, one)
    other = at_work(world, service=one.service, member=1)
    for target, number in (
        (FINDING, founded(other).pk),
        (NOTE, NoteFactory(engagement=other).pk),
        (FIGURE, 0),
        ("accounts.person", world.a.manager.pk),
    ):
        with pytest.raises(InvalidInput):
            rest(world.a.manager, advice, target, number)
    with pytest.raises(NotFound):
        do(
            world.a.manager,
            deeds.rest_on,
            engagement_id=other.pk,
            advice_id=advice.pk,
            target=FINDING,
            target_id=Finding.objects.get().pk,
        )


def test_without_evidence_or_addressee_it_stays_a_draft(world, one):
    nobody = ready(world, one, addressee="")
    bare = write(world.a.manager, one)
    for advice in (nobody, bare):
        with pytest.raises(InvalidInput):
            do(
                world.a.manager,
                deeds.propose_advice,
                engagement_id=one.pk,
                advice_id=advice.pk,
                seen=1,
                now=NOW,
            )
    assert set(Recommendation.objects.values_list("state", flat=True)) == {State.DRAFT}


def test_once_proposed_its_evidence_and_its_addressee_stay(world, one):
    advice = propose(world, one)
    piece = Evidence.objects.get()
    with pytest.raises(Conflict):
        do(
            world.a.manager,
            deeds.rest_no_more,
            engagement_id=one.pk,
            advice_id=advice.pk,
            evidence_id=piece.pk,
        )
    given = {"engagement_id": one.pk, "record_id": advice.pk, "version": 2, "now": NOW}
    with pytest.raises(InvalidInput) as refused:
        do(world.a.manager, deeds.ADVICE.change, facts=replace(FACTS, addressee="all"), **given)
    assert refused.value.field == "addressee"
    changed = do(
        world.b.manager, deeds.ADVICE.change, facts=replace(FACTS, title="By the year"), **given
    )
    assert (changed.title, changed.version) == ("By the year", 3)
    with pytest.raises(Conflict):
        do(world.a.manager, deeds.ADVICE.change, facts=FACTS, **given)


def test_what_was_decided_is_not_written_over(world, one):
    advice = propose(world, one)
    decide(world.a.representatives[0], advice, "accepted")
    given = {"engagement_id": one.pk, "record_id": advice.pk, "now": NOW}
    with pytest.raises(Conflict, match="A decision has been made"):
        do(world.a.manager, deeds.ADVICE.change, facts=FACTS, version=3, **given)
    with pytest.raises(Conflict, match="A decision has been made"):
        do(world.a.manager, deeds.ADVICE.drop, **given)


def test_the_room_s_register_does_not_write_it_itself(world, one):
    from proxeny.partnerships.operations import records

    advice = write(world.a.manager, one)
    given = {"kind": "recommendation", "partnership_id": world.partnership.pk, "now": NOW}
    with pytest.raises(Conflict, match="This belongs to a market assessment"):
        do(
            world.a.manager,
            records.change_record,
            record_id=advice.pk,
            version=1,
            values={"title": "Ours"},
            **given,
        )
    with pytest.raises(Conflict, match="This belongs to a market assessment"):
        do(world.a.manager, records.drop_record, record_id=advice.pk, **given)
    with pytest.raises(InvalidInput, match="Only a market assessment can"):
        do(world.a.manager, records.add_record, values={"title": "x", "addressee": "org"}, **given)
    assert Recommendation.objects.get().dropped_at is None


# --- Deciding


def test_the_client_decides_and_later_says_what_became_of_it(world, one):
    advice = propose(world, one)
    client, teams = world.a.representatives[0], (world.a.ambassador, world.b.ambassador)
    assert told(client) == [f"A recommendation is waiting for your decision: {one.title}"]
    assert [told(person) for person in teams] == [[], []]
    decided = decide(client, advice, "amended", "For two years.")
    assert (decided.state, decided.decided_on, decided.reason) == (
        "amended",
        TODAY,
        "For two years.",
    )
    decide(client, advice, "doing")
    adopted = decide(client, advice, "adopted", "https://example.org/licence")
    assert (adopted.state, adopted.adopted_on) == ("adopted", TODAY)
    for person in teams:
        assert told(person) == [
            f"Recommendation accepted with changes: {one.title}",
            f"Recommendation under way: {one.title}",
            f"Recommendation adopted: {one.title}",
        ]
    assert len(told(client)) == 1
    text = Mail.objects.filter(recipient=teams[1].email).earliest("pk").text
    assert "has accepted it on behalf of Greek member 1, with changes:" in text
    assert "For two years." in text
    rows = AuditEntry.objects.filter(verb="decide_recommendation").order_by("pk")
    assert [(row.organisation_id, row.changes, row.why) for row in rows] == [
        (one.client_id, {"state": ["proposed", "amended"]}, ""),
        (one.client_id, {"state": ["amended", "doing"]}, ""),
        (one.client_id, {"state": ["doing", "adopted"]}, ""),
    ]


@pytest.mark.parametrize("state", ["amended", "refused"])
def test_a_change_or_a_no_needs_words(world, one, state):
    advice = propose(world, one)
    with pytest.raises(InvalidInput) as refused:
        decide(world.a.representatives[0], advice, state, "  ")
    assert refused.value.field == "reason"
    assert decide(world.a.representatives[0], advice, state, "Too dear.").reason == "Too dear."


def test_adopted_needs_its_proof_and_dropped_a_reason(world, one):
    advice = propose(world, one)
    decide(world.a.representatives[0], advice, "accepted")
    for state in ("adopted", "dropped"):
        with pytest.raises(InvalidInput):
            decide(world.a.representatives[0], advice, state)
    assert decide(world.a.representatives[0], advice, "dropped", "No buyer.").state == "dropped"


def test_of_two_people_of_the_company_the_second_is_told_that_it_was_decided(world, one):
    advice = propose(world, one)
    second = PersonFactory(name="Second representative")
    SeatFactory(person=second, organisation=one.client, role="representative")
    decide(world.a.representatives[0], advice, "accepted", version=2)
    with pytest.raises(Conflict):
        decide(second, advice, "refused", "No.", version=2)
    decide(second, advice, "doing")
    assert f"Recommendation under way: {one.title}" in told(world.a.representatives[0])


def test_nobody_decides_for_the_company(world, one):
    advice = propose(world, one)
    for person in (world.a.manager, world.b.manager, world.a.ambassador):
        with pytest.raises(NotAllowed):
            do(
                person,
                take_step,
                partnership_id=world.partnership.pk,
                record_id=advice.pk,
                version=2,
                state="accepted",
                reason="",
                now=NOW,
            )
        with pytest.raises(NotFound):
            decide(person, advice, "accepted")
    for person in (world.a.representatives[1], world.b.representatives[0], world.c.manager):
        with pytest.raises(NotFound):
            decide(person, advice, "accepted")


def test_a_draft_is_not_there_for_the_company(world, one, sign_in, reading):
    advice = ready(world, one)
    client = world.a.representatives[0]
    with reading(client):
        assert not Recommendation.objects.exists()
    with pytest.raises(NotFound):
        decide(client, advice, "accepted")
    page(sign_in(client), own_address(one, "own-advice-one", advice.pk), 404)


def test_a_side_decides_on_what_it_is_advised_in_the_room(world, one):
    advice = propose(world, one, **side_of(world, world.b))
    assert told(world.b.manager) == [f"A recommendation is waiting for your decision: {one.title}"]
    assert told(world.a.representatives[0]) == []
    given = {
        "partnership_id": world.partnership.pk,
        "record_id": advice.pk,
        "version": 2,
        "state": "refused",
        "reason": "Not our task.",
        "now": NOW,
    }
    with pytest.raises(NotAllowed):
        do(world.a.manager, take_step, **given)
    assert do(world.b.manager, take_step, **given).state == "refused"
    assert told(world.a.ambassador) == [f"Recommendation refused: {one.title}"]


def test_with_the_report_all_that_is_ready_is_proposed_in_one_mail_a_person(world, one):
    sided = [ready(world, one, title=title, **side_of(world, world.b)) for title in ("a", "b")]
    own = ready(world, one)
    bare = write(world.a.manager, one, title="Not ready")
    reader = reader_of(world.a.manager)
    with acting_as(WEB, reader):
        found = propose_all(actor=reader, entered=enter_as_team(reader, one.pk), now=NOW)
    assert [advice.pk for advice in found] == [*(advice.pk for advice in sided), own.pk]
    bare.refresh_from_db()
    assert bare.state == State.DRAFT
    assert told(world.b.manager) == [
        f"Report sent, with recommendations for your side: {one.title}"
    ]
    assert "2 recommendations for your side" in Mail.objects.get().text


def test_whoever_asked_has_left_and_somebody_else_is_told(world, one):
    second = PersonFactory(name="Second representative")
    SeatFactory(person=second, organisation=one.client, role="representative")
    one.asked_by = None
    one.save()
    propose(world, one)
    assert told(second) == [f"A recommendation is waiting for your decision: {one.title}"]


# --- Who sees it


def test_who_has_a_conflict_of_interest_sees_none_of_it(world, one, sign_in, reading):
    advice = propose(world, one, title="Walled words", addressee="all")
    walled = wall(one, world.b.ambassador)
    wall(one, world.b.manager)
    Mail.objects.all().delete()
    with reading(walled):
        assert not Recommendation.objects.exists()
        assert not Evidence.objects.exists()
    client = sign_in(walled)
    room = {"pk": world.partnership.pk}
    assert "Walled words" not in page(client, reverse("partnerships:advice", kwargs=room))
    page(
        client, reverse("partnerships:recommendation", kwargs={**room, "record_id": advice.pk}), 404
    )
    page(client, reverse("partnerships:history", kwargs=room))
    for html in (
        page(client, reverse("partnerships:detail", kwargs=room)),
        page(client, reverse("partnerships:history", kwargs=room)),
        page(client, reverse("partnerships:advice", kwargs=room) + "?source=assessment"),
    ):
        assert "Walled words" not in html
    rows = AuditEntry.objects.filter(partnership_id=world.partnership.pk)
    assert not any("Walled words" in f"{row.changes}{row.why}" for row in rows)
    do(
        world.a.manager,
        take_step,
        partnership_id=world.partnership.pk,
        record_id=advice.pk,
        version=2,
        state="accepted",
        reason="Walled words",
        now=NOW,
    )
    assert told(walled) == told(world.b.manager) == []
    assert not AuditEntry.objects.filter(why__contains="Walled").exists()


def test_nobody_but_the_teams_and_the_client_sees_it(world, one, sign_in):
    advice = propose(world, one)
    for name, person in outsiders(world, one).items():
        client = sign_in(person)
        page(client, address(one, "advice-edit", advice.pk), 404)
        page(client, address(one, "advice-evidence", advice.pk), 404)
        assert client.post(address(one, "advice-drop", advice.pk)).status_code == 404
        status = 200 if name == "client" else 404
        for url in (own_address(one, "own-advice"), own_address(one, "own-advice-one", advice.pk)):
            page(client, url, status)
    for person in (world.a.manager, world.b.manager):
        page(sign_in(person), own_address(one, "own-advice"), 404)


def test_from_claim_to_source_each_on_the_pages_they_may_open(world, one):
    advice = propose(world, one)
    finding, note = Finding.objects.get(), Note.objects.get()
    rest(world.a.manager, advice, NOTE, note.pk)
    pieces = list(Evidence.objects.order_by("pk"))

    def addresses(person):
        reader = reader_of(person)
        with acting_as(WEB, reader):
            found = find_spots(reader, pieces)
        return [found[piece.pk].url if piece.pk in found else "" for piece in pieces]

    assert addresses(world.b.manager) == [
        f"{address(one, 'findings')}#finding-{finding.pk}",
        f"{address(one, 'work')}?note={note.pk}#note-{note.pk}",
    ]
    assert addresses(world.a.representatives[0]) == [
        f"{own_address(one, 'own-report')}#finding-{finding.pk}",
        "",
    ]
    assert addresses(wall(one, world.b.ambassador)) == ["", ""]
    assert addresses(world.c.manager) == ["", ""]


# --- Pages


def test_the_findings_tab_tells_where_each_stands_and_offers_the_next_step(world, one, sign_in):
    draft = ready(world, one, title="Ready to go")
    write(world.a.manager, one, title="Bare", addressee="")
    client = sign_in(world.b.ambassador)
    html = page(client, address(one, "findings"))
    told_ = words(html)
    assert "Choose who should act." in told_
    assert "Add the evidence for it." in told_
    assert html.count(address(one, "advice-propose", draft.pk)) == 1
    answer = client.post(address(one, "advice-propose", draft.pk), {"seen": "1"})
    assert answer["Location"] == f"{address(one, 'findings')}#advice-{draft.pk}"
    decide(world.a.representatives[0], draft, "accepted")
    html = page(client, address(one, "findings"))
    assert "Ready to go Accepted Greek member 1" in words(html)
    assert address(one, "advice-edit", draft.pk) not in html


def test_writing_leads_to_what_it_rests_on(world, one, sign_in):
    finding = founded(one)
    client = sign_in(world.a.ambassador)
    assert client.post(address(one, "advice-add"), {"title": ""}).status_code == 422
    answer = client.post(address(one, "advice-add"), {"title": "Go", "addressee": "org"})
    advice = Recommendation.objects.get()
    here = address(one, "advice-evidence", advice.pk)
    assert answer["Location"] == here
    assert client.post(here, {"source": ""}).status_code == 422
    sent = {"source": f"finding-{finding.pk}", "place": "", "text": ""}
    assert client.post(here, sent)["Location"] == here
    answer = client.post(here, sent)
    assert answer.status_code == 422
    assert "This is already linked." in answer.content.decode()
    piece = Evidence.objects.get()
    client.post(address(one, "advice-evidence-remove", advice.pk, piece.pk))
    assert not Evidence.objects.exists()


def test_in_the_room_it_stands_with_its_way_and_leads_to_where_it_is_written(world, one, sign_in):
    advice = propose(world, one)
    client = sign_in(world.a.manager)
    room = {"pk": world.partnership.pk}
    html = page(client, reverse("partnerships:advice", kwargs=room) + "?source=assessment&side=org")
    assert "Offer a yearly licence" in html
    assert "Greek member 1" in html
    assert "#decide" not in html
    url = reverse("partnerships:recommendation", kwargs={**room, "record_id": advice.pk})
    html = page(client, url)
    assert f"{address(one, 'findings')}#finding-{Finding.objects.get().pk}" in html
    assert f"{address(one, 'findings')}#advice-{advice.pk}" in html
    assert address(one, "advice-edit", advice.pk) in html
    assert "Waiting for the company that should act." in html
    assert 'id="decide"' not in html


def test_the_company_s_pages_from_the_list_to_the_decision(world, one, sign_in):
    empty = page(sign_in(world.a.representatives[0]), own_address(one, "own-advice"))
    assert "No recommendations for you yet" in empty
    advice = propose(world, one)
    propose(world, one, title="For the sides", addressee="all")
    client = sign_in(world.a.representatives[0])
    html = page(client, own_address(one, "own-advice"))
    assert "Offer a yearly licence" in html
    assert "For the sides" not in html
    url, step = (
        own_address(one, name, advice.pk) for name in ("own-advice-one", "own-advice-step")
    )
    html = page(client, url)
    assert 'id="decide"' in html
    assert "Studios buy by subscription" in html
    assert client.post(step, {"seen": "2"}).status_code == 422
    assert client.post(step, {"state": "refused", "seen": "2"}).status_code == 422
    assert client.post(step, {"state": "adopted", "seen": "2"}).status_code == 422
    assert client.post(step, {"state": "accepted", "seen": "2"})["Location"] == url
    answer = client.post(step, {"state": "refused", "seen": "2", "reason": "My words"})
    assert answer.status_code == 409
    assert "What you wrote hasn’t been saved; it’s shown here: My words" in words(
        answer.content.decode()
    )
    html = page(client, url)
    assert "What came of it?" in html
    assert client.post(step, {"state": "adopted", "seen": "3"}).status_code == 422
    client.post(step, {"state": "adopted", "seen": "3", "reason": "Since May"})
    assert "Since May" in page(client, url)
    page(client, own_address(one, "own-advice-one", Recommendation.objects.latest("pk").pk), 404)


def test_one_of_another_engagement_is_not_there(world, one, sign_in):
    advice = propose(world, one)
    other = at_work(world, service=one.service)
    page(sign_in(world.a.representatives[0]), own_address(other, "own-advice-one", advice.pk), 404)
    page(sign_in(world.a.manager), address(other, "advice-edit", advice.pk), 404)


def test_what_was_changed_meanwhile_is_shown_beside_what_was_typed(world, one, sign_in):
    advice = write(world.a.manager, one)
    url = address(one, "advice-edit", advice.pk)
    sent = {"title": "Mine", "details": "", "addressee": "org", "version": "1"}
    assert sign_in(world.a.manager).post(url, sent).status_code == 302
    answer = sign_in(world.b.manager).post(url, {**sent, "title": "Theirs"})
    assert answer.status_code == 409
    assert "This changed while you were editing" in words(answer.content.decode())


def test_an_ended_partnership_only_reads(world, one, sign_in):
    advice = propose(world, one)
    type(world.partnership).objects.update(state="ended")
    with pytest.raises(Conflict):
        decide(world.a.representatives[0], advice, "accepted")
    html = page(sign_in(world.a.representatives[0]), own_address(one, "own-advice-one", advice.pk))
    assert 'id="decide"' not in html


def test_lists_take_the_same_queries_with_one_row_and_many(
    world, one, sign_in, django_assert_num_queries
):
    propose(world, one)
    client = sign_in(world.a.representatives[0])
    page(client, own_address(one, "own-advice"))
    reader = reader_of(world.a.manager)
    for number in (0, 2):
        for time in range(number):
            more = propose(world, one, title=f"More {time}")
            rest(world.a.manager, more, NOTE, Note.objects.first().pk)
        # Nothing is left unread: opening a page would mark what was told of it.
        Notice.objects.all().delete()
        with django_assert_num_queries(OWN):
            page(client, own_address(one, "own-advice"))
        with (
            acting_as(WEB, reader),
            django_assert_num_queries(LISTED if not number else LISTED + 1),
        ):
            list_advice(reader, one)
    with acting_as(WEB, reader_of(world.a.representatives[0])):
        assert len(list_own_advice(reader_of(world.a.representatives[0]), one)) == 3


OWN, LISTED = 16, 3
