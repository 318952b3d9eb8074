"""Research collaboration over the API, one module for each part of it."""

from proxeny.research.api import advice, packages, publications, studies
from proxeny.research.api._router import router

__all__ = ["advice", "packages", "publications", "router", "studies"]
