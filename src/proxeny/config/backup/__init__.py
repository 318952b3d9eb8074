"""`proxeny backup` and `proxeny restore`: the whole database in one file, and back again.

Small uploaded files are stored in the database; files of data packages lie in a folder beside it
and are included in the same file. It holds a whole installation except its environment variables,
its secret key and, where data packages are stored in a bucket, that bucket.
"""

from proxeny.config.backup.archive import BackupProblem
from proxeny.config.backup.make import make_backup
from proxeny.config.backup.restore import restore_backup

__all__ = ["BackupProblem", "make_backup", "restore_backup"]
