"""What a person prefers: how pages look, in which language, and what makes itself heard."""
