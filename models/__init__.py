"""Remembers what happened: tables beside the queries on them. The caller owns the transaction."""
