"""Rendering of every form, and the text that its one-line fields accept."""

import html
from typing import Any

from django.forms import SearchInput, TextInput
from django.forms.renderers import DjangoTemplates
from django.forms.utils import flatatt
from django.http import HttpRequest
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_noop

from proxeny.kernel.plain_text import one_line

_WRITTEN = {"text", "search"}
#: Django's word for nothing chosen yet: its own catalogues lack it in Greek and Arabic.
CHOOSE = gettext_noop("- Select an option -")
_SELECT = "django/forms/widgets/select.html"


def draw_select(widget: dict[str, Any]) -> SafeString:
    """Return a list to choose from as HTML, as Django's own template draws it.

    That one includes two templates for each choice: the 500 time zones of a form took longer than
    all else on its page.
    """
    groups = (
        format_html('<optgroup label="{}">{}</optgroup>', group, _draw(options))
        if group
        else _draw(options)
        for group, options, _index in widget["optgroups"]
    )
    inside = format_html_join("", "{}", ((one,) for one in groups))
    return format_html(
        '<select name="{}"{}>{}</select>', widget["name"], flatatt(widget["attrs"]), inside
    )


def _draw(options: list[dict[str, Any]]) -> SafeString:
    text = "".join(
        f'<option value="{html.escape(str(one["value"]))}"{flatatt(one["attrs"]) if one["attrs"] else ""}>'
        f"{conditional_escape(one['label'])}</option>"
        for one in options
    )
    # Each value, attribute and label was escaped one by one: `format_html` takes twice as long.
    return mark_safe(text)  # noqa: S308


class FormRenderer(DjangoTemplates):
    """Lets written text run its own way: an Arabic name in a French form, an English one in Arabic."""

    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> str:
        """Return a widget or form as HTML, with `dir="auto"` on what people write text into."""
        widget = context.get("widget") or {}
        if widget.get("type") in _WRITTEN or template_name.endswith("/textarea.html"):
            widget["attrs"].setdefault("dir", "auto")
        if template_name == _SELECT:
            return draw_select(widget)
        return super().render(template_name, context, request)


def keep_to_one_line() -> None:
    """Have each field of one line take one line, whatever is sent to it.

    A browser sends no line break from such a field; a program that does gets blanks for them. It is
    done in the widget, which alone tells a field of one line from a larger one, and for all forms at
    once, those of libraries too.
    """
    for widget in (TextInput, SearchInput):
        _keep_to_one_line(widget)


def _keep_to_one_line(widget: Any) -> None:
    taken = widget.value_from_datadict
    if getattr(taken, "keeps_to_one_line", False):
        return

    def value_from_datadict(self: Any, data: Any, files: Any, name: str) -> Any:
        value = taken(self, data, files, name)
        is_broken = isinstance(value, str) and ("\n" in value or "\r" in value)
        return one_line(value) if is_broken else value

    value_from_datadict.keeps_to_one_line = True  # type: ignore[attr-defined]
    widget.value_from_datadict = value_from_datadict
