"""Factories of webhooks and their deliveries."""

import factory
from django.utils import timezone

from proxeny.webhooks.models import Webhook, WebhookDelivery


class WebhookFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Webhook

    url = factory.Sequence(lambda n: f"https://receiver{n}.example.org/hook")
    nonce = factory.Sequence(lambda n: f"nonce-{n}")
    position = 0


class WebhookDeliveryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = WebhookDelivery

    webhook = factory.SubFactory(WebhookFactory)
    message_id = factory.Sequence(lambda n: f"msg_{n}")
    position = factory.Sequence(lambda n: n)
    verb = "sign_agreement"
    body = '{"type":"sign_agreement"}'
    due_at = factory.LazyFunction(timezone.now)
