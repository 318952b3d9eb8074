"""Looking into an archive from elsewhere: all of it is checked before any of it is used."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from proxeny.engine.package import Problem
from proxeny.kernel.errors import NotFound
from proxeny.research.licences import code_of
from proxeny.research.models import Contributor, Result
from proxeny.research.operations.arriving import Checked
from proxeny.research.rules import ELEMENTS
from proxeny.research.sandboxed import look_into_crate
from proxeny.research.store import open_bytes


def check_archive(sha256: str, space: int, *, report: Callable[[int, int], bool]) -> Checked | None:
    """Return an archive's content and all problems; None if `report` stopped it.

    Parameters
    ----------
    space : int
        So many bytes its files may have together.
    report : callable
        Called with how many files were looked at, of how many; returns whether to go on.
    """
    words = {
        "kinds": list(Result.Kind.values),
        "benefits": list(Result.Benefits.values),
        "elements": list(ELEMENTS),
        "roles": list(Contributor.Role.values),
    }
    try:
        with open_bytes(sha256) as stream:
            found = look_into_crate(stream, space, words=words, go_on=report)
    except NotFound:
        return Checked(None, (Problem("missing_file"),))
    if found is None or found.content is None:
        return None if found is None else Checked(None, found.problems)
    return Checked(found.content, (*found.problems, *_judge(found.content)), found.extra)


def _judge(content: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what we read in another way than it was meant."""
    for one in content["licences"]:
        if code_of(one["id"]) is None and not one["id"].startswith("#"):
            yield Problem("licence", one["name"] or one["id"], "note")
