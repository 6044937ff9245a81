"""Asking the memory for a value before it is needed, from compiled loops."""

from __future__ import annotations

from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.extending import intrinsic

_READ, _KEEP, _DATA = 0, 3, 1


@intrinsic
def prefetch(typing: Any, array: Any, place: Any) -> Any:
    """In compiled code, `prefetch(array, place)` starts loading `array[place]`; array is flat, place int64.

    A sweep over random neighbours waits for memory most of its time; asking some links ahead hides that.
    """
    return types.void(array, place), _generate


def _generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    held = context.make_array(signature.args[0])(context, builder, arguments[0])
    number, pointer = ir.IntType(32), ir.IntType(8).as_pointer()
    kind = ir.FunctionType(ir.VoidType(), [pointer, number, number, number])
    ask = builder.module.declare_intrinsic("llvm.prefetch", [pointer], kind)
    place = builder.bitcast(builder.gep(held.data, [arguments[1]]), pointer)
    builder.call(ask, [place, number(_READ), number(_KEEP), number(_DATA)])
    return context.get_dummy_value()
