"""Django application."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebhooksConfig(AppConfig):
    """Webhooks: what happens in an organisation, told to a program of its own."""

    name = "proxeny.webhooks"
    label = "webhooks"

    def ready(self) -> None:
        """Say how the operations read in a history, and give each webhook one."""
        from django.urls import reverse

        from proxeny.accounts.trail import Trail, keep_trail
        from proxeny.directory.pointers import Pointer, point
        from proxeny.kernel.audit import tell
        from proxeny.webhooks.queries import get_webhook

        point(
            Pointer("webhooks.Webhook", named_by="url",
                    sentence=_("Both have a webhook at %(names)s. Remove one of the two first."))
        )  # fmt: skip
        tell(
            {
                "add_webhook": _("Added a webhook"),
                "change_webhook": _("Changed a webhook"),
                "pause_webhook": _("Paused a webhook"),
                "resume_webhook": _("Started a webhook again"),
                "rotate_webhook_secret": _("Gave a webhook a new secret"),
                "remove_webhook": _("Removed a webhook"),
                "resend_webhook": _("Sent a webhook's messages again"),
                "halt_webhook": _("Paused a webhook that no longer answered"),
            }
        )
        keep_trail(
            "webhook",
            Trail(
                find=get_webhook,
                address=lambda webhook: reverse("webhooks:detail", kwargs={"pk": webhook.pk}),
            ),
        )
