"""Builds the wheel: libinfoplane_core by CMake, then the package and the library in one zip file.

A build backend of PEP 517 and 660 that needs nothing but Python, CMake, a C compiler and OpenBLAS, and no network. Equal
sources make equal wheels: names are sorted and all dates are that of zip's beginning.

INFOPLANE_BUILD names a build directory of infoplane whose library is used; otherwise one is made in build/wheel of the
sources, and used again by the next build.
"""
import base64
import hashlib
import os
import re
import shutil
import subprocess
import sysconfig
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
LIBRARY = "libinfoplane_core.so"
DATE = (1980, 1, 1, 0, 0, 0)


def version():
    text = (ROOT / "CMakeLists.txt").read_text(encoding="utf-8")
    return re.search(r"project\(infoplane VERSION ([0-9.]+)", text).group(1)


def table(name):
    """The text of a table of pyproject.toml, which Python before 3.11 cannot read."""
    text = (HERE / "pyproject.toml").read_text(encoding="utf-8")
    return re.search(rf"^\[{re.escape(name)}\]\n(.*?)(?=^\[|\Z)", text, re.S | re.M).group(1)


def strings(text):
    return re.findall(r'"([^"]*)"', text)


def metadata():
    project = table("project")
    value = {key: strings(rest) for key, rest in re.findall(r"^([a-z-]+) = (.*)", project, re.M)}
    lines = ["Metadata-Version: 2.1", "Name: infoplane", f"Version: {version()}", f"Summary: {value['description'][0]}",
             f"Requires-Python: {value['requires-python'][0]}"]
    lines += [f"Requires-Dist: {requirement}" for requirement in value["dependencies"]]
    for extra, rest in re.findall(r"^([a-z]+) = (.*)", table("project.optional-dependencies"), re.M):
        lines.append(f"Provides-Extra: {extra}")
        lines += [f"Requires-Dist: {requirement}; extra == '{extra}'" for requirement in strings(rest)]
    return "\n".join(lines) + "\n"


def tag():
    return f"py3-none-{re.sub('[-.]', '_', sysconfig.get_platform())}"


def wheel_text():
    return f"Wheel-Version: 1.0\nGenerator: infoplane\nRoot-Is-Purelib: false\nTag: {tag()}\n"


# ---------------------------------------------------------------- the library


def run(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{done.stdout}\n{' '.join(map(str, command))} failed; the library needs a C compiler, CMake, "
                         "pkg-config, OpenBLAS and Random123 (scripts/install-packages.sh build installs them)")


def library():
    """The path of libinfoplane_core.so, built if it is not up to date."""
    if not shutil.which("cmake"):
        raise SystemExit("cmake: not found; the package builds its C library with it")
    build = os.environ.get("INFOPLANE_BUILD")
    if not build:
        build = ROOT / "build" / "wheel"
        ninja = ["-G", "Ninja"] if shutil.which("ninja") else []
        run("cmake", "-S", ROOT, "-B", build, *ninja, "-DIP_CORE_ONLY=ON", "-DCMAKE_BUILD_TYPE=Release")
    run("cmake", "--build", build, "--target", "infoplane_core", "--parallel", str(os.cpu_count() or 1))
    return (Path(build) / LIBRARY).resolve()


# ---------------------------------------------------------------- the wheel


def package_files():
    """Contents of the package by their paths in the wheel."""
    files = {}
    for path in sorted((HERE / "infoplane").rglob("*")):
        if path.is_file() and path.suffix in (".py", ".typed", ".pyi"):
            files[path.relative_to(HERE).as_posix()] = path.read_bytes()
    files["infoplane/_version.py"] = f'VERSION = "{version()}"\n'.encode()
    return files


def info_files():
    info = f"infoplane-{version()}.dist-info"
    return {f"{info}/METADATA": metadata().encode(), f"{info}/WHEEL": wheel_text().encode(),
            f"{info}/LICENSE": (ROOT / "LICENSE").read_bytes()}


def write_wheel(directory, files):
    name = f"infoplane-{version()}-{tag()}.whl"
    record = f"infoplane-{version()}.dist-info/RECORD"
    lines = []
    with zipfile.ZipFile(Path(directory) / name, "w", zipfile.ZIP_DEFLATED) as wheel:

        def add(path, content):
            entry = zipfile.ZipInfo(path, DATE)
            entry.external_attr = (0o755 if path.endswith(".so") else 0o644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            wheel.writestr(entry, content)

        for path, content in sorted(files.items()):
            add(path, content)
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            lines.append(f"{path},sha256={digest},{len(content)}")
        add(record, "\n".join([*lines, f"{record},,", ""]))
    return name


def get_requires_for_build_wheel(config_settings=None):
    return []


get_requires_for_build_editable = get_requires_for_build_wheel


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    return write_wheel(wheel_directory,
                       {**package_files(), **info_files(), f"infoplane/{LIBRARY}": library().read_bytes()})


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    """A wheel that points to the sources; the library is put beside them."""
    shutil.copyfile(library(), HERE / "infoplane" / LIBRARY)
    return write_wheel(wheel_directory, {**info_files(), "infoplane.pth": f"{HERE}\n".encode()})


if __name__ == "__main__":  # for cmake --install: METADATA to standard output
    print(metadata(), end="")
