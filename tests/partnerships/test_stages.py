"""The stages of a partnership, the texts that open them, the exit, and who joins and leaves."""

import io
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from pypdf import PdfReader

from proxeny.directory.models import Organisation
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry, Mail
from proxeny.partnerships import queries, texts
from proxeny.partnerships.facts import gather_facts
from proxeny.partnerships.models import (
    Agreement,
    Assessment,
    Partnership,
    Party,
    Risk,
    SharingGrant,
    Stage,
)
from proxeny.partnerships.operations import (
    amend_agreement,
    end_partnership,
    parties,
    risks,
    sign_agreement,
    signing,
    stages,
)
from proxeny.partnerships.readiness import check_gate, next_stages
from tests.conftest import reader_of
from tests.factories import rooms
from tests.factories.partnerships import AgreementFactory, SignOffFactory
from tests.forms import form_of
from tests.partnerships.rooms import TODAY, do, others, party, words
from tests.stages import staged

NOW = timezone.now()

#: Each grade of a risk.
GRADES = {
    f"{when}_{what}": 3
    for when in ("inherent", "current", "residual")
    for what in ("likelihood", "impact")
}


@staged
def signed(world):
    """The world's partnership with its agreement signed, at the beginning of its plan."""
    Partnership.objects.filter(pk=world.partnership.pk).update(
        stage=Stage.SELECTION, stage_since=TODAY - timedelta(days=30)
    )
    agreement = AgreementFactory(partnership=world.partnership, completed_at=NOW)
    for one in world.partnership.parties.all():
        SignOffFactory(agreement=agreement, party=one)
    world.partnership.refresh_from_db()
    return world


def gate(world, stage):
    """Return the codes of what is missing for a stage."""
    partnership = queries.get_partnership(world.partnership.pk)
    found = check_gate(gather_facts(partnership, today=TODAY), Stage(stage), today=TODAY)
    return [one.code for one in found if not one.is_met]


def sign(person, agreement, **given):
    given = {"text_hash": agreement.text_hash, **given}
    return do(
        person,
        signing.sign_text,
        partnership_id=agreement.partnership_id,
        agreement_id=agreement.pk,
        **given,
    )


def ask(world, person, stage, note=""):
    return do(person, stages.ask_stage, partnership_id=world.partnership.pk, stage=stage, note=note)


def plan_exit(world):
    made = do(
        world.a.manager,
        stages.write_exit_plan,
        partnership_id=world.partnership.pk,
        text="As friends.",
        number=0,
    )
    return sign(world.b.manager, made)


def make_ready(world):
    """Put in place all that working together asks for."""
    partnership = world.partnership
    a, b = party(world, world.a), party(world, world.b)
    Party.objects.filter(pk=a.pk).update(contact=world.a.ambassador)
    Party.objects.filter(pk=b.pk).update(contact=world.b.ambassador)
    rooms.KeyResultFactory(objective=rooms.ObjectiveFactory(partnership=partnership))
    milestone = rooms.ActivityFactory(partnership=partnership, is_milestone=True, cost=100)
    risk = rooms.RiskFactory(partnership=partnership, review_on=date(2027, 1, 1))
    for one, person in ((a, world.a.manager), (b, world.b.manager)):
        rooms.ChargeFactory(party=one, person=person, activity=milestone)
        rooms.ChargeFactory(party=one, person=person, risk=risk)
    accepted = do(
        world.a.manager,
        risks.ask_acceptance,
        partnership_id=partnership.pk,
        risk_id=risk.pk,
        version=risk.version,
    )
    sign(world.b.manager, accepted)
    source = rooms.FundingSourceFactory(partnership=partnership, kind="own")
    rooms.FundingLineFactory(source=source, activity=milestone, amount=100)
    rooms.RhythmFactory(partnership=partnership)
    plan_exit(world)
    return milestone, risk


def side_by_side(world, sign_in, agreement, **query):
    page = sign_in(world.b.manager).get(
        reverse("partnerships:text", args=[agreement.partnership_id, agreement.pk]), query
    )
    return page, page.context["readings"]


