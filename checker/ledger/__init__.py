"""Ledger (台账): what became of each document that was checked, in one SQLite file or PostgreSQL.

Needs the extra ``legality-precheck[ledger]``; nothing here is imported unless a ledger is opened.
"""
