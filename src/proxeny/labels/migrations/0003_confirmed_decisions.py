"""A decision waits until all clusters have confirmed it."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_invitation_term'),
        ('labels', '0002_what_a_jury_says'),
        ('partnerships', '0012_delegations'),
    ]

    operations = [
        migrations.AddField(
            model_name='decision',
            name='answer',
            field=models.TextField(blank=True, max_length=4000, verbose_name='answer'),
        ),
        migrations.AddField(
            model_name='decision',
            name='appeal',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='decisions', to='labels.appeal'),
        ),
        migrations.AddField(
            model_name='decision',
            name='grants',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='decision',
            name='seen',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name='decision',
            name='waits',
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name='decision',
            name='number',
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('waits', True), ('number__isnull', False), _connector='XOR'), name='decision_numbered_once_it_holds'),
        ),
    ]
