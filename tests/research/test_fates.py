"""What became of what studies recommended: across all studies, and looked at again each year."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from proxeny.kernel.errors import Conflict, InvalidInput, NotFound
from proxeny.kernel.kinds import read_kinds
from proxeny.kernel.models import AuditEntry
from proxeny.kernel.tenancy import WEB, acting_as
from proxeny.partnerships.models import Recommendation
from proxeny.research.models import AdviceReview
from proxeny.research.operations import advice as deeds
from proxeny.research.queries import fates
from proxeny.research.queries.fates import Wanted
from proxeny.research.waiting import find_waiting
from proxeny.research.year_facts import find_chapters
from tests.conftest import reader_of
from tests.factories import rooms
from tests.factories.research import AdviceReviewFactory
from tests.partnerships.rooms import TODAY, day, do, others, party, words
from tests.research.advising import NOW, advice_of, at, file_of, rest, study_of
from tests.stages import staged

State = Recommendation.State


@staged
def study(world):
    return study_of(world)


def page(client, world, name="fates", *numbers, query=None, status=200):
    answer = client.get(at(name, world.partnership.pk, *numbers), query or {})
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def titles(world, **wanted):
    return [one.title for one in fates.find_fates(world.partnership.pk, Wanted(**wanted))]


def due(world):
    return [one.title for one in fates.find_due(world.partnership.pk, today=TODAY)]


def looks(person, advice, note="Three studios do it now."):
    return do(
        person, deeds.look_at, partnership_id=advice.partnership_id, advice_id=advice.pk, note=note
    )


# --- The table


def test_all_studies_of_the_room_stand_in_one_table(world, study, sign_in):
    other = study_of(world, title="Where buyers come from")
    advice = advice_of(study, "Pay interns", state="doing", decided_on=day(-9))
    advice_of(
        other,
        "Go to fairs",
        state="adopted",
        adopted_on=day(-3),
        adoption="Done since spring: https://minutes.example/3",
    )
    advice_of(study, "Archive", dropped_at=NOW)
    rooms.RecommendationFactory(partnership=world.partnership, title="Of the partners")
    rooms.ActionFactory(partnership=world.partnership, origin="advice", origin_id=advice.pk)
    html = page(sign_in(world.b.ambassador), world)
    told = words(html)
    for one in (
        "Pay interns",
        "Where buyers come from",
        "Go to fairs",
        "2 recommendations",
        "Done since spring",
        "1 Adopted",
        "1 In progress",
    ):
        assert one in told, one
    assert 'href="https://minutes.example/3"' in html
    assert "Archive" not in told
    assert "Of the partners" not in told


def test_what_is_looked_for(world, study):
    other = study_of(world, title="Where buyers come from")
    advice_of(study, "Pay interns", days=400, addressee="one", party=party(world, world.a))
    advice_of(other, "Go to fairs", state="adopted", details="of the sea")
    advice_of(other, "No one yet", addressee="")
    assert titles(world, q="SEA go") == ["Go to fairs"]
    assert titles(world, state="adopted") == ["Go to fairs"]
    assert titles(world, study=study.pk) == ["Pay interns"]
    assert titles(world, year=day(-400).year) == ["Pay interns"]
    assert titles(world, side="A") == ["Pay interns"]
    assert titles(world, side="B") == []
    assert sorted(titles(world, side="all")) == ["Go to fairs", "No one yet"]
    assert titles(world, sort="title") == ["Go to fairs", "No one yet", "Pay interns"]
    assert titles(world, sort="-title")[0] == "Pay interns"
    for name in fates.SORTS:
        assert len(titles(world, sort=name)) == len(titles(world, sort=f"-{name}")) == 3


def test_a_filter_that_holds_nothing_offers_all(world, study, sign_in):
    advice_of(study, state="proposed")
    client = sign_in(world.a.manager)
    html = page(client, world, query={"state": "adopted"})
    assert "Show all recommendations" in html
    assert "Pay interns" in page(client, world, query={"state": "wrong", "year": "x", "sort": "?"})


def test_an_empty_room_says_what_to_do(world, sign_in):
    html = page(sign_in(world.a.manager), world)
    assert "No study has made recommendations yet" in html


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_table_is_taken_along(world, study, sign_in, form):
    rest(advice_of(study, state="adopted", adoption="=1+1", adopted_on=day(-1)), file_of(study))
    answer = sign_in(world.a.manager).get(at("fates", world.partnership.pk), {"export": form})
    assert answer["Content-Disposition"].endswith(f'.{form}"')
    if form == "csv":
        rows = answer.content.decode("utf-8-sig").splitlines()
        assert len(rows) == 2
        assert f"{study.title},Pay interns,All parties,Adopted" in rows[1]
        assert "'=1+1" in rows[1]


def test_the_page_asks_the_same_of_the_database_with_one_and_with_three(world, study, sign_in):
    client, counts = sign_in(world.a.manager), []
    for number in (1, 2):
        for _ in range(number):
            rest(advice_of(study, state="doing", days=400), file_of(study))
        page(client, world)
        with CaptureQueriesContext(connection) as asked:
            page(client, world)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 22


def test_nobody_else_looks_into_it(world, study, sign_in):
    advice = advice_of(study, state="doing", days=400)
    for person in others(world).values():
        page(sign_in(person), world, status=404)
        page(sign_in(person), world, "advice-look", advice.pk, status=404)
        with pytest.raises(NotFound):
            looks(person, advice)


# --- Looked at again


def test_what_nobody_looked_at_for_a_year_is_due(world, study):
    advice_of(study, "Waits", days=400, state="proposed")
    advice_of(study, "Under way", days=500, state="doing")
    advice_of(study, "New", days=300, state="doing")
    advice_of(study, "Draft", days=400, state="draft")
    advice_of(study, "Rejected", days=400, state="refused")
    advice_of(study, "Dropped", days=400, state="dropped")
    advice_of(study, "Adopted long ago", days=900, state="adopted", adopted_on=day(-400))
    advice_of(study, "Adopted now", days=900, state="adopted", adopted_on=day(-10))
    advice_of(study, "Archive", days=400, state="doing", dropped_at=NOW)
    rooms.RecommendationFactory(partnership=world.partnership, title="Of the partners")
    assert due(world) == ["Adopted long ago", "Under way", "Waits"]


def test_what_was_looked_at_is_due_again_in_a_year(world, study):
    seen = advice_of(study, "Seen", days=800, state="doing")
    AdviceReviewFactory(recommendation=seen, looked_on=day(-364))
    again = advice_of(study, "Again", days=800, state="accepted")
    AdviceReviewFactory(recommendation=again, looked_on=day(-366))
    done = advice_of(study, "Seen since", days=900, state="adopted", adopted_on=day(-500))
    AdviceReviewFactory(recommendation=done, looked_on=day(-400))
    before = advice_of(study, "Seen before", days=901, state="adopted", adopted_on=day(-400))
    AdviceReviewFactory(recommendation=before, looked_on=day(-500))
    assert due(world) == ["Seen before", "Again"]


def test_somebody_says_what_became_of_it(world, study, sign_in):
    advice = advice_of(study, days=400, state="doing")
    AdviceReviewFactory(recommendation=advice, looked_on=day(-390), note="No one yet.")
    client = sign_in(world.b.ambassador)
    assert "Due for follow-up" in page(client, world)
    html = page(client, world, "advice-look", advice.pk)
    assert "No one yet." in html
    assert (
        client.post(at("advice-look", world.partnership.pk, advice.pk), {"note": " "}).status_code
        == 422
    )
    answer = client.post(at("advice-look", world.partnership.pk, advice.pk), {"note": "Three do."})
    assert answer.status_code == 302
    look = AdviceReview.objects.get(note="Three do.")
    assert (look.person_id, look.looked_on) == (world.b.ambassador.pk, TODAY)
    entry = AuditEntry.objects.get(verb="look_at_recommendation")
    assert (entry.why, entry.target_id) == ("Three do.", advice.pk)
    html = page(client, world)
    assert "Due for follow-up" not in html
    assert "Three do." in html
    history = client.get(f"/partnerships/{world.partnership.pk}/history/").content.decode()
    assert "Followed up on a study’s recommendation" in history


def test_what_was_said_of_it_breaks_into_lines(world, study, sign_in):
    """What stands in a place for figures does not: the page would be wider than a phone."""
    advice = advice_of(
        study,
        state="adopted",
        decided_on=day(-9),
        reason="Said at the fair",
        adopted_on=day(-3),
        adoption="In the rules since spring",
    )
    html = page(sign_in(world.a.manager), world, "advice-look", advice.pk)
    figures = [one[1] for one in re.findall(r'<(\w+) class="px-num">(.*?)</\1>', html)]
    for said in ("Said at the fair", "In the rules since spring"):
        assert said in html
        assert not any(said in one for one in figures)


def test_only_what_a_study_proposed_is_looked_at(world, study):
    of_room = rooms.RecommendationFactory(partnership=world.partnership, state="doing")
    for advice in (of_room, advice_of(study), advice_of(study, dropped_at=NOW, state="doing")):
        with pytest.raises(Conflict):
            looks(world.a.manager, advice)
    with pytest.raises(InvalidInput):
        looks(world.a.manager, advice_of(study, state="doing"), note="  ")
    assert not AdviceReview.objects.exists()


def test_the_room_tells_what_nobody_looked_at(world, study):
    reader = reader_of(world.a.ambassador)
    advice = advice_of(study, days=400, state="doing")
    with acting_as(WEB, reader):
        [told] = read_kinds(find_waiting(reader, timezone.now(), world.partnership.pk))
    assert told.key == f"recommendation:{advice.pk}:follow-up"
    assert told.text == "This study recommendation has had no follow-up for a year."
    assert told.url == f"{at('fates', world.partnership.pk)}#due"


def test_the_yearly_report_tells_of_studies(world, study):
    first, until = TODAY.replace(month=1, day=1), TODAY.replace(month=12, day=31)
    assert not list(find_chapters(world.partnership, first, until))
    type(study).objects.filter(pk=study.pk).update(begun_on=TODAY, concluded_on=TODAY)
    advice_of(study, state="adopted", decided_on=TODAY, adopted_on=TODAY)
    old = advice_of(study, "Old", days=800, state="doing")
    AdviceReviewFactory(recommendation=old, looked_on=TODAY)
    advice_of(study, "Older", days=801, state="doing")
    [chapter] = find_chapters(world.partnership, first, until)
    told = {str(one.label): (one.value, one.note) for one in chapter.figures}
    assert told == {
        "Studies concluded": ("1", "1 started"),
        "Study recommendations adopted": ("1", "1 written, 1 decided in the year"),
        "Recommendations followed up": ("1", "1 with no follow-up for a year"),
    }
