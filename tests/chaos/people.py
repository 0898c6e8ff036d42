"""`python -m tests.chaos.people`: migrates the database that DATABASE_URL names and puts people and talks into it.

Writes what the arena must know of them to standard output, as JSON: {"people": {name: [id, token]}, "talks": {pair: id}}. The
arena's databases are copies of this one, so its own process needs no Django."""

import json
import os
import sys

import django

NAMES = ("ann", "ben", "cat", "dan", "eve", "fay")
PAIRS = (("ann", "ben"), ("cat", "dan"), ("eve", "fay"))  # load, bystanders, probes


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imsite.settings")
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from chat import directs
    from tests.support.people import make_person

    call_command("migrate", verbosity=0)
    people = {name: make_person(name) for name in NAMES}
    talks = {
        f"{one}-{other}": directs.open_direct(user_id=people[one].id, other_id=people[other].id, opened=True)
        for one, other in PAIRS
    }
    connection.close()
    made = {"people": {name: [person.id, person.access] for name, person in people.items()}, "talks": talks}
    sys.stdout.write(json.dumps(made))


if __name__ == "__main__":
    main()
