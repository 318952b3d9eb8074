"""Names of files that no system reads as a path, and no reader as another kind of file."""

import unicodedata
from pathlib import PurePosixPath

_UNSAFE = set('<>:"|?*\\/;%')
_LONGEST = 120
#: Names of devices, which Windows opens instead of a file.
_DEVICES = {
    "con",
    "prn",
    "aux",
    "nul",
    *(f"{name}{n}" for name in ("com", "lpt") for n in range(10)),
}


def clean_name(name: str) -> str:
    """Return a file's name without folders, control characters, and turned-around letters.

    The sign that turns the direction of writing round lets `gpj.exe` read `exe.jpg`; all such
    signs (category Cf) are taken out.
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(
        "-" if sign in _UNSAFE else sign
        for sign in unicodedata.normalize("NFC", last)
        if unicodedata.category(sign) not in ("Cc", "Cf", "Co", "Cs", "Zl", "Zp")
    )
    path = PurePosixPath(" ".join(kept.split()).lstrip(". "))
    stem, suffix = path.stem.rstrip(". "), path.suffix.lower()
    if not stem or stem.lower() in _DEVICES:
        stem = f"file-{stem}".rstrip("-")
    return f"{stem[: _LONGEST - len(suffix)].rstrip()}{suffix}"


def suffix_of(name: str) -> str:
    """Return the end of a cleaned name, in lower case with its dot."""
    return PurePosixPath(name).suffix.lower()
