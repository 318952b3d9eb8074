"""Shorthands of the tests of what studies recommend."""

import io
from datetime import timedelta
from hashlib import sha256

from django.urls import reverse
from django.utils import timezone

from proxeny.engine.package import detect_dialect, dump_schema, infer_schema, keep
from proxeny.partnerships.models import Recommendation
from proxeny.research.rules import FILE
from proxeny.research.sandboxed import dump_written
from proxeny.research.store import get_store
from tests.factories import research as made
from tests.factories import rooms

NOW = timezone.now()
#: A table of twelve rows: the header is row 1, the studios stand in rows 2 to 13.
TABLE = "studio,wage,town\n" + "".join(
    f"Studio {number},{1000 + 100 * number},{'Lyon' if number % 2 else 'Paris'}\n"
    for number in range(1, 13)
)


def study_of(world, **given):
    """Make a study of A and B."""
    return made.StudyFactory(partnership=world.partnership, **given)


def file_of(study, content=TABLE, path="answers.csv", *, is_released=True, package=None, number=1):
    """Make a package with a version of one file, whose bytes are in the store."""
    raw = content.encode() if isinstance(content, str) else content
    keep(get_store(), io.BytesIO(raw), len(raw))
    package = package or made.PackageFactory(study=study)
    version = made.PackageVersionFactory(
        package=package, number=number, released_at=NOW if is_released else None
    )
    said = {}
    if path.endswith(".csv"):
        dialect = detect_dialect(io.BytesIO(raw))
        schema = infer_schema(io.BytesIO(raw), dialect).schema
        said = {"dialect": dump_written(dialect), "table": dump_schema(schema), "fit": "fits"}
    return made.PackageFileFactory(
        version=version, path=path, size=len(raw), sha256=sha256(raw).hexdigest(), **said
    )


def advice_of(study, title="Pay interns", days=0, **given):
    """Make a recommendation of a study, written so many days ago."""
    one = rooms.RecommendationFactory(
        partnership=study.partnership,
        title=title,
        source="study",
        source_id=study.pk,
        **{"addressee": "all", **given},
    )
    Recommendation.objects.filter(pk=one.pk).update(created_at=NOW - timedelta(days=days))
    return one


def rest(advice, file, place="row=5-7&col=wage", text="They earn less."):
    """Let a recommendation rest on rows, without asking whether they are there."""
    return rooms.EvidenceFactory(
        partnership=advice.partnership,
        recommendation=advice,
        kind="data",
        text=text,
        target=FILE,
        target_id=file.pk,
        place=place,
    )


def at(name, *numbers):
    """Return the address of a page of research."""
    return reverse(f"research:{name}", args=numbers)
