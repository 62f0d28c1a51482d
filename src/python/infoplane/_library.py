"""libinfoplane_core: where it is, its structs (src/core/capi.h), and its errors as exceptions."""
from __future__ import annotations

import ctypes
import ctypes.util
import functools
import os
import threading
from ctypes import c_char_p, c_double, c_int32, c_int64, c_size_t, c_uint32, c_uint64, c_void_p
from pathlib import Path
from typing import Any, NoReturn, Optional

from . import _words
from ._errors import ConfigError, Error, FileError, NumericError
from ._version import VERSION

MAJOR, MINOR = 1, 0  # of the interface, capi.h

NAME = "libinfoplane_core.so"

# ---------------------------------------------------------------- structs, in the order of capi.h


class _Sized(ctypes.Structure):
    """A struct whose first field is its own size."""

    struct_size: int

    def __init__(self) -> None:
        super().__init__(ctypes.sizeof(self))


class Kind(_Sized):
    _fields_ = [
        ("struct_size", c_size_t), ("name", c_char_p), ("help", c_char_p), ("n_parameters", c_uint64),
        ("needs", c_uint32), ("is_discrete", c_int32), ("knows_targets", c_int32),
    ]  # fmt: skip


class Parameter(_Sized):
    _fields_ = [
        ("struct_size", c_size_t), ("name", c_char_p), ("help", c_char_p), ("fallback", c_char_p), ("low", c_double),
        ("high", c_double), ("choices", ctypes.POINTER(c_char_p)), ("n_choices", c_uint64), ("type", c_int32),
    ]  # fmt: skip


class Samples(_Sized):
    _fields_ = [
        ("struct_size", c_size_t), ("n", c_uint64), ("width", c_uint64), ("t", c_void_p), ("t64", c_void_p),
        ("n_x", c_uint64), ("x_id", c_void_p), ("n_in", c_uint64), ("x", c_void_p), ("n_y", c_uint64),
        ("y", c_void_p), ("p_y_given_x", c_void_p), ("n_targets", c_uint64), ("target", c_void_p), ("low", c_double),
        ("high", c_double), ("noise_variance", c_double), ("multiplicative_noise", c_double), ("dropout", c_double),
        ("mean", c_void_p), ("x_id_type", c_int32), ("y_type", c_int32), ("has_run_range", c_int32),
        ("noise_below", c_int32), ("quantize_bits", c_int32), ("is_output", c_int32), ("layer", c_uint64),
        ("epoch", c_int64),
    ]  # fmt: skip


class Options(_Sized):
    _fields_ = [
        ("struct_size", c_size_t), ("null_shuffles", c_uint64), ("bootstrap", c_uint64), ("level", c_double),
    ]  # fmt: skip


class EstimateStruct(_Sized):
    _fields_ = [
        ("struct_size", c_size_t), ("ixt", c_double), ("ity", c_double), ("ixt_raw", c_double), ("ity_raw", c_double),
        ("ixt_error", c_double), ("ity_error", c_double), ("ixt_given_y", c_double), ("h_t", c_double),
        ("ixt_band_low", c_double), ("ixt_band_high", c_double), ("ity_band_low", c_double),
        ("ity_band_high", c_double), ("ixt_low", c_double), ("ixt_high", c_double), ("ity_low", c_double),
        ("ity_high", c_double), ("null_mean", c_double), ("null_high", c_double), ("null_p_value", c_double),
        ("n_symbols", c_uint64), ("ixt_no_value", c_char_p), ("ity_no_value", c_char_p),
        ("ixt_given_y_no_value", c_char_p), ("ixt_interval_no_value", c_char_p), ("ity_interval_no_value", c_char_p),
        ("ixt_clipped", c_int32), ("ity_clipped", c_int32), ("saturated", c_int32),
    ]  # fmt: skip


class Joint(_Sized):
    _fields_ = [
        ("struct_size", c_size_t), ("hx", c_double), ("hy", c_double), ("hxy", c_double), ("hx_given_y", c_double),
        ("hy_given_x", c_double), ("mi", c_double),
    ]  # fmt: skip


