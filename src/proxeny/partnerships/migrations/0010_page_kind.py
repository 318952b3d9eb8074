"""A text that all sides sign: their public page."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partnerships", "0009_signatories"),
    ]

    operations = [
        migrations.AlterField(
            model_name="agreement",
            name="kind",
            field=models.CharField(
                choices=[
                    ("text", "Agreement"), ("stage", "Next stage"),
                    ("risk", "Acceptance of a risk"), ("exit", 'Exit plan'),
                    ("joining", 'New party joining'), ("service", "Terms of a service"),
                    ("brief", 'Assessment brief'), ("study", "Publication of a study"),
                    ("letter", "Letter of intent"), ("bid", "Bid for a call"),
                    ("page", "Public page"),
                ],
                default="text",
                max_length=8,
            ),
        ),
    ]
