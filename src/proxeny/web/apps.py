"""Django application."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The shell: base page, components, home, static files."""

    name = "proxeny.web"
    label = "web"

    def ready(self) -> None:
        """Keep fields of one line to one line."""
        from proxeny.web.forms import keep_to_one_line

        keep_to_one_line()
