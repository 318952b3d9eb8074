"""A run: from requests to an agenda with its certificate, once, whatever dies on the way."""

import pytest

from proxeny.events.models import AgendaEntry, Event, Participation
from proxeny.events.operations.agenda import (
    keep_best,
    load_problem,
    lock_entry,
    start_agenda_run,
    stop_agenda_run,
)
from proxeny.kernel import jobs
from proxeny.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from proxeny.kernel.models import AuditEntry, Job
from proxeny.kernel.tenancy import SERVICE, WEB, acting_as
from proxeny.meetings.models import Meeting
from tests.conftest import reader_of
from tests.events.agenda.conftest import NOW, ask, solve


def start(fair, person, **changes):
    reader = reader_of(person)
    with acting_as(WEB, reader):
        return start_agenda_run(
            actor=reader, event_id=fair.id, now=NOW, **{"time_limit_s": 5, **changes}
        )


def test_a_run_places_all_that_is_wished_and_allowed(fair):
    run = solve(fair)
    assert (run.status, run.value, run.value_bound) == ("optimal", run.value, run.value)
    assert (run.breaks, run.bound) == (0, 0)
    assert run.verdict["ok"] is True
    assert (run.verdict["placed"], run.verdict["wanted"]) == (8, 8)
    assert len(fair.entries()) == 8
    pairs = {(entry.first_id, entry.second_id) for entry in fair.entries()}
    assert (fair.of.greek[2].pk, fair.of.french[2].pk) not in pairs
    assert set(Meeting.objects.values_list("state", flat=True)) == {Meeting.State.DRAFT}
    assert AuditEntry.objects.filter(verb="solve_agenda").count() == 1


def test_a_no_thanks_leaves_no_trace_that_the_other_side_could_read(fair):
    run = solve(fair)
    assert run.unplaced == []
    assert "no-thanks" not in str((run.verdict, run.clashes, run.best))


def test_open_requests_are_closed_by_the_start(fair):
    start(fair, fair.manager)
    assert fair.event.state == Event.State.CLOSED


def test_both_sides_managers_may_run_and_others_may_not(fair):
    for person in (fair.world.a.ambassador,):
        with pytest.raises(NotAllowed):
            start(fair, person)
    with pytest.raises(NotAllowed):
        start(fair, fair.world.a.representatives[0])
    for person in (fair.world.c.manager, fair.world.nobody_special):
        with pytest.raises(NotFound):
            start(fair, person)
    assert start(fair, fair.world.b.manager).number == 1


def test_one_run_at_a_time(fair):
    first = start(fair, fair.manager)
    with pytest.raises(Conflict, match="being calculated"):
        start(fair, fair.world.b.manager)
    jobs.run(first.job_id)
    assert start(fair, fair.world.b.manager).number == 2


@pytest.mark.parametrize("seconds", [0, 4000])
def test_the_time_has_limits(fair, seconds):
    with pytest.raises(InvalidInput) as refused:
        start(fair, fair.manager, time_limit_s=seconds)
    assert refused.value.field == "time_limit_s"


@pytest.mark.parametrize("state", ["draft", "published", "finished", "cancelled"])
def test_only_an_agenda_in_the_making_is_run(fair, state):
    Event.objects.filter(pk=fair.id).update(state=state)
    with pytest.raises(Conflict):
        start(fair, fair.manager)


def test_an_event_without_tables_is_told_so(fair):
    fair.event.tables.all().delete()
    with pytest.raises(InvalidInput, match="times and tables"):
        start(fair, fair.manager)


def test_running_the_work_again_changes_nothing(fair):
    run = solve(fair)
    before = list(AgendaEntry.objects.values_list("pk", "slot", "table"))
    Job.objects.filter(pk=run.job_id).update(state=Job.State.QUEUED)
    jobs.run(run.job_id)
    assert list(AgendaEntry.objects.values_list("pk", "slot", "table")) == before
    assert Meeting.objects.count() == 8


