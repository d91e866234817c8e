"""Tables of a ledger as they are now; how an older ledger becomes one is in migrations."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

documents = Table(
    "ledger_documents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("identity", Text, nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("issuer", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("made", Date),
    Column("effective", Date),
    Column("expires", Date),
    Column("validity", Text, nullable=False),
    Column("route", Text, nullable=False),
    Column("state", Text, nullable=False),
)

checks = Table(
    "ledger_checks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("document_id", ForeignKey("ledger_documents.id"), nullable=False, index=True),
    Column("day", Date, nullable=False),
    Column("as_of", Date),
    Column("engine", Text, nullable=False),
    Column("ruleset", Text, nullable=False),
    Column("profile", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("digest", Text, nullable=False, index=True),
    Column("complete", Boolean, nullable=False),
    Column("error", Integer, nullable=False),
    Column("warning", Integer, nullable=False),
    Column("info", Integer, nullable=False),
    Column("waived", Integer, nullable=False),
)

events = Table(
    "ledger_events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("document_id", ForeignKey("ledger_documents.id"), nullable=False),
    Column("step", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("note", Text, nullable=False),
    UniqueConstraint("document_id", "step", "day"),
)
