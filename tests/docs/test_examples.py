"""What the documentation shows can be typed: commands, options, addresses, variables, files."""

import configparser
import json
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
import yaml
from django.core.management import get_commands, load_command_class

from proxeny.cli import main
from proxeny.config.environment import VARIABLES

from .blocks import (
    CODE,
    PAGES,
    ROOT,
    SHELL,
    name_page,
    read_assigned,
    read_blocks,
    read_prose,
    split_commands,
)

PYTHON = read_blocks("python")
PATHS = json.loads((ROOT / "docs/reference/openapi.json").read_text("utf-8"))["paths"]
CONTEXT = click.Context(main, info_name="proxeny")
# Read by tests alone, or a beginning of names; and what the compose file reads.
OTHER_VARIABLES = {"PROXENY_FUZZ", "PROXENY_OIDC_"} | set(
    re.findall(r"\$\{(PROXENY_[A-Z_]+)", (ROOT / "deploy/compose.yaml").read_text("utf-8"))
)


@pytest.mark.parametrize("block", [one for one in PYTHON if one.mark == "run"], ids=str)
def test_code_marked_to_run_runs(block, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", block.text],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr


def test_code_that_does_not_run_says_why():
    # What is marked `letter` runs in tests/e2e/test_tutorial_pictures.py, where there is a letter.
    wanted = re.compile(r"run|letter|not-run: .{10,}")
    assert [str(one) for one in PYTHON if not wanted.fullmatch(one.mark)] == []


@pytest.mark.parametrize("block", [one for one in PYTHON if ": as in " in one.mark], ids=str)
def test_what_is_shown_of_the_code_stands_there(block):
    path = block.mark.partition(": as in ")[2]
    # A page breaks lines as a page does.
    shown, code = ("".join(one.split()) for one in (block.text, (ROOT / path).read_text("utf-8")))
    assert shown in code


# Commands


def _shown_commands() -> list[tuple[str, list[str]]]:
    """Return each command of Proxeny that a page shows, as (page, words after `proxeny`)."""
    texts = [(one.page, one.text, one.language == "console") for one in read_blocks(*SHELL, "")]
    for block in read_blocks("ini"):
        started = re.findall(r"^ExecStart=(.*)$", block.text, re.M)
        texts += [(block.page, line.replace("exec ", ""), False) for line in started]
    for page in PAGES:
        texts += [(name_page(page), code, False) for code in CODE.findall(read_prose(page))]
    found = []
    for page, text, prompt in texts:
        for words in split_commands(text, prompt=prompt) if "proxeny" in text else ():
            program = Path(words[0]).name
            if program in {"sh", "bash"}:
                words = next(split_commands(words[-1]))
                program = Path(words[0]).name
            if program == "proxeny" and words[1:]:
                found.append((page, [word.strip("[]") for word in words[1:]]))
    return found


def _wrong_in(words: list[str]) -> set[str]:
    """Return what of a command Proxeny does not know: its name, or options."""
    if words[0] == "manage":
        return _wrong_for_django(words[1:])
    command: click.Command = main
    rest = words
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        try:
            _name, found, rest = command.resolve_command(CONTEXT, rest)
        except click.UsageError:
            return {rest[0]}
        assert found is not None
        command = found
    known = {name for one in command.params for name in (*one.opts, *one.secondary_opts)}
    return _options(rest) - known - {"--help"}


def _wrong_for_django(words: list[str]) -> set[str]:
    if not words or words[0] in {"COMMAND", "…", "help"}:
        return set()
    app = get_commands().get(words[0])
    if app is None:
        return {words[0]}
    command = app if not isinstance(app, str) else load_command_class(app, words[0])
    parser = command.create_parser("manage", words[0])
    return _options(words[1:]) - set(parser._option_string_actions)


def _options(words: list[str]) -> set[str]:
    return {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)}


COMMANDS = _shown_commands()


def test_commands_are_found_where_they_are_shown():
    pages = {page for page, _words in COMMANDS}
    assert {"docs/how-to/use-the-engine-alone.md", "docs/how-to/back-up-and-restore.md"} <= pages
    assert len(COMMANDS) > 40


@pytest.mark.parametrize("page", sorted({page for page, _words in COMMANDS}))
def test_commands_and_their_options_exist(page):
    shown = [words for one, words in COMMANDS if one == page]
    assert [(" ".join(words), wrong) for words in shown if (wrong := _wrong_in(words))] == []


