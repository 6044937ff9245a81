"""`njit`, or a stand-in without numba: the same loops interpreted, slower and with the same answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

try:
    from llvmlite import ir  # type: ignore[import-untyped]
    from numba import njit, types
    from numba.core.cgutils import get_or_insert_function
    from numba.extending import intrinsic, overload
except ImportError:  # pragma: no cover
    import numpy as np

    def njit(**options: Any) -> Callable[[Any], Any]:
        """Leave the function as it is, but let numbers wrap around in silence as compiled ones do."""
        return np.errstate(over="ignore")

    def prefetch(rows: Any, row: Any) -> None:
        """Without a compiler there is nothing to ask for."""

else:

    def prefetch(rows: Any, row: Any) -> None:
        """In compiled code: ask the memory for a row of a (n, k) array in C order, without waiting for it."""

    @intrinsic
    def _prefetch(typing: Any, rows: Any, place: Any) -> Any:
        def emit(context: Any, builder: Any, signature: Any, given: Any) -> Any:
            array = context.make_array(signature.args[0])(context, builder, given[0])
            pointer, number = ir.IntType(8).as_pointer(), ir.IntType(32)
            kind = ir.FunctionType(ir.VoidType(), [pointer, number, number, number])
            function = get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
            address = builder.bitcast(builder.gep(array.data, [given[1]]), pointer)
            # To read, to be kept in all caches, data.
            builder.call(function, [address, number(0), number(3), number(1)])
            return context.get_dummy_value()

        return types.void(rows, types.int64), emit

    @overload(prefetch, strict=False)
    def _compiled_prefetch(rows: Any, row: Any) -> Any:
        return lambda rows, row: _prefetch(rows, row * rows.shape[1])


__all__ = ["njit", "prefetch"]
