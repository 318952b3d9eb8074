"""What a study recommends: written in the one register, resting on rows of released files."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry
from proxeny.partnerships.models import Evidence, Recommendation
from proxeny.research.operations import advice as deeds
from proxeny.research.operations import packages
from proxeny.research.queries.advice import show_rows
from proxeny.research.rules import FILE, Place
from tests.factories.partnerships import PartnershipFactory
from tests.factories.research import StudyFactory
from tests.partnerships.rooms import do, others, party, team, words
from tests.research.advising import advice_of, at, file_of, rest, study_of
from tests.stages import staged

State = Recommendation.State


@staged
def study(world):
    return study_of(world)


@staged
def file(study):
    return file_of(study)


def page(client, address, status=200, query=None):
    answer = client.get(address, query or {})
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def rests(person, advice, file, place, text="They earn less."):
    return do(
        person,
        deeds.rest_on_rows,
        partnership_id=advice.partnership_id,
        advice_id=advice.pk,
        file_id=file.pk,
        place=place,
        text=text,
    )


# --- Written


def test_what_a_study_recommends_stands_in_the_one_register(world, study, sign_in):
    client = sign_in(world.a.ambassador)
    answer = client.post(
        at("advice-add", world.partnership.pk, study.pk),
        {"title": "Pay interns", "addressee": "one", "party": party(world, world.b).pk},
    )
    made = Recommendation.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == at("advice-rows", world.partnership.pk, made.pk)
    assert (made.source, made.source_id, made.state) == ("study", study.pk, "draft")
    assert AuditEntry.objects.get(verb="add_recommendation").target_id == made.pk
    for address in (
        at("advice", world.partnership.pk, study.pk),
        f"/partnerships/{world.partnership.pk}/advice/",
        at("fates", world.partnership.pk),
    ):
        assert "Pay interns" in page(client, address)
    html = page(client, f"/partnerships/{world.partnership.pk}/advice/{made.pk}/")
    assert study.title in html
    assert at("advice-rows", world.partnership.pk, made.pk) in html


def test_what_is_refused_stays_in_the_form(world, study, sign_in):
    answer = sign_in(world.a.manager).post(
        at("advice-add", world.partnership.pk, study.pk), {"title": "", "addressee": ""}
    )
    assert answer.status_code == 422
    assert not Recommendation.objects.exists()


def test_nothing_is_recommended_by_a_study_that_was_put_away(world, study, sign_in):
    type(study).objects.filter(pk=study.pk).update(dropped_at=timezone.now())
    with pytest.raises(Conflict):
        do(
            world.a.manager,
            deeds.write_advice,
            partnership_id=world.partnership.pk,
            study_id=study.pk,
            values={"title": "Pay interns"},
        )


def test_the_teams_read_it_and_nobody_else(world, study, file, sign_in):
    advice = advice_of(study)
    rest(advice, file)
    pages = [
        at("advice", world.partnership.pk, study.pk),
        at("advice-add", world.partnership.pk, study.pk),
        at("advice-rows", world.partnership.pk, advice.pk),
        at("rows", world.partnership.pk, study.pk, file.pk),
        at("fates", world.partnership.pk),
        at("advice-look", world.partnership.pk, advice.pk),
    ]
    for person in team(world).values():
        for address in pages:
            page(sign_in(person), address)
    for person in others(world).values():
        for address in pages:
            page(sign_in(person), address, status=404)


def test_a_recommendation_put_away_and_brought_back_stays_with_its_study(world, study, sign_in):
    advice = advice_of(study)
    client = sign_in(world.a.manager)
    keep = f"/partnerships/{world.partnership.pk}/keep/recommendation/{advice.pk}"
    of_study = at("advice", world.partnership.pk, study.pk)
    assert client.post(f"{keep}/drop/")["Location"] == of_study
    html = page(client, of_study)
    assert "No recommendations from this study yet" in html
    assert "1 archived" in words(html)
    assert client.post(f"{keep}/restore/")["Location"] == f"{of_study}#recommendation-{advice.pk}"
    assert "Pay interns" in page(client, of_study)


def test_its_list_asks_the_same_of_the_database_with_one_and_with_three(world, study, sign_in):
    client = sign_in(world.a.manager)
    address = at("advice", world.partnership.pk, study.pk)
    counts = []
    for number in (1, 2):
        for _ in range(number):
            advice_of(study, state="proposed")
        client.get(address)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            page(client, address)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 24


# --- Resting on rows


def test_evidence_names_rows_that_are_there(world, study, file):
    advice = advice_of(study)
    made = rests(world.b.ambassador, advice, file, Place(5, 7, ("wage",)))
    assert (made.kind, made.target, made.target_id, made.place) == (
        "data",
        FILE,
        file.pk,
        "row=5-7&col=wage",
    )
    assert AuditEntry.objects.filter(verb="add_evidence").count() == 1


@pytest.mark.parametrize(
    ("place", "field"),
    [
        (Place(14, 14), "rows"),
        (Place(12, 14), "rows"),
        (Place(1, 3), "rows"),
        (Place(7, 5), "rows"),
        (Place(2, 400), "rows"),
        (Place(2, 3, ("salary",)), "columns"),
        (None, "rows"),
    ],
)
def test_rows_and_columns_that_are_not_there_are_refused(world, study, file, place, field):
    advice = advice_of(study)
    with pytest.raises(InvalidInput) as refused:
        rests(world.a.manager, advice, file, place)
    assert refused.value.field == field
    assert not Evidence.objects.exists()


def test_only_files_of_released_versions_of_the_room_are_pointed_at(world, study):
    advice = advice_of(study)
    draft = file_of(study, is_released=False)
    elsewhere = PartnershipFactory(title="Lyon – Casablanca", lead=world.c.cluster)
    theirs = file_of(StudyFactory(partnership=elsewhere))
    for file in (draft, theirs):
        with pytest.raises(NotFound):
            rests(world.a.manager, advice, file, Place(2, 2))
    assert not Evidence.objects.exists()


def test_a_file_that_is_no_table_is_pointed_at_as_a_whole(world, study, sign_in):
    advice = advice_of(study)
    paper = file_of(study, b"%PDF-1.4 paper", "paper.pdf")
    made = rests(world.a.manager, advice, paper, None, "Page 4 tells of it.")
    assert made.place == ""
    html = page(sign_in(world.b.manager), at("rows", world.partnership.pk, study.pk, paper.pk))
    assert "This file isn’t a table, so it can only be cited as a whole." in html
    assert "Page 4 tells of it." in html


def test_the_same_rows_are_not_named_twice(world, study, file):
    advice = advice_of(study)
    rests(world.a.manager, advice, file, Place(5, 7))
    with pytest.raises(Conflict):
        rests(world.b.manager, advice, file, Place(5, 7))
    rests(world.b.manager, advice, file, Place(5, 6))


@pytest.mark.parametrize("state", [State.REFUSED, State.DROPPED])
def test_what_is_over_takes_no_evidence(world, study, file, state):
    with pytest.raises(Conflict):
        rests(world.a.manager, advice_of(study, state=state), file, Place(5, 7))


def test_a_member_points_at_nothing(world, study, file):
    with pytest.raises(NotFound):
        rests(world.a.representatives[0], advice_of(study), file, Place(5, 7))


def test_an_ended_partnership_takes_no_evidence(world, study, file, sign_in):
    advice = advice_of(study)
    world.partnership.state = "ended"
    world.partnership.save()
    with pytest.raises((Conflict, NotAllowed)):
        rests(world.a.manager, advice, file, Place(5, 7))
    page(sign_in(world.a.manager), at("advice-rows", world.partnership.pk, advice.pk), 403)
    page(sign_in(world.a.manager), at("rows", world.partnership.pk, study.pk, file.pk))


def test_one_sees_the_rows_before_one_points_at_them(world, study, file, sign_in):
    advice, client = advice_of(study), sign_in(world.a.manager)
    address = at("advice-rows", world.partnership.pk, advice.pk)
    html = page(client, address)
    assert f"{study.title} · {file.version.package.title}" in html
    html = page(client, address, query={"file": file.pk})
    assert "Which rows show it?" in html
    assert 'id="row-2"' in html
    assert "Put on hold" not in html
    html = page(client, address, query={"file": file.pk, "rows": "5 – 7", "columns": ["wage"]})
    assert "You’re citing rows 5–7, column wage" in words(html)
    assert html.count('class="in-cited is-cited"') == 3
    answer = client.post(
        address, {"file": file.pk, "rows": "5-7", "columns": ["wage"], "text": "They earn less."}
    )
    assert answer.status_code == 302
    assert Evidence.objects.get().place == "row=5-7&col=wage"
    for query in ({"rows": "x"}, {"rows": "99"}, {"rows": "5-7", "columns": ["salary"]}):
        html = page(client, address, query={"file": file.pk, **query})
        assert "Put on hold" not in html


def test_what_cannot_be_kept_is_said_beside_it(world, study, file, sign_in):
    advice, client = advice_of(study), sign_in(world.a.manager)
    address = at("advice-rows", world.partnership.pk, advice.pk)
    for data in (
        {"rows": "5-7", "text": ""},
        {"rows": "99", "text": "Such"},
        {"rows": "", "text": "Such"},
        {"rows": "5-7", "columns": ["x"], "text": "Such"},
    ):
        answer = client.post(address, {"file": file.pk, **data})
        assert answer.status_code == 422, data
    assert client.post(address, {"file": 0, "rows": "5", "text": "Such"}).status_code == 422
    assert not Evidence.objects.exists()


def test_nothing_released_says_what_to_do(world, study, sign_in):
    file_of(study, is_released=False)
    html = page(
        sign_in(world.a.manager), at("advice-rows", world.partnership.pk, advice_of(study).pk)
    )
    assert "No file released yet" in html


def test_files_of_the_last_released_version_are_offered(world, study, file, sign_in):
    newer = file_of(study, "studio,wage\nA,1\n", package=file.version.package, number=2)
    file_of(study, "studio,wage\nA,2\n", package=file.version.package, number=3, is_released=False)
    html = page(
        sign_in(world.a.manager), at("advice-rows", world.partnership.pk, advice_of(study).pk)
    )
    assert f'value="{newer.pk}"' in html
    assert f'value="{file.pk}"' not in html


def test_what_is_pointed_at_cannot_be_taken_away(
    world, study, file, django_capture_on_commit_callbacks
):
    """A released version stays, and so do its bytes when a newer one is thrown away."""
    rests(world.a.manager, advice_of(study), file, Place(5, 7))
    package = {"partnership_id": world.partnership.pk, "package_id": file.version.package_id}
    with django_capture_on_commit_callbacks(execute=True):
        draft = do(world.b.manager, packages.open_draft, **package)
    copy = draft.files.get()
    assert copy.sha256 == file.sha256
    with pytest.raises(Conflict):
        do(
            world.b.manager,
            packages.remove_file,
            partnership_id=world.partnership.pk,
            file_id=file.pk,
        )
    with django_capture_on_commit_callbacks(execute=True):
        do(
            world.b.manager,
            packages.remove_file,
            partnership_id=world.partnership.pk,
            file_id=copy.pk,
        )
        do(world.b.manager, packages.discard_draft, **package)
    assert show_rows(file, Place(5, 5)).lines[3].cells[0].text == "Studio 4"


def test_the_page_of_a_recommendation_leads_from_claim_to_rows(world, study, file, sign_in):
    advice = advice_of(study, state="proposed")
    rests(world.a.manager, advice, file, Place(5, 7, ("wage",)))
    html = page(
        sign_in(world.b.ambassador), f"/partnerships/{world.partnership.pk}/advice/{advice.pk}/"
    )
    rows = f"{at('rows', world.partnership.pk, study.pk, file.pk)}?row=5-7&amp;col=wage"
    assert html.count(rows) >= 2
    assert "answers.csv · rows 5–7, column wage · version 1" in words(html)
    assert at("study", world.partnership.pk, study.pk) in html
    assert "row=5-7&amp;col=wage)" not in html