def test_a_composed_text_is_read_in_two_languages_and_signed_in_one(signed, sign_in):
    make_ready(signed)
    asked = ask(signed, signed.a.manager, "working", note="Εμπρός!")
    page, (own, other) = side_by_side(signed, sign_in, asked, language="ar")
    assert (own.text, own.language, own.is_signed) == (asked.text, "en", True)
    assert (other.language, other.is_rtl, other.is_signed) == ("ar", True, False)
    assert other.text.endswith("Εμπρός!")
    assert "The agreement is signed" not in other.text
    assert "The signatures cover the signed text word for word." in words(page.text)
    assert f'value="{asked.text_hash}"' in page.text
    sign(signed.b.manager, asked)
    # From right to left, the Arabic text still stands on the right: there it comes first.
    with translation.override("ar"):
        assert [one.language for one in texts.versions_of(asked, ["ar"])] == ["ar", "en"]


def test_a_text_that_would_be_composed_otherwise_today_comes_alone(signed, sign_in):
    make_ready(signed)
    asked = ask(signed, signed.a.manager, "working")
    Agreement.objects.filter(pk=asked.pk).update(text=asked.text.replace("in place", "there"))
    _page, (alone,) = side_by_side(signed, sign_in, asked, language="fr")
    assert (alone.language, alone.is_signed) == ("", True)
    assert "there" in alone.text


def test_the_file_of_a_text_holds_both_languages_and_its_hash(signed, sign_in):
    make_ready(signed)
    asked = ask(signed, signed.a.manager, "working")
    answer = sign_in(signed.b.manager).get(
        reverse("partnerships:text-pdf", args=[asked.partnership_id, asked.pk]), {"language": "fr"}
    )
    assert answer["Content-Type"] == "application/pdf"
    pages = PdfReader(io.BytesIO(answer.content)).pages
    told = " ".join(" ".join(one.extract_text() for one in pages).split())
    for part in ("English · Signed text", "français", "The agreement is signed", "Greek cluster"):
        assert part in told
    assert asked.text_hash in told.replace(" ", "")


def test_what_is_missing_is_told_thing_by_thing(signed, reading):
    with reading(signed.a.manager):
        assert gate(signed, "working") == [
            "goals",
            "plan",
            "people",
            "risks",
            "exit",
            "rhythm",
        ]
    with pytest.raises(InvalidInput, match="No objectives yet") as error:
        ask(signed, signed.a.manager, "working")
    assert "The plan is empty" in str(error.value)
    assert not Agreement.objects.filter(kind="stage").exists()


def test_both_sign_and_the_stage_is_entered(signed, reading):
    make_ready(signed)
    with reading(signed.a.manager):
        assert gate(signed, "working") == []
    asked = ask(signed, signed.a.manager, "working", note="We have all we need.")
    signed.partnership.refresh_from_db()
    assert signed.partnership.stage == Stage.SELECTION, "one signature enters nothing"
    assert "We have all we need." in asked.text
    assert "A plan with milestones" in asked.text
    mail = Mail.objects.filter(key__contains=":asked:", recipient=signed.b.manager.email)
    assert "the stage “Working together”" in mail.latest("pk").text
    sign(signed.b.manager, asked)
    signed.partnership.refresh_from_db()
    assert (signed.partnership.stage, signed.partnership.stage_since) == (Stage.WORKING, TODAY)
    entry = AuditEntry.objects.get(verb="enter_stage")
    assert entry.changes == {"stage": ["selection", "working"]}


def test_each_thing_that_goes_away_closes_the_gate_again(signed, reading):
    milestone, risk = make_ready(signed)
    rooms.ActivityFactory(partnership=signed.partnership, title="Unowned", cost=500)
    risk.charges.all().delete()
    with reading(signed.b.ambassador):
        partnership = queries.get_partnership(signed.partnership.pk)
        found = check_gate(gather_facts(partnership, today=TODAY), Stage.WORKING, today=TODAY)
    missing = {one.code: one.missing for one in found if not one.is_met}
    assert missing.keys() == {"people", "risks", "money"}
    assert "Unowned" in missing["people"]
    assert risk.title in missing["risks"]
    assert "Unowned" in missing["money"]
    assert milestone.title not in missing["money"]


