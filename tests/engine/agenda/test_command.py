"""The commands on files: output, exit codes."""

import json

import pytest
from click.testing import CliRunner

from proxeny.engine.agenda import Meeting, Participant, Problem, Slot, Table, problem_to_json
from proxeny.engine.agenda.command import check_command, solve_command


def run(command, *arguments):
    return CliRunner().invoke(command, [str(argument) for argument in arguments])


@pytest.fixture
def event(tmp_path):
    problem = Problem(
        participants=(Participant("Ada"), Participant("Bo"), Participant("Cy")),
        slots=(Slot(),) * 3,
        tables=(Table("Red"),),
        meetings=(Meeting((0, 1)), Meeting((1, 2))),
    )
    file = tmp_path / "event.json"
    file.write_text(json.dumps(problem_to_json(problem)), encoding="utf-8")
    return file


def test_solve_prints_one_object_that_check_accepts(event, tmp_path):
    outcome = run(solve_command, event, "--json", "--time-limit", 10)
    assert outcome.exit_code == 0
    found = json.loads(outcome.stdout)
    assert (found["status"], found["objective"], found["bound"]) == ("optimal", 0, 0)
    assert found["breaks"] == [0, 0, 0]
    assert [(one["meeting"], one["table"]) for one in found["assignment"]] == [(1, 1), (2, 1)]
    schedule = tmp_path / "schedule.json"
    schedule.write_text(outcome.stdout, encoding="utf-8")
    accepted = run(check_command, event, schedule)
    assert (accepted.exit_code, accepted.stdout) == (0, "accepted: 2 of 2 meetings, 0 breaks\n")


def test_check_refuses_with_code_1_and_the_reasons(event, tmp_path):
    schedule = tmp_path / "schedule.json"
    rows = [{"meeting": 1, "slot": 2, "table": 1}, {"meeting": 2, "slot": 2, "table": 1}]
    schedule.write_text(json.dumps(rows), encoding="utf-8")
    refused = run(check_command, event, schedule)
    assert refused.exit_code == 1
    assert "- participant 2 has meetings 1 and 2 in slot 2" in refused.stdout
    data = json.loads(run(check_command, event, schedule, "--json").stdout)
    assert data["ok"] is False
    assert len(data["errors"]) == 2


def test_solve_for_people_shows_the_timetable(event):
    outcome = run(solve_command, event, "--time-limit", 10)
    assert "optimal in" in outcome.stdout
    assert "Red: Ada + Bo" in outcome.stdout


def test_bad_input_has_code_2(tmp_path):
    bad = tmp_path / "bad.dzn"
    bad.write_text("nBusiness = 3;", encoding="utf-8")
    outcome = run(solve_command, bad)
    assert outcome.exit_code == 2
    assert "nTotalSlots: missing" in outcome.stderr
    assert run(solve_command, tmp_path / "absent.dzn").exit_code == 2
    assert run(solve_command, bad, "--fairness", "some").exit_code == 2


def test_infeasible_has_code_3_and_says_why(tmp_path):
    problem = Problem(
        (Participant("Ada"),) * 3, (Slot(),), (Table(),) * 2, (Meeting((0, 1)), Meeting((0, 2)))
    )
    file = tmp_path / "event.json"
    file.write_text(json.dumps(problem_to_json(problem)), encoding="utf-8")
    outcome = run(solve_command, file)
    assert outcome.exit_code == 3
    assert "infeasible" in outcome.stdout
    assert "clash: Ada is in all 2 of them" in outcome.stdout
