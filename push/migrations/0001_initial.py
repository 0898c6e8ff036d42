
import django.db.models.deletion
import realtime.clock
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0010_invitations'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Away',
            fields=[
                ('connection_id', models.CharField(max_length=32, primary_key=True, serialize=False)),
                ('at', models.BigIntegerField(default=realtime.clock.now_ms)),
            ],
        ),
        migrations.CreateModel(
            name='Preference',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('directs', models.BooleanField(default=True)),
                ('groups', models.BooleanField(default=True)),
                ('preview', models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name='VapidKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('private', models.CharField(max_length=64)),
                ('created_at', models.BigIntegerField(default=realtime.clock.now_ms)),
            ],
        ),
        migrations.CreateModel(
            name='Subscription',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('endpoint', models.CharField(max_length=2000)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('p256dh', models.CharField(max_length=100)),
                ('auth', models.CharField(max_length=40)),
                ('language', models.CharField(default='en', max_length=16, verbose_name='language')),
                ('created_at', models.BigIntegerField(default=realtime.clock.now_ms)),
                ('tested_at', models.BigIntegerField(default=0)),
                ('failures', models.SmallIntegerField(default=0, verbose_name='failures')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.session')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'subscribed browser',
                'verbose_name_plural': 'subscribed browsers',
            },
        ),
        migrations.CreateModel(
            name='Turn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('holder', models.CharField(blank=True, max_length=32)),
                ('renewed_at', models.BigIntegerField(default=0)),
                ('position', models.BigIntegerField(default=0)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='push_turn_once')],
            },
        ),
    ]
