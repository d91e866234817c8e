"""Fuzzing: random changes of small valid inputs; each must end in a typed result or a declared error."""
