"""`proxeny backup` and `proxeny restore`: the whole database in one file, and back again.

Files that people bring lie in the database, so that one file holds all of an installation but its
environment variables and its secret key.
"""

from proxeny.config.backup.archive import BackupProblem
from proxeny.config.backup.make import make_backup
from proxeny.config.backup.restore import restore_backup

__all__ = ["BackupProblem", "make_backup", "restore_backup"]
