"""Hashing of passwords."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2Hasher(Argon2PasswordHasher):
    """Argon2id with 46 MiB, one pass and one lane.

    Django's own figures take 100 MiB and eight lanes: where twenty people sign in at once, that is
    more than a small server has to spare. These are of the same strength.

    Source: OWASP Password Storage Cheat Sheet (2025), first row of its Argon2id parameters.
    """

    time_cost = 1
    memory_cost = 47_104  # KiB
    parallelism = 1
