"""The router that all routes of research collaboration hang on."""

from proxeny.kernel.api import scoped_router

router = scoped_router("research", tag="Research")
