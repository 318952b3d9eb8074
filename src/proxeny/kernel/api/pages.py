"""Lists in pages: a cursor names the place, so that rows added meanwhile repeat or skip nothing."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import DataError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Schema
from ninja.errors import ValidationError
from ninja.pagination import CursorPagination, paginate
from pydantic import Field
from pydantic import ValidationError as PydanticValidationError

Tell = Callable[..., list[Any]]

PAGE_SIZE = 50
LARGEST_PAGE = 200


class Cursor(CursorPagination):
    """Ninja's cursor pages, with a sentence for a cursor that is not ours."""

    class Input(Schema):
        """What the program may ask for."""

        page_size: int = Field(PAGE_SIZE, ge=1, le=LARGEST_PAGE)
        cursor: str | None = Field(
            None, max_length=500, description="What `next` or `previous` of another page names."
        )

    def __init__(self, *, tell: Tell | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.tell = tell

    def paginate_queryset(
        self, queryset: QuerySet[Any], pagination: Any, request: HttpRequest, **params: Any
    ) -> Any:
        """Return one page and the cursors of its neighbours."""
        try:
            page = super().paginate_queryset(queryset, pagination, request, **params)
        except (
            DataError, DjangoValidationError, PydanticValidationError, ValidationError, ValueError,
            OverflowError,
        ) as error:  # fmt: skip
            if pagination.cursor is None:
                raise
            sentence = _("This cursor is not valid. Begin again without one.")
            raise ValidationError([{"loc": ("query", "cursor"), "msg": sentence}]) from error
        if self.tell is not None:
            page[self.items_attribute] = self.tell(
                page[self.items_attribute], request=request, **params
            )
        return page


def in_pages(*ordering: str, tell: Tell | None = None) -> Callable[[Any], Any]:
    """Decorate a route that returns a queryset so that it answers in pages of 50, at most 200.

    Parameters
    ----------
    ordering : str
        Field names, `-` for descending; the first must be an attribute of the rows, and unique but
        for a hundred of them. Default: `-pk`, newest first.
    tell : callable, optional
        Turns the rows of one page into what is answered, for all of them at once; it is given
        `request` and the route's own parameters too.
    """
    return paginate(
        Cursor, ordering=ordering or ("-pk",), page_size=PAGE_SIZE, max_page_size=LARGEST_PAGE,
        tell=tell,
    )  # fmt: skip
