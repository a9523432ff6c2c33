"""The service: an API for machines and a page for people, over the desk and the ledger."""
