"""A run as one JSON value, written report by report."""

from __future__ import annotations

from typing import TextIO

from checker.report import Report, Tally, dump_json

RUN_SCHEMA = "checker-run/1"


class JsonWriter:
    """Writes ``{"schema", "reports": […], "summary"}``: one report a line, in the order given."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._before = f'{{"schema":"{RUN_SCHEMA}","reports":[\n'

    def add(self, report: Report) -> None:
        """Write one report."""
        self._stream.write(self._before + report.to_json())
        self._before = ",\n"

    def close(self, tally: Tally) -> None:
        """Write the summary and end the value."""
        opening = "" if self._before == ",\n" else self._before
        summary = {
            "documents": tally.documents,
            "flagged": tally.flagged,
            "incomplete": tally.incomplete,
            "waived": tally.waived,
            "exempted": tally.exempted,
            "known": tally.known,
            "counts": {
                "error": tally.counts.error,
                "warning": tally.counts.warning,
                "info": tally.counts.info,
            },
            "closing": tally.closing,
        }
        self._stream.write(f'{opening}\n],"summary":{dump_json(summary)}}}\n')
