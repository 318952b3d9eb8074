"""The router that all routes of bids hang on."""

from proxeny.kernel.api import scoped_router

router = scoped_router("bids", tag="Bids")
