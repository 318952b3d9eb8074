"""Quotas are fractions, percents or numbers of places; percents stay as they are written."""

import proxeny.labels.models.shares
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('labels', '0003_confirmed_decisions'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='quota',
            name='quota_from_to',
        ),
        migrations.AlterField(
            model_name='quota',
            name='least',
            field=proxeny.labels.models.shares.ShareField(default='0.00', verbose_name='minimum places'),
        ),
        migrations.AlterField(
            model_name='quota',
            name='most',
            field=proxeny.labels.models.shares.ShareField(blank=True, null=True, verbose_name='maximum places'),
        ),
    ]