def test_who_may_not_ask_or_sign(signed):
    make_ready(signed)
    people = {
        signed.a.ambassador: (NotAllowed, NotAllowed),
        signed.b.ambassador: (NotAllowed, NotAllowed),
        # They see the partnership, and none of its texts.
        signed.a.representatives[0]: (NotAllowed, NotFound),
        signed.b.representatives[0]: (NotAllowed, NotFound),
        signed.c.manager: (NotFound, NotFound),
        signed.nobody_special: (NotFound, NotFound),
    }
    for person, (error, _) in people.items():
        with pytest.raises(error):
            ask(signed, person, "working")
    asked = ask(signed, signed.a.manager, "working")
    for person, (_, error) in people.items():
        with pytest.raises(error):
            sign(person, asked)
    with pytest.raises(Conflict, match="already signed for your side"):
        sign(signed.a.manager, asked)


def test_a_stage_that_does_not_follow_is_refused(signed):
    for stage in ("awareness", "selection", "value", "staying", "nonsense"):
        with pytest.raises(InvalidInput) as error:
            ask(signed, signed.a.manager, stage)
        assert error.value.field == "stage"


def test_who_does_not_sign_says_why(signed):
    make_ready(signed)
    asked = ask(signed, signed.a.manager, "working")
    with pytest.raises(InvalidInput):
        do(
            signed.b.manager,
            signing.close_text,
            partnership_id=signed.partnership.pk,
            agreement_id=asked.pk,
            why=" ",
        )
    do(
        signed.b.manager,
        signing.close_text,
        partnership_id=signed.partnership.pk,
        agreement_id=asked.pk,
        why="The plan is too tight.",
    )
    asked.refresh_from_db()
    assert (asked.closed_why, asked.completed_at) == ("The plan is too tight.", None)
    with pytest.raises(Conflict, match="This has already been decided"):
        sign(signed.b.manager, asked)
    mail = Mail.objects.get(key__contains=":closed:", recipient=signed.a.manager.email)
    assert "The plan is too tight." in mail.text


def test_other_words_than_those_read_are_not_signed(signed):
    make_ready(signed)
    asked = ask(signed, signed.a.manager, "working")
    with pytest.raises(Conflict, match="has changed"):
        sign(signed.b.manager, asked, text_hash="1" * 64)


def test_asked_again_the_earlier_wish_is_closed(signed):
    make_ready(signed)
    first = ask(signed, signed.a.manager, "working")
    second = ask(signed, signed.b.manager, "working")
    first.refresh_from_db()
    assert first.closed_at is not None
    assert (second.number, second.closed_at) == (2, None)


def test_a_stage_that_does_not_follow_any_more_is_signed_no_longer(signed):
    make_ready(signed)
    late, leaving = (
        AgreementFactory(partnership=signed.partnership, kind="stage", subject=stage)
        for stage in ("staying", "exit")
    )
    sign(signed.b.manager, ask(signed, signed.a.manager, "working"))
    late.refresh_from_db()
    leaving.refresh_from_db()
    assert late.closed_at is not None
    assert leaving.closed_at is None, "the exit follows from everywhere"
    with pytest.raises(Conflict):
        sign(signed.b.manager, late)


def test_the_later_stages_ask_for_what_came_of_it(signed, reading):
    for stage, codes in (
        ("value", ["milestone", "measured", "caught-up"]),
        ("staying", ["review"]),
        ("exit", ["exit"]),
    ):
        with reading(signed.a.manager):
            assert gate(signed, stage) == codes


