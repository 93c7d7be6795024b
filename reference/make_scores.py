"""Writes the figures that ScoresTest expects: scikit-learn's, for answers of five stages and "unreadable" (5).

Made with Python 3.11, numpy 1.26.4, scikit-learn 1.6.1:

    python reference/make_scores.py > sleep-core/src/test/resources/org/eegvlm/core/score/scores.json
"""

import json

import numpy as np
from sklearn.metrics import accuracy_score, cohen_kappa_score, confusion_matrix, precision_recall_fscore_support

STAGES = [0, 1, 2, 3, 4]


def case(seed, n, right, stages):
    generator = np.random.default_rng(seed)
    truth = generator.choice(stages, n)
    guess = generator.integers(0, 6, n)
    answer = np.where(generator.random(n) < right, truth, guess)
    named = [s for s in STAGES if s in truth or s in answer]
    precision, recall, f1, support = precision_recall_fscore_support(truth, answer, labels=STAGES, zero_division=0)
    return {
        "truth": truth.tolist(),
        "answer": answer.tolist(),
        "accuracy": accuracy_score(truth, answer),
        "macro_f1": float(np.mean([f1[s] for s in named])),
        "kappa": cohen_kappa_score(truth, answer),
        "precision": precision.tolist(),
        "recall": recall.tolist(),
        "f1": f1.tolist(),
        "support": support.tolist(),
        "counts": confusion_matrix(truth, answer, labels=STAGES + [5])[:5].tolist(),
    }


print(json.dumps([case(1, 60, 0.7, STAGES), case(2, 40, 0.0, STAGES), case(3, 12, 0.9, [0, 2])]))
