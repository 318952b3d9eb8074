"""Which encoding the bytes of a CSV file are in.

Spreadsheet programs still write the one-byte encodings of their country. None of them fails on
the bytes of another, so a wrong guess gives a readable file with unreadable names. The guess here
scores how much each decoding looks like words of one script, and the page says what was assumed.
"""

import codecs
import itertools
import re
import unicodedata

from django.utils.translation import gettext as _

from proxeny.kernel.errors import InvalidInput

#: Encodings a person may choose; in the order in which equal scores are decided.
ENCODINGS = {
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "Windows-1252",
    "cp1253": "Windows-1253",
    "iso-8859-7": "ISO 8859-7",
    "cp1256": "Windows-1256",
}
_ONE_BYTE = ("cp1252", "cp1253", "iso-8859-7", "cp1256")
_SAMPLE = 200_000
_MULTIBYTE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_WORD = re.compile(r"[^\W\d_]+")


def detect_encoding(data: bytes) -> str:
    """Return the key of `ENCODINGS` that reads `data` best.

    Raises
    ------
    InvalidInput
        The bytes are UTF-8 with damage in it, or no text; names the row and the byte.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if _looks_like_utf16(data):
        return "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
    if b"\0" in data:
        raise InvalidInput(
            _("This is not a text file: it holds bytes that no text has. "
              "Open it in your spreadsheet program and save it as CSV UTF-8 or XLSX.")
        )  # fmt: skip
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if _is_damaged_utf8(data):
            raise _damaged(data, "utf-8-sig", error) from None
        return _best_guess(data)
    return "utf-8-sig"


def decode(data: bytes, encoding: str) -> str:
    """Return the text of `data`; `InvalidInput` names the row and byte that cannot be read."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _damaged(data, encoding, error) from None


def encoding_label(encoding: str) -> str:
    """Return an encoding's name for people."""
    return ENCODINGS.get(encoding, "UTF-16" if encoding.startswith("utf-16") else encoding)


def _looks_like_utf16(data: bytes) -> bool:
    head = data[:2000]
    nulls = head.count(b"\0")
    one_side = max(head[0::2].count(b"\0"), head[1::2].count(b"\0"))
    return len(data) % 2 == 0 and nulls > len(head) // 5 and one_side == nulls


def _is_damaged_utf8(data: bytes) -> bool:
    high = sum(byte > 0x7F for byte in data[:_SAMPLE])
    whole = sum(len(found) for found in _MULTIBYTE.findall(data[:_SAMPLE]))
    return whole >= 0.8 * high > 0


def _best_guess(data: bytes) -> str:
    sample = _high_lines(data)
    scores: dict[str, float] = {}
    for encoding in _ONE_BYTE:
        try:
            data.decode(encoding)
            scores[encoding] = _score(sample.decode(encoding, "replace"))
        except UnicodeDecodeError:
            continue
    if not scores:
        try:
            data.decode("cp1252")
        except UnicodeDecodeError as error:
            raise _damaged(data, "cp1252", error) from None
    return max(scores, key=lambda one: scores[one])


def _high_lines(data: bytes) -> bytes:
    # Only lines with letters beyond ASCII tell encodings apart.
    lines = [line for line in re.split(rb"[\r\n]+", data) if any(byte > 0x7F for byte in line)]
    return b"\n".join(lines)[:_SAMPLE]


def _score(text: str) -> float:
    score = 0.0
    for word in _WORD.findall(text):
        foreign = sum(letter > "\x7f" for letter in word)
        if foreign:
            scripts = {_script(letter) for letter in word}
            score += _plausible(word, foreign, scripts)
    # A sign inside a word ("¶θήνα", "CafÃ©") or a control character gives a wrong guess away.
    score -= 3 * len(re.findall(r"(?:(?<=[^\W\d_])|(?=[^\W\d_]))[¶¤¦§©®¬±¼½¾¿\x80-\x9f�]", text))
    return score - 5 * len(re.findall(r"[\x80-\x9f�]", text))


def _plausible(word: str, foreign: int, scripts: set[str]) -> float:
    if len(scripts) > 1 or "OTHER" in scripts:
        return -2.0 * foreign
    if scripts == {"LATIN"}:
        # Two words in three of French have one accent; none is made of accents.
        return foreign if foreign * 2 <= len(word) or len(word) <= 2 else -foreign
    odd = sum(before.islower() and after.isupper() for before, after in itertools.pairwise(word))
    return foreign - 2.0 * odd


def _script(letter: str) -> str:
    name = unicodedata.name(letter, "")
    return next((one for one in ("LATIN", "GREEK", "ARABIC") if name.startswith(one)), "OTHER")


def _damaged(data: bytes, encoding: str, error: UnicodeDecodeError) -> InvalidInput:
    start = error.start + (3 if data.startswith(codecs.BOM_UTF8) and encoding == "utf-8-sig" else 0)
    return InvalidInput(
        _("Row %(row)s cannot be read as %(encoding)s: the byte 0x%(byte)s, %(position)s bytes "
          "into the file, means nothing there. Open the file in your spreadsheet program and save "
          "it as CSV UTF-8, or choose another encoding.")
        % {
            "row": data.count(b"\n", 0, start) + 1,
            "encoding": encoding_label(encoding),
            "byte": f"{data[start]:02X}",
            "position": start,
        }
    )  # fmt: skip
