"""Files that people hand to each other: known by their content, nothing in them that runs."""

from proxeny.kernel.files.checking import MAX_BYTES, CheckedFile, check_file, refuse_size
from proxeny.kernel.files.kinds import ACCEPTED, MEDIA_TYPES
from proxeny.kernel.files.scanning import scan_file
from proxeny.kernel.files.serving import answer_file, have_saved

__all__ = [
    "ACCEPTED",
    "MAX_BYTES",
    "MEDIA_TYPES",
    "CheckedFile",
    "answer_file",
    "check_file",
    "have_saved",
    "refuse_size",
    "scan_file",
]
