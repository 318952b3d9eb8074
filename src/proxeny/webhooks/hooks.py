"""Contributions of this capability to the others."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from proxeny.accounts.trail import TRAILS, Trail
from proxeny.directory.merge_references import Pointer, point
from proxeny.kernel.audit import SENTENCES
from proxeny.webhooks.queries import get_webhook

point(
    Pointer(
        "webhooks.Webhook",
        named_by="url",
        sentence=_("Both have a webhook at %(names)s. Remove one of the two first."),
    )
)
SENTENCES.update(
    {
        "add_webhook": _("Added a webhook"),
        "change_webhook": _("Changed a webhook"),
        "pause_webhook": _("Paused a webhook"),
        "resume_webhook": _("Resumed a webhook"),
        "rotate_webhook_secret": _("Created a new secret for a webhook"),
        "remove_webhook": _("Removed a webhook"),
        "resend_webhook": _("Resent a webhook’s messages"),
        "halt_webhook": _("Paused a webhook that stopped responding"),
    }
)
TRAILS.add(
    "webhook",
    Trail(
        find=get_webhook,
        address=lambda webhook: reverse("webhooks:detail", kwargs={"pk": webhook.pk}),
    ),
)
