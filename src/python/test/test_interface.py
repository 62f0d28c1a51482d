"""The Python package describes the interface of the library as its header does, and its help is up to date."""
import ctypes
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import infoplane as ip
from infoplane import _library

HEADER = Path(__file__).parents[2] / "core" / "capi.h"
C_TYPES = {"size_t": ctypes.c_size_t, "uint64_t": ctypes.c_uint64, "int64_t": ctypes.c_int64, "double": ctypes.c_double,
           "uint32_t": ctypes.c_uint32, "int32_t": ctypes.c_int32}  # fmt: skip


def without_comments(text):
    return re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.S)


def fields_of(body):
    """Names and ctypes of a struct's fields; pointers are of any ctypes pointer."""
    found = []
    for line in body.split(";"):
        words = re.match(r"\s*(?:const\s+)?(\w+)\s+(.*)", line.strip(), re.S)
        if words:
            for name in words[2].split(","):
                name = name.replace("const", "").strip()
                found.append((name.lstrip("* "), None if "*" in name else C_TYPES[words[1]]))
    return found


def test_structs_are_those_of_the_header():
    text = without_comments(HEADER.read_text(encoding="utf-8"))
    structs = dict(re.findall(r"typedef struct (\w+) \{(.*?)\} \w+;", text, re.S))
    assert set(structs) == set(_library.STRUCTS)
    library = _library.load()
    pointers = (ctypes.c_void_p, ctypes.c_char_p, ctypes.POINTER(ctypes.c_char_p))
    for name, struct in _library.STRUCTS.items():
        fields = fields_of(structs[name])
        assert [f for f, _ in fields] == [f for f, _ in struct._fields_], name
        for (field, expected), (_, found) in zip(fields, struct._fields_):
            assert found in pointers if expected is None else found is expected, (name, field)
        assert ctypes.sizeof(struct) == library.ip_capi_sizeof(name.encode())


def test_functions_are_those_of_the_header():
    text = without_comments(HEADER.read_text(encoding="utf-8"))
    declared = re.findall(r"^[\w* ]*?\b(ip_capi_\w+)\(([^;]*)\);", text, re.S | re.M)
    assert {name for name, _ in declared} == set(_library.FUNCTIONS)
    for name, arguments in declared:
        count = 0 if arguments.strip() == "void" else arguments.count(",") + 1
        assert len(_library.FUNCTIONS[name][1]) == count, name


def test_the_version_of_the_interface_is_that_of_the_header():
    text = HEADER.read_text(encoding="utf-8")
    assert f"#define IP_CAPI_MAJOR {_library.MAJOR} " in text and f"#define IP_CAPI_MINOR {_library.MINOR} " in text


def test_estimators_are_those_of_the_program(program):
    listed = program("estimate", "--list")
    kinds = ip.estimators()
    assert len(kinds) >= 17
    for kind in kinds.values():
        assert re.search(rf"^\s*{kind.name}\b", listed, re.M) and kind.help in listed
        for p in kind.parameters:
            assert p.name in listed and p.type in ("int", "real", "choice")
            assert bool(p.choices) == (p.type == "choice") == (p.low is None)
            assert p.default in p.choices if p.choices else p.low <= float(p.default) <= p.high
    assert kinds["ksg"].needs == ("the inputs (x)",) and kinds["edges"].is_discrete and kinds["ksg"].knows_targets
    table = repr(kinds)
    assert table.startswith("edges: bin") and "    count=30: number of edges" in table


def test_help_of_estimate_lists_every_estimator():
    listed = ip.estimate.__doc__.split("Estimators of a discrete T")[1].split("A spec is")[0]
    assert set(re.findall(r"[a-z_]+", listed)) >= set(ip.estimators())


def test_every_function_says_units_formula_and_source():
    for function in (ip.estimate, ip.entropy, ip.mutual_information, ip.ib_curve):
        for part in ("bits", "Args:", "Raises:"):
            assert part in function.__doc__, (function.__name__, part)
        assert re.search(r"(19|20)\d\d", function.__doc__)


@pytest.mark.parametrize("text, message", [
    ("", "not found|no libinfoplane_core.so"),
    ("int unrelated;", "undefined symbol"),
    ("unsigned ip_capi_version(void) { return 2 << 16; }", "has the interface 2.0, expected 1.0"),
    ('unsigned ip_capi_version(void) { return 1 << 16; } const char *ip_capi_release(void) { return "9.9"; }',
     "is of infoplane 9.9, and the Python package of"),
])  # fmt: skip
def test_another_library_is_refused(tmp_path, monkeypatch, text, message):
    path = tmp_path / "lib.so"
    if text:
        if not shutil.which("cc"):
            pytest.skip("no C compiler")
        if "ip_capi_version" in text:
            others = [f for f in _library.FUNCTIONS if f"{f}(" not in text]
            text += "".join(f" int {f}(void) {{ return 0; }}" for f in others)
        (tmp_path / "lib.c").write_text(text)
        subprocess.run(["cc", "-shared", "-fPIC", tmp_path / "lib.c", "-o", path], check=True)
    monkeypatch.setenv("INFOPLANE_LIBRARY", str(path))
    _library.load.cache_clear()
    try:
        with pytest.raises(ip.FileError, match=message):
            ip.entropy([0.5, 0.5])
    finally:
        _library.load.cache_clear()
