"""The page a leader reads."""
