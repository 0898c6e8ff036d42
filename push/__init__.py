"""Web Push: messages reach the devices of people who are not looking."""
