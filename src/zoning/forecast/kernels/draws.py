"""Random numbers by counter, and counts drawn from them by inversion.

Every number is a hash of what it is for (seed, unit, path, cell), so that it does not depend on what was
drawn before: any part of the paths can be drawn alone, in any order, by any thread. The hash is the mixing
function of splitmix64 (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators").
"""

import numpy as np

from zoning.compiled import compiled, inlined

__all__ = [
    "binomial",
    "high_uniform",
    "inverted",
    "key_of",
    "low_uniform",
    "mixed",
    "normal",
    "pick",
    "poisson",
    "stream",
]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_S27, _S30, _S31, _S32 = np.uint64(27), np.uint64(30), np.uint64(31), np.uint64(32)
_LOW = np.uint64(0xFFFFFFFF)
_PICK = np.uint64(1023)
_SCALE = 2.0**-32
_MANY = 50.0
"""Expected counts above which a rounded normal stands in."""


@inlined
def mixed(bits: np.uint64) -> np.uint64:
    """Return a number that looks random, one to one with its argument."""
    bits = (bits ^ (bits >> _S30)) * _FIRST
    bits = (bits ^ (bits >> _S27)) * _SECOND
    return np.uint64(bits ^ (bits >> _S31))


@inlined
def stream(key: np.uint64, number: int) -> np.uint64:
    """Return the random number with that position of a key's stream."""
    return mixed(np.uint64(key + np.uint64(number + 1) * _GOLDEN))


@inlined
def key_of(seed: np.uint64, kind: int, code: int, path: int) -> np.uint64:
    """Return the key of what is drawn for one unit (or town) in one path."""
    return stream(stream(stream(seed, kind), code), path)


@inlined
def high_uniform(bits: np.uint64) -> float:
    """Return a number in (0, 1) from the upper half of the bits."""
    return float((np.int64(bits >> _S32) + 0.5) * _SCALE)


@inlined
def low_uniform(bits: np.uint64) -> float:
    """Return a number in (0, 1) from the lower half of the bits."""
    return float((np.int64(bits & _LOW) + 0.5) * _SCALE)


@inlined
def pick(key: np.uint64, number: int) -> int:
    """Return a random position in a table of 1024."""
    return int(np.int64(stream(key, number) & _PICK))


@compiled
def normal(u: float) -> float:
    """Return the quantile of the standard normal to seven digits (Wichura 1988, algorithm AS 241)."""
    q = u - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        top = ((59.109374720 * r + 159.29113202) * r + 50.434271938) * r + 3.3871327179
        return float(q * top / (((67.187563600 * r + 78.757757664) * r + 17.895169469) * r + 1.0))
    r = np.sqrt(-np.log(min(u, 1.0 - u)))
    if r <= 5.0:
        r -= 1.6
        top = ((0.17023821103 * r + 1.3067284816) * r + 2.7568153900) * r + 1.4234372777
        value = top / ((0.12021132975 * r + 0.73700164250) * r + 1.0)
    else:
        r -= 5.0
        top = ((0.017337203997 * r + 0.42868294337) * r + 3.0812263860) * r + 6.6579051150
        value = top / ((0.012258202635 * r + 0.24197894225) * r + 1.0)
    return float(value if q > 0 else -value)


@compiled
def poisson(expected: float, u: float) -> float:
    """Return a Poisson count by inversion; a rounded normal above 50 expected."""
    if expected > _MANY:
        return float(max(0.0, np.rint(expected + np.sqrt(expected) * normal(u))))
    chance, count = np.exp(-expected), 0.0
    while u > chance and count < 1000.0:
        u -= chance
        count += 1.0
        chance *= expected / count
    return count


@compiled
def binomial(trials: float, share: float, u: float) -> float:
    """Return a binomial count by inversion; a rounded normal above 50 expected of the rarer kind."""
    if share > 0.5:
        return float(trials - binomial(trials, 1.0 - share, 1.0 - u))
    if share <= 0.0:
        return 0.0
    if trials * share > _MANY:
        spread = np.sqrt(trials * share * (1.0 - share))
        return float(min(trials, max(0.0, np.rint(trials * share + spread * normal(u)))))
    return inverted(trials, share, np.exp(trials * np.log1p(-share)), u)


@compiled
def inverted(trials: float, share: float, chance: float, u: float) -> float:
    """Return a binomial count by inversion, from the chance of 0."""
    odds, count = share / (1.0 - share), 0.0
    most = min(trials, 1000.0)
    while u > chance and count < most:
        u -= chance
        chance *= odds * (trials - count) / (count + 1.0)
        count += 1.0
    return count
