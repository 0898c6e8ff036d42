#!/usr/bin/env python
"""Django's command line for SkyeIM."""

import os
import signal
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "imsite.settings")
    if sys.argv[1:2] == ["start"]:
        # Until the server runs. An exception can be lost in the middle of Python's own tidying up, and is then printed, too.
        signal.signal(signal.SIGINT, lambda *_: os._exit(130))
    try:
        from django.core.management import execute_from_command_line

        execute_from_command_line(sys.argv)
    except KeyboardInterrupt:
        sys.exit(130)  # as the shell reports a Ctrl-C; what was begun is finished at the next start
