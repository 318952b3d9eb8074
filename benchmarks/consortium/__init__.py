"""Consortia: how long the best ten take, what is proven, and whether a held-out partner comes back."""
