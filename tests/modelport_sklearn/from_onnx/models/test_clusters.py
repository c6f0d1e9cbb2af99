"""k-means comes back."""

import numpy as np
from sklearn.cluster import KMeans, MiniBatchKMeans


def test_centres_are_those_that_were_found(numbers, back) -> None:
    model = KMeans(4, n_init=1, random_state=0)
    found = back(model, numbers)
    np.testing.assert_array_equal(found.cluster_centers_, model.cluster_centers_)


def test_mini_batches(numbers, back) -> None:
    assert type(back(MiniBatchKMeans(3, n_init=1, random_state=0), numbers)).__name__ == "KMeans"
