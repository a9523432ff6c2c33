"""One use case per file; together they tell the whole story."""
