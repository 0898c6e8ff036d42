"""The roof of the house: settings, URLs, the ASGI application and the socket's routing table. Nobody imports it."""
