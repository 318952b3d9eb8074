"""Lists in the reader's language."""

from collections.abc import Iterable

from django.utils.translation import pgettext


def join_items(items: Iterable[object]) -> str:
    """Return the items in a row, with the comma of the reader's language between them."""
    return pgettext("between the items of a list", ", ").join(str(one) for one in items)