def test_a_renewal_asks_for_a_new_agreement_and_new_goals(signed, reading):
    make_ready(signed)
    Partnership.objects.filter(pk=signed.partnership.pk).update(stage=Stage.STAYING)
    signed.partnership.refresh_from_db()
    assert next_stages(signed.partnership) == [Stage.WORKING, Stage.EXIT]
    with reading(signed.a.manager):
        assert gate(signed, "working") == ["review", "renewed"]
    rooms.HealthReviewFactory(partnership=signed.partnership, shown_at=NOW)
    made = do(
        signed.a.manager,
        amend_agreement,
        partnership_id=signed.partnership.pk,
        text="We go on, with games.",
        number=1,
    )
    for person in (signed.a.manager, signed.b.manager):
        do(
            person,
            sign_agreement,
            partnership_id=signed.partnership.pk,
            number=2,
            text_hash=made.text_hash,
        )
    with reading(signed.a.manager):
        assert gate(signed, "working") == []


def test_the_exit_both_sign_ends_it(signed):
    plan_exit(signed)
    with pytest.raises(InvalidInput) as error:
        ask(signed, signed.a.manager, "exit")
    assert error.value.field == "note"
    reason = "We have reached what we wanted.\n\nThank you for the two years."
    asked = ask(signed, signed.a.manager, "exit", note=reason)
    sign(signed.b.manager, asked)
    signed.partnership.refresh_from_db()
    assert (signed.partnership.state, signed.partnership.ends_on) == ("ended", TODAY)
    assert signed.partnership.reason == reason
    assert not SharingGrant.objects.filter(withdrawn_at=None).exists()
    with pytest.raises(Conflict):
        do(signed.a.manager, end_partnership, partnership_id=signed.partnership.pk, reason="x")


def test_the_plan_for_the_exit_has_versions(signed):
    first = plan_exit(signed)
    with pytest.raises(Conflict, match="kept here"):
        do(
            signed.b.manager,
            stages.write_exit_plan,
            partnership_id=signed.partnership.pk,
            text="Otherwise.",
            number=0,
        )
    second = do(
        signed.b.manager,
        stages.write_exit_plan,
        partnership_id=signed.partnership.pk,
        text="Otherwise.",
        number=1,
    )
    first.refresh_from_db()
    assert first.closed_at is None, "it stays in force until both have signed the new one"
    assert second.completed_at is None


def test_a_signed_text_names_itself(signed, reading):
    _milestone, risk = make_ready(signed)
    asked = ask(signed, signed.a.manager, "working")
    with reading(signed.b.manager):
        assert texts.name_of(asked) == "the stage “Working together”"
        accepted = Agreement.objects.get(kind="risk")
        assert texts.name_of(accepted) == f"accepting the risk “{risk.title}”"


# What each side thinks for itself.


def assess(person, world, **given):
    values = {"brings": "Contacts", "needs": "Buyers", "limits": "No arms", "doubts": "", **given}
    values.setdefault("version", 0)
    values.setdefault("is_done", False)
    return do(person, parties.write_assessment, partnership_id=world.partnership.pk, **values)


def test_what_a_side_thinks_is_read_by_its_own_people_alone(world, reading):
    assess(world.a.manager, world, doubts="Will they answer?")
    for person in (world.a.manager, world.a.ambassador):
        with reading(person):
            assert Assessment.objects.get().doubts == "Will they answer?"
    for person in (world.b.manager, world.b.ambassador, *others(world).values()):
        with reading(person):
            assert not Assessment.objects.exists()


def test_done_is_told_by_the_day(world, reading):
    Partnership.objects.filter(pk=world.partnership.pk).update(
        state=Partnership.State.PROPOSED, stage=Stage.KNOWLEDGE
    )
    with pytest.raises(InvalidInput):
        assess(world.a.manager, world, is_done=True, limits="")
    assess(world.a.manager, world, is_done=True)
    world.partnership.refresh_from_db()
    assert world.partnership.stage == Stage.KNOWLEDGE
    assess(world.b.manager, world, is_done=True)
    world.partnership.refresh_from_db()
    assert world.partnership.stage == Stage.ASSESSMENT
    with reading(world.b.manager):
        assert party(world, world.a).assessed_on == TODAY
    with pytest.raises(Conflict):
        assess(world.a.manager, world, version=0)
    assess(world.a.manager, world, version=1, brings="More contacts")
    with pytest.raises(NotAllowed):
        assess(world.a.ambassador, world, version=2)


