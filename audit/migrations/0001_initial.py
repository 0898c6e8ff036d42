
import realtime.clock
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='AuditEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.BigIntegerField(db_index=True, default=realtime.clock.now_ms, verbose_name='time')),
                ('actor_id', models.BigIntegerField(null=True, verbose_name='id of who did it')),
                ('actor', models.CharField(max_length=150, verbose_name='who')),
                ('action', models.CharField(db_index=True, max_length=40, verbose_name='act')),
                ('target_kind', models.CharField(blank=True, max_length=60, verbose_name='kind')),
                ('target_id', models.CharField(blank=True, max_length=64, verbose_name='id')),
                ('target', models.CharField(blank=True, max_length=200, verbose_name='what or whom')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                ('detail', models.JSONField(blank=True, default=dict, verbose_name='detail')),
                ('address', models.CharField(blank=True, max_length=64, verbose_name='address')),
            ],
            options={
                'verbose_name': 'audit event',
                'verbose_name_plural': 'audit events',
                'indexes': [models.Index(fields=['target_kind', 'target_id'], name='audit_event_target')],
            },
        ),
    ]
