"""What can go wrong. The text is that of the C library or the program, with Python's names of options."""
from __future__ import annotations


class Error(ValueError):
    """Base of all errors of this package: an impossible value, unsuitable samples, failed work."""


class ConfigError(Error):
    """The name or a parameter of an estimator is wrong, or a configuration is."""


class NumericError(Error):
    """An activation is NaN or infinite, or a computation left the finite numbers."""


class FileError(Error):
    """A file cannot be read or written, or does not contain what it should."""


class SaturationWarning(UserWarning):
    """I(X;T) is within 1 % of log2 n, its maximum: the estimate only shows that the samples differ."""
