"""What a study's own runs say before anything new is trained: estimators, ablations, covariates, rules, confounding.

:func:`causalmix_core.study.analysis.analyse.analyse` reads ``proxy_runs.csv`` and writes ``analysis.json``, canonical
JSON. Repeats (``replicate`` above 0) are left out of every fit here and serve the noise floor alone. Whatever is said
of the outcome is held so that **higher is better** (bits per byte are negated), in the outcome's own unit.

A *figure* F is ``{"value", "lower", "upper"}``, the interval by bootstrap over pools at ``level``. A *mean* M is
``{"mean", "se"}`` over ``repeats`` held-out sets. *Scores* S are ``{"r2": F, "spearman": F, "pair_r2": F | null,
"pairs_right": F | null, "runs", "pairs"}`` of predictions for pools that the fit has not seen; pairs are the runs of
one pool, in whose difference the pool's level cancels; null where there are none. ``words`` are sentences to print. An estimator that
is named here stands in a part only where the plan lists it among its estimators (recommended's covariates always do).

::

    {"schema": "causalmix/study-analysis@1", "plan", "plan_sha256", "runs_sha256", "version",
     "outcome": {"name", "unit"}, "domains": [...], "measures": [names of covariates, as each domain has them],
     "level", "folds", "seed", "sha256": of the canonical JSON without this field,
     "runs": {"table", "used", "repeats_left_out", "random", "chosen", "pools"},
     "noise": {"sd": of one run about the mean of its equals | null, "freedom": degrees of freedom},

     "estimators": {"words", "rows": [ROW, best pair_r2 first], "refused": [{"name", "fitted_on", "reason"}]},
       ROW = {"name", "title", "conditions": effects depend on the pool, "reads_states": predictions do,
              "all_rows": S | null,                                 # cross-fitted by pool, the same folds for all
              "random_rows": {"all" | "random" | "chosen": S | null},  # scored on random rows alone, by what it was
                                                                    # fitted on (pools of the fold left out each time)
              "lost": F | null}                                     # r2 on random rows: fitted on random less on chosen

     "ablations": {"words", "rows": [{"name": "recommended" | "paper",
                   "ablation": "none" | "without covariates" | "without orthogonalisation",
                   "all_rows": S, "random_rows": as above, "lost": F | null,
                   "behind": {"r2": F, "pair_r2": F | null} | null}]},   # whole less ablated, same resamples; null: none

     "covariates": {"words", "held_out_runs", "repeats",
                    "rows": [{"name": "recommended" | "paper", "order": "greedy" | "of recommended",
                              "steps": [{"measures": [...], "added": measure | null, "spearman": M, "pairs_right": M | null,
                                         "gain": M | null,             # of spearman over the step before, paired
                                         "candidates": [{"measure", "spearman": M}]}],  # best first; [] where not searched
                              "best": number of measures with the highest mean,
                              "enough": fewest measures of which no later step is better by more than one se}]},

     "trees": {"words", "rows": [{"name", "refused": reason | null, "unit": of an effect, "anchor": {domain: share},
                "depth", "r2", "r2_unseen": on pools left out in turn, "sentence",
                "nodes": [{"rule": all conditions in words, "last_rule": the last of them, "depth", "pools",
                           "effects": {domain: mean}, "spread": {domain: sd}, "covariate": column | null,
                           "threshold": number | null, "low": node | null, "high": node | null}]}]},
       # an effect: what 1 % of the anchor replaced by the domain adds to the outcome; root first, children after it.
       # Of a refused tree only name and refused are there.

     "curve": {"words", "held_out_runs", "repeats", "left_out": [sizes too large for the table],
               "rows": [{"name": "recommended" | "paper" | "regmix", "runs", "r2": M, "spearman": M,
                         "pairs_right": M | null, "pair_r2": M | null}], "refused": [{"name", "runs", "reason"}]},

     "confounding": {"words", "unit", "epsilon": inside the logarithm, "domains": [...],
                     "rows": [{"name": "yardstick" | "random naive" | "chosen naive" | "chosen orthogonalised", "words",
                               "runs", "slopes": {domain: {"value", "se", "z": from the yardstick | null}},
                               "error": number | null,       # RMS distance from the yardstick over the RMS yardstick
                               "differences_error": number | null,  # the same of slopes less their mean over domains
                               "noise": number | null,       # what "error" would be of sampling error alone
                               "p": number | null}]}         # joint test that slopes equal the yardstick's
                    | {"words", "refused": reason},

     "checks": {"words", "estimator": fitted in the end, "method", "heterogeneity": {"slope", "error", "p", "r_score",
                "average", "average_error", "pairs", "supported"} | null, "calibration": {"scale", "foretold", "within",
                "form", "disagreement"}, "epsilon", "verdict", "checks": [{"id", "title", "status": PASS | REVIEW | FAIL,
                "value" | null, "threshold" | null, "unit", "sentence", "remedy", "details": [[name, value | null, status]]}]}}
"""