def test_a_contact_is_of_the_own_side(world):
    given = {"partnership_id": world.partnership.pk}
    do(world.a.manager, parties.name_contact, person_id=world.a.ambassador.pk, **given)
    assert party(world, world.a).contact == world.a.ambassador
    with pytest.raises(InvalidInput):
        do(world.a.manager, parties.name_contact, person_id=world.b.ambassador.pk, **given)
    with pytest.raises(NotAllowed):
        do(world.a.ambassador, parties.name_contact, person_id=None, **given)


# Alliances.


def invite(world, person=None):
    Organisation.objects.filter(pk=world.c.cluster.pk).update(visibility="public")
    return do(
        person or world.a.manager,
        parties.invite_party,
        note="Come in.",
        partnership_id=world.partnership.pk,
        organisation_id=world.c.cluster.pk,
    )


def join(world):
    invite(world)
    asked = Agreement.objects.get(kind="joining")
    sign(world.b.manager, asked)
    return sign(world.c.manager, asked)


def test_who_is_invited_reads_the_agreement_and_nothing_done_under_it(signed, reading):
    rooms.ObjectiveFactory(partnership=signed.partnership)
    made = invite(signed)
    assert (made.side, made.state) == ("C", Party.State.INVITED)
    reader = reader_of(signed.c.manager)
    assert signed.partnership.pk in reader.partnerships
    assert signed.partnership.pk not in reader.rooms
    assert signed.partnership.pk not in reader.steered
    with reading(signed.c.manager):
        partnership = queries.get_partnership(signed.partnership.pk)
        assert [one.agreement.text for one in queries.list_texts(partnership)] == [
            "We work together."
        ]
        assert [one.agreement.kind for one in queries.list_asked(partnership)] == ["joining"]
        assert not rooms.ObjectiveFactory._meta.model.objects.exists()
        assert not SharingGrant.objects.exists()
    with pytest.raises(NotAllowed):
        do(
            signed.c.manager,
            amend_agreement,
            partnership_id=signed.partnership.pk,
            text="Otherwise.",
            number=1,
        )
    recipients = set(
        Mail.objects.filter(key__contains=":asked:").values_list("recipient", flat=True)
    )
    assert recipients == {signed.b.manager.email, signed.c.manager.email}


def test_all_sign_and_a_third_takes_part(signed, reading):
    join(signed)
    third = signed.partnership.parties.get(side="C")
    assert third.state == Party.State.JOINED
    agreement = Agreement.objects.get(kind="text")
    assert agreement.sign_offs.get(party=third).text_hash == agreement.text_hash
    assert signed.partnership.pk in reader_of(signed.c.manager).steered
    assert AuditEntry.objects.filter(verb="join_alliance").exists()
    with pytest.raises(Conflict, match="already"):
        invite(signed)


def test_two_of_three_signatures_enter_no_stage(signed):
    make_ready(signed)
    join(signed)
    third = signed.partnership.parties.get(side="C")
    Party.objects.filter(pk=third.pk).update(contact=signed.c.manager)
    risk = Agreement.objects.get(kind="risk")
    assert risk.completed_at, "accepted before the third came"
    with pytest.raises(InvalidInput, match="No one is in charge of anything at Other cluster"):
        ask(signed, signed.a.manager, "working")
    rooms.ChargeFactory(
        party=third,
        person=signed.c.manager,
        activity=rooms.ActivityFactory(partnership=signed.partnership),
    )
    asked = ask(signed, signed.a.manager, "working")
    sign(signed.b.manager, asked)
    signed.partnership.refresh_from_db()
    assert signed.partnership.stage == Stage.SELECTION
    sign(signed.c.manager, asked)
    signed.partnership.refresh_from_db()
    assert signed.partnership.stage == Stage.WORKING


