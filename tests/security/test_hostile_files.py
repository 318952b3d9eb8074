"""Files that once stalled or ended a web process: read in proportion, or refused with a sentence."""

import contextlib
import io
import time

import pytest
from django.utils import timezone

from proxeny.ambassadors.operations.calendars import AHEAD, bring_calendar
from proxeny.calls.sources.facts import read_facts
from proxeny.directory.sources.sandboxed import open_apart
from proxeny.engine.package import Limits, Refused
from proxeny.kernel.errors import InvalidInput
from proxeny.kernel.files.checking import check_content
from proxeny.kernel.freebusy import read_busy
from proxeny.kernel.personal_data.looking import find_in_file
from proxeny.kernel.personal_data.redaction import Redactor
from proxeny.research.messages import tell_all
from proxeny.research.sandboxed import look_at_file, look_into_crate, unpack_files
from tests.ambassadors.desk import NOW, do
from tests.security import hostile_files as hostile


def _own_s(function, *args) -> float:
    begun = time.process_time()
    function(*args)
    return time.process_time() - begun


def _check(content: bytes, suffix: str) -> None:
    with contextlib.suppress(InvalidInput):
        check_content(content, suffix)


@pytest.mark.parametrize(
    ("make", "suffix"),
    [(hostile.pdf, ".pdf"), (hostile.table, ".csv"), (hostile.document, ".docx")],
)
def test_a_file_takes_time_in_proportion_to_its_size(make, suffix):
    small, large = make(500_000), make(4_000_000)
    least = min(_own_s(_check, small, suffix) for _ in range(3))
    assert min(_own_s(_check, large, suffix) for _ in range(3)) < 8 * 3 * least + 0.2


def test_facts_of_a_call_take_time_in_proportion():
    def read(size: int) -> None:
        read_facts({"topics": ";" * size}, now=timezone.now())

    least = min(_own_s(read, 100_000) for _ in range(3))
    assert min(_own_s(read, 800_000) for _ in range(3)) < 8 * 3 * least + 0.2


def test_a_hostile_calendar_is_refused_and_takes_little_of_the_time_of_this_process(world):
    content = hostile.calendar(30_000)

    def bring() -> None:
        with pytest.raises(InvalidInput, match="repeats too often"):
            do(world.a.representatives[0], bring_calendar, content=content)

    def read_here() -> None:
        with pytest.raises(InvalidInput, match="repeats too often"):
            read_busy(content, NOW, NOW + AHEAD, "UTC", [])

    bring()
    assert min(_own_s(bring) for _ in range(2)) < _own_s(read_here) / 4


@pytest.mark.parametrize("name", hostile.BOOKS)
def test_a_workbook_that_asks_for_all_memory_is_refused_with_a_sentence(name):
    with pytest.raises(InvalidInput, match="couldn’t read this file because it takes"):
        open_apart(hostile.BOOKS[name])


_WORDS: dict[str, list[str]] = {one: [] for one in ("kinds", "benefits", "elements", "roles")}


def test_a_study_that_asks_for_all_memory_is_refused_with_a_sentence():
    archive = io.BytesIO(hostile.crate(16_000_000))
    found = look_into_crate(archive, 10**9, words=_WORDS, go_on=lambda *_: True)
    assert found.content is None
    assert "too much memory" in tell_all(found.problems)
    with pytest.raises(Refused) as refused:
        list(unpack_files(archive, 10**9))
    assert "too much memory" in tell_all(refused.value.problems)


def test_a_document_in_an_archive_is_looked_into_only_up_to_a_size():
    archive = io.BytesIO(hostile.nested(300_000_000))
    with pytest.raises(Refused) as refused:
        look_at_file(archive, "data.zip", Limits(ratio=10**6))
    assert [one.code for one in refused.value.problems] == ["unpacked"]


def test_a_file_that_is_too_much_to_look_for_a_person_in_is_told_as_such():
    redactor = Redactor({"Ada Lovelace"}, {"ada@example.org"})
    assert find_in_file(hostile.wide_part(60_000_000), redactor) == (False, True)
    assert find_in_file(hostile.workbook("Ada &amp; Ben"), redactor) == (False, False)
    assert find_in_file(hostile.workbook("Ada&#32;Lovelace"), redactor) == (False, True)
    assert find_in_file(hostile.workbook("ada@example.org"), redactor) == (True, True)
