"""`entropy` and `mutual_information` of tables."""
from __future__ import annotations

from ctypes import addressof, c_double
from typing import Any

from . import _arrays, _library
from ._errors import Error


def entropy(p: Any) -> float:
    """The entropy of a distribution or of counts, in bits.

        H(p) = - sum over i of p_i log2 p_i        Cover & Thomas 2006, eq. 2.1

    Args:
        p: Probabilities that sum to 1 within 1e-6, of any shape; or whole numbers, which are counts. The entropy of N
            counts is the plug-in estimate, too low by about (K - 1) / (2 N ln 2) bits for K values that occur (Miller
            1955).

    Raises:
        Error: A cell is negative or not finite, or the sum is not 1.
    """
    array, are_counts = _arrays.table(p, "p")
    library = _library.load()
    bits = c_double()
    call = library.ip_capi_entropy_counts if are_counts else library.ip_capi_entropy
    code = call(array.size, _arrays.address(array), addressof(bits))
    if code:
        _library.fail(library, code)
    return bits.value


def mutual_information(pxy: Any) -> float:
    """The mutual information of a joint distribution or of a table of counts, in bits.

        I(X;Y) = sum over x, y of p(x,y) log2( p(x,y) / (p(x) p(y)) )        Cover & Thomas 2006, eq. 2.28

    Args:
        pxy: Probabilities (values of X, values of Y) that sum to 1 within 1e-6; or whole numbers, which are counts. The
            information of N counts is the plug-in estimate, too high by about (K_xy - K_x - K_y + 1) / (2 N ln 2) bits
            for K_xy, K_x and K_y cells, rows and columns that are not 0.

    Raises:
        Error: The table is not 2-D, a cell is negative or not finite, or the sum is not 1.
    """
    array, are_counts = _arrays.table(pxy, "pxy")
    if array.ndim != 2:
        raise Error(f"pxy: has the shape {array.shape}, expected a table (values of X, values of Y)")
    library = _library.load()
    joint = _library.Joint()
    call = library.ip_capi_joint_measure_counts if are_counts else library.ip_capi_joint_measure
    code = call(*array.shape, _arrays.address(array), addressof(joint))
    if code:
        _library.fail(library, code)
    bits: float = joint.mi
    return bits
