"""Quotas as fractions, percents and numbers of places: written, told in places, and kept exactly."""

import pytest
from django.urls import reverse
from django.utils import translation

from proxeny.kernel.errors import InvalidInput
from proxeny.labels.content import QuotaText
from proxeny.labels.gaps import find_remarks
from proxeny.labels.models import Quota, Scheme
from proxeny.labels.operations.selecting import quota_of
from proxeny.labels.presenters import tell_quota, tell_quota_in_places
from proxeny.labels.queries.schemes import read_parts
from proxeny.partnerships.operations.records import add_record
from tests.factories import labels as made
from tests.labels.deciding import make_ranked, put_decision, with_quota
from tests.labels.naming import draft
from tests.labels.test_selecting_pages import text_of, url
from tests.partnerships.rooms import do


def quota(least, most=None):
    return QuotaText("q1", {"en": "France"}, ("FR",), least, most)


@pytest.mark.parametrize(
    ("least", "most", "places", "told"),
    [
        ("1/3", None, 30, "at least 10 of 30 places (1/3)"),
        ("33.00", None, 30, "at least 9 of 30 places (33% is 9.9, rounded down)"),
        ("33.00", None, 3, "at least 0 of 3 places (33% is 0.99, rounded down)"),
        ("50.00", None, 1, "at least 0 of 1 place (50% is 0.5, rounded down)"),
        ("10 places", None, 30, "at least 10 of 30 places"),
        (
            "1/3",
            "1/2",
            25,
            "8 to 13 of 25 places (1/3 is 8.33, rounded down; 1/2 is 12.5, rounded up)",
        ),
        ("5 places", "9 places", 25, "5 to 9 of 25 places"),
    ],
)
def test_what_a_quota_means_in_places_is_told_with_how_it_is_rounded(least, most, places, told):
    one = quota(least, most)
    assert tell_quota_in_places(one, places) == told
    asked = quota_of(one, places)
    assert told.startswith(
        f"at least {asked.least} of" if most is None else f"{asked.least} to {asked.most} of"
    )


def test_a_quota_is_told_without_a_round():
    assert tell_quota(quota("1/3"), "France") == "at least 1/3 of the places"
    assert tell_quota(quota("33.00", "50.00"), "France") == "33% to 50% of the places"
    assert tell_quota(quota("10 places"), "France") == "at least 10 places"
    with translation.override("fr"):
        assert "33,5" in tell_quota(quota("33.50"), "France")


def add(world, scheme, **values):
    return do(
        world.a.manager,
        add_record,
        partnership_id=world.partnership.pk,
        kind="label-quota",
        values={"scheme": scheme.pk, "title": "Morocco", "countries": "MA", **values},
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("1/3", "1/3"),
        ("33 %", "33.00"),
        ("33,5", "33.50"),
        ("10 places", "10 places"),
        (40, "40.00"),
    ],
)
def test_a_quota_is_written_in_each_way(world, written, kept):
    one = add(world, draft(world), least=written)
    assert Quota.objects.get(pk=one.pk).least == kept


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"least": "a third"}, "least"),
        ({"least": "4/3"}, "least"),
        ({"least": "120 %"}, "least"),
        ({"least": "1/2", "most": "1/3"}, "most"),
        ({"least": "1/2", "most": "9 places"}, "most"),
    ],
)
def test_what_is_no_share_is_refused_with_the_field(world, values, field):
    with pytest.raises(InvalidInput) as refused:
        add(world, draft(world), **values)
    assert refused.value.field == field


@pytest.mark.django_db
def test_programs_send_percent_as_numbers_and_shares_as_text(world, call):
    scheme, api = draft(world), call(world.a.manager)
    path = f"/partnerships/{world.partnership.pk}/records"
    body = {
        "kind": "label-quota",
        "scheme": scheme.pk,
        "number": 9,
        "title": "Morocco",
        "countries": "MA",
    }
    for sent, kept in ((33, "33.00"), (12.5, "12.50"), ("1/3", "1/3"), ("10 places", "10 places")):
        answer = api.post(path, {"record": {**body, "least": sent}})
        assert answer.status_code == 201, answer.content
        assert answer.json()["least"] == kept
    assert api.post(path, {"record": {**body, "least": "a third"}}).status_code == 422


@pytest.mark.django_db
def test_a_quota_is_edited_as_people_write_it(world, sign_in):
    scheme = draft(world)
    one = made.QuotaFactory(scheme=scheme, title="Morocco", countries="MA", least="33.00")
    page = reverse("partnerships:record", args=[world.partnership.pk, "label-quota", one.pk])
    assert 'value="33%"' in sign_in(world.a.manager).get(page).content.decode()


@pytest.mark.django_db
def test_thirds_share_all_places_and_what_a_version_said_in_percent_still_holds(world):
    judged = make_ranked(world, 5, 4, 3, places=3, countries="GR MA FR")
    with_quota(judged, least=33)
    assert judged.version.content["quotas"][0]["least"] == "33.00"
    with_third = make_ranked(world, 5, 4, 3, places=3, countries="GR MA FR", slug="thirds")
    Quota.objects.filter(scheme=with_third.round.scheme).update(least="1/3")
    with_quota(with_third, least="1/3")
    decision = put_decision(world.a.manager, with_third)
    assert decision.content["quotas"][0]["least"] == 1


@pytest.mark.django_db
def test_a_percent_that_misses_a_third_is_told_before_one_signs(world):
    scheme = draft(world)
    Quota.objects.filter(scheme=scheme).update(least="33.00")
    told = [one.text for one in find_remarks(read_parts(Scheme.objects.get(pk=scheme.pk)), sides=2)]
    assert (
        "“France” asks for 33%, which is less than 1/3: out of 3 places, that’s 0, "
        "while 1/3 would be 1."
    ) in told
    Quota.objects.filter(scheme=scheme).update(least="1/3")
    told = [one.text for one in find_remarks(read_parts(Scheme.objects.get(pk=scheme.pk)), sides=2)]
    assert not any("which is less than" in one for one in told)


@pytest.mark.django_db
def test_a_round_says_what_its_quotas_mean_in_places(world, sign_in):
    judged = make_ranked(world, 5, 4, places=2)
    with_quota(judged, least="1/2")
    shown = text_of(sign_in(world.a.manager).get(url(judged, "round")))
    assert "France : at least 1 of 2 places (1/2)" in shown.replace(":", " :").replace("  ", " ")
