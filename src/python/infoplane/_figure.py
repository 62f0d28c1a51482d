"""Figures of the program, shown in notebooks and saved."""
from __future__ import annotations

import base64
import html
import os
import tempfile
from pathlib import Path
from typing import Any, Dict, Optional, Sequence, Union

from . import _program
from ._errors import ConfigError, Error

_MAX_SVG = 300_000  # bytes; a larger figure is shown as PNG
_FORMATS = (".svg", ".png", ".pdf", ".eps", ".tex")


class Figure:
    """A figure of run files, drawn by `infoplane plot` when it is shown or saved.

    In a notebook it is an SVG image in the page, without scripts; above 300 kB a PNG image, unless `svg` is set. In a
    terminal with IPython, it is the figure in characters.
    """

    def __init__(self, paths: Sequence[str], name: str = "plane", *, estimator: Optional[str] = None,
                 fractions: bool = False, width: Optional[str] = None, font: Optional[str] = None, svg: bool = False):
        self.name = name
        self.svg = svg
        self._words = ["plot", *paths, "--figure", name]
        for option, value in (("--estimator", estimator), ("--width", width), ("--font", font)):
            self._words += [option, value] if value is not None else []
        self._words += ["--fractions"] if fractions else []
        self._drawn: Dict[str, bytes] = {}

    def __repr__(self) -> str:
        return f"<infoplane figure {self.name!r}>"

    def _draw(self, form: str) -> bytes:
        """The image in a format, from the files as they are at the first time."""
        if form not in self._drawn:
            with tempfile.TemporaryDirectory() as folder:
                self._drawn[form] = self._make(form, folder).read_bytes()
        return self._drawn[form]

    def _make(self, form: str, folder: str) -> Path:
        """The file of the image, which the program writes into the folder."""
        printed = _program.run([*self._words, "--format", form, "--output", folder], progress=False)
        made = [Path(line) for line in printed.splitlines() if line.endswith(f".{form}")]
        if not made:
            raise Error(f"figure {self.name}: the run files have no data for it")
        return made[0]

    def _save_tex(self, target: Path) -> None:
        """The text, and the file of the lines that it includes."""
        with tempfile.TemporaryDirectory() as folder:
            made = self._make("tex", folder)
            lines, text = f"{made.stem}-graphics", made.read_text(encoding="utf-8")
            target.with_name(f"{target.stem}-graphics.pdf").write_bytes(made.with_name(f"{lines}.pdf").read_bytes())
            target.write_text(text.replace(f"{{{lines}}}", f"{{{target.stem}-graphics}}"), encoding="utf-8")

    @property
    def text(self) -> str:
        """The figure in characters."""
        return _program.run([*self._words, "--terminal"], progress=False)

    def save(self, path: Union[str, "os.PathLike[str]"]) -> Path:
        """Writes the figure; the format is that of the suffix: .svg, .png, .pdf, .eps or .tex.

        a.tex includes a-graphics.pdf, which is written beside it.
        """
        target = Path(path).expanduser()
        if target.suffix not in _FORMATS:
            raise ConfigError(f"{target}: the suffix must be one of {', '.join(_FORMATS)}")
        if target.suffix == ".tex":
            self._save_tex(target)
        else:
            target.write_bytes(self._draw(target.suffix[1:]))
        return target

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Dict[str, Any]:
        bundle: Dict[str, Any] = {"text/plain": self.text}
        image = self._draw("svg")
        if self.svg or len(image) <= _MAX_SVG:
            bundle["image/svg+xml"] = image.decode("utf-8")
        else:
            bundle["image/png"] = base64.b64encode(self._draw("png")).decode("ascii")
        return bundle


class Report:
    """The page that `infoplane report` wrote. In a notebook, a link; `show` opens it inside the notebook."""

    def __init__(self, path: Path):
        self.path = path

    def __fspath__(self) -> str:
        return str(self.path)

    def __repr__(self) -> str:
        return f"<infoplane report {str(self.path)!r}>"

    def _repr_html_(self) -> str:
        name = html.escape(str(self.path))
        return f'<a href="{name}" target="_blank">{name}</a>'

    def show(self, height: int = 800) -> "Frame":
        """The page in a frame, without access to the notebook. It makes the notebook as much larger as the page is."""
        return Frame(self.path.read_text(encoding="utf-8"), height)


class Frame:
    """An HTML page inside a notebook. Its scripts run in a sandbox."""

    def __init__(self, page: str, height: int):
        self._page, self._height = page, height

    def _repr_html_(self) -> str:
        return (f'<iframe sandbox="allow-scripts" srcdoc="{html.escape(self._page)}" '
                f'style="width:100%;height:{int(self._height)}px;border:0"></iframe>')
