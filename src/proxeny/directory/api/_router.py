"""The router that all of the directory's routes hang on."""

from proxeny.kernel.api import scoped_router

router = scoped_router("directory", tag="Directory")
