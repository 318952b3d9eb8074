"""The router that all of the desk's routes hang on."""

from proxeny.kernel.api import scoped_router

router = scoped_router("desk", tag="Ambassador's desk")
