"""The reference of the command line says what the commands say."""

from pathlib import Path

import click
import pytest

from proxeny.cli import main
from proxeny.engine.agenda.command import EXIT_BAD_INPUT, EXIT_CHECK_FAILED, EXIT_OF_STATUS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "command-line.md"
CONTEXT = click.Context(main, info_name="proxeny")
NAMES = main.list_commands(CONTEXT)


def _sections() -> dict[str, str]:
    """Return the text under each heading of the page."""
    parts = PAGE.read_text(encoding="utf-8").split("\n## ")[1:]
    return {heading: text for heading, _, text in (part.partition("\n") for part in parts)}


def _parameters(name: str) -> list[click.Parameter]:
    """Return the parameters of a command, or those of a group and of the commands in it."""
    command = main.get_command(CONTEXT, name)
    is_group = isinstance(command, click.Group)
    names = command.list_commands(CONTEXT) if is_group else ()
    inner = [command.get_command(CONTEXT, one) for one in names]
    return [one for part in (command, *inner) for one in part.params]


def test_each_command_has_its_section_and_its_line_in_the_table():
    page = PAGE.read_text(encoding="utf-8")
    sections = {heading for heading in _sections() if heading.startswith("proxeny ")}
    assert sections == {f"proxeny {name}" for name in NAMES}
    linked = {name for name in NAMES if f"| [`{name}`](#proxeny-{name}) |" in page}
    assert linked == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_each_option_has_its_row_and_no_other_has(name):
    options = [one for one in _parameters(name) if isinstance(one, click.Option)]
    rows = [line for line in _sections()[f"proxeny {name}"].splitlines() if line.startswith("| `-")]
    told = {row.split("`")[1].split()[0] for row in rows}
    assert told == {option.opts[0] for option in options}
    for option in options:
        row = next(row for row in rows if row.startswith(f"| `{option.opts[0]}"))
        if isinstance(option.default, int | float) and not isinstance(option.default, bool):
            assert f"| {option.default:g} |" in row
        assert ("required" in row) == option.required


@pytest.mark.parametrize("name", NAMES)
def test_each_argument_is_named(name):
    arguments = [
        one.human_readable_name for one in _parameters(name) if one.param_type_name == "argument"
    ]
    section = _sections()[f"proxeny {name}"]
    wanted = {"COMMAND" if one == "ARGUMENTS" else one.upper() for one in arguments}
    assert {one for one in wanted if one not in section} == set()


GROUPS = [name for name in NAMES if isinstance(main.get_command(CONTEXT, name), click.Group)]


@pytest.mark.parametrize("name", GROUPS)
def test_each_command_of_a_group_is_told(name):
    section = _sections()[f"proxeny {name}"]
    commands = main.get_command(CONTEXT, name).commands
    assert {one for one in commands if f"`proxeny {name} {one}`" not in section} == set()


def test_the_exit_codes_are_those_of_the_engine():
    rows = [line for line in _sections()["Exit codes"].splitlines() if line.startswith("| ")]
    told = {int(row.split("|")[1]): row for row in rows if row.split("|")[1].strip().isdigit()}
    assert set(told) == {*EXIT_OF_STATUS.values(), EXIT_CHECK_FAILED, EXIT_BAD_INPUT}
    assert "optimal" in told[EXIT_OF_STATUS["optimal"]]
    assert "feasible" in told[EXIT_OF_STATUS["feasible"]]
    assert "infeasible" in told[EXIT_OF_STATUS["infeasible"]]
    assert "neither" in told[EXIT_OF_STATUS["unknown"]]
    assert "broken rules" in told[EXIT_CHECK_FAILED]
    assert "bad input" in told[EXIT_BAD_INPUT]
