"""Records of downloads of published files, and the search for files that may be downloaded."""

from dataclasses import replace

from django.utils.translation import gettext as _

from proxeny.engine.package import Study as Told
from proxeny.kernel.errors import NotFound
from proxeny.kernel.tenancy import Reader, as_service
from proxeny.research.models import DataRequest, Package, PackageFile, Publication, Study, Use
from proxeny.research.presenter_parts import Data, File, Shown


def find_open(shown: Shown, path: str) -> tuple[Data, File]:
    """Return a file of an open package of a published study, with its package.

    Raises
    ------
    NotFound
        There is none of that path, or not everybody may have it.
    """
    found = shown.find_file(path)
    if found is None or not found[0].is_open:
        raise NotFound(_("We couldn’t find this file, or it isn’t public."))
    return found


def note_use(
    source: Study | Package | Publication,
    *,
    reader: Reader,
    where: str,
    path: str,
    package: int | None = None,
    asked: DataRequest | None = None,
) -> None:
    """Record the download of a file, and the person if signed in.

    Parameters
    ----------
    package : int, optional
        The number of the package, where the source is none.
    """
    with as_service("Strangers download too, and no policy lets anyone write the record of it."):
        Use.objects.create(
            partnership_id=source.partnership_id,
            study_id=source.pk if isinstance(source, Study) else source.study_id,
            package_id=source.pk if isinstance(source, Package) else package or None,
            path=path[:300],
            where=where,
            person_id=reader.person,
            request=asked,
        )


def note_file_use(file: PackageFile, *, reader: Reader) -> None:
    """Record that a person of the room downloaded a file."""
    note_use(file.version.package, reader=reader, where=Use.Where.ROOM, path=file.path)


def keep_open(study: Told) -> Told:
    """Return a study with the files of its open packages alone; the others stay named."""
    datasets = tuple(
        one if one.access == "open" else replace(one, files=()) for one in study.datasets
    )
    kept = {file.path for one in datasets for file in one.files}
    advice = tuple(
        replace(
            one,
            evidence=tuple(
                piece
                if not piece.file or piece.file in kept
                else replace(piece, file="", rows=None, columns=())
                for piece in one.evidence
            ),
        )
        for one in study.recommendations
    )
    return replace(study, datasets=datasets, recommendations=advice)
