"""Commands beyond checking, one module a group; arguments in, exit code out."""
