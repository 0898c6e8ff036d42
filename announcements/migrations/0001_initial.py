
import realtime.clock
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Announcement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=500, verbose_name='text')),
                ('level', models.CharField(choices=[('info', 'Information'), ('warning', 'Warning')], default='info', max_length=8, verbose_name='level')),
                ('sender_id', models.BigIntegerField(null=True, verbose_name='id of who sent it')),
                ('sender', models.CharField(max_length=150, verbose_name='sent by')),
                ('created_at', models.BigIntegerField(default=realtime.clock.now_ms, verbose_name='sent')),
                ('expires_at', models.BigIntegerField(db_index=True, verbose_name='until')),
            ],
            options={
                'verbose_name': 'announcement',
                'verbose_name_plural': 'announcements',
            },
        ),
    ]
