"""The router that all of the meetings' routes hang on."""

from proxeny.kernel.api import scoped_router

router = scoped_router("meetings", tag="Meetings")
