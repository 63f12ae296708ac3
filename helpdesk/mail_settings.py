"""The sections of desk.toml on mail. All are optional: without them a desk takes in mail that is
given to it, and sends nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from helpdesk.domain.values import Line, Name, Tag, Value
from helpdesk.domain.words import Kind, Priority

_LONGEST_LOCAL = 35
"""Mail takes 64 characters before the @; a ticket of ten digits takes 29 of them."""


def _address(text: str) -> str:
    from helpdesk.domain.customer import read_email  # which desks without mail spare

    return read_email(text)


def _require_room(address: str | None) -> None:
    """Raises ValueError if the address of a ticket cannot be made of ours."""
    local = (address or "").rpartition("@")[0]
    if not local:
        raise ValueError("reply_addresses: takes mail.address, which the ticket is added to")
    if "+" in local or len(local) > _LONGEST_LOCAL:
        raise ValueError(
            "reply_addresses: takes a mail.address without a plus and with at most "
            f"{_LONGEST_LOCAL} characters before the @, as +t12.k4sm2q7xh3dwa5pe is added to them"
        )


Address = Annotated[str, AfterValidator(_address)]
Port = Annotated[int, Field(strict=True, ge=1, le=65535)]
Security = Literal["tls", "starttls", "none"]


class Secret(Value):
    """Where a password is: in a file (within the desk's folder unless it is a whole path) or in a
    variable of the environment; never in desk.toml itself."""

    user: Line = ""
    password_file: Name | None = None
    password_env: Name | None = None

    @model_validator(mode="after")
    def _one_place(self) -> Secret:
        if self.password_file and self.password_env:
            raise ValueError("takes password_file or password_env, not both")
        if bool(self.user) != bool(self.password_file or self.password_env):
            raise ValueError("takes user together with password_file or password_env")
        return self


class MailInSection(Secret):
    """``[[mail.in]]``: an IMAP account that mail is fetched from.

    ``then`` is what becomes of a message that was taken in: marked as seen, deleted, or moved to
    the folder ``move_to``.
    """

    name: Name
    host: Name
    port: Port | None = None
    security: Security = "tls"
    folder: Name = "INBOX"
    then: Literal["seen", "delete", "move"] = "seen"
    move_to: Name | None = None

    @model_validator(mode="after")
    def _complete(self) -> MailInSection:
        if not self.user:
            raise ValueError("takes user together with password_file or password_env")
        if (self.then == "move") != (self.move_to is not None):
            raise ValueError('then = "move" and move_to go together')
        if "/" in self.name:
            raise ValueError("name: takes no slash")
        return self

    @property
    def port_number(self) -> int:
        """The port; by default that of the security."""
        return self.port or (993 if self.security == "tls" else 143)


class MailRuleSection(Value):
    """``[[mail.rule]]``: what a new matter by mail is; the first that fits holds.

    It fits if every one of ``to``, ``from`` and ``subject`` that is given is part of what the
    message says there, whatever the case. With ``customer`` the matter is of whom the message
    asks to reply to, and not of whoever sent it, as with the form of a website.
    """

    to: Name | None = None
    from_: Annotated[Name | None, Field(alias="from")] = None
    subject: Name | None = None
    kind: Kind | None = None
    tags: tuple[Tag, ...] = ()
    priority: Priority | None = None
    customer: Literal["reply-to"] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> MailRuleSection:
        if not (self.to or self.from_ or self.subject):
            raise ValueError("says nothing of when it fits: give to, from or subject")
        if not (self.kind or self.priority or self.tags or self.customer):
            raise ValueError("says nothing of what fits: give kind, tags, priority or customer")
        return self


class MailOutSection(Secret):
    """``[mail.out]``: how mail is sent; without it none is.

    ``attachments_mb`` is what the files of one message may have together, in megabytes: mail
    servers refuse what is larger than they take, and a file grows by a third on its way.
    """

    by: Literal["smtp", "sendmail"]
    host: Name | None = None
    port: Port | None = None
    security: Security = "starttls"
    command: Name = "/usr/sbin/sendmail"
    attachments_mb: Annotated[int, Field(strict=True, ge=0, le=100)] = 20

    @model_validator(mode="after")
    def _complete(self) -> MailOutSection:
        if (self.by == "smtp") != (self.host is not None):
            raise ValueError('by = "smtp" and host go together')
        return self

    @property
    def port_number(self) -> int:
        """The port; by default that of the security."""
        return self.port or {"tls": 465, "starttls": 587, "none": 25}[self.security]


class MailSection(Value):
    """``[mail]``: our addresses, and how mail comes in and goes out.

    ``address`` is the one that mail goes out from. ``addresses`` are all others of ours, with
    the kind of a matter that is written to them. With ``reply_addresses`` customers reply to an
    address of the ticket's own, ``help+t12.abc@...``, which the mail server has to deliver too.
    ``authserv_id`` is the name by which our mail server says in Authentication-Results what it
    found of a sender.
    """

    address: Address | None = None
    addresses: Mapping[Address, Kind] = {}
    in_: Annotated[tuple[MailInSection, ...], Field(alias="in")] = ()
    rule: tuple[MailRuleSection, ...] = ()
    reply_addresses: bool = False
    authserv_id: Name | None = None
    out: MailOutSection | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> MailSection:
        names = [account.name for account in self.in_]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"in: two accounts are named {name!r}")
        if self.reply_addresses:
            _require_room(self.address)
        if self.out is not None and self.address is None:
            raise ValueError("out: takes mail.address, which mail goes out from")
        return self

    @property
    def leaves(self) -> bool:
        """Whether mail leaves this desk; if not, what customers are told is put on record only."""
        return self.out is not None

    @property
    def own(self) -> frozenset[str]:
        """Every address of ours, case-folded."""
        first = (self.address,) if self.address else ()
        return frozenset(address.casefold() for address in (*first, *self.addresses))
