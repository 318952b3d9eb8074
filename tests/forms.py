"""A page's form as a browser would post it, so that a test types only what it is about."""

from html.parser import HTMLParser
from typing import Any


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, list[str]]] = []
        self.form: dict[str, list[str]] | None = None
        self.name, self.is_select, self.first, self.is_several = "", False, False, False
        self.text: str | None = None

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        given = dict(attrs)
        if tag == "form":
            self.form = {}
            self.forms.append(self.form)
        if self.form is None:
            return
        if tag == "input" and given.get("name"):
            is_box = given.get("type") in ("checkbox", "radio")
            self.form.setdefault(given["name"], [])
            if not is_box or "checked" in given:
                self.form[given["name"]].append(given.get("value", "on" if is_box else ""))
        elif tag == "textarea":
            self.name, self.text = given["name"], ""
        elif tag == "select":
            self.name, self.is_select = given["name"], True
            self.form.setdefault(self.name, [])
            # A browser chooses none of several by itself.
            self.is_several = "multiple" in given
            self.first = not self.is_several
        elif tag == "option" and self.is_select:
            # The first option is what a browser chooses when none is.
            if "selected" in given:
                chosen = self.form[self.name] if self.is_several else []
                self.form[self.name] = [*chosen, given.get("value", "")]
            elif self.first:
                self.form[self.name].append(given.get("value", ""))
            self.first = False

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.is_select = False
        elif tag == "textarea" and self.form is not None:
            # A browser drops the first line end.
            self.form[self.name] = [(self.text or "").removeprefix("\n")]
            self.text = None


def form_of(page: Any, field: str = "version") -> dict[str, Any]:
    """Return the values of the page's first form that has the field, as a browser posts them."""
    reader = _Reader()
    reader.feed(page.content.decode())
    found = next(form for form in reader.forms if field in form)
    return {name: values for name, values in found.items() if values}
