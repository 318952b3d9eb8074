"""Detection of the encoding of a CSV file.

Spreadsheet programs still write the one-byte encodings of their country. None of them fails on the
bytes of another, so a wrong guess gives a readable file with unreadable names. The guess here
scores how much each decoding looks like words of one script, and the page says what was assumed.
"""

import codecs
import itertools
import re
import unicodedata
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from proxeny.directory.sources.content import Content
from proxeny.directory.sources.table import MAX_LINE, too_long_line
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
#: Of the lines with letters beyond ASCII, so many may be UTF-8 by chance in a file that is not.
_BY_CHANCE = 0.02
_WORD = re.compile(r"[^\W\d_]+")
_LINE_END = re.compile(rb"\r\n|\r|\n")


def detect_encoding(content: Content) -> str:
    """Return the key of `ENCODINGS` that reads a text best. One pass, in constant memory.

    Raises
    ------
    InvalidInput
        The bytes are UTF-8 with damage or other encodings in it, or no text; names row and byte.
    """
    head = content.head(4096)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if _looks_like_utf16(head):
        return "utf-16-le" if head[1:2] == b"\0" else "utf-16-be"
    seen = _Seen()
    for piece in content.pieces():
        seen.look_at(piece)
    seen.look_at(b"", last=True)
    if not seen.not_utf8:
        return "utf-8-sig"
    if seen.utf8 > _BY_CHANCE * (seen.utf8 + seen.not_utf8):
        raise _mixed(content, seen) if seen.not_utf8 > 1 else damaged(content, "utf-8-sig")
    return _best_guess(content, seen)


@dataclass(slots=True)
class _Seen:
    """Results of one pass over the bytes: lines that are UTF-8, lines that are not, all bytes."""

    utf8: int = 0
    not_utf8: int = 0
    rows: int = 0
    #: The first rows that are not UTF-8.
    others: list[int] = field(default_factory=list)
    sample: bytearray = field(default_factory=bytearray)
    used: set[int] = field(default_factory=set)
    _rest: bytes = b""

    def look_at(self, piece: bytes, *, last: bool = False) -> None:
        """Look at the lines that are whole by now."""
        if b"\0" in piece:
            row = self.rows + 1 + (self._rest + piece).split(b"\0", 1)[0].count(b"\n")
            raise InvalidInput(
                _(
                    "This isn’t a text file: row %(row)s contains bytes that never occur in "
                    "text. Open it in your spreadsheet program and save it as CSV UTF-8 or XLSX."
                )
                % {"row": row}
            )
        text = self._rest + piece
        if text.isascii():
            # Fast, and most pieces of most files: only the rows are counted.
            cut = len(text) if last else max(text.rfind(b"\n"), text.rfind(b"\r", 0, -1)) + 1
            self.rows += _count_ends(text[:cut])
        else:
            cut = self._look_at_lines(text, last=last)
        self._rest = text[cut:]
        if len(self._rest) > MAX_LINE:
            raise too_long_line(self.rows + 1)

    def _look_at_lines(self, text: bytes, *, last: bool) -> int:
        start = 0
        for end in _LINE_END.finditer(text):
            if end.end() == len(text) and not last:
                break
            self._look_at_line(text[start : end.start()])
            start = end.end()
        if last:
            self._look_at_line(text[start:])
            return len(text)
        return start

    def _look_at_line(self, line: bytes) -> None:
        self.rows += 1
        if line.isascii():
            return
        try:
            line.decode()
            self.utf8 += 1
        except UnicodeDecodeError:
            self.not_utf8 += 1
            if len(self.others) < 5:
                self.others.append(self.rows)
        self.used.update(line)
        # Only lines with letters beyond ASCII tell encodings apart.
        if len(self.sample) < _SAMPLE:
            self.sample += line[:_SAMPLE] + b"\n"


def _count_ends(text: bytes) -> int:
    return text.count(b"\n") or text.count(b"\r")


def _looks_like_utf16(head: bytes) -> bool:
    head = head[:2000]
    nulls = head.count(b"\0")
    one_side = max(head[0::2].count(b"\0"), head[1::2].count(b"\0"))
    return nulls > len(head) // 5 and one_side == nulls


def _best_guess(content: Content, seen: _Seen) -> str:
    sample, used = bytes(seen.sample), bytes(seen.used)
    scores: dict[str, float] = {}
    for encoding in _ONE_BYTE:
        try:
            used.decode(encoding)
            scores[encoding] = _score(sample.decode(encoding, "replace"))
        except UnicodeDecodeError:
            continue
    if not scores:
        raise damaged(content, "cp1252")
    return max(scores, key=lambda one: scores[one])


def encoding_label(encoding: str) -> str:
    """Return an encoding's name for people."""
    return ENCODINGS.get(encoding, "UTF-16" if encoding.startswith("utf-16") else encoding)


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


def _mixed(content: Content, seen: _Seen) -> InvalidInput:
    return InvalidInput(
        _(
            "%(others)s rows of this file use a different encoding from the rest, which is "
            "UTF-8; the first ones are rows %(rows)s. The file was put together from several "
            "others: save each as CSV UTF-8 or XLSX in your spreadsheet program, then combine "
            "them again."
        )
        % {"others": seen.not_utf8, "rows": ", ".join(map(str, seen.others))},
        field="file",
    )


def damaged(content: Content, encoding: str) -> InvalidInput:
    """Return the answer to a text that is not in `encoding`: it names the first row and byte."""
    # A mark at the beginning would shift the positions; as UTF-8 it is a letter like others.
    decoder = codecs.getincrementaldecoder(encoding.removesuffix("-sig"))()
    rows, position = 1, 0
    for piece in itertools.chain(content.pieces(), [b""]):
        waiting = decoder.getstate()[0]
        try:
            decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            text = waiting + piece
            start = position - len(waiting) + error.start
            rows += _count_ends(text[: error.start])
            return _unreadable(rows, encoding, text[error.start], start)
        rows += _count_ends(piece)
        position += len(piece)
    return _unreadable(rows, encoding, 0, position)


def _unreadable(row: int, encoding: str, byte: int, position: int) -> InvalidInput:
    return InvalidInput(
        _(
            "Row %(row)s can’t be read as %(encoding)s: the byte 0x%(byte)s, %(position)s bytes "
            "into the file, has no meaning there. Open the file in your spreadsheet program and "
            "save it as CSV UTF-8, or choose another encoding."
        )
        % {
            "row": row,
            "encoding": encoding_label(encoding),
            "byte": f"{byte:02X}",
            "position": position,
        },
        field="file",
    )
