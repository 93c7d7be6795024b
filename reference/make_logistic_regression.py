"""Writes the probabilities that LogisticRegressionTest expects: scikit-learn's, for three overlapping classes.

Made with Python 3.11, numpy 1.26.4, scikit-learn 1.6.1:

    python reference/make_logistic_regression.py \
        > sleep-core/src/test/resources/org/eegvlm/core/baseline/logistic-regression.json
"""

import json

import numpy as np
from sklearn.linear_model import LogisticRegression

L2 = 0.01

generator = np.random.default_rng(7)
classes = np.arange(60) % 3
rows = np.round(generator.normal(size=(60, 4)) + 1.2 * np.eye(3, 4)[classes], 3)
# scikit-learn weighs the sum of losses by C where we weigh the penalty on their mean.
model = LogisticRegression(C=1 / (L2 * len(rows)), tol=1e-10, max_iter=10_000).fit(rows, classes)
print(
    json.dumps(
        {
            "l2": L2,
            "rows": rows.tolist(),
            "classes": classes.tolist(),
            "probabilities": model.predict_proba(rows[:10]).tolist(),
        }
    )
)
