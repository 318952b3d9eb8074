"""When a juror wrote their comment, and changes of points that are told while a jury discusses."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("labels", "0001_initial")]

    operations = [
        migrations.AddField("assignment", "comment_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "remark",
            "points_before",
            models.DecimalField(decimal_places=2, max_digits=5, null=True),
        ),
        migrations.AddField(
            "remark",
            "points_after",
            models.DecimalField(decimal_places=2, max_digits=5, null=True),
        ),
        migrations.AlterField(
            "remark",
            "text",
            models.TextField(blank=True, max_length=2000, verbose_name="remark"),
        ),
        migrations.AddConstraint(
            "remark",
            models.CheckConstraint(
                condition=~Q(text="") | ~Q(indicator=""), name="remark_says_something"
            ),
        ),
    ]
