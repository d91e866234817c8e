"""Memory: what earlier checks found in provisions, to be used again where a provision is unchanged."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from threading import Lock
from typing import Any

#: What an answer rests on: what asks, the text, and all else that the answer may depend on. A plain
#: tuple, which the garbage collector lets be once it has seen that it holds words and numbers only.
Key = tuple[str, str, Hashable]

#: What is kept besides the text, counted in characters: for an entry, and for a result in it.
_ENTRY, _RESULT = 100, 200


class Memory:
    """Answers by content, for a ``Checker(memory=…)``; lives as long as the caller holds it.

    Holds at most ``characters``: of texts, with a hundred for every entry and two hundred for every
    result in it (10,000,000 are some 20 MB, what four documents of 1 MB take); what has not
    been used for the longest time goes first. Safe to share between threads and Checkers.
    """

    def __init__(self, characters: int = 10_000_000) -> None:
        self.characters = characters
        self._held = 0
        self._entries: dict[Key, tuple[Any, ...]] = {}
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def held(self) -> int:
        """How many characters are counted now."""
        return self._held

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._entries.clear()
            self._held = 0

    def recall(self, keys: Iterable[Key]) -> list[tuple[Any, ...] | None]:
        """What is known under each key, None where nothing is."""
        entries = self._entries
        found = []
        with self._lock:
            for key in keys:
                known = entries.pop(key, None)
                if known is not None:
                    entries[key] = known  # the youngest stand last
                found.append(known)
        return found

    def keep(self, answers: Iterable[tuple[Key, Iterable[Any]]]) -> None:
        """Keep answers under their keys; the oldest make room."""
        entries = self._entries
        with self._lock:
            for key, answer in answers:
                old = entries.pop(key, None)
                self._held -= _weight(key, old) if old is not None else 0
                entries[key] = known = tuple(answer)
                self._held += _weight(key, known)
                while self._held > self.characters:
                    oldest = next(iter(entries))
                    self._held -= _weight(oldest, entries.pop(oldest))


def _weight(key: Key, known: tuple[Any, ...]) -> int:
    return len(key[1]) + _ENTRY + _RESULT * len(known)