def test_who_says_no_stays_out(signed):
    invite(signed)
    asked = Agreement.objects.get(kind="joining")
    do(
        signed.c.manager,
        signing.close_text,
        partnership_id=signed.partnership.pk,
        agreement_id=asked.pk,
        why="Not this year.",
    )
    assert signed.partnership.pk not in reader_of(signed.c.manager).rooms
    assert signed.partnership.parties.get(side="C").state == Party.State.LEFT


def test_who_leaves_reads_nothing_any_more_and_the_others_go_on(signed, reading):
    with pytest.raises(Conflict, match="Only two parties are left"):
        do(
            signed.a.manager,
            parties.leave_alliance,
            partnership_id=signed.partnership.pk,
            reason="x",
        )
    join(signed)
    before = Partnership.objects.get(pk=signed.partnership.pk)
    left = do(
        signed.a.manager,
        parties.leave_alliance,
        partnership_id=signed.partnership.pk,
        reason="We have other plans.",
    )
    assert (left.version, left.lead_id) == (before.version + 1, signed.b.cluster.pk)
    assert signed.partnership.pk not in reader_of(signed.a.manager).partnerships
    signed.partnership.refresh_from_db()
    assert (signed.partnership.state, signed.partnership.lead) == ("active", signed.b.cluster)
    assert not SharingGrant.objects.filter(
        organisation=signed.a.cluster, withdrawn_at=None
    ).exists()
    with pytest.raises(NotFound):
        ask(signed, signed.a.manager, "exit", note="x")
    assert signed.partnership.version == before.version + 1
    recipients = set(
        Mail.objects.filter(key__contains=":left:").values_list("recipient", flat=True)
    )
    assert recipients == {signed.b.manager.email, signed.c.manager.email}


def test_what_waited_only_for_who_left_is_settled(signed):
    join(signed)
    partnership = signed.partnership
    amended = do(
        signed.b.manager,
        amend_agreement,
        partnership_id=partnership.pk,
        text="We go on, with games.",
        number=1,
    )
    stage = AgreementFactory(partnership=partnership, kind="stage", subject="working")
    plan = AgreementFactory(partnership=partnership, kind="exit")
    for text in (amended, stage):
        for side in ("B", "C"):
            SignOffFactory(agreement=text, party=partnership.parties.get(side=side))
    do(signed.a.manager, parties.leave_alliance, partnership_id=partnership.pk, reason="x")
    for one in (amended, stage, plan):
        one.refresh_from_db()
    assert amended.completed_at is not None, "all who stay have signed it"
    assert (stage.completed_at, stage.closed_at is None) == (None, False)
    assert (plan.completed_at, plan.closed_at) == (None, None), "it waits for those who stay"


def test_the_internal_assessment_is_ticked_once_each_side_has_done_it(signed, sign_in):
    client = sign_in(signed.a.manager)
    client.cookies["django_language"] = "en"
    room = f"/partnerships/{signed.partnership.pk}/"
    sides = Party.objects.filter(partnership=signed.partnership)
    for done, told in ((0, "0 of 2 sides are done"), (1, "1 of 2 sides are done"), (2, None)):
        if done:
            one = sides.filter(assessed_on=None).order_by("pk")[:1]
            Party.objects.filter(pk__in=one.values("pk")).update(assessed_on=TODAY)
        for page in (room, f"{room}stages/"):
            text = words(client.get(page).text)
            assert ("Internal assessment (done)" in text) == (told is None), (page, done)
            assert told is None or f"Internal assessment {told}" in text
            assert "Getting to know each other (done)" in text


