"""`manage.py invite`: the first invitations, before anybody has opened the admin."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from accounts import invites
from realtime.errors import Refused


class Command(BaseCommand):
    """Makes an invitation and prints its link, which is shown this once."""

    help = "Makes a link with which people make their own accounts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--uses", type=int, default=1, help="how many accounts it makes (1)")
        parser.add_argument("--days", type=float, help="how long it is good (IM_INVITE_LIFETIME)")
        parser.add_argument("--email", default="", help="the address that the account will have")
        parser.add_argument("--site", default="", help="what the link begins with, https://chat.example.org")

    def handle(self, *args: Any, **options: Any) -> None:
        lifetime = None if options["days"] is None else options["days"] * 86400
        try:
            _, path = invites.create(by=None, email=options["email"], uses=options["uses"], lifetime=lifetime)
        except Refused as refused:
            raise CommandError(refused.message) from refused
        self.stdout.write(options["site"].rstrip("/") + path)
