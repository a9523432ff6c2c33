"""What is known of an account at a date, and what happened afterwards."""
