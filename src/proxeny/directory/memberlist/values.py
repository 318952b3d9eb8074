"""Reading and checking the cells of a list; every refusal is a sentence about one cell."""

import re
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from typing import Any
from urllib.parse import urlsplit

from babel import Locale
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator
from django.utils import translation
from django.utils.translation import gettext as _

from proxeny.directory.countries import LANGUAGES, read_country
from proxeny.directory.memberlist import facts
from proxeny.directory.memberlist.cells import clean, fitting, fold_digits, line_of
from proxeny.directory.memberlist.lists import LISTS, split_cell
from proxeny.directory.models import Kind, Visibility, field_of
from proxeny.folding import fold

_check_email = EmailValidator()
_check_url = URLValidator(schemes=["http", "https"])
MAX_FIELDS = 20

_KINDS = {
    Kind.COMPANY: "prc|private company|company|enterprise|sme|business|firm|entreprise|pme|société|"
    "tpe|eti|grande entreprise|εταιρεία|επιχείρηση|μμε|شركة|مقاولة",
    Kind.STARTUP: "start-up|startup|start up|jeune pousse|νεοφυής|νεοφυής επιχείρηση|شركة ناشئة",
    Kind.UNIVERSITY: "hes|university|higher education|school|université|école|grande école|"
    "enseignement supérieur|πανεπιστήμιο|ανώτατη εκπαίδευση|جامعة|مدرسة عليا",
    Kind.LAB: "rec|lab|laboratory|research lab|research centre|research center|research|"
    "research organisation|laboratoire|centre de recherche|organisme de recherche|rto|"
    "εργαστήριο|ερευνητικό κέντρο|مختبر|مركز بحث|مركز أبحاث",
    Kind.PUBLIC: "pub|public|public body|public authority|government|municipality|"
    "organisme public|collectivité|collectivité territoriale|établissement public|"
    "δημόσιος φορέας|δήμος|περιφέρεια|هيئة عمومية|مؤسسة عمومية|هيئة عامة",
    Kind.INVESTOR: "investor|vc|fund|bank|business angel|investisseur|fonds|banque|"
    "επενδυτής|επενδυτικό ταμείο|مستثمر|صندوق استثمار|بنك",
    Kind.ASSOCIATION: "association|ngo|foundation|non-profit|federation|fondation|fédération|ong|"
    "σύλλογος|ένωση|μκο|ίδρυμα|جمعية|مؤسسة خيرية|اتحاد",
    Kind.OTHER: "oth|other|autre|άλλο|أخرى|آخر",
}
_VISIBILITY = {
    Visibility.PRIVATE: "private|only us|privé|nous seuls|ιδιωτικό|μόνο εμείς|خاص|نحن فقط",
    Visibility.CLUSTER: "cluster|our cluster|notre cluster|το cluster μας|تجمعنا",
    Visibility.PARTNERSHIP: "partnership|our cluster and its partners|partners|partenariat|"
    "notre cluster et ses partenaires|συνεργασία|شراكة|الشركاء",
    Visibility.PUBLIC: "public|everyone|tous|tout le monde|δημόσιο|όλοι|عام|الجميع",
}


def _limit(field: str) -> int:
    return field_of(field).max_length or 0


def _short(field: str) -> Callable[[str], str]:
    limit = _limit(field)

    def read(text: str) -> str:
        return fitting(line_of(text), limit)

    return read


def _summary(text: str) -> str:
    return fitting(text, _limit("summary"))


@cache
def _choices(kind: str) -> dict[str, str]:
    table, choices = (_KINDS, Kind) if kind == "kind" else (_VISIBILITY, Visibility)
    words = {fold(word): str(value) for value, found in table.items() for word in found.split("|")}
    return words | _own_labels(choices)


def _own_labels(choices: Any) -> dict[str, str]:
    # The values of our own export, in any reader's language.
    found: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {fold(str(label)): str(value) for value, label in choices.choices}
    return found


def _kind(text: str) -> str:
    found = _choices("kind").get(fold(text))
    if found is None or found == Kind.CLUSTER:
        raise ValueError(
            _("“%(value)s” isn’t a kind of organisation. Enter one of: %(choices)s.")
            % {"value": text[:60], "choices": _named(Kind.choices, without=Kind.CLUSTER)}
        )
    return found


def _visibility(text: str) -> str:
    found = _choices("visibility").get(fold(text))
    if found is None:
        raise ValueError(
            _("“%(value)s” isn’t a visibility setting. Enter one of: %(choices)s.")
            % {"value": text[:60], "choices": _named(Visibility.choices)}
        )
    return found


def _named(choices: Any, without: str = "") -> str:
    return ", ".join(str(label) for value, label in choices if value != without)


def _country(text: str) -> str:
    found = read_country(text)
    if found is None:
        raise ValueError(
            _(
                "“%(value)s” isn’t a country. Enter its name in English, French, Greek or "
                "Arabic, or its two-letter code, such as GR."
            )
            % {"value": text[:60]}
        )
    return found