def test_what_is_missing_leads_to_where_it_is_put_right(signed, sign_in):
    """Every link of every gate opens, and the place that it names is on the page."""
    Party.objects.filter(partnership=signed.partnership).update(contact=None)
    source = rooms.FundingSourceFactory(partnership=signed.partnership)
    rooms.FundingLineFactory(source=source, currency="GBP")
    client, seen = sign_in(signed.a.manager), {}
    partnership = queries.get_partnership(signed.partnership.pk)
    empty = gather_facts(partnership, today=TODAY)
    assert empty.without_rate == ["GBP"]
    for facts in (empty, replace(empty, without_contact=[], without_rate=[])):
        for stage in Stage:
            for one in check_gate(facts, stage, today=TODAY):
                seen[one.code, one.url] = one.missing
    for code, url in seen:
        address, _sign, place = url.partition("#")
        page = client.get(address)
        assert page.status_code == 200, (code, url)
        assert not place or f'id="{place}"' in page.content.decode(), (code, url)
    urls = {}
    for code, url in seen:
        urls.setdefault(code, set()).add(url.removeprefix(f"/partnerships/{partnership.pk}/"))
    assert urls["people"] == {"stages/#people-h", "plan/"}
    assert urls["caught-up"] == {"catch-ups/"}
    assert urls["rhythm"] == {"exchange/#rhythm"}
    assert urls["exit"] == {"exit-plan/?gate=1"}
    assert urls["money"] == {"money/#rates", "money/"}


def end(world, person, reason="It was good."):
    return do(person, end_partnership, partnership_id=world.partnership.pk, reason=reason)


def test_each_form_of_the_checklist_leads_on_to_what_is_missing_next(signed, sign_in):
    room = signed.partnership.pk
    client, front = sign_in(signed.a.manager), reverse("partnerships:detail", args=[room])
    add = reverse("partnerships:record-add", args=[room, "objective"])
    shown = client.get(front).content.decode()
    assert f"{add}?gate=1" in shown
    goal = {"title": "Games", "due_on": (TODAY + timedelta(days=30)).isoformat()}
    onward = client.post(f"{add}?gate=1", {**form_of(client.get(add), "title"), **goal}).url
    assert onward.startswith(reverse("partnerships:record-add", args=[room, "key-result"]))
    figure = {"title": "Museums", "unit": "museums", "target": "4"}
    assert client.post(onward, {**form_of(client.get(onward), "title"), **figure}).url == front
    rhythm = reverse("partnerships:rhythm", args=[room])
    often = {**form_of(client.get(front), "every_days"), "every_days": "30"}
    assert client.post(f"{rhythm}?gate=1", often).url == front
    risk = reverse("partnerships:record-add", args=[room, "risk"])
    said = {
        **form_of(client.get(risk), "title"),
        "title": "No time",
        "response": "reduce",
        **GRADES,
    }
    assert client.post(f"{risk}?gate=1", {**said, "accept": "1"}).url == front
    exit_plan = reverse("partnerships:exit-plan", args=[room])
    plan = form_of(client.get(exit_plan), "text")
    assert client.post(f"{exit_plan}?gate=1", plan).url == front
    # The other side signs one after the other, and is led back to the checklist.
    other = sign_in(signed.b.manager)
    accepted, agreed = Agreement.objects.filter(completed_at=None).order_by("pk")
    assert (accepted.kind, agreed.kind) == (Agreement.Kind.RISK, Agreement.Kind.EXIT)
    onward = other.post(
        reverse("partnerships:text-sign", args=[room, accepted.pk]),
        {"text_hash": accepted.text_hash},
    ).url
    assert onward == reverse("partnerships:text", args=[room, agreed.pk])
    signs = reverse("partnerships:text-sign", args=[room, agreed.pk])
    assert other.post(signs, {"text_hash": agreed.text_hash}).url == front


def test_a_risk_that_cannot_be_accepted_is_not_added(signed):
    given = {"partnership_id": signed.partnership.pk, "now": NOW}
    values = {"title": "No time", "response": "", **GRADES}
    with pytest.raises(InvalidInput, match="Choose a response"):
        do(signed.a.manager, risks.add_accepted_risk, kind="risk", values=values, **given)
    assert not Risk.objects.filter(partnership=signed.partnership).exists()
    # An ambassador may note a risk, but accept none for the side: neither is done.
    values["response"] = "reduce"
    for person, refusal in ((signed.a.ambassador, NotAllowed), (signed.c.manager, NotFound)):
        with pytest.raises(refusal):
            do(person, risks.add_accepted_risk, kind="risk", values=values, **given)
        assert not Risk.objects.filter(partnership=signed.partnership).exists()


