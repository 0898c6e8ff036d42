"""The REST endpoints of accounts, under /api/v1/."""
