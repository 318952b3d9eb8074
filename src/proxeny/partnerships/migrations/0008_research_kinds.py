"""Actions of studies, and publications to sign."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('partnerships', '0007_interests_and_evidence'),
    ]

    operations = [
        migrations.AlterField(
            model_name='action',
            name='origin',
            field=models.CharField(choices=[('room', 'In the room'), ('plan', 'In the plan'), ('risk', 'For a risk'), ('catch-up', 'At a catch-up'), ('advice', 'For a recommendation'), ('study', 'For a study')], default='room', max_length=8),
        ),
        migrations.AlterField(
            model_name='agreement',
            name='kind',
            field=models.CharField(choices=[('text', 'Agreement'), ('stage', 'Next stage'), ('risk', 'Acceptance of a risk'), ('exit', 'Exit plan'), ('joining', 'New party joining'), ('service', 'Terms of a service'), ('brief', 'Assessment brief'), ('study', 'Publication of a study')], default='text', max_length=8),
        ),
    ]