def test_a_worker_that_dies_at_the_end_leaves_nothing_and_the_next_begins_with_the_best(
    fair, monkeypatch
):
    run = start(fair, fair.manager)
    with acting_as(SERVICE):
        draft = load_problem(fair.event)
    from proxeny.engine.agenda import solve as search

    best = search(draft.problem, time_limit_s=5, fairness=2).assignment
    keep_best(run_id=run.pk, draft=draft, assignment=best)

    def die(self, result):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(jobs.JobContext, "finish", die)
        with pytest.raises(KeyboardInterrupt):
            jobs.run(run.job_id)
    assert AgendaEntry.objects.count() == 0
    run.refresh_from_db()
    assert run.finished_at is None
    assert draft.from_rows(run.best) == best
    jobs.run(run.job_id)
    assert len(fair.entries()) == 8
    assert Meeting.objects.count() == 8


def test_what_is_kept_of_a_run_survives_gone_rows(fair):
    draft = load_problem(fair.event)
    rows = [[fair.of.greek[0].pk, fair.of.french[0].pk, 0, 0], [1, 2, 3, 4]]
    assert draft.from_rows(rows) == ()


def test_locked_meetings_stay_and_the_others_keep_their_calendar_names(solved):
    entry = solved.entries()[0]
    place = (entry.slot_id, entry.table_id)
    names = set(Meeting.objects.values_list("uid", flat=True))
    reader = reader_of(solved.manager)
    with acting_as(WEB, reader):
        lock_entry(actor=reader, event_id=solved.id, entry_id=entry.pk, is_locked=True)
    ask(solved, solved.of.french[0], solved.of.greek[1], "must")
    assert solve(solved).status == "optimal"
    entry.refresh_from_db()
    assert (entry.slot_id, entry.table_id, entry.is_locked) == (*place, True)
    assert set(Meeting.objects.values_list("uid", flat=True)) == names


def test_who_left_is_planned_no_more(solved):
    gone = solved.of.greek[0]
    Participation.objects.filter(pk=gone.pk).update(state=Participation.State.WITHDRAWN)
    run = solve(solved)
    assert run.verdict["wanted"] == 5
    assert all(gone.pk not in (e.first_id, e.second_id) for e in solved.entries())
    assert Meeting.objects.count() == 5


def test_a_pair_without_common_time_is_named_with_the_reason(fair):
    greek, french = fair.of.greek[0], fair.of.french[0]
    Participation.objects.filter(pk=greek.pk).update(unavailable=[1, 2, 3])
    Participation.objects.filter(pk=french.pk).update(unavailable=[4, 5, 6])
    run = solve(fair)
    assert [(one["first"], one["second"], one["code"]) for one in run.unplaced] == [
        (greek.pk, french.pk, "never-free-together")
    ]


def test_a_cap_is_kept_and_named(fair):
    Participation.objects.filter(pk=fair.of.greek[1].pk).update(cap=1)
    run = solve(fair)
    caps = [one for one in run.unplaced if one["code"] == "cap"]
    assert len(caps) == 2
    assert {one["who"] for one in caps} == {fair.of.greek[1].pk}


def test_requirements_that_clash_are_an_answer_and_leave_the_agenda(solved):
    entry = solved.entries()[0]
    AgendaEntry.objects.filter(pk=entry.pk).update(is_locked=True)
    Participation.objects.filter(pk=entry.first_id).update(unavailable=[1, 2, 3, 4, 5, 6])
    run = solve(solved)
    assert run.status == "infeasible"
    assert run.finished_at is not None
    assert len(solved.entries()) == 8


def test_a_stop_is_asked_for_by_managers_only(fair):
    run = start(fair, fair.manager)
    reader = reader_of(fair.world.a.representatives[0])
    with pytest.raises(NotAllowed), acting_as(WEB, reader):
        stop_agenda_run(actor=reader, event_id=fair.id)
    reader = reader_of(fair.world.b.manager)
    with acting_as(WEB, reader):
        stop_agenda_run(actor=reader, event_id=fair.id)
    assert Job.objects.get(pk=run.job_id).stop_requested is True
