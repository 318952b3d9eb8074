"""Greek and Arabic in Latin letters, for addresses and for programs that read nothing else.

Greek by ELOT 743; Arabic letter by letter, without the vowels that it does not write. Other scripts
keep their base letters without accents; what has no Latin letter is left out.
"""

import re
import unicodedata

from django.utils.text import slugify


def _table(written: str) -> dict[str, str]:
    return dict(re.findall(r"(\S)=(\S*)", written))


_GREEK = _table(
    "α=a β=v γ=g δ=d ε=e ζ=z η=i ι=i κ=k λ=l μ=m ν=n ξ=x ο=o π=p ρ=r σ=s τ=t υ=y φ=f ω=o ς=s θ=th χ=ch ψ=ps"
)
_ARABIC = _table(
    "ا=a ب=b ت=t ث=th ج=j ح=h خ=kh د=d ذ=dh ر=r ز=z س=s ش=sh ص=s ض=d ط=t ظ=z ع=a غ=gh ف=f ق=q ك=k "
    "ل=l م=m ن=n ه=h و=w ي=y ى=a ة=a پ=p چ=ch گ=g ڤ=v ء= أ=a إ=i آ=a ؤ=w ئ=y ٱ=a ـ="
)
_LATIN = _table("æ=ae œ=oe ø=o đ=d ð=d ł=l þ=th ı=i ß=ss")
_LETTERS = str.maketrans(
    _GREEK
    | _ARABIC
    | _LATIN
    | {one.upper(): told.capitalize() for one, told in _LATIN.items() if len(one.upper()) == 1}
)
# Before vowels and voiced consonants the second sound of "αυ", "ευ", "ηυ" is v, else f.
_PAIRS = (
    (re.compile(r"([αεη])υ(?=[αβγδεζηιλμνορυω])"), r"\1β"),
    (re.compile(r"([αεη])υ"), r"\1φ"),
    (re.compile("ου"), "oy_"),
    (re.compile("γγ"), "nγ"),
    (re.compile("γξ"), "nξ"),
    (re.compile("γχ"), "nχ"),
    (re.compile(r"\bμπ"), "b"),
)


def romanise(text: str) -> str:
    """Return text in ASCII, in lower case where it was written in another script.

    Examples
    --------
    >>> romanise("Ευρωπαϊκό Δίκτυο")
    'evropaiko diktyo'
    >>> romanise("Énergie")
    'Energie'
    """
    if text.isascii():
        return text
    return " ".join(word if word.isascii() else _romanised(word) for word in text.split(" "))


def address_part(text: str, *, most: int = 60) -> str:
    """Return words of a text as the part of an address: ASCII, at most so long, no word cut.

    Empty for a text without a letter or digit. A single word that is longer is cut.
    """
    return cut_words(slugify(romanise(text)), most)


def cut_words(slug: str, most: int) -> str:
    """Return the beginning of a text joined by hyphens, up to its last whole word that fits."""
    if len(slug) <= most:
        return slug.strip("-_")
    begun = slug[: most + 1].rpartition("-")[0] or slug[:most]
    return begun.strip("-_")


def _romanised(word: str) -> str:
    apart = unicodedata.normalize("NFKD", word)
    is_latin = all(
        unicodedata.name(one, "LATIN").startswith("LATIN") for one in apart if one.isalpha()
    )
    apart = apart if is_latin else _lower(word)
    bare = "".join(one for one in apart if not unicodedata.combining(one))
    return bare.translate(_LETTERS).encode("ascii", "ignore").decode()


def _lower(word: str) -> str:
    # A dieresis parts two vowels: "αϋ" is no "αυ".
    lowered = (
        unicodedata.normalize("NFD", word.lower())
        .replace("\u03b9\u0308", "i")
        .replace("\u03c5\u0308", "y")
    )
    lowered = "".join(one for one in lowered if not unicodedata.combining(one))
    for pair, other in _PAIRS:
        lowered = pair.sub(other, lowered)
    return lowered.replace("oy_", "ou")