class CurveOptions(_Sized):
    _fields_ = [
        ("struct_size", c_size_t), ("alpha", c_double), ("tolerance", c_double), ("refine", c_uint64),
        ("restarts", c_uint64), ("seed", c_uint64), ("squared", c_int32),
    ]  # fmt: skip


class CurveSummary(_Sized):
    _fields_ = [
        ("struct_size", c_size_t), ("n_points", c_uint64), ("n_critical", c_uint64), ("n_classes", c_uint64),
        ("hx", c_double), ("hy", c_double), ("ixy", c_double), ("h_classes", c_double), ("critical_beta", c_double),
        ("unstable_beta", c_double), ("critical_certified", c_int32),
    ]  # fmt: skip


class CurvePoint(_Sized):
    _fields_ = [
        ("struct_size", c_size_t), ("beta", c_double), ("slope_beta", c_double), ("ixt", c_double), ("ity", c_double),
        ("h_t", c_double), ("lagrangian", c_double), ("optimality_gap", c_double), ("n_clusters", c_uint64),
        ("converged", c_int32), ("certified", c_int32),
    ]  # fmt: skip


class Critical(_Sized):
    _fields_ = [
        ("struct_size", c_size_t), ("critical_beta", c_double), ("split_beta", c_double), ("ixt", c_double),
        ("ity", c_double), ("n_before", c_uint64), ("n_after", c_uint64),
    ]  # fmt: skip


class Nearest(_Sized):
    _fields_ = [
        ("struct_size", c_size_t), ("distance", c_double), ("ity_gap", c_double), ("beta", c_double),
        ("ixt", c_double), ("ity", c_double),
    ]  # fmt: skip


STRUCTS = {
    "ip_capi_kind": Kind, "ip_capi_parameter": Parameter, "ip_capi_samples": Samples, "ip_capi_options": Options,
    "ip_capi_estimate": EstimateStruct, "ip_capi_joint": Joint, "ip_capi_curve_options": CurveOptions,
    "ip_capi_curve_summary": CurveSummary, "ip_capi_curve_point": CurvePoint, "ip_capi_critical": Critical,
    "ip_capi_nearest": Nearest,
}  # fmt: skip

_P = c_void_p
FUNCTIONS = {
    "ip_capi_version": (c_uint32, []),
    "ip_capi_release": (c_char_p, []),
    "ip_capi_sizeof": (c_size_t, [c_char_p]),
    "ip_capi_error": (c_char_p, []),
    "ip_capi_n_kinds": (c_uint64, []),
    "ip_capi_kind_at": (c_int32, [c_uint64, _P]),
    "ip_capi_kind_parameter": (c_int32, [c_uint64, c_uint64, _P]),
    "ip_capi_estimator_create": (c_int32, [c_char_p, c_uint64, _P]),
    "ip_capi_estimator_destroy": (None, [_P]),
    "ip_capi_estimator_label": (c_char_p, [_P]),
    "ip_capi_estimator_needs": (c_uint32, [_P]),
    "ip_capi_scratch_create": (c_int32, [_P]),
    "ip_capi_scratch_destroy": (None, [_P]),
    "ip_capi_estimate_run": (c_int32, [_P, _P, _P, _P, _P]),
    "ip_capi_entropy": (c_int32, [c_uint64, _P, _P]),
    "ip_capi_entropy_counts": (c_int32, [c_uint64, _P, _P]),
    "ip_capi_joint_measure": (c_int32, [c_uint64, c_uint64, _P, _P]),
    "ip_capi_joint_measure_counts": (c_int32, [c_uint64, c_uint64, _P, _P]),
    "ip_capi_curve_create": (c_int32, [c_uint64, c_uint64, _P, _P, c_uint64, _P, _P]),
    "ip_capi_curve_destroy": (None, [_P]),
    "ip_capi_curve_summarize": (c_int32, [_P, _P]),
    "ip_capi_curve_point_at": (c_int32, [_P, c_uint64, _P]),
    "ip_capi_curve_critical_at": (c_int32, [_P, c_uint64, _P]),
    "ip_capi_curve_at": (c_double, [_P, c_double]),
    "ip_capi_curve_nearest": (c_int32, [_P, c_double, c_double, _P]),
}

