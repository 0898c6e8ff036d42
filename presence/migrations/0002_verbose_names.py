
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('presence', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='lease',
            options={'verbose_name': 'process', 'verbose_name_plural': 'processes'},
        ),
        migrations.AlterField(
            model_name='liveconnection',
            name='address',
            field=models.CharField(blank=True, max_length=64, verbose_name='address'),
        ),
        migrations.AlterField(
            model_name='liveconnection',
            name='device',
            field=models.CharField(blank=True, max_length=64, verbose_name='device'),
        ),
        migrations.AlterField(
            model_name='liveconnection',
            name='lease',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='presence.lease', verbose_name='process'),
        ),
        migrations.AlterField(
            model_name='liveconnection',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person'),
        ),
        migrations.AlterField(
            model_name='liveconnection',
            name='user_agent',
            field=models.CharField(blank=True, max_length=200, verbose_name='program'),
        ),
    ]
