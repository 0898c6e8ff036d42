"""Who did what in administration, when, to whom and why: written once, never changed."""
