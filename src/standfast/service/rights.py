"""Who may do what to which account: the one place where that is decided."""

from standfast.service.callers import Caller, Scope
from standfast.service.problems import Problem


def has(caller: Caller, scope: Scope) -> bool:
    """Say whether a caller may do something at all."""
    return scope in caller.scopes


def refuse_without(caller: Caller, scope: Scope) -> None:
    """Refuse a caller who may not do that at all."""
    if not has(caller, scope):
        whose = f"role {caller.role!r}" if caller.kind == "user" else f"key {caller.name!r}"
        raise Problem(403, f"{whose} lacks the right {scope!r}; ask an admin for it")


def is_own(caller: Caller, owner: str | None) -> bool:
    """Say whether an account of an owner is the caller's: theirs by name, or anybody's where not confined."""
    if not caller.is_confined:
        return True
    return caller.owner is not None and owner is not None and is_same_owner(caller.owner, owner)


def may_write(caller: Caller, owner: str | None) -> bool:
    """Say whether a caller may write to an account of this owner, and see whom to speak with there."""
    return has(caller, "write") and is_own(caller, owner)


def refuse_foreign(caller: Caller, account_id: str, owner: str | None) -> None:
    """Refuse to write to an account that is not the caller's."""
    refuse_without(caller, "write")
    if not is_own(caller, owner):
        raise Problem(403, f"account {account_id!r} is not yours; its owner, or a lead, can write to it")


def refuse_confined(caller: Caller, what: str) -> None:
    """Refuse what concerns the accounts of all owners to whoever may write to their own alone."""
    refuse_without(caller, "write")
    if caller.is_confined:
        raise Problem(403, f"{what} concerns the accounts of all; a lead can do it")


def is_same_owner(one: str, other: str) -> bool:
    """Say whether two names are of one owner, however they are typed."""
    return one.strip().casefold() == other.strip().casefold()
