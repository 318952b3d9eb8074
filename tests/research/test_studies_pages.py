"""The pages of studies: the list of a room, the first page of each, on both sides and for strangers."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from proxeny.kernel.models import AuditEntry
from proxeny.kernel.personal_data import ERASED_NAME
from proxeny.partnerships.models import Action
from proxeny.partnerships.operations.records import restore_record
from proxeny.research.models import Contributor, Result, Study, WeighedRisk
from tests.factories.meetings import make_catch_up
from tests.factories.research import (
    AdviceReviewFactory,
    ContributorFactory,
    PackageFactory,
    PackageFileFactory,
    PackageVersionFactory,
    ResultFactory,
    StudyFactory,
    WeighedRiskFactory,
)
from tests.factories.rooms import ActionFactory, RiskFactory
from tests.forms import form_of
from tests.partnerships.rooms import day, do, words
from tests.research.advising import advice_of
from tests.research.studying import add, begin, change, outcome, prepare

pytestmark = pytest.mark.django_db
State = Study.State


def page(name, *args):
    return reverse(f"research:{name}", args=args)


def at(name, study):
    return page(name, study.partnership_id, study.pk)


def text_of(answer):
    return unescape(words(answer.content.decode()))


def step(study, **values):
    given = {"title": "Ask the studios", "due_on": day(5), "partnership": study.partnership}
    return ActionFactory(**given | values, origin="study", origin_id=study.pk)


def test_an_empty_room_leads_to_its_first_study(world, sign_in):
    pk, client = world.partnership.pk, sign_in(world.a.manager)
    shown = client.get(page("studies", pk))
    assert "No studies yet" in text_of(shown)
    new = reverse("partnerships:record-add", args=[pk, "study"])
    assert new in shown.content.decode()
    answer = client.post(
        new, {"title": "Wages", "question": "What is paid?", "licence": "cc0-1.0", "language": "en"}
    )
    study = Study.objects.get()
    assert answer.url == at("study", study)
    text = text_of(client.get(answer.url))
    assert "What is paid?" in text
    # Six elements, two days, two sides, a risk.
    assert "11 items still to complete" in text
    assert text.count("not written yet") == 6


def test_both_sides_prepare_begin_and_conclude_it(world, sign_in):
    study = prepare(world)
    greek, french = sign_in(world.a.manager), sign_in(world.b.ambassador)
    shown = greek.get(at("study", study))
    assert "Everything is ready" in text_of(shown)
    assert greek.post(at("study-begin", study), {"seen": "1"}).url == at("study", study)
    text = text_of(french.get(at("study", study)))
    assert "is under way" not in text
    assert "Conclude the study" in text
    values = form_of(french.get(at("study", study)), "summary")
    refused = french.post(at("study-conclude", study), values | {"summary": "They earn more."})
    assert refused.status_code == 422
    assert "Add at least one outcome first: what changed, and who benefits." in text_of(refused)
    assert "They earn more." in text_of(refused)
    outcome(study, proof="Minutes of May", reached=40)
    answer = french.post(
        at("study-conclude", study), values | {"summary": "They earn more."}, follow=True
    )
    text = text_of(answer)
    assert "Study concluded. You can still add what comes of it later." in text
    assert "What was found They earn more." in text_of(french.get(at("study", study)))
    values = form_of(greek.get(at("study", study)), "reason")
    assert greek.post(at("study-reopen", study), values).status_code == 422
    greek.post(at("study-reopen", study), values | {"reason": "More answers"})
    assert Study.objects.get().state == State.RUNNING


def test_what_was_refused_can_be_sent_again(world, sign_in):
    study = prepare(world, state=State.RUNNING, begun_on=day(-2))
    outcome(study)
    client = sign_in(world.a.manager)
    for name, field in (("study-conclude", "summary"), ("study-reopen", "reason")):
        values = form_of(client.get(at("study", study)), field) | {field: "They earn more."}
        change(world.b.manager, study, "study", keywords=f"wages, {name}")
        refused = client.post(at(name, study), values)
        assert "Someone else has changed this since you opened it" in text_of(refused)
        again = client.post(at(name, study), form_of(refused, field))
        assert again.status_code == 302, name


def test_a_slip_in_a_form_hides_no_change_by_others(world, sign_in):
    study = prepare(world, state=State.RUNNING, begun_on=day(-2))
    outcome(study)
    client = sign_in(world.a.manager)
    for name, field in (("study-conclude", "summary"), ("study-reopen", "reason")):
        values = form_of(client.get(at("study", study)), field) | {field: " "}
        change(world.b.manager, study, "study", keywords=f"wages, {name}")
        refused = client.post(at(name, study), values)
        assert "in the meantime" not in text_of(refused)
        told = client.post(at(name, study), form_of(refused, field) | {field: "They earn more."})
        assert "Someone else has changed this since you opened it" in text_of(told)
        again = client.post(at(name, study), form_of(told, field))
        assert again.status_code == 302, name


def test_opening_the_history_leaves_the_page_as_it_is(world, sign_in):
    """What is fetched in `#study` is taken from an answer by `hx-select`: it must stand outside."""
    html = sign_in(world.a.manager).get(at("study", prepare(world))).content.decode()
    inside, ahead = html[html.index('<div id="study"') :], html.index('class="px-history"')
    depth = 0
    for tag in re.finditer(r"<(/?)div\b", inside):
        depth += -1 if tag[1] else 1
        if not depth:
            assert html.index(inside) + tag.start() < ahead
            return
    raise AssertionError


def test_begin_tells_what_is_missing(world, sign_in):
    study = prepare(world, ethics="", ends_on=None)
    client = sign_in(world.a.manager)
    shown = client.get(at("study", study))
    assert "2 items still to complete" in text_of(shown)
    assert "Start the study" not in text_of(shown)
    assert "#id_ethics" in shown.content.decode()
    answer = client.post(at("study-begin", study), {"seen": "1"}, follow=True)
    assert "The study can’t start yet. Still missing: Ethics, End date." in text_of(answer)
    answer = client.post(at("study-begin", study), {"seen": "no number"}, follow=True)
    assert "Someone else has changed this since you opened it" in text_of(answer)


def test_the_first_page_shows_all_that_belongs_to_it(world, sign_in):
    study = prepare(
        world,
        state=State.RUNNING,
        begun_on=day(-2),
        doi="10.5281/zenodo.1",
        keywords="wages, studios",
    )
    ContributorFactory(
        study=study,
        party=None,
        name="Zoe of neither",
        role="funder",
        identifier="https://orcid.org/0000-0002-1825-0097",
    )
    WeighedRisk.objects.update(note="Few answers")
    step(study, due_on=day(-3))
    step(study, title="Clean the table", done_on=day(-1))
    outcome(study, proof="Minutes", reached=40)
    ResultFactory(study=study, title="A table of pay", benefits="science")
    package = PackageFactory(study=study, title="Responses")
    version = PackageVersionFactory(package=package, released_at=timezone.now())
    PackageFileFactory(version=version)
    make_catch_up(
        world.partnership,
        world.a.manager,
        world.b.manager,
        title="Review",
        starts_at=timezone.now() + timedelta(days=9),
    )
    shown = sign_in(world.b.manager).get(at("study", study))
    text = text_of(shown)
    for told in (
        "Ada of A",
        "Ada of B",
        "Neither side Zoe of neither",
        "Few answers",
        "3 days late",
        "1 step is overdue",
        "Clean the table",
        "40 reached",
        "Minutes",
        "no proof yet",
        "1 of 1",
        "0 of 1",
        "version 1, 1 file",
        "Review",
        "10.5281/zenodo.1",
        "wages, studios",
    ):
        assert told in text, told
    risk = WeighedRisk.objects.get().risk
    assert f"#risk-{risk.pk}" in shown.content.decode()


def test_a_step_is_marked_as_done_and_back_on_its_page(world, sign_in):
    study = prepare(world, state=State.RUNNING)
    one, client = step(study), sign_in(world.a.ambassador)
    done = reverse("partnerships:record-done", args=[study.partnership_id, "action", one.pk])
    form = f"{done}?version=1&page=study-{study.pk}"
    assert form in unescape(client.get(at("study", study)).content.decode())
    answer = client.post(form)
    assert answer.url == f"{at('study', study)}#action-{one.pk}"
    assert Action.objects.get().done_on == day(0)
    assert "All steps are done." in text_of(client.get(at("study", study)))
    undo = f"{done}?version=2&state=planned&page=study-{study.pk}"
    assert client.post(undo).url == answer.url
    # The plan shows it too, with what it is for.
    plan = client.get(reverse("partnerships:plan", args=[study.partnership_id]))
    assert f"for the study “{study.title}”" in text_of(plan)


def test_a_new_step_leads_back_to_its_study(world, sign_in):
    study, client = prepare(world), sign_in(world.a.manager)
    new = reverse("partnerships:record-add", args=[study.partnership_id, "action"])
    address = f"{new}?origin=study&origin_id={study.pk}"
    values = form_of(client.get(address), "title") | {"title": "Ask", "due_on": str(day(3))}
    assert client.post(address, values).url == at("study", study)
    assert (Action.objects.get().origin, Action.objects.get().origin_id) == ("study", study.pk)


def test_the_forms_of_what_belongs_to_a_study_name_it(world, sign_in):
    study, client = prepare(world), sign_in(world.a.manager)
    kinds = {"contributor": Contributor, "weighed-risk": WeighedRisk, "result": Result}
    ResultFactory(study=study)
    add_form = "partnerships:record-add"
    new = reverse(add_form, args=[study.partnership_id, "action"])
    addresses = [
        f"{new}?origin=study&origin_id={study.pk}",
        reverse("partnerships:record", args=[study.partnership_id, "action", step(study).pk]),
    ]
    for kind, model in kinds.items():
        new = reverse(add_form, args=[study.partnership_id, kind])
        one = model.objects.filter(study=study).first()
        addresses += [
            f"{new}?study={study.pk}",
            reverse("partnerships:record", args=[study.partnership_id, kind, one.pk]),
        ]
    for address in addresses:
        html = client.get(address).content.decode()
        assert f'<li><a href="{at("study", study)}"><bdi>{study.title}</bdi></a></li>' in html, (
            address
        )


def test_what_was_put_away_of_a_study_is_brought_back_there(world, sign_in):
    study, client = prepare(world), sign_in(world.a.manager)
    PackageFactory(study=study, title="Gone package", dropped_at=timezone.now())
    ResultFactory(study=study, title="Gone result", dropped_at=timezone.now())
    WeighedRisk.objects.update(dropped_at=timezone.now())
    other = StudyFactory(partnership=world.partnership)
    ResultFactory(study=other, title="Of another", dropped_at=timezone.now())
    text = text_of(client.get(at("study", study)))
    assert "3 archived" in text
    assert "Gone result" in text
    assert "Of another" not in text
    one = Result.objects.get(title="Gone result")
    back = reverse("partnerships:record-restore", args=[study.partnership_id, "result", one.pk])
    assert client.post(back).url == f"{at('study', study)}#result-{one.pk}"


def test_who_was_erased_is_told_so_in_the_readers_language(world, sign_in):
    type(world.b.manager).objects.filter(pk=world.b.manager.pk).update(language="fr")
    study, client = prepare(world), sign_in(world.b.manager)
    gone = {"name": ERASED_NAME, "study": study}
    ContributorFactory(**gone)
    ContributorFactory(**gone, dropped_at=timezone.now())
    advice = advice_of(study, state="doing")
    AdviceReviewFactory(recommendation=advice, person=world.a.ambassador)
    type(world.a.ambassador).objects.filter(pk=world.a.ambassador.pk).update(name=ERASED_NAME)
    table = reverse("partnerships:record-export", args=[study.partnership_id, "contributor"])
    for address, often in (
        (at("study", study), 3),
        (page("advice-look", study.partnership_id, advice.pk), 1),
        (table, 1),
    ):
        html = client.get(address).content.decode()
        assert html.count("Personne effacée") >= often, address
        assert ERASED_NAME not in html, address
    back = Contributor.objects.exclude(dropped_at=None).get()
    do(
        world.b.manager,
        restore_record,
        kind="contributor",
        partnership_id=study.partnership_id,
        record_id=back.pk,
    )
    told = AuditEntry.objects.get(verb="restore_contributor")
    assert told.changes["title"] == ERASED_NAME


def test_a_study_is_put_away_and_brought_back(world, sign_in):
    study, client = prepare(world), sign_in(world.a.manager)
    drop = reverse("partnerships:record-drop", args=[study.partnership_id, "study", study.pk])
    answer = client.post(drop, follow=True)
    assert answer.redirect_chain[-1][0] == page("studies", study.partnership_id)
    assert "1 archived" in text_of(answer)
    text = text_of(client.get(at("study", study)))
    assert "This study is archived" in text
    assert "New step" not in text
    assert client.post(at("study-begin", study), {"seen": "2"}).status_code == 403
    back = drop.replace("/drop", "/restore")
    assert client.post(back).url == at("study", study)


def test_the_history_of_a_study_tells_what_happened_in_it(world, sign_in):
    study = prepare(world)
    one = add(
        world.b.manager,
        study,
        "result",
        title="A table of pay",
        benefits="science",
        happened_on=day(-1),
    )
    change(world.a.manager, study, "study", why="Two regions ask.")
    begin(world.a.manager, study)
    text = text_of(
        sign_in(world.b.ambassador).get(reverse("history:show", args=["study", study.pk]))
    )
    for told in (
        "Recorded a result of a study",
        one.title,
        "Changed a study",
        "Two regions ask.",
        "Started a study",
    ):
        assert told in text, told


def test_the_list_is_searched_filtered_sorted_and_exported(world, sign_in):
    StudyFactory(
        partnership=world.partnership,
        title="Wages",
        state=State.RUNNING,
        keywords="pay gap",
        ends_on=day(-1),
    )
    late = Study.objects.get(title="Wages")
    step(late, due_on=day(-2))
    StudyFactory(partnership=world.partnership, title="Exports", question="Who buys abroad?")
    StudyFactory(partnership=world.partnership, title="=SUM(1)", state=State.CONCLUDED)
    StudyFactory(partnership=world.partnership, title="Hidden", dropped_at=timezone.now())
    client, url = sign_in(world.b.manager), page("studies", world.partnership.pk)
    text = text_of(client.get(url))
    assert "3 studies" in text
    assert text.index("Wages") < text.index("Exports") < text.index("=SUM(1)")
    assert "1 open · 1 overdue" in text
    assert "0 of 11 complete" in text
    for query, found in (
        ("q=gap+wages", {"Wages"}),
        ("q=buys", {"Exports"}),
        ("state=running", {"Wages"}),
        ("state=concluded&q=wages", set()),
        ("state=nonsense", {"Wages", "Exports", "=SUM(1)"}),
    ):
        shown = client.get(f"{url}?{query}").context["rows"]
        assert {row["study"].title for row in shown} == found, query
    assert "Nothing matches" in text_of(client.get(f"{url}?q=nowhere"))
    shown = client.get(f"{url}?sort=-title").context["rows"]
    assert [row["study"].title for row in shown] == ["Wages", "Exports", "=SUM(1)"]
    table = client.get(f"{url}?export=csv&q=sum").content.decode("utf-8-sig").splitlines()
    assert table[0].startswith("Title,Question,State,From")
    assert table[1].startswith("'=SUM(1),")
    assert client.get(f"{url}?export=xlsx")["Content-Type"].endswith("spreadsheetml.sheet")


def test_strangers_and_members_find_no_study(world, sign_in, client):
    study = prepare(world)
    for person in (world.c.manager, world.nobody_special, world.a.representatives[0]):
        for address in (page("studies", study.partnership_id), at("study", study)):
            assert sign_in(person).get(address).status_code == 404
        for name in ("study-begin", "study-conclude", "study-reopen"):
            assert sign_in(person).post(at(name, study), {"seen": "1"}).status_code == 404
    assert client.get(at("study", study)).url.startswith("/accounts/login/")
    # A study of another room is not found in this one.
    assert (
        sign_in(world.a.manager).get(page("study", study.partnership_id, 987654)).status_code == 404
    )


def test_once_the_partnership_is_over_it_is_read_and_not_written(world, sign_in):
    study = prepare(world)
    world.partnership.state = "ended"
    world.partnership.save()
    client = sign_in(world.a.manager)
    text = text_of(client.get(at("study", study)))
    assert "Ada of A" in text
    assert "Edit" not in text
    assert client.post(at("study-begin", study), {"seen": "1"}).status_code == 403


def _fill(world, study, number):
    risk = RiskFactory(partnership=world.partnership, title=f"Risk {number}")
    WeighedRiskFactory(study=study, risk=risk)
    ContributorFactory(
        study=study, name=f"Person {number}", party=world.partnership.parties.first()
    )
    ResultFactory(study=study, title=f"Result {number}")
    step(study, title=f"Step {number}")
    step(study, title=f"Done {number}", done_on=day(-1))
    package = PackageFactory(study=study, title=f"Package {number}")
    PackageFileFactory(version=PackageVersionFactory(package=package, released_at=timezone.now()))
    for kind in (Contributor, Result):
        factory = {Contributor: ContributorFactory, Result: ResultFactory}[kind]
        factory(study=study, dropped_at=timezone.now())


def _count(client, address):
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def test_pages_take_the_same_queries_however_much_there_is(world, sign_in):
    study, client = prepare(world), sign_in(world.a.manager)
    _fill(world, study, 1)
    addresses = [page("studies", study.partnership_id), at("study", study)]
    for address in addresses:
        _count(client, address)
    one = [_count(client, address) for address in addresses]
    for number in (2, 3):
        _fill(world, study, number)
        _fill(world, StudyFactory(partnership=world.partnership), number)
    assert [_count(client, address) for address in addresses] == one
    # Eleven of them before anything of studies is read: the session, the reader, the room.
    assert one[0] <= 19
    assert one[1] <= 30, one
