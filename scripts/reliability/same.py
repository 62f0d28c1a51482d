"""Whether a results directory has the files of another one: the end of a sweep that was disturbed, and of one that was not.

All files are compared byte by byte; in run files, times of day count as equal. Where the bytes of an HDF5 file differ,
every group, data set and attribute is compared: names, types, shapes and the bytes of the values. /provenance is left
out there, because it has the time and whether the run was resumed. Journals, locks and logs of jobs do not count.
"""
import pathlib
import re

OWN = ("journal", ".lock", ".gathered")  # what happened, which may differ


TIME = re.compile(rb"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def files(folder):
    found = {}
    for path in pathlib.Path(folder).rglob("*"):
        name = str(path.relative_to(folder))
        if not name.startswith(OWN) and not name.startswith("slurm"):
            found[name] = path
    return found


def value_of(item):
    """Type, shape and bytes of a data set or attribute."""
    import h5py
    value = item[()] if isinstance(item, h5py.Dataset) else item
    kind = item.dtype if isinstance(item, h5py.Dataset) else getattr(value, "dtype", type(value))
    if getattr(kind, "kind", "O") == "O":  # texts
        return str(kind), repr(value.tolist() if hasattr(value, "tolist") else value)
    return str(kind), value.shape, value.tobytes()


def contents(path):
    """{name: value} of all objects and attributes of an HDF5 file but /provenance."""
    import h5py
    found = {}

    def add(name, item):
        if name.split("/")[0] == "provenance":
            return
        found[name] = value_of(item) if isinstance(item, h5py.Dataset) else "group"
        for key, value in item.attrs.items():
            if key not in ("REFERENCE_LIST", "DIMENSION_LIST"):  # addresses
                found[f"{name}@{key}"] = value_of(value)

    with h5py.File(path, "r", locking=False) as f:
        add("", f)
        f.visititems(add)
    return found


def differing_objects(a, b):
    try:
        a, b = contents(a), contents(b)
    except (OSError, RuntimeError, KeyError, ValueError) as e:
        return [f"its structure: {e}"]
    return sorted(name for name in a.keys() | b.keys() if a.get(name) != b.get(name))


def differences(plain, out):
    """A line for each file of `out` that is missing, superfluous or differs from that of `plain`."""
    a, b = files(plain), files(out)
    lines = [f"{name} is {'missing' if name in a else 'superfluous'}" for name in sorted(a.keys() ^ b.keys())]
    for name in sorted(a.keys() & b.keys()):
        if a[name].is_dir():
            continue
        x, y = a[name].read_bytes(), b[name].read_bytes()
        if x == y or name.endswith(".h5") and len(x) == len(y) and TIME.sub(b"", x) == TIME.sub(b"", y):
            continue
        if not name.endswith(".h5"):
            lines.append(f"{name} differs")
        elif objects := differing_objects(a[name], b[name]):
            lines.append(f"{name} differs in {', '.join(objects[:5])}")
    return lines
