"""Text as it is compared: without case, accents and the spellings that scripts allow side by side.

PostgreSQL's own `unaccent` is not in every server, and it knows neither Greek's final sigma nor
Arabic's alefs; so text is folded here, once when it is written and once when it is sought.
"""

import re
import unicodedata
from collections.abc import Iterable

# Letters that Unicode does not take apart, and Arabic forms that writers use for one another.
_LETTERS = str.maketrans(
    {
        "æ": "ae",
        "œ": "oe",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "ł": "l",
        "þ": "th",
        "ı": "i",
        "ٱ": "ا",
        "ى": "ي",
        "ة": "ه",
        "ـ": None,
        "ک": "ك",
        "ی": "ي",
    }
)
_ASCII_WORD = re.compile("[a-z0-9]+")


def fold(text: str) -> str:
    """Return `text` in lower case, without accents, with letters and digits only.

    Greek loses its tonos and its final sigma, Arabic its vowel signs, tatweel and the hamza of an
    alef; any other sign becomes one space. Linear in the length.

    Examples
    --------
    >>> fold("Θεσσαλονίκης")
    'θεσσαλονικησ'
    >>> fold("L'École  d'été")
    'l ecole d ete'
    """
    if text.isascii():
        # The same in a tenth of the time, and most of what a list holds.
        return " ".join(_ASCII_WORD.findall(text.lower()))
    apart = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS).casefold()
    kept = [
        _digit(letter) if letter.isalnum() else " "
        for letter in apart
        if not unicodedata.combining(letter)
    ]
    return " ".join("".join(kept).split())


def fold_lines(*lines: Iterable[str]) -> str:
    """Return several groups of texts, each folded into a line of its own.

    Examples
    --------
    >>> fold_lines(["Été", "B"], [], ["Ü"])
    'ete b\\n\\nu'
    """
    return "\n".join(fold(" ".join(part for part in line if part)) for line in lines)


def _digit(letter: str) -> str:
    # Arabic-Indic digits are digits too; superscripts were taken apart already.
    return str(unicodedata.decimal(letter, letter))
