"""Django application."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """Organisations, memberships, offers and needs, and their import."""

    name = "proxeny.directory"
    label = "directory"

    def ready(self) -> None:
        """Say how its deeds read in a history."""
        from proxeny.directory.deadlines import find_deadlines
        from proxeny.notices.deadlines import show_deadlines_of

        show_deadlines_of(find_deadlines)
        from proxeny.directory import pointers
        from proxeny.directory.history import teach

        teach()
        pointers.teach()
