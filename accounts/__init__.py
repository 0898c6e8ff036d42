"""Who you are and whom you know: people, sessions, tokens and tickets, friendships and blocks, and rights that end."""
