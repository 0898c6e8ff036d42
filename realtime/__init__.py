"""The ground floor: one socket engine that knows no feature. It imports nothing of the house."""
