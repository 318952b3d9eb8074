"""What leaves a room and comes in, by program."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from proxeny.engine.package import check_crate
from proxeny.kernel import jobs
from proxeny.kernel.models import Job
from proxeny.research.models import Arrival, DataRequest, Publication, Study
from tests.research.publishing import publish, sign, text_of, whole_study
from tests.research.test_arrivals import crate
from tests.research.test_requests import DAY, ask

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("store")]


def test_a_program_puts_a_study_before_all_and_withdraws_it(world, call):
    study = whole_study(world)
    manager = call(world.a.manager)
    base = f"/research/{world.partnership.pk}/studies/{study.pk}"
    preview = manager.get(f"{base}/publication").json()
    assert preview["missing"] == []
    assert preview["content"]["title"] == study.title
    wrong = manager.post(f"{base}/publication", {"checksum": "0" * 64})
    assert wrong.status_code == 409
    made = manager.post(f"{base}/publication", {"checksum": preview["checksum"]})
    assert made.status_code == 201, made.content
    assert preview["checksum"] in made.json()["text"]
    sign(world, text_of(world))
    [row] = manager.get(f"{base}/publications").json()["results"]
    assert (row["number"], row["published_at"] is not None) == (1, True)
    assert (
        call(world.a.ambassador).post(f"{base}/publication/withdraw", {"reason": "No."}).status_code
        == 403
    )
    gone = manager.post(f"{base}/publication/withdraw", {"reason": "A row was wrong."}).json()
    assert gone["withdrawn_why"] == "A row was wrong."
    assert Publication.objects.get().withdrawn_at is not None


def test_a_program_takes_a_study_along(world, call):
    study = whole_study(world)
    answer = call(world.b.ambassador).get(
        f"/research/{world.partnership.pk}/studies/{study.pk}/crate"
    )
    assert check_crate(io.BytesIO(b"".join(answer.streaming_content))) == ()


def test_a_program_decides_who_gets_data(world, call):
    one = publish(world, whole_study(world))
    ask(one)
    found = DataRequest.objects.get()
    base = f"/research/{world.partnership.pk}/data-requests"
    program = call(world.b.ambassador)
    [row] = program.get(f"{base}?state=asked").json()["results"]
    assert row["purpose"] == "To compare how interns are paid."
    until = {"until": DAY.isoformat()}
    stale = program.send("POST", f"{base}/{found.pk}/grant", data=until, version='"7"')
    assert stale.status_code in (409, 412)
    granted = program.send("POST", f"{base}/{found.pk}/grant", data=until, version="*")
    assert (granted.json()["state"], granted.json()["until"]) == ("granted", DAY.isoformat())
    back = program.send(
        "POST", f"{base}/{found.pk}/revoke", data={"reason": "Passed on."}, version="*"
    )
    assert back.json()["state"] == "refused"
    assert call(world.c.manager).get(f"{base}/{found.pk}").status_code == 404


def test_a_program_brings_a_study_and_takes_it(world, call):
    program = call(world.a.manager)
    base = f"/research/{world.partnership.pk}/arrivals"
    made = program.upload(
        f"/api/v1{base}", {"file": SimpleUploadedFile("study.zip", crate())}, version=None
    )
    assert made.status_code == 201, made.content
    one = Arrival.objects.get()
    jobs.run(Job.objects.get(kind="research.check-arrival").pk)
    shown = program.get(f"{base}/{one.pk}").json()
    assert (shown["state"], shown["content"]["title"]) == ("shown", "Wages")
    job = program.post(f"{base}/{one.pk}/take")
    assert job.status_code == 202
    jobs.run(job.json()["id"])
    [row] = program.get(base).json()["results"]
    assert (row["state"], row["study_id"]) == ("taken", Study.objects.get().pk)
    broken = SimpleUploadedFile("study.zip", crate(file={"sha256": "0" * 64}))
    program.upload(f"/api/v1{base}", {"file": broken}, version=None)
    bad = Arrival.objects.latest("pk")
    jobs.run(Job.objects.filter(kind="research.check-arrival").latest("pk").pk)
    shown = program.get(f"{base}/{bad.pk}").json()
    assert shown["state"] == "refused"
    assert shown["problems"][0]["where"] == "wages.csv"
    assert "wages.csv" in shown["problems"][0]["text"]
    assert program.post(f"{base}/{bad.pk}/take").status_code == 409