@lru_cache(maxsize=2_000)
def _is_url(text: str) -> bool:
    try:
        _check_url(text)
    except ValidationError:
        return False
    return True


def _website(text: str) -> str:
    address = text if re.match(r"(?i)https?://", text) else f"https://{text}"
    address = re.sub(r"(?i)^https?://", lambda found: found[0].lower(), address)
    if not _is_url(address) or "." not in (urlsplit(address).hostname or ""):
        raise ValueError(
            _(
                "“%(value)s” isn’t a valid web address. Enter a single address like "
                "https://www.example.org."
            )
            % {"value": text[:60]}
        )
    return fitting(address, _limit("website"))


def _email(text: str) -> str:
    address = text.removeprefix("mailto:")
    try:
        _check_email(address)
    except ValidationError:
        raise ValueError(
            _(
                "“%(value)s” isn’t a valid email address. Enter a single address like "
                "name@example.org."
            )
            % {"value": text[:60]}
        ) from None
    return fitting(address, _limit("email"))


def _number(text: str) -> int:
    digits = fold(text).replace(" ", "")
    if not re.fullmatch(r"\d{1,3}(?:[ .,'’\u202f]?\d{3})*|\d+", line_of(text)) or len(digits) > 8:
        raise ValueError(
            _("“%(value)s” isn’t a whole number. Enter digits only, such as 120.")
            % {"value": text[:60]}
        )
    return int(digits)


def _year(text: str) -> int:
    found = re.fullmatch(r"(\d{4})(?:[-/].*)?|(?:\d{1,2}[./-]){2}(\d{4})", fold_digits(text))
    year = int(found[1] or found[2]) if found else 0
    if not 1000 <= year <= 2100:
        raise ValueError(
            _("“%(value)s” isn’t a year. Enter four digits, such as 2015.") % {"value": text[:60]}
        )
    return year


def _sectors(named: list[str]) -> list[str]:
    if len(named) > MAX_FIELDS:
        raise ValueError(
            _(
                "This cell lists %(count)s fields; up to %(limit)s can be kept. Choose the main "
                "ones."
            )
            % {"count": len(named), "limit": MAX_FIELDS}
        )
    return [fitting(one, 80) for one in named]


@cache
def _language_names() -> dict[str, str]:
    found: dict[str, str] = {}
    for language in LANGUAGES:
        for code, name in Locale(language).languages.items():
            if len(code) == 2:
                found.setdefault(fold(name), code)
    codes: Iterable[str] = Locale("en").languages
    return found | {code: code for code in codes if len(code) == 2}


def _language(text: str) -> str:
    folded = fold(text)
    found = _language_names().get(folded) or _language_names().get(folded[:2] * (text[2:3] == "-"))
    if found is None:
        raise ValueError(
            _("“%(value)s” isn’t a language. Enter its name or two-letter code, such as el.")
            % {"value": text[:60]}
        )
    return found


def _languages(parts: list[str]) -> list[str]:
    return list(dict.fromkeys(_language(part) for part in parts))


def _listing(field: str) -> Callable[..., Any]:
    def read(text: str, separator: str = "") -> Any:
        return _LISTS[field](split_cell(field, text, separator))

    return read


_LISTS: dict[str, Callable[[list[str]], list[str]]] = {
    "sectors": _sectors,
    "languages": _languages,
    **facts.LISTS,
}
#: Of `READERS`, those that take the separator of their column, too.
LIST_READERS: dict[str, Callable[..., Any]] = {name: _listing(name) for name in LISTS}
READERS: dict[str, Callable[[str], Any]] = {
    "key": _short("key"),
    "name": _short("name"),
    "kind": _kind,
    "country": _country,
    "region": _short("region"),
    "city": _short("city"),
    "website": _website,
    "email": _email,
    "contact": _short("contact"),
    "summary": _summary,
    "language": _language,
    "employees": _number,
    "founded": _year,
    "visibility": _visibility,
    **facts.READERS,
    **LIST_READERS,
}
#: Without these a row cannot be an entry, so they cannot be left out.
REQUIRED = ("name", "country")


def guess_language(text: str, default: str) -> str:
    """Return `el` or `ar` for text in those scripts, else the default."""
    if text.isascii():
        return default
    letters = [letter for letter in text if letter.isalpha()]
    greek = sum(
        "\u0370" <= letter <= "\u03ff" or "\u1f00" <= letter <= "\u1fff" for letter in letters
    )
    arabic = sum("\u0600" <= letter <= "\u06ff" for letter in letters)
    if greek * 2 > len(letters):
        return "el"
    return "ar" if arabic * 2 > len(letters) else default


__all__ = ["MAX_FIELDS", "READERS", "REQUIRED", "clean", "fold_digits", "guess_language"]
