"""The router that all of the partnerships' routes hang on."""

from proxeny.kernel.api import scoped_router

router = scoped_router("partnerships", tag="Partnerships")
