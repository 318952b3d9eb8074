"""Labels for programs, one module for each part of them."""

from proxeny.labels.api import schemes
from proxeny.labels.api._router import router

__all__ = ["router", "schemes"]
