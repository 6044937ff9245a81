"""What an operator with a licence would supply; here a sum of differences, and functions that misbehave."""

CALLS: list[tuple[bytes, bytes]] = []


def distance(one: bytes, other: bytes) -> float:
    CALLS.append((one, other))
    if len(one) != len(other):
        raise ValueError("not two hashes")
    return sum(abs(left - right) for left, right in zip(one, other, strict=True))


def lopsided(one: bytes, other: bytes) -> float:
    return float(max(0, one[0] - other[0]))


def never_equal(one: bytes, other: bytes) -> float:
    return 1.0


def broken(one: bytes, other: bytes) -> float:
    raise RuntimeError("no licence file")


def text(one: bytes, other: bytes) -> object:
    return float("nan")
