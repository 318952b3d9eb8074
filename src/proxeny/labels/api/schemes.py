"""Labels by program: which there are in a room. Their parts are records of the room like others."""

from django.http import HttpRequest

from proxeny.kernel.api import Id, Out
from proxeny.labels.api._router import router
from proxeny.labels.models import Scheme
from proxeny.labels.queries import schemes as queries
from proxeny.partnerships.api._shapes import enter


class LabelOut(Out):
    """A label in its making."""

    id: int
    title: str
    slug: str
    language: str


@router.get("/partnerships/{partnership_id}/schemes", response=list[LabelOut],
            summary="List labels")  # fmt: skip
def list_labels(request: HttpRequest, partnership_id: Id) -> list[Scheme]:
    """List the labels of a room."""
    enter(request, partnership_id)
    return queries.list_schemes(partnership_id)
