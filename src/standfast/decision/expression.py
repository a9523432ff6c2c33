"""Expressions that users write, such as ``industry == 'Retail' and seats < 20``: read, never run.

The text is parsed to a tree, every node of it must be on a short list, and the tree is then walked over
whole columns. Nothing of it is handed to Python.
"""

import ast
import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from standfast.errors import InputError

FUNCTIONS = {"known": 1, "first_known": None, "in_top": 2, "column": 1}
"""What may be called, with the number of arguments; None is two or more."""
TRUTH_WORDS = {"true": True, "false": False}
MOST_SIGNS = 2000
MOST_PARTS = 300
_ALLOWED = (
    ast.Expression, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.UAdd, ast.Compare,
    ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn, ast.BinOp, ast.Add, ast.Sub,
    ast.Mult, ast.Div, ast.Name, ast.Load, ast.Constant, ast.List, ast.Tuple, ast.Call,
)  # fmt: skip
_WAY_OUT = (
    "write comparisons of columns, such as industry == 'Retail' and seats < 20; there are and, or, not, in, "
    "+ - * /, known(column), first_known(a, b), in_top(column, 0.1) and column('Any Name')"
)


@dataclass(frozen=True)
class Expression:
    """A parsed expression and the columns it names."""

    text: str
    tree: ast.expr = field(compare=False, repr=False)
    columns: tuple[str, ...]


def parse_expression(text: str) -> Expression:
    """Return the expression, every part of it on the list of what is allowed.

    Raises
    ------
    InputError
        It is empty, too long, no expression, or uses something that is not allowed; the message names both.

    Examples
    --------
    >>> parse_expression("industry == 'Retail' and seats < 20").columns
    ('industry', 'seats')
    """
    if not text.strip():
        raise InputError(f"the expression is empty; {_WAY_OUT}")
    if len(text) > MOST_SIGNS:
        raise InputError(f"the expression {text[:40]!r}... is longer than {MOST_SIGNS} signs; shorten it")
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
        reason = getattr(problem, "msg", None) or str(problem) or "too deeply nested"
        raise InputError(f"the expression {text!r} cannot be read ({reason}); {_WAY_OUT}") from None
    nodes = list(ast.walk(tree))
    if len(nodes) > MOST_PARTS:
        raise InputError(f"the expression {text[:40]!r}... has more than {MOST_PARTS} parts; split it")
    for node in nodes:
        _refuse_foreign(node, text)
    return Expression(text.strip(), tree.body, tuple(dict.fromkeys(_columns(tree.body))))


def refuse_unknown_columns(expression: Expression, known: Iterable[str]) -> None:
    """Refuse columns that nobody knows.

    Raises
    ------
    InputError
        Names the expression, the column and the nearest known one.
    """
    names = sorted(set(known))
    for column in expression.columns:
        if column not in names:
            near = difflib.get_close_matches(column, names, n=1, cutoff=0.0)
            hint = f"; the nearest column is {near[0]!r}" if near else ""
            raise InputError(f"the expression {expression.text!r} names an unknown column {column!r}{hint}")


def lacking_columns(expression: Expression, present: Iterable[str]) -> tuple[str, ...]:
    """Name the columns that are missed; one that ``first_known`` can do without is not.

    Examples
    --------
    >>> rule = parse_expression("first_known(usage_trend_90d, spend_trend_90d) > 0 and seats > 5")
    >>> lacking_columns(rule, ["usage_trend_90d"])
    ('seats',)
    """
    return tuple(dict.fromkeys(_lacking(expression.tree, frozenset(present))))


def _lacking(node: ast.expr, present: frozenset[str]) -> Iterator[str]:
    if isinstance(node, ast.Call) and function_of(node) == "first_known":
        missed = [list(_lacking(part, present)) for part in node.args]
        yield from [] if [] in missed else missed[0]
    elif isinstance(node, (ast.Name, ast.Call)) and not _parts(node):
        yield from (column for column in _columns(node) if column not in present)
    else:
        for part in _parts(node):
            yield from _lacking(part, present)


def _parts(node: ast.expr) -> list[ast.expr]:
    """Return the expressions inside; a column has none, whether it is named plainly or in ``column``."""
    if isinstance(node, ast.Call):
        return [] if function_of(node) == "column" else node.args
    return [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]


def column_of_call(node: ast.Call) -> str:
    """Return the name inside ``column('Any Name')``."""
    return str(node.args[0].value)  # type: ignore[attr-defined]


def function_of(node: ast.Call) -> str:
    """Return the name of what is called."""
    return node.func.id  # type: ignore[attr-defined, no-any-return]


def _columns(node: ast.expr) -> Iterator[str]:
    """Give the columns in the order in which they are read."""
    if isinstance(node, ast.Name):
        if node.id.lower() not in TRUTH_WORDS:
            yield node.id
    elif isinstance(node, ast.Call) and function_of(node) == "column":
        yield column_of_call(node)
    else:
        for part in _parts(node):
            yield from _columns(part)


def _refuse_foreign(node: ast.AST, text: str) -> None:
    """Refuse a node that is not on the list, or an allowed one that is used in another way."""
    if not isinstance(node, _ALLOWED):
        raise InputError(
            f"the expression {text!r} uses {type(node).__name__}, which is not allowed; {_WAY_OUT}"
        )
    if isinstance(node, ast.Constant) and not isinstance(node.value, (str, int, float)):
        raise InputError(f"the expression {text!r} holds {node.value!r}; {_WAY_OUT}")
    if isinstance(node, ast.Call):
        _refuse_call(node, text)


def _refuse_call(node: ast.Call, text: str) -> None:
    name = node.func.id if isinstance(node.func, ast.Name) else ast.unparse(node.func)
    if name not in FUNCTIONS:
        near = difflib.get_close_matches(name, FUNCTIONS, n=1, cutoff=0.0)[0]
        raise InputError(
            f"the expression {text!r} calls {name!r}; the nearest that may be called is {near!r}"
        )
    wanted, met = FUNCTIONS[name], len(node.args)
    if node.keywords or (met != wanted if wanted else met < 2):
        raise InputError(
            f"the expression {text!r} calls {name} with {met} arguments; it takes {wanted or '2 or more'}"
        )
    first = node.args[0]
    if name == "column" and not (isinstance(first, ast.Constant) and isinstance(first.value, str)):
        raise InputError(f"the expression {text!r} calls column without a name in quotes")
