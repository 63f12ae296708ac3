"""What the agent may do, by the roles in desk.toml as they are now; refusals are put on record."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from helpdesk.domain.errors import BadConfiguration, HelpdeskError, NotPermitted
from helpdesk.domain.rights import Right, Role, Roles
from helpdesk.glance import Glance, Stamp, glance, stamp


class Rights:
    """The rights of ``agent`` at the desk in folder ``path``.

    A change of the roles holds from the next thing that is done, without opening the desk again.
    While they cannot be read, nothing can be done.
    """

    def __init__(self, path: Path, agent: str, face: Glance) -> None:
        self._path = path
        self._agent = agent
        self._face = face

    @property
    def role(self) -> Role:
        """What the agent is. Raises BadConfiguration."""
        return self._now().role_of(self._agent)

    @property
    def stamp(self) -> Stamp:
        """How the settings lay when they were last asked."""
        return self._face.stamp

    def refusal(self, right: Right) -> str | None:
        """Why the agent may not do that; None if allowed."""
        try:
            return self._now().refusal(self._agent, right)
        except BadConfiguration as error:
            return f"who may do what cannot be read: {error.message}"

    def require(self, right: Right) -> None:
        """Raises NotPermitted if the agent may not do that; BadConfiguration if nobody can say."""
        reason = self._now().refusal(self._agent, right)
        if reason is None:
            return
        from helpdesk.desk import audit  # which nobody waits for who is refused nothing
        from helpdesk.domain.audit import Deed

        with suppress(HelpdeskError):  # what cannot be recorded is refused all the same
            audit.record(self._path, self._agent, Deed.REFUSED, right=right.value)
        raise NotPermitted(reason)

    def _now(self) -> Roles:
        if stamp(self._path) != self._face.stamp:
            self._face = glance(self._path)
        return self._face.roles
