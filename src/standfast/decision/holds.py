"""Where an expression holds: its tree walked over whole columns, unknown where a column does not tell."""

import ast
import operator
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from standfast.decision.columns import Bools, Floats, flags
from standfast.decision.expression import TRUTH_WORDS, Expression, column_of_call, function_of
from standfast.decision.truth import Truth
from standfast.errors import InputError

_COMPARE: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le,
    ast.Gt: operator.gt, ast.GtE: operator.ge, ast.In: operator.eq, ast.NotIn: operator.ne,
}  # fmt: skip
_CALCULATE: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip
_NUMBER_KINDS = {"floating", "integer", "mixed-integer-float", "decimal", "boolean"}


@dataclass(frozen=True, eq=False)
class Texts:
    """A text column: a code per row, -1 where it is empty, and the words in lower case, "" the last."""

    codes: npt.NDArray[np.integer]
    words: npt.NDArray[np.object_]


@dataclass(frozen=True)
class Nothing:
    """A column that the frame does not have: every row of it is unknown, of whatever kind."""


Value = Floats | Texts | Nothing | Truth | str | float


def holds(expression: Expression, frame: pd.DataFrame) -> Truth:
    """Return where the expression is true, false or unknown; texts compare without regard to case.

    A column that the frame lacks, and an empty cell, are unknown (U4).

    Raises
    ------
    InputError
        Kinds are mixed, such as a text against a number; the message names the expression.

    Examples
    --------
    >>> from standfast.decision.expression import parse_expression
    >>> book = pd.DataFrame({"industry": ["Retail", "retail ", None], "seats": [5, 50, 5]})
    >>> holds(parse_expression("industry == 'Retail' and seats < 20"), book).true.tolist()
    [True, False, False]
    """
    return _Walk(expression, frame).truth(expression.tree)


