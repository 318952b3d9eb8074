"""Documents as PDF beside the page that shows the same."""

import io
import re

from django.utils.html import strip_tags
from pypdf import PdfReader


def text_of_pdf(content: bytes) -> str:
    """Return what a reader's program takes out of a document."""
    return "\n".join(one.extract_text() for one in PdfReader(io.BytesIO(content)).pages)


def glued_words(content: bytes, page: str) -> set[str]:
    """Return words of a document that are two words of its page without the space between."""
    known = set(re.findall(r"\w+", strip_tags(re.sub(r"(<[^>]*>)", r" \1", page))))
    found = set(re.findall(r"\w+", text_of_pdf(content))) - known
    return {
        word
        for word in found
        if any(word[:at] in known and word[at:] in known for at in range(2, len(word) - 1))
    }


def colours_of_drawings(content: bytes) -> set[str]:
    """Return the colours of lines in a document, as it names them: shares of red, green and blue."""
    found: set[str] = set()
    for page in PdfReader(io.BytesIO(content)).pages:
        drawn = page.get_contents()
        if drawn is not None:
            text = drawn.get_data().decode("latin-1")
            found |= set(re.findall(r"[\d.]+ [\d.]+ [\d.]+ (?=RG\b)", text))
    return {one.strip() for one in found}
