"""Sign-in by an OpenID Connect provider: an application of its own, so that allauth finds it."""
