"""The two channel layers: one process (local) and many (redis). Both carry read-only messages to a bounded queue."""
