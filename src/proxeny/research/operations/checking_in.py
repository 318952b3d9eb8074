"""Looking into an archive from elsewhere: all of it is checked before any of it is used."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from django.conf import settings

from proxeny.engine.package import (
    Crate,
    DataFile,
    Limits,
    Problem,
    Refused,
    Study,
    identify,
    unpack_crate,
)
from proxeny.research.beside import read_entities, to_json
from proxeny.research.content import to_content, without_nul
from proxeny.research.licences import code_of
from proxeny.research.models import Contributor, Result
from proxeny.research.operations.arriving import Checked
from proxeny.research.rules import ELEMENTS
from proxeny.research.store import get_store

#: So many of each are taken; who brings more has something else than a study of two clusters.
MOST = {"datasets": 200, "files": 2_000, "people": 500, "organisations": 500,
        "recommendations": 500, "actions": 2_000}  # fmt: skip
#: So many entities that we have no place for are shown.
MOST_EXTRA = 200
_DESCRIPTOR = "ro-crate-metadata.json"
#: What a file is that it does not say: that is refused. Of other kinds nothing is taken.
_LIES = ("mismatch", "damaged", "executable", "markup")


@contextmanager
def unpacked(sha256: str, space: int) -> Iterator[tuple[Crate, Path]]:
    """Give what is in an archive of the store, and the folder of its files; nothing of it stays.

    Parameters
    ----------
    space : int
        So many bytes its files may have together.

    Raises
    ------
    Refused
        With all that is wrong with it.
    """
    where = Path(settings.HOME) / "arrivals"
    where.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="arrival-", dir=where))
    try:
        try:
            stream = get_store().open(sha256)
        except KeyError:
            raise Refused(Problem("missing_file")) from None
        with stream:
            crate = unpack_crate(stream, folder / "crate", Limits(unpacked=space))
        yield crate, folder / "crate"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def check_archive(sha256: str, space: int, *, report: Callable[[int, int], bool]) -> Checked | None:
    """Return what an archive holds, and all that is wrong with it; None if `report` stopped it.

    Parameters
    ----------
    report : callable
        Called with how many files were looked at, of how many; returns whether to go on.
    """
    try:
        with unpacked(sha256, space) as (crate, folder):
            problems = [*crate.problems, *_count(crate.study), *_judge(crate.study)]
            files = crate.study.files
            for number, file in enumerate(files):
                if not report(number, len(files)):
                    return None
                problems += look_at(file, folder)
    except Refused as refused:
        return Checked(None, refused.problems)
    if any(one.severity == "error" for one in problems):
        return Checked(None, tuple(problems))
    beside, extra = read_entities(
        crate.extra, kinds=Result.Kind.values, benefits=Result.Benefits.values,
        elements=ELEMENTS, roles=Contributor.Role.values,
    )  # fmt: skip
    content, extra = {**to_content(crate.study), "beside": to_json(beside)}, extra[:MOST_EXTRA]
    if without_nul([content, extra]) != [content, extra]:
        return Checked(None, (*problems, Problem("json", _DESCRIPTOR)))
    return Checked(content, tuple(problems), tuple(extra))


def look_at(file: DataFile, folder: Path) -> list[Problem]:
    """Return what is wrong with a file: an error where it lies, a warning where we take none such."""
    path = folder / file.path
    try:
        with path.open("rb") as stream:
            identify(stream, file.path.rpartition("/")[2])
    except OSError:
        return [Problem("missing_file", file.path)]
    except Refused as refused:
        return [
            replace(one, where=file.path, severity="error" if one.code in _LIES else "warning")
            for one in refused.problems
        ]
    return []


def _count(study: Study) -> Iterator[Problem]:
    for name, most in MOST.items():
        found = len(getattr(study, name))
        if found > most:
            yield Problem("entries", name, params={"found": found, "most": most})


def _judge(study: Study) -> Iterator[Problem]:
    """Yield what we read in another way than it was meant."""
    for one in study.licences:
        if code_of(one.id) is None and not one.id.startswith("#"):
            yield Problem("licence", one.name or one.id, "note")
