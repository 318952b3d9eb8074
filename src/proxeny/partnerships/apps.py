"""Django application."""

from django.apps import AppConfig


class PartnershipsConfig(AppConfig):
    """Partnerships: parties, agreement and sign-off, sharing."""

    name = "proxeny.partnerships"
    label = "partnerships"

    def ready(self) -> None:
        """Say how its deeds read in a history."""
        from proxeny.partnerships.history import teach

        teach()
