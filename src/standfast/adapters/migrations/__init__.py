"""Migrations of the ledger's tables, run by Alembic when a ledger of before is opened."""
