"""`manage.py new_epoch`: to be run after a restored backup, before the servers start again (protocol §4)."""

from typing import Any

from django.core.management import BaseCommand

from chat import epoch


class Command(BaseCommand):
    """Begins a new life of the database."""

    help = "Tells every client that its cursors are void: run it after restoring a backup, while no server runs."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"The epoch is now {epoch.renew()}. Clients load their conversations anew when they come back.")
