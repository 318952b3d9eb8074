"""Django application."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The shell: base page, components, home, static files."""

    name = "proxeny.web"
    label = "web"

    def ready(self) -> None:
        """Say what waits for a reader where a mail asks, and tell people of work that has ended."""
        from proxeny.kernel.jobs import when_ended
        from proxeny.notices.overviews import tell_overviews_by
        from proxeny.web.overview import tell_ended, tell_overview

        tell_overviews_by(tell_overview)
        when_ended(tell_ended)
