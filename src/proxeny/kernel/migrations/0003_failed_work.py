"""Failed jobs can be put aside; failed work and waiting mail are found by an index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_cache_table")]

    operations = [
        migrations.AddField("job", "dismissed_at", models.DateTimeField(null=True)),
        migrations.AddIndex(
            "job",
            models.Index(fields=["state", "kind"], name="kernel_job_state_03c49c_idx"),
        ),
        migrations.AddIndex(
            "mail",
            models.Index(
                fields=["created_at"], condition=models.Q(sent_at=None), name="kernel_mail_unsent"
            ),
        ),
    ]
