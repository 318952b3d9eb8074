"""Names of files inside an archive that are safe on every system."""

import unicodedata
from collections.abc import Iterable

from proxeny.engine.package.problems import Problem

__all__ = ["check_path", "check_paths"]

_LONGEST = 240
_DEVICES = frozenset(
    (
        "con",
        "prn",
        "aux",
        "nul",
        "conin$",
        "conout$",
        "clock$",
        *(f"{name}{n}" for name in ("com", "lpt") for n in "0123456789¹²³"),
    )
)
_UNSAFE = frozenset('<>:"|?*\\')


def check_path(path: str) -> str | None:
    """Return the code of what is wrong with a path, or None.

    The codes are `absolute`, `climbs_out`, `device_name`, `name` (signs that some system reads in
    another way), and `path_too_long`.
    """
    if path.startswith(("/", "\\")) or path[1:2] == ":":
        return "absolute"
    parts = path.replace("\\", "/").removesuffix("/").split("/")
    if ".." in parts:
        return "climbs_out"
    if len(path.encode("utf-8", "surrogatepass")) > _LONGEST:
        return "path_too_long"
    return next((code for part in parts if (code := _check_part(part))), None)


def _check_part(part: str) -> str | None:
    if part.partition(".")[0].rstrip(" ").lower() in _DEVICES:
        return "device_name"
    if part in ("", ".") or part != part.strip(" ") or part.endswith("."):
        return "name"
    if any(sign in _UNSAFE or unicodedata.category(sign) in _TURNED for sign in part):
        return "name"
    return None


#: Controls, signs that turn the direction of writing, unassigned ones, line ends.
_TURNED = frozenset(("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"))


def check_paths(paths: Iterable[str]) -> list[Problem]:
    """Return what is wrong with the paths of an archive, alone and with each other."""
    problems = []
    folders: set[str] = set()
    files: dict[str, str] = {}
    for path in paths:
        if code := check_path(path):
            problems.append(Problem(code, path))
            continue
        same = unicodedata.normalize("NFC", path.removesuffix("/")).casefold()
        if not path.endswith("/"):
            if same in files:
                problems.append(Problem("twice", path, params={"first": files[same]}))
            files.setdefault(same, path)
            same = same.rpartition("/")[0]
        while same and same not in folders:
            folders.add(same)
            same = same.rpartition("/")[0]
    problems += [Problem("file_and_folder", files[same]) for same in files.keys() & folders]
    return problems
