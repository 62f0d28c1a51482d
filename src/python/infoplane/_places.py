"""Where the rows and the length of an HDF5 dataset are in its file, so that a row is one plain write.

The HDF5 library writes metadata in no particular order, so a program that is killed while the library writes can leave a
file that nobody can read. A row with reserved room, and then a length, are two writes of the operating system, in order.
"""
from __future__ import annotations

import fcntl
import os
import struct
from typing import Any

from ._errors import FileError

_DATASPACE, _CONTINUATION = 1, 16


def row_offsets(dataset: Any) -> list[int]:
    """The place in the file of every row of a dataset (rows, ...) whose chunks are one row each."""
    zeros = (0,) * (dataset.ndim - 1)
    return [int(dataset.id.get_chunk_info_by_coord((row, *zeros)).byte_offset) for row in range(len(dataset))]


def first_offset(dataset: Any) -> int:
    """The place of the first element of a dataset (rows) that has one chunk."""
    return int(dataset.id.get_chunk_info_by_coord((0,)).byte_offset)


def length_offset(fd: int, header: int, length: int) -> int:
    """The place of a dataset's length in its object header (version 1), which is at `header`.

    HDF5 File Format Specification 3.0, IV.A.1.a "Version 1 Data Object Header Prefix" and IV.A.2.b "The Dataspace
    Message".
    """
    version, _, n_messages, _, size = struct.unpack("<BBHII", os.pread(fd, 12, header))
    blocks = [(header + 16, size)]
    while version == 1 and blocks:
        at, size = blocks.pop(0)
        data = os.pread(fd, size, at)
        inner = 0
        while inner + 8 <= len(data):
            kind, n = struct.unpack_from("<HH", data, inner)
            if kind == _CONTINUATION:
                at_next, size_next = struct.unpack_from("<QQ", data, inner + 8)
                blocks.append((at_next, size_next))
            if kind == _DATASPACE:
                found = inner + 8 + (8 if data[inner + 8] == 1 else 4)
                if struct.unpack_from("<Q", data, found)[0] == length:
                    return int(at + found)
            inner += 8 + n
    raise FileError("this version of HDF5 writes /epoch in another format than infoplane.Recorder expects")


def write_at(fd: int, data: Any, offset: int) -> None:
    """Writes all bytes of `data`."""
    view = memoryview(data).cast("B")
    while view:
        n = os.pwrite(fd, view, offset)
        view, offset = view[n:], offset + n


def lock(fd: int, path: str, shared: bool = False) -> None:
    """The lock that HDF5 takes on a file it writes, or reads: infoplane estimate and other writers stay away."""
    try:
        fcntl.flock(fd, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        raise FileError(f"{path}: another process has it open; wait for it, or choose another file") from None
    except OSError:
        pass  # a file system without locks
