"""Conversations: the journal that stores messages, history, receipts, the backlog and the resume."""
