"""Loaded by pytest before Django's settings: a data folder of its own, and the database and Redis that are asked for.

TEST_BACKEND=postgres runs the same tests on PostgreSQL and Redis (TEST_DATABASE_URL, TEST_REDIS_URL)."""

import atexit
import os
import secrets
import shutil
import tempfile

for name in [name for name in os.environ if name.startswith("IM_")] + ["DATABASE_URL", "REDIS_URL", "WEB_CONCURRENCY"]:
    os.environ.pop(name, None)

_folder = tempfile.mkdtemp(prefix="skyeim-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["IM_VAR_DIR"] = _folder
os.environ["IM_JWT_SECRET"] = secrets.token_hex(32)
os.environ["IM_SECRET_KEY"] = secrets.token_hex(32)

os.environ["IM_PUSH"] = "0"  # the tests of push start servers of their own that send

POSTGRES = os.environ.get("TEST_BACKEND") == "postgres"
if POSTGRES:
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]
    os.environ["REDIS_URL"] = os.environ["TEST_REDIS_URL"]
    os.environ["IM_REDIS_PREFIX"] = f"skyeim-test-{secrets.token_hex(4)}"
