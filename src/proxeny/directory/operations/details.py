"""Writing the guarded facts of entries."""

from collections.abc import Iterable, Mapping
from typing import Any

from proxeny.directory.models import GUARDED, Details


def write_details(rows: Iterable[tuple[int, Mapping[str, Any]]]) -> None:
    """Replace all guarded facts of organisations, given by id; other names are left out.

    The old rows are replaced as a whole: the role that serves pages may not read these columns, and
    an `ON CONFLICT DO UPDATE` would have to.
    """
    made = [
        Details(organisation_id=pk, **{name: facts[name] for name in GUARDED if name in facts})
        for pk, facts in rows
    ]
    Details.objects.filter(pk__in=[one.pk for one in made]).delete()
    Details.objects.bulk_create(made)