# ---------------------------------------------------------------- finding it


def _path() -> str:
    """INFOPLANE_LIBRARY, else the library beside this file, else the one that the system finds."""
    given = os.environ.get("INFOPLANE_LIBRARY")
    if given:
        return given
    beside = Path(__file__).with_name(NAME)
    if beside.exists():
        return str(beside)
    found = ctypes.util.find_library("infoplane_core")
    if found:
        return found
    raise FileError(
        f"{NAME}: not found beside {Path(__file__).parent} nor by the system's loader; install infoplane with "
        "cmake --install or pip, or set INFOPLANE_LIBRARY to its path"
    )


def _check(library: Any, path: str) -> None:
    version = library.ip_capi_version()
    if version >> 16 != MAJOR or version & 0xFFFF < MINOR:
        raise FileError(
            f"{path}: has the interface {version >> 16}.{version & 0xFFFF}, expected {MAJOR}.{MINOR} or a later {MAJOR}"
        )
    release = library.ip_capi_release().decode()
    if release != VERSION:
        raise FileError(
            f"{path}: is of infoplane {release}, and the Python package of {VERSION}; install both from one version"
        )
    for name, struct in STRUCTS.items():
        if library.ip_capi_sizeof(name.encode()) < ctypes.sizeof(struct):
            raise FileError(f"{path}: its {name} is smaller than that of the Python package; install both again")


@functools.lru_cache(maxsize=None)
def load() -> Any:
    """The library, loaded and checked once."""
    path = _path()
    try:
        library = ctypes.CDLL(path)
        for name, (result, arguments) in FUNCTIONS.items():
            function = getattr(library, name)
            function.restype = result
            function.argtypes = arguments
    except (OSError, AttributeError) as reason:
        raise FileError(f"{path}: is no {NAME} of this version: {reason}") from None
    _check(library, path)
    return library


# ---------------------------------------------------------------- errors

_EXCEPTIONS = {1: ConfigError, 2: Error, 3: NumericError, 4: MemoryError}


def fail(library: Any, code: int) -> NoReturn:
    """Raises what the last call of this thread reported."""
    raise _EXCEPTIONS.get(code, Error)(_words.of_library(library.ip_capi_error().decode(errors="replace")))


def text(value: Optional[bytes]) -> Optional[str]:
    return None if value is None else value.decode(errors="replace")


# ---------------------------------------------------------------- objects of the library


class Estimator:
    """An estimator of the library; it may serve several threads."""

    __slots__ = ("_destroy", "handle", "label")

    def __init__(self, spec: str, seed: int) -> None:
        library = load()
        self._destroy = None
        handle = c_void_p()
        code = library.ip_capi_estimator_create(spec.encode(), seed, ctypes.addressof(handle))
        if code:
            fail(library, code)
        self._destroy = library.ip_capi_estimator_destroy
        self.handle = handle.value
        self.label: str = library.ip_capi_estimator_label(self.handle).decode()

    def __del__(self) -> None:
        if self._destroy:
            self._destroy(self.handle)


@functools.lru_cache(maxsize=256)
def estimator(spec: str, seed: int) -> Estimator:
    return Estimator(spec, seed)


class _Scratch(threading.local):
    """Memory that the estimates of one thread use again."""


    def __init__(self) -> None:
        library = load()
        handle = c_void_p()
        code = library.ip_capi_scratch_create(ctypes.addressof(handle))
        if code:
            fail(library, code)
        self.handle = handle.value
        self.owner = _Owner(library.ip_capi_scratch_destroy, self.handle)


class _Owner:
    """Destroys an object of the library when the last reference to this one goes."""

    __slots__ = ("_destroy", "_handle")

    def __init__(self, destroy: Any, handle: Optional[int]) -> None:
        self._destroy = destroy
        self._handle = handle

    def __del__(self) -> None:
        self._destroy(self._handle)


@functools.lru_cache(maxsize=None)
def scratch() -> _Scratch:
    return _Scratch()
