"""Mails that were sent lose the links that still open something."""

from typing import Any

from django.db import migrations

from proxeny.kernel.mail_secrets import kept_after_sending
from proxeny.kernel.tenancy import SERVICE, acting_as


def wipe(apps: Any, schema_editor: Any) -> None:
    """In the service's role: to all others row-level security shows nothing. A new database has
    neither the role's rights nor a mail."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT bool_or(has_table_privilege(rolname, 'kernel_mail', 'UPDATE'))"
            " FROM pg_roles WHERE rolname = %s",
            [SERVICE],
        )
        if not cursor.fetchone()[0]:
            return
    mails = apps.get_model("kernel", "Mail").objects
    with acting_as(SERVICE):
        for mail in mails.filter(sent_at__isnull=False).iterator(chunk_size=500):
            mails.filter(pk=mail.pk).update(**kept_after_sending(mail))


class Migration(migrations.Migration):
    dependencies = [("kernel", "0007_mail_not_before")]

    operations = [migrations.RunPython(wipe, migrations.RunPython.noop)]
