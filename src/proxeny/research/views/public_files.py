"""Public downloads of a published study: open files, the crate, and citations."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from proxeny.kernel.errors import Conflict, NotFound
from proxeny.kernel.requests import Request
from proxeny.kernel.view_helpers import answering
from proxeny.research.models import Publication, Use
from proxeny.research.operations.citing import cite
from proxeny.research.operations.crates import take_open_crate
from proxeny.research.operations.giving import find_open, note_use
from proxeny.research.queries.publications import get_published
from proxeny.research.serving import answer_crate, answer_file, begins
from proxeny.research.views.citing import answer_citation
from proxeny.research.views.public import read_publication, version_url


def get_standing(slug: str, number: int | None = None) -> Publication:
    """Return a publication that was not withdrawn; `NotFound` for any other."""
    one = get_published(slug, number)
    if one.withdrawn_at is not None:
        raise NotFound(_("This study has been withdrawn. Its files are no longer available."))
    return one


@login_not_required
@require_safe
@answering
def give_file(
    request: Request, slug: str, path: str, number: int | None = None
) -> HttpResponseBase:
    """Give a file of an open package, and note that it was taken."""
    one = get_standing(slug, number)
    package, file = find_open(read_publication(one), path)
    response = answer_file(
        request,
        file.sha256,
        name=file.name,
        media_type=file.media_type,
        size=file.size or 0,
        is_public=True,
    )
    if begins(request, response):
        note_use(
            one,
            reader=request.reader,
            where=Use.Where.PUBLIC,
            path=file.path,
            package=package.number,
        )
    return response


@login_not_required
@require_safe
@answering
def give_crate(request: Request, slug: str, number: int | None = None) -> HttpResponseBase:
    """Give a published study as an RO-Crate, with the files of its open packages."""
    one = get_standing(slug, number)
    if request.method == "HEAD":
        return HttpResponse(content_type="application/zip")
    try:
        pieces = take_open_crate(one)
    except Conflict as error:
        raise NotFound(str(error)) from error
    note_use(one, reader=request.reader, where=Use.Where.CRATE, path="ro-crate.zip")
    return answer_crate(pieces, f"{one.slug}-{one.number}.crate.zip")


@login_not_required
@require_safe
@answering
def give_citation(request: Request, slug: str, number: int, form: str) -> HttpResponse:
    """Return a version's citation, as a file for other programs."""
    one = get_standing(slug, number)
    study = read_publication(one, number).study
    return answer_citation(cite(study, version_url(one)), form, of=f"{slug}-{number}")
