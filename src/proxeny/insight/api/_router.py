"""The router that all routes of insight hang on."""

from proxeny.kernel.api import scoped_router

router = scoped_router("insight", tag="Insight")
