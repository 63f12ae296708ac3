"""What the agent may do, by the roles in desk.toml as they are now; refusals are put on record."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from helpdesk.domain.errors import BadConfiguration, HelpdeskError, NotPermitted
from helpdesk.domain.rights import OF_EVERYBODY, Right, Role, Roles
from helpdesk.glance import Glance, Stamp, glance, stamp


class Rights:
    """The rights of ``agent`` at the desk in folder ``path``.

    A change of the roles holds from the next thing that is done, without opening the desk again.
    While they cannot be read, nothing can be done but what everybody may.
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
        if right in OF_EVERYBODY:
            return None
        try:
            return self._now().refusal(self._agent, right)
        except BadConfiguration as error:
            return f"who may do what cannot be read: {error.message}"

    def require(self, right: Right) -> None:
        """Raises NotPermitted if the agent may not do that; BadConfiguration if nobody can say."""
        if right not in OF_EVERYBODY:
            self._require(right, self._now())

    def require_as_last_known(self, right: Right) -> None:
        """``require``; while nobody can say, by the roles as they could be read last."""
        try:
            roles = self._now()
        except BadConfiguration:
            roles = self._face.roles
        self._require(right, roles)

    def _require(self, right: Right, roles: Roles) -> None:
        reason = roles.refusal(self._agent, right)
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
