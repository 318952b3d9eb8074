"""Django application."""

from django.apps import AppConfig


class PartnershipsConfig(AppConfig):
    """Partnerships: parties, agreement and sign-off, sharing."""

    name = "proxeny.partnerships"
    label = "partnerships"

    def ready(self) -> None:
        """Say how its deeds read in a history, and watch what is read of what is shared."""
        from proxeny.directory.operations.reading import watch_reading
        from proxeny.partnerships.history import teach
        from proxeny.partnerships.operations.reading import ReadingWatch

        teach()
        watch_reading(ReadingWatch())
