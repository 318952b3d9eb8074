"""The router that all routes of the consultation service hang on."""

from proxeny.kernel.api import scoped_router

router = scoped_router("assessments", tag="Market assessments")