def test_a_command_that_does_not_exist_would_be_seen():
    assert _wrong_in(["solve", "FILE", "--fast"]) == {"--fast"}
    assert _wrong_in(["resolve", "FILE"]) == {"resolve"}
    assert _wrong_in(["manage", "migrate", "--later"]) == {"--later"}


def test_targets_of_make_exist():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    texts = "\n".join(page.read_text("utf-8") for page in PAGES)
    named = set(re.findall(r"(?:`|^)make ([a-z-]+)(?=`|\n| +#)", texts, re.M))
    assert {"run", "test", "docs"} <= named <= targets


@pytest.mark.parametrize("page", PAGES, ids=name_page)
def test_variables_of_the_environment_exist(page):
    named = set(re.findall(r"\bPROXENY_[A-Z_]+", page.read_text("utf-8")))
    assert named - {one.name for one in VARIABLES} - OTHER_VARIABLES == set()


# Addresses of the API


def _is_route(path: str, method: str = "", *, begins: bool = False) -> bool:
    """Tell whether the description has this address, or with `begins` one below it."""
    asked = path.split("?")[0].rstrip("/").split("/")
    for route, item in PATHS.items():
        parts = route.rstrip("/").split("/")
        if len(parts) < len(asked) or (len(parts) > len(asked) and not begins):
            continue
        same = all(
            one == two or (two[0] == "{" and re.fullmatch(r"\d+|\{\w+\}|<\w+>|…", one))
            for one, two in zip(asked[1:], parts[1:], strict=False)
        )
        if same and (not method or method.lower() in item):
            return True
    return False


def _asked(words: list[str]) -> tuple[str, str]:
    """Return the method and the address of a call by curl."""
    address = next((word for word in words if "/api/v1" in word), "")
    method = "POST" if {"-d", "--data", "--data-binary"} & set(words) else "GET"
    if "-X" in words:
        method = words[words.index("-X") + 1]
    return method, address[address.find("/api/v1") :]


def _with_values(text: str, known: dict[str, str]) -> str:
    return re.sub(r"\$([A-Z]+)", lambda one: known.get(one[1], one[0]), text)


def _calls() -> list:
    found = []
    for page in PAGES:
        known = read_assigned(page.read_text("utf-8"))
        for block in read_blocks(*SHELL):
            if block.page != name_page(page):
                continue
            text = _with_values(block.text, known)
            for words in split_commands(text, prompt=block.language == "console"):
                if words[0] in {"curl", "call"} and _asked(words)[1]:
                    found.append(pytest.param(*_asked(words), id=f"{block}-{_asked(words)[1]}"))
    return found


@pytest.mark.parametrize(("method", "address"), _calls())
def test_calls_that_are_shown_can_be_made(method, address):
    assert _is_route(address, method)


@pytest.mark.parametrize("page", PAGES, ids=name_page)
def test_addresses_of_the_api_that_are_named_exist(page):
    named = re.findall(r"(?:\b([A-Z]+) )?(/api/v1/[\w/{}<>-]+)", read_prose(page))
    special = {"/api/v1/openapi", "/api/v1/docs"}
    assert [
        (method, path)
        for method, path in named
        if path not in special and not _is_route(path, method, begins=not method)
    ] == []


def test_an_address_that_does_not_exist_would_be_seen():
    assert _is_route("/api/v1/people/me", "GET")
    assert not _is_route("/api/v1/people/me", "DELETE")
    assert not _is_route("/api/v1/people/you", "GET")
    assert not _is_route("/api/v1/people")
    assert _is_route("/api/v1/people", begins=True)


# Files

CODE_PATH = re.compile(r"`((?:src|tests|docs|benchmarks|\.ci)/[\w./-]+)`")


@pytest.mark.parametrize("page", PAGES, ids=name_page)
def test_files_of_the_repository_that_are_named_exist(page):
    named = set(CODE_PATH.findall(page.read_text("utf-8")))
    assert {one for one in named if not (ROOT / one).exists()} == set()


@pytest.mark.parametrize("block", read_blocks("json"), ids=str)
def test_json_can_be_read(block):
    assert json.loads(block.text)


@pytest.mark.parametrize("block", read_blocks("yaml"), ids=str)
def test_yaml_can_be_read(block):
    assert yaml.safe_load(block.text)


@pytest.mark.parametrize("block", read_blocks("ini"), ids=str)
def test_units_can_be_read(block):
    text = block.text if block.text.startswith("[") else f"[Service]\n{block.text}"
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str
    parser.read_string(text)
    assert all(parser[name] for name in parser.sections() if name != "Unit")
