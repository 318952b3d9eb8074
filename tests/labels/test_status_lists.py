"""Lists of what is revoked: for everybody, signed by all, and never too old."""

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from proxeny.kernel import jobs
from proxeny.kernel.jobs.schedule import look_after
from proxeny.kernel.models import Job
from proxeny.kernel.tenancy import SERVICE, acting_as
from proxeny.labels.models import StatusList
from proxeny.labels.operations.status_lists import HOLDS, lists_to_sign, sign_anew
from tests.factories.labels import make_scheme
from tests.factories.world import make_world
from tests.labels.awarding import awarded, verify

pytestmark = pytest.mark.django_db


def get(path, **headers):
    return Client().get(path, headers=headers)


def test_everybody_reads_the_list_signed_by_both(world):
    award = awarded(world)[0]
    answer = get(f"/labels/{award.scheme.slug}/status/1/")
    said = json.loads(answer.content)
    assert answer["Content-Type"] == "application/vc"
    assert said["credentialSubject"]["statusPurpose"] == "revocation"
    assert len(said["proof"]) == 2
    assert len(answer.content) < 5000
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cache-Control"] == "public, max-age=300"
    again = get(f"/labels/{award.scheme.slug}/status/1/", **{"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_list_is_signed_anew_long_before_it_is_too_old(world):
    award = awarded(world)[0]
    now = timezone.now()
    assert lists_to_sign(now) == []
    later = now + timedelta(hours=21)
    assert lists_to_sign(later) == [award.status_list_id]
    assert sign_anew(award.status_list_id, now=later) is True
    assert lists_to_sign(later) == []
    assert verify(award, now=later + HOLDS - timedelta(hours=1)).state == "valid"
    assert verify(award, now=later + HOLDS + timedelta(hours=1)).state == "unchecked"


def test_a_list_that_cannot_be_signed_stays_as_it_is_and_is_tried_again(world, settings):
    award = awarded(world)[0]
    later = timezone.now() + timedelta(hours=21)
    settings.SECRET_KEY = "another"
    assert sign_anew(award.status_list_id, now=later) is False
    assert StatusList.objects.get().credential is not None
    assert lists_to_sign(later) == [award.status_list_id]
    assert verify(award).state == "valid"


@pytest.mark.django_db(transaction=True)
def test_the_hourly_look_signs_what_is_due(transactional_db):
    with acting_as(SERVICE):
        award = awarded(make_world())[0]
        StatusList.objects.update(signed_at=timezone.now() - timedelta(days=1))
    assert "start_signing_lists" not in look_after(timezone.now())
    with acting_as(SERVICE):
        job = Job.objects.filter(kind="labels.sign-lists").latest("pk")
    jobs.run(job.pk)
    with acting_as(SERVICE):
        assert Job.objects.get(pk=job.pk).result == {
            "signed": 1,
            "due": 1,
            "unusable_keys": 0,
        }
        signed_at = StatusList.objects.get().signed_at
    assert signed_at > timezone.now() - timedelta(minutes=1)
    assert verify(award).state == "valid"


def test_there_is_nothing_before_it_was_signed(world):
    version = make_scheme(world.partnership, slug="atlas-new")
    for path in (
        "/labels/atlas-new/status/1/",
        "/labels/nothing/status/1/",
        "/labels/nothing/did.json",
        f"/labels/{version.slug}/9/did.json",
        f"/issuers/{world.c.cluster.pk}/did.json",
        "/issuers/999999999/did.json",
        "/awards/nothing/credential.json",
    ):
        assert get(path).status_code == 404, path


def test_documents_name_both_clusters_and_all_keys(world):
    award = awarded(world)[0]
    said = json.loads(get(f"/labels/{award.scheme.slug}/did.json").content)
    assert len(said["controller"]) == len(said["verificationMethod"]) == 2
    own = json.loads(get(f"/issuers/{world.a.cluster.pk}/did.json").content)
    assert own["verificationMethod"][0]["publicKeyMultibase"] in str(said["verificationMethod"])


def test_what_other_clusters_issue_later_has_an_identifier_of_its_own(world):
    """A third cluster joins the label: what two have signed holds, and needs no third signature."""
    from tests.factories.labels import SchemeVersionFactory

    award = awarded(world)[0]
    content = dict(award.scheme_version.content)
    third = {"organisation": world.c.cluster.pk, "name": "Third", "country": "MA"}
    content["issuers"] = [*content["issuers"], third]
    SchemeVersionFactory(scheme=award.scheme, number=2, content=content)
    later = json.loads(get(f"/labels/{award.scheme.slug}/2/did.json").content)
    assert later["id"] == f"did:web:127.0.0.1%3A8000:labels:{award.scheme.slug}:2"
    assert len(later["controller"]) == 3
    assert verify(award).state == "valid"
