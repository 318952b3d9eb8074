"""Patterns over other people's text take time in proportion to it, whatever the text is."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import get_resolver
from django.urls.resolvers import RegexPattern

from proxeny.accounts import devices
from proxeny.calls.sources import guessing
from proxeny.engine.package import Field
from proxeny.engine.package._cells import number_pattern
from proxeny.kernel.freebusy import rules
from proxeny.kernel.personal_data.redaction import Redactor
from tests.security.attacks import Found, all_patterns, attacks_on, runs_of

_REDACTOR = Redactor({"Ada Lovelace", "Ada O'Hara"}, {"ada@example.org"})

#: Sizes at which a text is tried, the small ones lest a bad pattern never ends; and the most
#: processor time that each may take. What is quick at the last is linear, or as good as.
_STEPS = (*((size, 0.02) for size in (24, 32, 48, 64, 100, 400)), (4_000, 0.0005))
#: What is not is measured at these, where it has to grow as the text does.
_SMALL, _LARGE, _MOST_S = 4_000, 16_000, 0.25
#: Four times the text, four times as long; sixteen times would be its square.
_GROWTH = 8

#: Patterns that no text of any length comes to: where, how they begin, and why.
BOUNDED = (
    ("engine/package/_reading.py", r"(?:doi\.org/|^doi:)", "500 signs at most"),
    ("proxeny.directory.country_words", "^", "120 signs at most"),
    ("directory/country_words.py", "^", "120 signs at most"),
)
_OWN = "a file of whoever calls the command, in a process of theirs"
_KEPT = "kept by its module, and found there"


def _made(method: str, *patterns: str) -> list[Found]:
    return [Found("made", re.compile(one), {method}) for one in patterns]


#: Places whose pattern is only known when they run: some that come about, or why it is as well.
MADE: dict[str, str | list[Found]] = {
    "accounts/devices.py: pattern": _made(
        "search", *(one for _name, one in (*devices._BROWSERS, *devices._DEVICES))
    ),
    "accounts/oidc/adapter.py: pattern": _made("fullmatch", r"/invitations/([\w-]{20,})/"),
    "accounts/passwords.py: '|'.join(long)": _made("sub", "Lovelace|ada@example|Ada"),
    r"assessments/statistics/numerals.py: f'[+-]?\\d{{1,3}}(?:{re.escape(sign)}\\d{{3}})+'": _KEPT,
    r"bids/figures.py: f'-?[1-9]\\d{{0,2}}(?:{re.escape(sign)}\\d{{3}})+'": _KEPT,
    "calls/sources/guessing.py: words": [
        *_made("search", *(one for _key, one in guessing._KINDS)),
        *_made("match", *(one for _key, one in guessing._PARTS)),
    ],
    "directory/country_words.py: form": _KEPT,
    r"directory/drafting/identity.py: f'(?<![\\w.-])(?:www\\.)?{re.escape(host)}(?![\\w-])'": _made(
        "search", r"(?<![\w.-])(?:www\.)?example\.org(?![\w-])"
    ),
    r"directory/drafting/texts.py: f'(?<!\\w)(?:{alternatives})(?!\\w)'": _KEPT,
    r"engine/agenda/read.py: f'\\b{field}\\s*=\\s*(-?\\d+)\\s*;'": _OWN,
    r"engine/agenda/read.py: f'\\b{field}\\s*=\\s*\\[(.*?)\\]\\s*;'": _OWN,
    "engine/package/_cells.py: pattern": "RE2 takes it, and it repeats at one place at most",
    "engine/package/_cells.py: f'[+-]?(?:{whole}(?:{decimal}[0-9]*)?|{decimal}[0-9]+)"
    "(?:[eE][+-]?[0-9]{{1,4}})?'": [
        Found("made", number_pattern(Field(name="x", type="number", group_char=",")), {"fullmatch"})
    ],
    "engine/package/_infer.py: f'[+-]?[0-9]{{1,3}}{re.escape(sign)}[0-9]{{3}}'": _made(
        "fullmatch", r"[+-]?[0-9]{1,3},[0-9]{3}"
    ),
    "kernel/freebusy/rules.py: _PARTS[key]": _made("fullmatch", *rules._PARTS.values()),
    "kernel/personal_data/redaction.py: f'{before}(?:{any_of}){after}'": [
        Found("made", one, {"sub"})
        for one in (_REDACTOR._name, _REDACTOR._address)
        if one is not None
    ],
}
_ALL = [
    *all_patterns()[0],
    *(one for told in MADE.values() if isinstance(told, list) for one in told),
]


def _spend(run: Callable[[Any], object], text: Any) -> float:
    begun = time.thread_time()
    run(text)
    return time.thread_time() - begun


def _least(run: Callable[[Any], object], text: Any) -> float:
    return min(_spend(run, text) for _ in range(3))


def _grows_too_fast(run: Callable[[Any], object], make: Callable[[int], Any]) -> bool:
    for size, most in _STEPS[:-1]:
        if _spend(run, make(size)) > most and _least(run, make(size)) > most:
            return True
    size, most = _STEPS[-1]
    if _spend(run, make(size)) < most:
        return False
    # A busy machine may spoil one measurement; a bad pattern is bad in each.
    return all(_is_steep(run, make) for _ in range(3))


def _is_steep(run: Callable[[Any], object], make: Callable[[int], Any]) -> bool:
    small, large = _least(run, make(_SMALL)), _spend(run, make(_LARGE))
    return large > _MOST_S or large > _GROWTH * small


def _slow_text(found: Found) -> str:
    for run in runs_of(found):
        for make in attacks_on(found.pattern):
            if _grows_too_fast(run, make):
                return repr(make(40))
    return ""


def _is_bounded(found: Found) -> bool:
    written = str(found.pattern.pattern)
    return any(found.where == where and written.startswith(start) for where, start, _ in BOUNDED)


def test_each_pattern_is_found_and_those_that_are_made_when_they_run_are_named():
    found, unknown = all_patterns()
    assert len(found) > 100
    assert set(unknown) == MADE.keys()
    for where, start, _why in BOUNDED:
        assert any(one.where == where and one.pattern.pattern.startswith(start) for one in found)


@pytest.mark.parametrize(
    "found", _ALL, ids=lambda one: f"{one.where}-{str(one.pattern.pattern)[:40]}"
)
def test_a_pattern_takes_time_in_proportion_to_the_text(found):
    if not _is_bounded(found):
        assert not _slow_text(found)


def _routes(resolver: Any = None) -> dict[tuple[str, ...], Found]:
    """Return the patterns of addresses, one for each way of putting converters together."""
    found: dict[tuple[str, ...], Found] = {}
    for one in (resolver or get_resolver()).url_patterns:
        pattern, inner = one.pattern, getattr(one, "url_patterns", None)
        how = tuple(kind.regex for kind in pattern.converters.values())
        key = (str(pattern),) if isinstance(pattern, RegexPattern) else how
        if (regex := getattr(pattern, "regex", None)) is not None:
            found.setdefault(key, Found("address", regex, {"search"}))
        if inner is not None:
            found = _routes(one) | found
    return found


def test_addresses_take_time_in_proportion_to_their_length():
    found = _routes()
    assert len(found) > 5
    assert [one.pattern.pattern for one in found.values() if _slow_text(one)] == []


@pytest.mark.parametrize(
    "bad",
    [
        r"(a+)+$",
        r"<a [^>]*>",
        r"(?:a|aa)+c",
        rb"[^|]*;",
        r"\b[\w-]*(?:secret|token)=",
    ],
)
def test_a_bad_pattern_is_known(bad):
    assert _slow_text(Found("", re.compile(bad), {"search"}))


@pytest.mark.parametrize(
    "good", [r"a+b?", r"(?<![a-z])[a-z]++\d", r"<[^<>]{0,50}>", r"(?:^|,)'[^'\n]*'"]
)
def test_a_good_pattern_passes(good):
    assert not _slow_text(Found("", re.compile(good), {"search"}))
