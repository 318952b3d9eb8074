"""A version of a figure as a download, for pages and programs alike."""

from django.http import HttpResponse
from django.utils.translation import gettext as _

from proxeny.assessments.models import Figure, FigureVersion
from proxeny.assessments.queries.figures import tell_all
from proxeny.assessments.statistics.table import write_values
from proxeny.kernel.downloads import disposition, file_name
from proxeny.kernel.spreadsheet import MEDIA_TYPES


def answer_version(figure: Figure, version: FigureVersion, *, form: str) -> HttpResponse:
    """Return a version as a download; any `form` but `xlsx` is CSV."""
    form = form if form in MEDIA_TYPES else "csv"
    content = write_values(form, version.series, first=_("Period"), told=tell_all(figure, version))
    response = HttpResponse(content, content_type=MEDIA_TYPES[form])
    name = file_name(figure.title or "figure", version.number, ending=form)
    response["Content-Disposition"] = disposition(name)
    return response
