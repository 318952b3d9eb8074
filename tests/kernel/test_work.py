"""Long work over the API."""

from proxeny.kernel.models import AuditEntry, Job
from tests.factories.accounts import SeatFactory
from tests.stages import staged


@staged
def job(world) -> Job:
    return Job.objects.create(
        kind="directory.check-import",
        key="one",
        person_id=world.a.manager.pk,
        organisation_id=world.a.cluster.pk,
        progress={"percent": 40},
    )


def test_a_manager_watches_and_stops(world, call, job):
    program = call(world.a.manager)
    listed = program.get("/work/jobs").json()
    assert [one["id"] for one in listed["results"]] == [job.pk]
    shown = program.get(f"/work/jobs/{job.pk}").json()
    assert (shown["progress"], shown["is_over"]) == ({"percent": 40}, False)
    assert "arguments" not in shown
    for _again in range(2):
        answer = program.post(f"/work/jobs/{job.pk}/stop")
        assert (answer.status_code, answer.json()["stop_requested"]) == (202, True)
    assert AuditEntry.objects.filter(verb="stop_job").count() == 1


def test_work_that_is_over_cannot_be_stopped(world, call, job):
    Job.objects.update(state=Job.State.DONE)
    answer = call(world.a.manager).post(f"/work/jobs/{job.pk}/stop")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:proxeny:problem:conflict")
    assert not AuditEntry.objects.exists()


def test_others_see_nothing(world, call, job):
    for person in (world.b.manager, world.c.manager, world.a.representatives[0]):
        program = call(person)
        assert program.get("/work/jobs").json()["results"] == []
        assert program.get(f"/work/jobs/{job.pk}").status_code == 404
        assert program.post(f"/work/jobs/{job.pk}/stop").status_code == 404


def test_a_token_of_another_seat_of_the_same_person_sees_nothing(world, call, job):
    other = SeatFactory(person=world.a.manager, organisation=world.c.cluster, role="manager")
    program = call(world.a.manager, seat=other)
    assert program.get("/work/jobs").json()["results"] == []
    assert program.get(f"/work/jobs/{job.pk}").status_code == 404


def test_filters_and_pages(world, call, job, django_assert_num_queries):
    program = call(world.a.manager)
    program.get("/work/jobs")
    with django_assert_num_queries(14):
        program.get("/work/jobs")
    for number in range(4):
        Job.objects.create(
            kind="x", key=f"more{number}", person_id=world.a.manager.pk, state=Job.State.DONE
        )
    with django_assert_num_queries(14):
        assert len(program.get("/work/jobs").json()["results"]) == 5
    assert len(program.get("/work/jobs", {"state": "done"}).json()["results"]) == 4
    assert program.get("/work/jobs", {"state": "lost"}).status_code == 422
    first = program.get("/work/jobs", {"kind": "x", "page_size": 3}).json()
    assert len(first["results"]) == 3
    rest = program.get(first["next"].replace("http://testserver", "")).json()
    assert len(rest["results"]) == 1
    assert program.get("/work/jobs", {"cursor": "???"}).status_code == 422


@staged
def failed(job) -> Job:
    Job.objects.update(state=Job.State.FAILED, error="Row 3 has no name.", attempts=5)
    job.refresh_from_db()
    return job


def test_failed_work_is_listed_and_tried_again_once(world, call, failed):
    program = call(world.a.manager)
    (told,) = program.get("/work/failed").json()["results"]
    assert (told["id"], told["error"], told["dismissed_at"]) == (
        failed.pk,
        "Row 3 has no name.",
        None,
    )
    answer = program.post(f"/work/jobs/{failed.pk}/retry")
    assert (answer.status_code, answer.json()["state"]) == (202, "queued")
    assert program.post(f"/work/jobs/{failed.pk}/retry").status_code == 409
    assert program.get("/work/failed").json()["results"] == []
    assert AuditEntry.objects.filter(verb="retry_job").count() == 1


def test_dismissed_work_waits_for_nobody(world, call, failed):
    program = call(world.a.manager)
    answer = program.post(f"/work/jobs/{failed.pk}/dismiss")
    assert answer.status_code == 200
    assert answer.json()["dismissed_at"]
    assert program.get("/work/failed").json()["results"] == []
    assert program.get(f"/work/jobs/{failed.pk}").json()["state"] == "failed"
    assert program.post(f"/work/jobs/{failed.pk}/dismiss").status_code == 409
    # To try it again takes that back.
    assert program.post(f"/work/jobs/{failed.pk}/retry").json()["dismissed_at"] is None


def test_others_decide_nothing(world, call, failed):
    for person in (
        world.a.ambassador,
        world.b.manager,
        world.c.manager,
        world.a.representatives[0],
    ):
        program = call(person)
        assert program.get("/work/failed").json()["results"] == []
        for deed in ("retry", "dismiss"):
            assert program.post(f"/work/jobs/{failed.pk}/{deed}").status_code == 404
    reads = call(world.a.manager, "work:read")
    assert reads.post(f"/work/jobs/{failed.pk}/retry").status_code == 403
    assert Job.objects.get().state == Job.State.FAILED
