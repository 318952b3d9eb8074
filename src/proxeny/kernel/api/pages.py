"""Lists in pages: a cursor names the place, so that rows added meanwhile repeat or skip nothing."""

from collections.abc import Callable, Mapping
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

from proxeny.kernel.view_helpers import address_with

Tell = Callable[..., list[Any]]

PAGE_SIZE = 50
LARGEST_PAGE = 200
#: What other APIs call it. Passing over it would return another number than was asked for.
_ELSEWHERE = ("limit", "offset", "page", "per_page")


class Cursor(CursorPagination):
    """Ninja's cursor pages, with a sentence for a cursor that is not ours."""

    class Input(Schema):
        """What the program may ask for."""

        page_size: int = Field(PAGE_SIZE, ge=1, le=LARGEST_PAGE)
        cursor: str | None = Field(
            None, max_length=500, description="The value of `next` or `previous` from another page."
        )

    def __init__(self, *, tell: Tell | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.tell = tell

    def paginate_queryset(
        self, queryset: QuerySet[Any], pagination: Any, request: HttpRequest, **params: Any
    ) -> Any:
        """Return one page and the cursors of its neighbours."""
        self.refuse_others(request, params)
        try:
            page = super().paginate_queryset(queryset, pagination, request, **params)
        except (
            DataError,
            DjangoValidationError,
            PydanticValidationError,
            ValidationError,
            ValueError,
            OverflowError,
        ) as error:
            if pagination.cursor is None:
                raise
            raise self.bad_cursor() from error
        if self.tell is not None:
            page[self.items_attribute] = self.tell(
                page[self.items_attribute], request=request, **params
            )
        return page

    @staticmethod
    def refuse_others(request: HttpRequest, params: Mapping[str, Any]) -> None:
        """Raise `ValidationError` for a parameter by which other APIs name a page."""
        for name in _ELSEWHERE:
            if name in request.GET and name not in params:
                sentence = _("Lists are paginated: use `page_size` and `cursor`.")
                raise ValidationError([{"loc": ("query", name), "msg": sentence}])

    @staticmethod
    def bad_cursor() -> ValidationError:
        """Return the refusal of a cursor that is not ours."""
        sentence = _("This cursor isn’t valid. Start again without one.")
        return ValidationError([{"loc": ("query", "cursor"), "msg": sentence}])


class KeyedCursor(Cursor):
    """Pages of rows that are worked out, each with a `key`; a cursor is the key of a page's first."""

    def paginate_queryset(
        self, queryset: Any, pagination: Any, request: HttpRequest, **params: Any
    ) -> Any:
        """Return one page and the cursors of its neighbours."""
        self.refuse_others(request, params)
        rows = list(queryset)
        keys, size, start = [one.key for one in rows], pagination.page_size, 0
        if pagination.cursor is not None:
            if pagination.cursor not in keys:
                raise self.bad_cursor()
            start = keys.index(pagination.cursor)

        def address(at: int) -> str:
            changed = address_with(request, cursor=keys[at] if at else None)
            return request.build_absolute_uri(f"{request.path}{changed}")

        return {
            "results": rows[start : start + size],
            "next": address(start + size) if start + size < len(rows) else None,
            "previous": address(max(0, start - size)) if start else None,
        }


def in_keyed_pages() -> Callable[[Any], Any]:
    """Decorate a route that returns a list of rows with a `key`, as `in_pages` does for others."""
    return paginate(KeyedCursor, page_size=PAGE_SIZE, max_page_size=LARGEST_PAGE)


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
        Cursor,
        ordering=ordering or ("-pk",),
        page_size=PAGE_SIZE,
        max_page_size=LARGEST_PAGE,
        tell=tell,
    )
