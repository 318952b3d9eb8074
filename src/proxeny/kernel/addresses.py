"""Web addresses that people write, and those that come from elsewhere."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator


def is_address(text: str, *, schemes: Sequence[str] = ("http", "https")) -> bool:
    """Whether a text is a whole web address of one of these schemes."""
    try:
        URLValidator(schemes=schemes)(text)
    except ValidationError:
        return False
    return True


def web_address(text: str) -> str:
    """Return an address of the web as it is; empty for whatever else others write as a link, which a
    browser might run."""
    return text if text.startswith(("https://", "http://")) else ""