def test_the_next_stage_is_asked_for_and_signed_on_the_first_page(signed, sign_in):
    make_ready(signed)
    front = reverse("partnerships:detail", args=[signed.partnership.pk])
    first, second = sign_in(signed.a.manager), sign_in(signed.b.manager)
    assert "Sign and ask the other side" in first.get(front).content.decode()
    ask = reverse("partnerships:stage-ask", args=[signed.partnership.pk])
    first.post(ask, {"stage": "working", "note": ""})
    assert "Sign for your side" not in first.get(front).content.decode()
    shown = second.get(front)
    assert "Sign for your side" in shown.content.decode()
    text = Agreement.objects.get(kind=Agreement.Kind.STAGE)
    signs = reverse("partnerships:text-sign", args=[signed.partnership.pk, text.pk])
    assert second.post(signs, form_of(shown, "text_hash")).url == front
    signed.partnership.refresh_from_db()
    assert signed.partnership.stage == Stage.WORKING


def test_an_alliance_of_three_ends_once_all_have_signed(signed):
    join(signed)
    asked = end(signed, signed.a.manager, "We have done what we wanted.")
    assert asked.state == Partnership.State.ACTIVE
    text = Agreement.objects.get(kind="end")
    assert "We have done what we wanted." in text.text
    assert set(
        Mail.objects.filter(
            key__contains=":asked:", key__endswith=f":{signed.b.manager.pk}"
        ).values_list("recipient", flat=True)
    ) == {signed.b.manager.email}
    with pytest.raises(Conflict, match="Ending it has already been proposed"):
        end(signed, signed.b.manager)
    sign(signed.b.manager, text)
    signed.partnership.refresh_from_db()
    assert signed.partnership.state == Partnership.State.ACTIVE
    sign(signed.c.manager, text)
    signed.partnership.refresh_from_db()
    assert (signed.partnership.state, signed.partnership.reason) == (
        Partnership.State.ENDED,
        "We have done what we wanted.",
    )
    assert not SharingGrant.objects.filter(withdrawn_at=None).exists()


def test_one_of_three_keeps_the_alliance_alive(signed):
    join(signed)
    end(signed, signed.a.manager)
    text = Agreement.objects.get(kind="end")
    do(
        signed.c.manager,
        signing.close_text,
        partnership_id=signed.partnership.pk,
        agreement_id=text.pk,
        why="We go on.",
    )
    signed.partnership.refresh_from_db()
    assert signed.partnership.state == Partnership.State.ACTIVE
    do(
        signed.a.manager,
        parties.leave_alliance,
        partnership_id=signed.partnership.pk,
        reason="Then we go alone.",
    )
    # The two that are left end theirs as any two do: one of them, today.
    assert end(signed, signed.b.manager).state == Partnership.State.ENDED


def test_who_leaves_does_not_end_it_by_having_been_the_last_to_sign(signed):
    join(signed)
    end(signed, signed.a.manager)
    sign(signed.b.manager, Agreement.objects.get(kind="end"))
    do(
        signed.c.manager,
        parties.leave_alliance,
        partnership_id=signed.partnership.pk,
        reason="We go.",
    )
    signed.partnership.refresh_from_db()
    assert signed.partnership.state == Partnership.State.ACTIVE
    assert Agreement.objects.get(kind="end").closed_at


def test_the_page_that_ends_an_alliance_says_that_all_sign(signed, client):
    address = f"/partnerships/{signed.partnership.pk}/end/"
    client.force_login(signed.a.manager.account)
    assert "It ends today for both sides" in client.get(address).content.decode()
    join(signed)
    page = client.get(address).content.decode()
    assert "It ends once everyone has signed" in page.replace("\n", " ")
    assert "/leave/" in page
