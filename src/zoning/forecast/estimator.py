"""What the estimators of the forecast share: parameters by name, clones and tags, from scikit-learn."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sklearn.base import BaseEstimator
from sklearn.exceptions import NotFittedError


@dataclass(eq=False)
class Estimator(BaseEstimator):  # type: ignore[misc]  # scikit-learn publishes no types
    """An estimator whose parameters are the fields that its constructor takes.

    Examples
    --------
    >>> @dataclass(eq=False)
    ... class Halving(Estimator):
    ...     share: float = 0.5
    >>> Halving().set_params(share=0.25).get_params()
    {'share': 0.25}
    """

    if not TYPE_CHECKING:  # a type checker would take any name for known

        def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - it never returns
            """Say that what :meth:`fit` learns is not there yet.

            Raises
            ------
            NotFittedError
                For names with a trailing underscore; AttributeError for others.
            """
            if name.endswith("_") and not name.startswith("_"):
                raise NotFittedError(f"{type(self).__name__} has no {name} yet: it is not fitted")
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
