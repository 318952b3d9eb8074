"""Nothing lost when two people edit one record: both versions side by side, and a choice.

A form that changes a record is a `VersionedForm`; a view saves it through `edit_record` and wears
`keeping`. The whole path is told in docs/explanation/concurrent-edits.md.
"""

from proxeny.kernel.versions.comparing import Author, Comparison, Difference
from proxeny.kernel.versions.editing import Editing, edit_record
from proxeny.kernel.versions.forms import Part, Standing, VersionedForm
from proxeny.kernel.versions.kept import keeping

__all__ = [
    "Author",
    "Comparison",
    "Difference",
    "Editing",
    "Part",
    "Standing",
    "VersionedForm",
    "edit_record",
    "keeping",
]
