"""Bulk: very many documents, checked in portions; findings as Parquet, resumed after a kill."""
