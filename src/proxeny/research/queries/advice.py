"""Recommendations of studies, and the table rows they are based on."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from proxeny.kernel.errors import NotFound
from proxeny.kernel.tenancy import Reader
from proxeny.partnerships.advice_queries import tone_of
from proxeny.partnerships.evidence import Spot
from proxeny.partnerships.kinds import KINDS
from proxeny.partnerships.models import Evidence, Recommendation
from proxeny.partnerships.room_queries import PutAway, get_record, list_put_away
from proxeny.research import rows
from proxeny.research.models import PackageFile, Study
from proxeny.research.queries import packages
from proxeny.research.rows import AROUND, ShownRows
from proxeny.research.rules import FILE, Place, read_place, tell_place

Source = Recommendation.Source


def get_advice(partnership_id: int, advice_id: int) -> Recommendation:
    """Return a recommendation of a room, archived or not; raise `NotFound` if there is none."""
    found: Recommendation = get_record(KINDS["recommendation"], partnership_id, advice_id)
    return found


# --- From a study to what it recommends, and back


def tell_study(advice: Recommendation) -> tuple[str, str] | None:
    """Return name and page of the study that a recommendation comes from. One query."""
    found = Study.objects.filter(pk=advice.source_id or 0, partnership_id=advice.partnership_id)
    title = found.values_list("title", flat=True).first()
    if title is None:
        return None
    return title, reverse("research:study", args=[advice.partnership_id, advice.source_id])


def list_url_of(advice: Recommendation) -> str:
    """Return the page of all that a study recommends. No query."""
    return reverse("research:advice", args=[advice.partnership_id, advice.source_id])


def list_away(study: Study) -> list[PutAway]:
    """Return a study's archived recommendations, the last archived first. One query."""
    within = {"source": Source.STUDY, "source_id": study.pk}
    return list_put_away(("recommendation",), study.partnership_id, within)


# --- From evidence to rows


def rows_url(partnership_id: int, study_id: int, file_id: int, place: str = "") -> str:
    """Return the page that shows rows of a file."""
    url = reverse("research:rows", args=[partnership_id, study_id, file_id])
    return f"{url}?{place}" if place else url


def find_row_spots(reader: Reader, pieces: list[Evidence]) -> Mapping[int, Spot]:
    """Return the locations of evidence in package files, for the people of the room. One query."""
    files = PackageFile.objects.filter(
        pk__in={one.target_id for one in pieces}, partnership_id__in=reader.rooms
    ).select_related("version__package")
    found = {one.pk: one for one in files}
    return {
        one.pk: _spot(found[one.target_id], one.place) for one in pieces if one.target_id in found
    }


def _spot(file: PackageFile, text: str) -> Spot:
    place = read_place(text) if file.table else None
    version = file.version
    told = [file.path, _("version %(number)d") % {"number": version.number}]
    if place:
        told.insert(1, tell_place(place))
    url = rows_url(file.partnership_id, version.package.study_id, file.pk, text)
    return Spot(url, " · ".join(told), is_table=place is not None)


def get_file(partnership_id: int, file_id: int, study_id: int | None = None) -> PackageFile:
    """Return a file of a released version, with its version, package and study.

    Raises
    ------
    NotFound
        There is none in this room (of this study), or its version is a draft.
    """
    file = packages.get_file(partnership_id, file_id, study_id=study_id)
    if file.version.released_at is None:
        raise NotFound(_("We couldn’t find this file, or it hasn’t been released yet."))
    return file


def find_offered(partnership_id: int) -> QuerySet[PackageFile]:
    """Return the files that evidence may name: of the last released version of each package."""
    versions = packages.newest_versions().filter(
        partnership_id=partnership_id, package__dropped_at=None, package__study__dropped_at=None
    )
    found = PackageFile.objects.filter(version__in=versions)
    return found.select_related("version__package__study").order_by(
        "version__package__study_id", "version__package_id", "path"
    )


def show_rows(file: PackageFile, place: Place | None, *, around: int = AROUND) -> ShownRows:
    """Return the rows of a file that a place names, marked; see `research.rows.show_rows`."""
    return rows.show_rows(file.sha256, file.dialect, file.table, place=place, around=around)


@dataclass(frozen=True, slots=True)
class Citation:
    """A recommendation that rests on rows of a file, and on which."""

    evidence: Evidence
    place: Place | None

    @property
    def told(self) -> str:
        """The cited rows, in words."""
        return tell_place(self.place) if self.place else ""

    @property
    def tone(self) -> dict[str, str]:
        """The colours for the state of its recommendation."""
        return tone_of(self.evidence.recommendation)


def list_citations(file: PackageFile, place: Place | None) -> list[Citation]:
    """Return the other evidence in these rows of a file, or in any of it if no place is given.

    The same bytes count as the same file, in whichever version. One query.
    """
    same = PackageFile.objects.filter(partnership_id=file.partnership_id, sha256=file.sha256)
    found = (
        Evidence.objects.filter(
            partnership_id=file.partnership_id,
            target=FILE,
            target_id__in=same.values("pk"),
            recommendation__dropped_at=None,
        )
        .select_related("recommendation")
        .order_by("pk")
    )
    citations = [Citation(one, read_place(one.place)) for one in found]
    if place is None:
        return citations
    return [one for one in citations if one.place is None or _overlap(one.place, place)]


def _overlap(one: Place, other: Place) -> bool:
    columns, others = set(one.columns), set(other.columns)
    shares = not columns or not others or columns & others
    return bool(shares) and one.first <= other.last and other.first <= one.last
