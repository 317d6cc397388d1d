"""The formula weights and inputs of spec/weights.md, in numpy: any shape, at once, bit for bit."""
import numpy as np

FNV_OFFSET, FNV_PRIME = 0x811C9DC5, 0x01000193


def fnv1a32(data: bytes, state: int = FNV_OFFSET) -> int:
    for byte in data:
        state = ((state ^ byte) * FNV_PRIME) & 0xFFFFFFFF
    return state


def hashes(name: str, count: int) -> np.ndarray:
    """fnv1a32(name + ':' + decimal index) for index 0 … count-1.

    The hash of index n continues the hash of n // 10 by one digit, so each number length is one outer step.
    """
    prefix = np.array([fnv1a32((name + ":").encode())], np.uint32)
    digits = np.arange(48, 58, dtype=np.uint32)
    level = ((prefix[:, None] ^ digits) * np.uint32(FNV_PRIME)).reshape(-1)
    parts, total = [level], 10
    level = level[1:]  # a number does not start with 0, except 0 itself
    while total < count:
        parents = level[: -(-(count - total) // 10)]
        level = ((parents[:, None] ^ digits) * np.uint32(FNV_PRIME)).reshape(-1)
        parts.append(level)
        total += level.size
    return np.concatenate(parts)[:count]


def uniform(name: str, shape) -> np.ndarray:
    """u in [-1, 1) as float64."""
    count = int(np.prod(shape, dtype=np.int64))
    return (hashes(name, count) / 2.0**31 - 1.0).reshape(shape)


def kind_of(name: str, rank: int) -> str:
    leaf = name.rsplit(".", 1)[-1]
    if leaf.endswith("gamma"):
        return "gain"
    if leaf.endswith("variance"):
        return "variance"
    if leaf.endswith(("beta", "mean")) or "bias" in leaf:
        return "offset"
    if rank >= 2:
        return "weight"
    return "gain" if leaf.endswith("weight") else "offset"


def weight(name: str, shape) -> np.ndarray:
    u = uniform(name, shape)
    kind = kind_of(name, len(shape))
    if kind == "weight":
        fan_in = int(np.prod(shape[1:], dtype=np.int64))
        u *= np.sqrt(3.0 / fan_in)
    elif kind == "gain":
        u = 1.0 + 0.1 * u
    elif kind == "variance":
        u = 1.0 + 0.5 * np.abs(u)
    else:
        u *= 0.1
    return u.astype(np.float32)


def input_tensor(name: str, shape) -> np.ndarray:
    return uniform(name, shape).astype(np.float32)
