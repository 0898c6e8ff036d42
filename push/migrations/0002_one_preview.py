from django.db import migrations


def carry_over(apps, schema_editor):
    """Whoever wanted pushes without text wants no notification with it."""
    discreet = apps.get_model("push", "Preference").objects.filter(preview=False).values_list("pk", flat=True)
    preferences = apps.get_model("preferences", "Preferences").objects
    for user_id in list(discreet):
        preferences.update_or_create(user_id=user_id, defaults={"notification_preview": False})


class Migration(migrations.Migration):
    dependencies = [("push", "0001_initial"), ("preferences", "0001_initial")]

    operations = [
        migrations.RunPython(carry_over, migrations.RunPython.noop),
        migrations.RemoveField(model_name="preference", name="preview"),
    ]
