"""The router that all routes of calls hang on."""

from proxeny.kernel.api import scoped_router

router = scoped_router("calls", tag="Calls")
