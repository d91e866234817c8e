"""Writing Word documents: comments put on exact words, and templates filled in."""
