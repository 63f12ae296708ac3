"""Who may do what at a desk: roles, and the rights that each has."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

_LOGIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@+\\-]{0,63}")


def is_login(text: str) -> bool:
    """Whether ``text`` can be an agent's login name."""
    return _LOGIN.fullmatch(text) is not None


class Role(StrEnum):
    """What somebody is at the desk. Whoever is not named in desk.toml is an agent."""

    LEAD = "lead"
    AGENT = "agent"
    AUDITOR = "auditor"


class Right(StrEnum):
    """Something that a role may do; the words say it in a refusal: "may not ..."."""

    READ = "read"
    WORK = "change tickets and customers"
    SETTINGS = "change the settings"
    EXPORT = "export"
    ERASE = "erase customers"
    MERGE_CUSTOMERS = "merge customers"
    IMPORT = "import"
    AUDIT = "read the audit log"


ALLOWED: Mapping[Role, frozenset[Right]] = {
    Role.LEAD: frozenset(Right),
    Role.AGENT: frozenset({Right.READ, Right.WORK}),
    Role.AUDITOR: frozenset({Right.READ, Right.AUDIT}),
}
"""The rights of each role."""

OF_EVERYBODY = frozenset.intersection(*ALLOWED.values())
"""The rights that no role is without."""


@dataclass(frozen=True, slots=True)
class Roles:
    """Who is what, by login name. A desk that names no lead makes everybody one, except for its
    auditors: on a small desk there is nobody to ask."""

    lead: tuple[str, ...] = ()
    auditor: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        both = sorted({*self.lead} & {*self.auditor})
        if both:
            raise ValueError(f"{both[0]} cannot be both lead and auditor")

    def role_of(self, login: str) -> Role:
        """What whoever logs in by that name is."""
        if login in self.auditor:
            return Role.AUDITOR
        return Role.LEAD if login in self.lead or not self.lead else Role.AGENT

    def refusal(self, login: str, right: Right) -> str | None:
        """Why ``login`` may not do that, in a line that says whom to ask; None if allowed."""
        role = self.role_of(login)
        if right in ALLOWED[role]:
            return None
        if role is Role.AUDITOR:
            return f"an auditor only reads: {login} may not {right}"
        return f"{login} may not {right}: ask a lead of this desk: {', '.join(self.lead)}"
