"""The kernel's Django application."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate, pre_migrate

from proxeny.kernel.calendar_ends import hold_forms

# Before the first form is written: a field takes its checks along when it is made.
hold_forms()


def _apply_after_migrate(*, using: str, **_: Any) -> None:
    from proxeny.kernel.policies import apply_policies

    apply_policies(using=using)


def _step_aside_before_migrate(
    *, using: str, plan: Sequence[tuple[object, bool]], **_: Any
) -> None:
    from proxeny.kernel.policies import step_aside

    if plan:
        step_aside(backwards=any(backwards for _, backwards in plan), using=using)


class KernelConfig(AppConfig):
    """Keeps the database's roles and row-level policies equal to the models' declarations."""

    name = "proxeny.kernel"
    label = "kernel"

    def ready(self) -> None:
        """Apply the policies once after each `migrate`, when all tables exist; hear of requests."""
        from django.utils.translation import gettext_lazy as _

        from proxeny.kernel import audit, connections, login  # noqa: F401 - it registers a check
        from proxeny.kernel.hooks import load_hooks

        connections.listen()
        audit.SENTENCES.update(
            {
                "stop_job": _("Stopped a running task"),
                "retry_job": _("Retried a failed task"),
                "dismiss_job": _("Set aside a failed task"),
            }
        )
        load_hooks(settings.PLUG_INS)
        pre_migrate.connect(
            _step_aside_before_migrate, sender=self, dispatch_uid="proxeny.step-aside"
        )
        post_migrate.connect(_apply_after_migrate, sender=self, dispatch_uid="proxeny.policies")
