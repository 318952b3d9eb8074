"""The fields of an application: their limits, and messages for invalid input."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from proxeny.directory.countries import country_codes
from proxeny.kernel.addresses import is_address
from proxeny.kernel.errors import InvalidInput
from proxeny.labels.content import SchemeText
from proxeny.labels.models import LANGUAGES

#: The fields of the application itself, with the most letters.
FIELDS = {
    "title": 200,
    "summary": 3000,
    "country": 2,
    "website": 300,
    "topics": 300,
    "contact_name": 150,
    "contact_email": 254,
    "language": 2,
    "changed": 4000,
}
MOST_TEXT = 6000
_LINES = ("summary", "changed")


def clean(name: str, typed: str, scheme: SchemeText | None = None) -> str:
    """Return the input of a field in its stored form.

    Raises
    ------
    InvalidInput
        It does not fit; the sentence says what would, its field is `name`.
    """
    kind, _sign, key = name.partition("_")
    if name in FIELDS:
        value = typed.strip() if name in _LINES else " ".join(typed.split())
        _refuse_long(name, value, FIELDS[name])
        check = _CHECKS.get(name)
        return check(value) if check else value
    if kind == "confirmed":
        return "yes" if typed else ""
    if kind == "points" and scheme is not None:
        indicator = scheme.indicator(key)
        return _points(name, typed, indicator.scale if indicator else 0)
    value = typed.replace("\r\n", "\n").strip()
    _refuse_long(name, value, MOST_TEXT)
    return value


def tell(points: Decimal | None) -> str:
    """Return points as their field shows them."""
    return "" if points is None else f"{points.normalize():f}"


def _refuse_long(name: str, value: str, most: int) -> None:
    if "\0" in value:
        raise InvalidInput(
            _("This contains a character that can’t be saved. Remove it."), field=name
        )
    if len(value) > most:
        raise InvalidInput(
            _("Shorten this to %(most)d characters; it has %(count)d.")
            % {"most": most, "count": len(value)},
            field=name,
        )


def _points(name: str, typed: str, scale: int) -> str:
    text = typed.strip().replace(",", ".")
    if not text:
        return ""
    try:
        points = Decimal(text)
    except InvalidOperation:
        points = Decimal(-1)
    if not points.is_finite() or not 0 <= points <= scale or points != round(points, 2):
        raise InvalidInput(
            _("Enter 0 to %(scale)d points, with no more than two decimals.") % {"scale": scale},
            field=name,
        )
    return tell(points)


def _title(value: str) -> str:
    if not value:
        raise InvalidInput(_("Enter a project name."), field="title")
    return value


def _country(value: str) -> str:
    if value.upper() not in country_codes():
        raise InvalidInput(_("Choose the country of origin."), field="country")
    return value.upper()


def _website(value: str) -> str:
    if value and "://" not in value:
        value = f"https://{value}"
    if value and not is_address(value):
        raise InvalidInput(
            _("This isn’t a web address. It should start with https://."), field="website"
        )
    return value


def _email(value: str) -> str:
    try:
        if value:
            validate_email(value)
    except ValidationError as error:
        raise InvalidInput(
            _("This isn’t an email address. It should look like name@example.org."),
            field="contact_email",
        ) from error
    return value


def _language(value: str) -> str:
    if value not in dict(LANGUAGES):
        raise InvalidInput(_("Choose a language."), field="language")
    return value


_CHECKS: dict[str, Callable[[str], str]] = {
    "title": _title,
    "country": _country,
    "website": _website,
    "contact_email": _email,
    "language": _language,
}
