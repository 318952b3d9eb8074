"""SVG: a credential in an element of its own.

Read by expat with handlers, which keep nothing; a document type is refused where it begins, before
any entity. Written into the text, so that all else of the drawing stays as it is.

References
----------
Open Badges 3.0, section 5.3 (baking).
"""

from xml.parsers import expat

from proxeny.engine.credentials.reading import MOST_JSON_BYTES, Unreadable

__all__ = ["bake", "unbake"]

_SPACE = "https://purl.imsglobal.org/ob/v3p0"
_ELEMENT = f"{_SPACE} credential"
_ROOT = "http://www.w3.org/2000/svg svg"
_MOST_DEPTH = 200


class _Look:
    """One pass over a drawing: where its root begins, and credentials with their places."""

    def __init__(self, image: bytes) -> None:
        self.root_at: int = -1
        self.found: list[tuple[int, int, bytes]] = []
        self._image = image
        self._open: list[str] = []
        self._text: list[str] | None = None
        self._size = 0
        self._from = 0
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.XmlDeclHandler = self._declared
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        try:
            self._parser.Parse(image, True)
        except expat.ExpatError:
            raise Unreadable("damaged") from None

    def _declared(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in ("utf-8", "us-ascii"):
            raise Unreadable("encoding")

    def _doctype(self, *_declared: object) -> None:
        raise Unreadable("dtd")

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._open) >= _MOST_DEPTH:
            raise Unreadable("too_deep")
        if not self._open:
            if name != _ROOT:
                raise Unreadable("unknown_form")
            self.root_at = self._parser.CurrentByteIndex
        elif self._text is not None:
            raise Unreadable("damaged")
        elif name == _ELEMENT:
            if "verify" in attributes:
                raise Unreadable("token")
            self._text, self._size, self._from = [], 0, self._parser.CurrentByteIndex
        self._open.append(name)

    def _characters(self, text: str) -> None:
        if self._text is not None:
            self._size += len(text)
            if self._size > MOST_JSON_BYTES:
                raise Unreadable("too_large")
            self._text.append(text)

    def _end(self, name: str) -> None:
        self._open.pop()
        if name == _ELEMENT and self._text is not None:
            end = end_of_tag(self._image, self._parser.CurrentByteIndex)
            self.found.append((self._from, end, "".join(self._text).encode()))
            self._text = None


def end_of_tag(image: bytes, at: int) -> int:
    """Return the end of the tag that begins there; `>` may occur in an attribute."""
    quote = 0
    for index in range(at, len(image)):
        byte = image[index]
        if quote:
            quote = 0 if byte == quote else quote
        elif byte in b"\"'":
            quote = byte
        elif byte == ord(">"):
            return index + 1
    raise Unreadable("damaged")


def _look(image: bytes) -> _Look:
    # The places are those of the bytes only if expat reads them as they are.
    if b"\0" in image[:8] or image[:2] in (b"\xfe\xff", b"\xff\xfe"):
        raise Unreadable("encoding")
    return _Look(image)


def bake(image: bytes, text: bytes) -> bytes:
    """Return a drawing with a text in it, in place of those that it has."""
    look = _look(image)
    for begin, end, _text in reversed(look.found):
        image = image[:begin] + image[end:]
    at = end_of_tag(image, look.root_at)
    element = (
        f'<openbadges:credential xmlns:openbadges="{_SPACE}"><![CDATA['.encode()
        # Within a text only: nothing else in JSON has this sign.
        + text.replace(b"]]>", b"]]\\u003e")
        + b"]]></openbadges:credential>"
    )
    if image[at - 2 : at] != b"/>":
        return image[:at] + element + image[at:]
    name = image[look.root_at + 1 : at - 2].split(maxsplit=1)[0]
    return image[: at - 2] + b">" + element + b"</" + name + b">" + image[at:]


def unbake(image: bytes) -> bytes:
    """Return the text that is in a drawing."""
    found = _look(image).found
    if not found:
        raise Unreadable("no_credential")
    if len(found) > 1:
        raise Unreadable("two_credentials")
    return found[0][2].strip()
