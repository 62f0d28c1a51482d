"""What the layers of a PyTorch model return during one forward pass, and a model that is afterwards as it was before."""
from __future__ import annotations

import contextlib
import random
import re
from collections import Counter
from difflib import get_close_matches
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

import numpy as np
import torch

from ._errors import Error

Call = Tuple[str, int]  # name of a module, and which of its calls in the pass

ROOT = "output"  # the name of what the model itself returns

# Modules whose output is T in the literature; all others that compute something are their inputs.
ACTIVATIONS = ("CELU", "ELU", "GELU", "GLU", "Hardshrink", "Hardsigmoid", "Hardswish", "Hardtanh", "LeakyReLU",
               "LogSigmoid", "LogSoftmax", "Mish", "PReLU", "RReLU", "ReLU", "ReLU6", "SELU", "SiLU", "Sigmoid",
               "Softmax", "Softplus", "Softshrink", "Softsign", "Tanh", "Tanhshrink", "Threshold")


def unwrap(model: Any) -> Any:
    """The module that has the layers. Its copies on several devices are not needed for the probe."""
    while isinstance(model, (torch.nn.DataParallel, torch.nn.parallel.DistributedDataParallel)):
        model = model.module
    if not isinstance(model, torch.nn.Module):
        raise Error(f"model: expected a torch.nn.Module, got {type(model).__name__}")
    for name, module in model.named_modules():
        where = f"model.{name}" if name else "model"
        if hasattr(module, "_orig_mod"):
            raise Error(f"{where}: was made by torch.compile, which runs no hooks; give model._orig_mod, which has the "
                        "same parameters")
        if isinstance(module, torch.jit.ScriptModule):
            raise Error(f"{where}: is compiled by torch.jit, which runs no hooks; give the module it was made from")
        if type(module).__name__ == "FullyShardedDataParallel":
            raise Error(f"{where}: FSDP keeps the parameters on several processes; record checkpoints instead "
                        "(Recorder.from_checkpoints)")
    return model


# ---------------------------------------------------------------- names


def _pattern(text: str) -> "re.Pattern[str]":
    """* is any part of a name without its dots, ** any part, ? one character."""
    parts = re.split(r"(\*\*|\*|\?)", text)
    rule = {"**": ".*", "*": "[^.]*", "?": "[^.]"}
    return re.compile("".join(rule.get(part, re.escape(part)) for part in parts) + r"\Z")


def label(call: Call, count: Mapping[str, int]) -> str:
    """relu@2 for the third call of relu, or the name alone for the only one."""
    return f"{call[0]}@{call[1]}" if count[call[0]] > 1 else call[0]


def matches(pattern: str, call: Call) -> bool:
    name, at, number = pattern.rpartition("@")
    if at and number.isdecimal():
        return call[1] == int(number) and _pattern(name).match(call[0]) is not None
    return _pattern(pattern).match(call[0]) is not None


def choose(patterns: Optional[Sequence[str]], calls: Sequence[Call], model: Any) -> List[Call]:
    """The calls to record, in their order. Without patterns: activation functions and the output."""
    if patterns is None:
        return _usual(calls, model)
    for pattern in patterns:
        if not isinstance(pattern, str):
            name = next((name for name, module in model.named_modules() if module is pattern), "")
            raise Error(f"layers: got a {type(pattern).__name__}, expected " +
                        (f"its name, {name!r}" if name else "the names of modules, as in model.named_modules()"))
        if not any(matches(pattern, call) for call in calls):
            raise Error(_unmatched(pattern, calls, model))
    return [call for call in calls if any(matches(p, call) for p in patterns)]


def _usual(calls: Sequence[Call], model: Any) -> List[Call]:
    """The calls of activation modules; without any, those of modules with parameters. The last call is the output."""
    modules = {**dict(model.named_modules()), ROOT: model}
    leaves = [c for c in calls if not any(True for _ in modules[c[0]].children())]
    chosen = [c for c in leaves if type(modules[c[0]]).__name__ in ACTIVATIONS]
    if not chosen:
        chosen = [c for c in leaves if any(True for _ in modules[c[0]].parameters(recurse=False))]
    if leaves and leaves[-1] not in chosen:
        chosen.append(leaves[-1])
    return chosen or [(ROOT, 0)]


def _unmatched(pattern: str, calls: Sequence[Call], model: Any) -> str:
    names = [name for name, _ in model.named_modules() if name]
    count = Counter(name for name, _ in calls)
    base = pattern.rpartition("@")[0] or pattern
    there = [name for name in names if _pattern(base).match(name)]
    uncalled = [name for name in there if not count[name]]
    if uncalled and len(uncalled) == len(there):
        return f"layers: {', '.join(uncalled)}: exists, but the forward pass does not call it"
    if there:
        return f"layers: {pattern}: {there[0]} is called {count[there[0]]} times in a forward pass, @0 is the first"
    close = get_close_matches(pattern, names, 3) or names[:20]
    return f"layers: no module matches {pattern!r}; the model has {', '.join(close)}"


# ---------------------------------------------------------------- the model stays as it is

# Attributes by which PyTorch runs a module without calling the modules inside, and the values with which it calls them:
# of a TransformerEncoderLayer in evaluation mode, and of a module after its method compile().
_FUSED = {"activation_relu_or_gelu": 0, "_compiled_call_impl": None}


def _is_set(module: Any, name: str) -> bool:
    return bool(getattr(module, name, None)) and (name != "activation_relu_or_gelu"
                                                  or isinstance(module, torch.nn.TransformerEncoderLayer))


@contextlib.contextmanager
def undisturbed(model: Any) -> Iterator[None]:
    """Evaluation mode without gradients. Then every module has its mode again, and all random streams their state."""
    modes = [(module, module.training) for module in model.modules()]
    fused = [(module, name, getattr(module, name)) for module in model.modules() for name in _FUSED if _is_set(module, name)]
    streams = torch.get_rng_state(), random.getstate(), np.random.get_state()
    devices = torch.cuda.get_rng_state_all() if torch.cuda.is_available() and torch.cuda.is_initialized() else []
    try:
        model.eval()
        for module, name, _ in fused:
            setattr(module, name, _FUSED[name])
        with torch.no_grad():
            yield
    finally:
        for module, name, value in fused:
            setattr(module, name, value)
        for module, mode in modes:
            module.training = mode
        torch.set_rng_state(streams[0])
        random.setstate(streams[1])
        np.random.set_state(streams[2])
        if devices:
            torch.cuda.set_rng_state_all(devices)


@contextlib.contextmanager
def watched(model: Any, names: Sequence[str], see: Callable[[Call, Any, Any], None]) -> Iterator[None]:
    """Calls see((name, k), module, output) when the named modules have returned. Hooks end with the block."""
    modules = {**dict(model.named_modules()), ROOT: model}
    count: Dict[str, int] = Counter()
    hooks = []

    def hook_of(name: str) -> Callable[..., None]:
        def hook(module: Any, inputs: Any, output: Any) -> None:
            k = count[name]
            count[name] += 1
            see((name, k), module, output)
        return hook

    try:
        for name in names:
            hooks.append(modules[name].register_forward_hook(hook_of(name)))
        yield
    finally:
        for hook in hooks:
            hook.remove()


def all_names(model: Any) -> List[str]:
    """Of all modules; the model itself is `output`, unless a module has that name."""
    names = [name for name, _ in model.named_modules() if name]
    return names if ROOT in names else [*names, ROOT]
