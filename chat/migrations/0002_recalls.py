
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('chat', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='conversation',
            options={'verbose_name': 'conversation', 'verbose_name_plural': 'conversations'},
        ),
        migrations.AlterModelOptions(
            name='membership',
            options={'verbose_name': 'member', 'verbose_name_plural': 'members'},
        ),
        migrations.AlterModelOptions(
            name='message',
            options={'permissions': [('read_text', 'Can read the text of other people’s messages'), ('moderate', 'Can take back other people’s messages')], 'verbose_name': 'message', 'verbose_name_plural': 'messages'},
        ),
        migrations.AddField(
            model_name='message',
            name='changed_at',
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='message',
            name='moderated',
            field=models.BooleanField(db_default=False),
        ),
        migrations.AddField(
            model_name='message',
            name='recalled_at',
            field=models.BigIntegerField(blank=True, null=True, verbose_name='taken back'),
        ),
        migrations.AlterField(
            model_name='conversation',
            name='high',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='other'),
        ),
        migrations.AlterField(
            model_name='conversation',
            name='kind',
            field=models.CharField(choices=[('direct', 'direct chat'), ('group', 'group')], default='direct', max_length=8, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='conversation',
            name='last_rev',
            field=models.BigIntegerField(default=0, verbose_name='changes'),
        ),
        migrations.AlterField(
            model_name='conversation',
            name='last_seq',
            field=models.BigIntegerField(default=0, verbose_name='messages'),
        ),
        migrations.AlterField(
            model_name='conversation',
            name='low',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='one'),
        ),
        migrations.AlterField(
            model_name='conversation',
            name='title',
            field=models.CharField(blank=True, max_length=120, verbose_name='title'),
        ),
        migrations.AlterField(
            model_name='membership',
            name='delivered_seq',
            field=models.BigIntegerField(default=0, verbose_name='delivered up to'),
        ),
        migrations.AlterField(
            model_name='membership',
            name='read_seq',
            field=models.BigIntegerField(default=0, verbose_name='read up to'),
        ),
        migrations.AlterField(
            model_name='membership',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person'),
        ),
        migrations.AlterField(
            model_name='message',
            name='content_type',
            field=models.SmallIntegerField(choices=[(1, 'text'), (2, 'image'), (3, 'file'), (4, 'voice'), (5, 'system')], default=1, verbose_name='type'),
        ),
        migrations.AlterField(
            model_name='message',
            name='conversation',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='chat.conversation', verbose_name='conversation'),
        ),
        migrations.AlterField(
            model_name='message',
            name='msg_id',
            field=models.UUIDField(default=uuid.uuid4, unique=True, verbose_name='message id'),
        ),
        migrations.AlterField(
            model_name='message',
            name='rev',
            field=models.BigIntegerField(verbose_name='change'),
        ),
        migrations.AlterField(
            model_name='message',
            name='sender',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='sender'),
        ),
        migrations.AlterField(
            model_name='message',
            name='seq',
            field=models.BigIntegerField(verbose_name='number'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('changed_at__isnull', False)), fields=['changed_at'], name='message_changed'),
        ),
    ]
