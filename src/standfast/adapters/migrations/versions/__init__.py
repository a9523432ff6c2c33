"""One file per revision of the ledger's tables."""
