"""The router that all routes of labels hang on."""

from proxeny.kernel.api import scoped_router

router = scoped_router("labels", tag="Labels")
