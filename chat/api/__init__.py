"""The REST endpoints of chat, under /api/v1/."""
