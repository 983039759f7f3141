"""What the estimators of the forecast share: parameters by name, clones and tags, from scikit-learn."""

from dataclasses import dataclass

from sklearn.base import BaseEstimator


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
