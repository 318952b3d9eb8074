"""`proxeny backup` and `proxeny restore`: the whole database in one file, and back again.

Small files that people bring lie in the database; those of data packages beside it, in a folder, and
go into the same file. It holds all of an installation but its environment variables and its secret
key, and a bucket, where files of data packages lie in one.
"""

from proxeny.config.backup.archive import BackupProblem
from proxeny.config.backup.make import make_backup
from proxeny.config.backup.restore import restore_backup

__all__ = ["BackupProblem", "make_backup", "restore_backup"]
