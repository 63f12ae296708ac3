"""What a screen has begun in threads, so that no answer comes that is outdated."""

from __future__ import annotations

from typing import NamedTuple


class Job(NamedTuple):
    """The ``number``-th of a group; of a group without a name every one is answered."""

    group: str
    number: int


class Jobs:
    """The jobs that are under way, by groups of which only the newest is answered."""

    def __init__(self) -> None:
        self._newest: dict[str, int] = {}
        self._under_way: set[Job] = set()

    @property
    def are_under_way(self) -> bool:
        """Whether one is awaited that would not be answered if it was begun anew."""
        return bool(self._under_way)

    def begin(self, group: str) -> Job:
        """Another job of the group; those begun before are not answered any more."""
        self.drop(group)
        job = Job(group, self._newest[group])
        if group:
            self._under_way.add(job)
        return job

    def drop(self, group: str) -> None:
        """Answer no job of the group that is under way."""
        self._newest[group] = self._newest.get(group, 0) + 1

    def end(self, job: Job) -> bool:
        """It is done; gives whether it is to be answered."""
        self._under_way.discard(job)
        return not job.group or self._newest[job.group] == job.number
