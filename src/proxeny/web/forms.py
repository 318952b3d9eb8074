"""How every form of ours is drawn."""

from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.translation import gettext_noop

_WRITTEN = {"text", "search"}
#: Django's word for nothing chosen yet: its own catalogues lack it in Greek and Arabic.
CHOOSE = gettext_noop("- Select an option -")


class FormRenderer(DjangoTemplates):
    """Lets written text run its own way: an Arabic name in a French form, an English one in Arabic."""

    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> str:
        """Return a widget or form as HTML, with `dir="auto"` on what people write text into."""
        widget = context.get("widget") or {}
        if widget.get("type") in _WRITTEN or template_name.endswith("/textarea.html"):
            widget["attrs"].setdefault("dir", "auto")
        return super().render(template_name, context, request)
