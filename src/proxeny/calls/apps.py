"""Django application."""

from django.apps import AppConfig


class CallsConfig(AppConfig):
    """Calls for proposals."""

    name = "proxeny.calls"
    label = "calls"

    def ready(self) -> None:
        """Say how its deeds read in a history, and what becomes of its rows in a merge."""
        from proxeny.calls.deadlines import find_deadlines
        from proxeny.notices.deadlines import show_deadlines_of

        show_deadlines_of(find_deadlines)
        from proxeny.calls import history
        from proxeny.directory.pointers import Pointer, point

        history.teach()
        point(
            Pointer("calls.Call", "steward", stays="clusters are never merged"),
            Pointer("calls.CallImport", "cluster", stays="clusters are never merged"),
        )
