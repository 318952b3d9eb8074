"""The router that all of the events' routes hang on."""

from proxeny.kernel.api import scoped_router

router = scoped_router("events", tag="Events")
