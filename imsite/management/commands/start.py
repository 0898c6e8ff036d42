"""`manage.py start`: everything that must be there before the server can run, then the server. What is there is left alone."""

import os
import shutil
import signal
import socket
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import uvicorn
from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from imsite import checks, demo


class Command(BaseCommand):
    """`make run` and `make serve`, after they have installed the requirements."""

    help = "Migrates, builds the static files, adds the demo people to an empty database, and serves."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=10300)
        parser.add_argument("--workers", type=int, default=1, help="processes; more than one need PostgreSQL and Redis")
        parser.add_argument("--no-demo", action="store_true", help="leave an empty database empty")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["workers"] > 1:
            os.environ["WEB_CONCURRENCY"] = str(options["workers"])
            checks.refuse_contradictions()
        self._refuse_taken(options["host"], options["port"])
        self._migrate()
        self._build_static()
        if not options["no_demo"] and demo.is_wanted():
            self.stdout.write("Creating the demo people and their conversations …")
            demo.create()
        connection.close()
        self._greet(options["port"])
        signal.signal(signal.SIGINT, signal.default_int_handler)
        uvicorn.run(
            "imsite.asgi:application", host=options["host"], port=options["port"], log_level="warning",
            workers=options["workers"],
        )  # fmt: skip

    def _refuse_taken(self, host: str, port: int) -> None:
        """Look before the greeting: it would send people to another server that has the port."""
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                raise CommandError(
                    f"Port {port} cannot be used: {error.strerror}. Stop what uses it, or choose --port."
                ) from None

    def _migrate(self) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Migrating the database …")
            call_command("migrate", verbosity=0)

    def _build_static(self) -> None:
        built = Path(settings.STATIC_ROOT) / "staticfiles.built"
        if not built.exists():
            self.stdout.write("Building the static files …")
            call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["*redoc*", "*.map"])
            for old in built.parent.parent.iterdir():
                if old != built.parent:
                    shutil.rmtree(old, ignore_errors=True)
            built.touch()
        settings.WHITENOISE_USE_FINDERS = False

    def _greet(self, port: int) -> None:
        self.stdout.write(f"\nSkyeIM is at http://localhost:{port}   (Ctrl-C stops it)")
        password = demo.password()
        if password is not None:
            names = ", ".join(person.username for person in demo.PEOPLE)
            self.stdout.write(
                f"Sign in as {names} with the password {self.style.SUCCESS(password)}. alice is an administrator."
            )
        self.stdout.write("")
        sys.stdout.flush()
