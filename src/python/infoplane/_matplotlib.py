"""The information plane with matplotlib, for those who want their own axes."""
from __future__ import annotations

from typing import Any, Optional, Sequence, Union

import numpy as np

from ._errors import Error
from .files import Run

_COLORS = ("#332288", "#d55e00", "#009e73", "#b4538a", "#3d8fc4", "#7a5c00")  # as in the program's figures
_MARKERS = "os^Dv"


def plane(run: Run, estimator: Optional[str] = None, *, layers: Optional[Sequence[Union[int, str]]] = None,
          ax: Any = None) -> Any:
    """Draws the trajectory of every layer, I(X;T) across and I(T;Y) up, into `ax`, and returns it.

    A point is a logged epoch; the marker is the last one. The output layer is black. Grey: what no layer can reach,
    because I(T;Y) is at most I(X;T) and at most H(Y).
    """
    try:
        import matplotlib.pyplot as plt
    except ImportError as missing:
        raise Error(f"plane needs matplotlib ({missing}); run.plane() is drawn by the program") from None
    ax = ax if ax is not None else plt.subplots()[1]
    ixt, ity = run.ixt(estimator), run.ity(estimator)
    hx, hy = (float(run.attributes.get(name, np.nan)) for name in ("hx_bits", "hy_bits"))
    for k in [run.layer(layer) for layer in layers or range(1, len(run.layers) + 1)]:
        is_output = k == len(run.layers)
        color = "#111111" if is_output else _COLORS[(k - 1) % len(_COLORS)]
        name = run.layers[k - 1].name or f"layer {k}"
        ax.plot(ixt[:, k - 1], ity[:, k - 1], "-", color=color, lw=0.8, marker=".", ms=3)
        ax.plot(ixt[-1:, k - 1], ity[-1:, k - 1], color=color, ls="", marker=_MARKERS[(k - 1) % len(_MARKERS)], label=name)
    right = np.nanmax([hx, np.nanmax(ixt)]) * 1.05
    top = np.nanmax([hy, np.nanmax(ity)]) * 1.08
    ax.fill_between([0, top, right], [0, top, top], [top, top, top], color="#e8e8e8", lw=0, zorder=0)
    if np.isfinite(hy):
        ax.axhline(hy, color="#888888", lw=0.8, ls=":")
    ax.set(xlim=(0, right), ylim=(0, top), xlabel="I(X;T)  [bits]", ylabel="I(T;Y)  [bits]")
    ax.legend(frameon=False, fontsize="small")
    return ax