@dataclass(frozen=True, eq=False)
class _Walk:
    expression: Expression
    frame: pd.DataFrame

    def truth(self, node: ast.expr) -> Truth:
        """Where the node is true."""
        if isinstance(node, ast.BoolOp):
            both = operator.and_ if isinstance(node.op, ast.And) else operator.or_
            return reduce(both, [self.truth(part) for part in node.values])  # noqa: PD011  (a tree)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            return ~self.truth(node.operand)
        if isinstance(node, ast.Compare):
            return self._chain(node)
        return self._as_truth(self._value(node), node)

    def _as_truth(self, value: Value, node: ast.expr) -> Truth:
        """Read a column of flags as it stands: ``auto_renew and seats < 20``."""
        if isinstance(value, Truth):
            return value
        if isinstance(value, bool):
            return self._all(value)
        if isinstance(value, Nothing):
            return self._unknown()
        name = _column_name(node)
        if name is None:
            raise self._wrong(f"{ast.unparse(node)} is neither true nor false")
        try:
            true, is_known = _flag(self.frame, name)
        except InputError as problem:
            raise self._wrong(f"{name} stands alone, and {problem}") from None
        return Truth.where(true, known=is_known)

    def _chain(self, node: ast.Compare) -> Truth:
        """Compare, also in chains: ``10 <= seats < 20``."""
        links = zip([node.left, *node.comparators], node.ops, node.comparators, strict=False)
        return reduce(
            operator.and_,
            [self._listed(*link) if _is_list(link[2]) else self._compared(*link) for link in links],
        )

    def _listed(self, left: ast.expr, how: ast.cmpop, right: ast.expr) -> Truth:
        """``in`` is equality with one of several, ``not in`` with none of them."""
        if not isinstance(how, (ast.In, ast.NotIn)):
            raise self._wrong(
                f"a list is compared; use in, as in {ast.unparse(left)} in {ast.unparse(right)}"
            )
        settled = self._all(isinstance(how, ast.NotIn))
        for item in right.elts:  # type: ignore[attr-defined]
            part = self._compared(left, how, item)
            settled = settled | part if isinstance(how, ast.In) else settled & part
        return settled

    def _compared(self, left: ast.expr, how: ast.cmpop, right: ast.expr) -> Truth:
        if isinstance(how, (ast.In, ast.NotIn)) and isinstance(right, (ast.Name, ast.Call)):
            raise self._wrong("in needs a list, such as plan in ['Starter', 'Business']")
        a, b = self._value(left), self._value(right)
        if isinstance(a, Nothing) or isinstance(b, Nothing):
            return self._unknown()
        if isinstance(a, str) and isinstance(b, Texts):
            return self._compared(right, how, left)
        if isinstance(a, Texts) and isinstance(b, str):
            return self._text(a, how, b)
        return self._numeric(a, how, b, node=ast.unparse(left))

    def _text(self, column: Texts, how: ast.cmpop, word: str) -> Truth:
        if not isinstance(how, (ast.Eq, ast.NotEq, ast.In, ast.NotIn)):
            raise self._wrong(f"a text has no order; compare it with == or !=, not with {word!r} by size")
        known = column.codes >= 0
        same = (column.words == word.strip().casefold())[column.codes]
        return Truth.where(_COMPARE[type(how)](same, np.True_), known=known)

    def _numeric(self, a: Value, how: ast.cmpop, b: Value, *, node: str) -> Truth:
        x, y = self._number(a, node), self._number(b, node)
        known = np.broadcast_to(~(np.isnan(x) | np.isnan(y)), (len(self.frame),))
        return Truth.where(np.broadcast_to(_COMPARE[type(how)](x, y), known.shape), known=known)

    def _value(self, node: ast.expr) -> Value:
        name = _column_name(node)
        if isinstance(node, ast.Name) and node.id.lower() in TRUTH_WORDS:
            return TRUTH_WORDS[node.id.lower()]
        if name is not None:
            return _column(self.frame, name)
        if isinstance(node, ast.UnaryOp) and not isinstance(node.op, ast.Not):
            return self._signed(node)
        if _is_list(node):
            raise self._wrong(f"the list {ast.unparse(node)} stands where a value is needed")
        walks: dict[type[ast.expr], Callable[[Any], Value]] = {
            ast.Constant: self._constant, ast.BinOp: self._calculated, ast.Call: self._called,
        }  # fmt: skip
        return walks.get(type(node), self.truth)(node)

    def _signed(self, node: ast.UnaryOp) -> Value:
        value = self._value(node.operand)
        sign = -1.0 if isinstance(node.op, ast.USub) else 1.0
        return value if isinstance(value, Nothing) else sign * self._number(value, ast.unparse(node))

    def _constant(self, node: ast.Constant) -> str | float:
        if isinstance(node.value, (str, bool)):
            return node.value
        try:
            return float(node.value)  # type: ignore[arg-type]
        except OverflowError:
            raise self._wrong("it holds a number that is too large") from None

    def _calculated(self, node: ast.BinOp) -> Value:
        """Calculate; what is divided by zero is unknown."""
        left, right = self._value(node.left), self._value(node.right)
        if isinstance(left, Nothing) or isinstance(right, Nothing):
            return Nothing()
        x, y = self._number(left, ast.unparse(node.left)), self._number(right, ast.unparse(node.right))
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            result = np.asarray(_CALCULATE[type(node.op)](x, y), dtype=np.float64)
        return np.where(np.isfinite(result), result, np.nan)

    def _called(self, node: ast.Call) -> Value:
        value = self._value(node.args[0])
        if function_of(node) == "known":
            return self._unknown() if isinstance(value, Nothing) else self._known(value)
        if function_of(node) == "in_top":
            return self._in_top(value, node)
        return self._first_known(node)

    def _first_known(self, node: ast.Call) -> Value:
        """Row by row the first answer that is known; a column that is not there answers nothing."""
        values = [value for value in map(self._value, node.args) if not isinstance(value, Nothing)]
        if not values:
            return Nothing()
        if all(isinstance(value, Truth) for value in values):
            return reduce(lambda a, b: a.or_else(b), values)  # type: ignore[union-attr, arg-type]
        columns = [self._spread(self._number(value, ast.unparse(node))) for value in values]
        return np.asarray(reduce(lambda a, b: np.where(np.isnan(a), b, a), columns))

    def _known(self, value: Value) -> Truth:
        if isinstance(value, Truth):
            return Truth(~value.unknown, value.unknown)
        missing = value.codes < 0 if isinstance(value, Texts) else np.isnan(self._number(value, "known"))
        return Truth.where(self._spread(~missing), known=np.ones(len(self.frame), dtype=bool))

    def _in_top(self, value: Value, node: ast.Call) -> Truth:
        """Where the value is among the top share of the known ones; ties count as in."""
        share = self._value(node.args[1])
        if not isinstance(share, float) or not 0 < share < 1:
            raise self._wrong("in_top takes a share between 0 and 1, such as in_top(usage_90d, 0.1)")
        if isinstance(value, Nothing):
            return self._unknown()
        x = self._spread(self._number(value, ast.unparse(node.args[0])))
        known = ~np.isnan(x)
        if not known.any():
            return self._unknown()
        least = np.quantile(x[known], 1 - share, method="higher")
        return Truth.where(np.where(known, x, -np.inf) >= least, known=known)

    def _number(self, value: Value, what: str) -> Floats:
        if isinstance(value, (Texts, str, Truth)):
            raise self._wrong(f"{what} is no number, and is compared or calculated as one")
        return np.asarray(value, dtype=np.float64)

    def _spread(self, values: Any) -> Any:
        return np.broadcast_to(values, (len(self.frame),))

    def _all(self, is_true: bool) -> Truth:
        n = len(self.frame)
        return Truth.where(np.full(n, is_true), known=np.ones(n, dtype=bool))

    def _unknown(self) -> Truth:
        nowhere = np.zeros(len(self.frame), dtype=bool)
        return Truth(nowhere, nowhere)

    def _wrong(self, why: str) -> InputError:
        return InputError(f"the expression {self.expression.text!r} makes no sense: {why}; correct it")


def _column_name(node: ast.expr) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Call) and function_of(node) == "column":
        return column_of_call(node)
    return None


def _is_list(node: ast.expr) -> bool:
    return isinstance(node, (ast.List, ast.Tuple))


def _column(frame: pd.DataFrame, name: str) -> Value:
    """Read a column as numbers where it holds numbers or flags, else as texts."""
    if name not in frame:
        return Nothing()
    column = frame[name]
    if _is_number(column):
        return _numbers(column)
    if column.isna().all():
        return Nothing()
    codes, met = pd.factorize(column)
    words = np.array([*(str(word).strip().casefold() for word in met), ""], dtype=object)
    return Texts(np.where(words[codes] == "", -1, codes), words)


def _numbers(column: pd.Series) -> Floats:
    if isinstance(column.dtype, np.dtype) and column.dtype != object:
        return column.to_numpy(dtype=np.float64)
    return np.asarray(column.astype("Float64").to_numpy(na_value=np.nan), dtype=np.float64)


def _is_number(column: pd.Series) -> bool:
    """Say whether a column holds numbers or flags, also one of Python's objects."""
    kind = pd.api.types.infer_dtype(column, skipna=True) if column.dtype == object else ""
    return pd.api.types.is_numeric_dtype(column.dtype) or kind in _NUMBER_KINDS


def _flag(frame: pd.DataFrame, name: str) -> tuple[Bools, Bools]:
    if _is_number(frame[name]):
        numbers = _numbers(frame[name])
        return numbers > 0, ~np.isnan(numbers)
    return flags(frame, name)
