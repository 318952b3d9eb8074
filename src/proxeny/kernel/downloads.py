"""Names of files that a browser keeps: in the letters of their titles, and safe on every system."""

from urllib.parse import quote

from django.utils.text import slugify

from proxeny.kernel.romanising import cut_words, romanise

#: Letters of a name: with its UTF-8 bytes and an ending it fits every file system.
_LONGEST = 80
# Characters of `attr-char` of RFC 8187 besides letters and digits.
_PLAIN = "!#$&+-.^_`|~"


def file_name(*parts: object, ending: str = "") -> str:
    """Return a file name of several parts, joined by hyphens, without characters systems refuse.

    Letters of every script stay; an empty part is left out. What is too long ends at a word.

    Examples
    --------
    >>> file_name("report", 2026, "Αθήνα – Παρίσι", ending="pdf")
    'report-2026-αθήνα-παρίσι.pdf'
    """
    told = (slugify(str(part), allow_unicode=True) for part in parts)
    name = cut_words("-".join(part for part in told if part), _LONGEST) or "file"
    return f"{name}.{ending}" if ending else name


def disposition(name: str, *, inline: bool = False) -> str:
    """Return a `Content-Disposition` for a file.

    A name beyond ASCII comes twice: in its own letters (`filename*` of RFC 8187, which every browser
    of today takes), and before that in Latin letters for programs that do not read it, as RFC 6266
    advises.
    """
    kind = "inline" if inline else "attachment"
    clean = "".join(one for one in name if one.isprintable()).replace("/", "-")
    plain = romanise(clean).replace("\\", "-").replace('"', "_")
    stem, dot, ending = plain.rpartition(".")
    plain = plain if stem.strip("-_ ") or not dot else f"file{dot}{ending}"
    header = f'{kind}; filename="{plain}"'
    return header if clean.isascii() else f"{header}; filename*=UTF-8''{quote(clean, safe=_PLAIN)}"
