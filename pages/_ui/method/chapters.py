"""What the method does, in the order of the data's path; what a benchmark measured is read, not typed."""

from __future__ import annotations

from causalmix_core.delivery.certainty import coverage_sentence, measured_coverage
from causalmix_core.effects.heterogeneity import REAL
from pages._ui.method.chapter import Chapter, Formula

PAPER = "CausalMix, arXiv 2607.01104"

QUESTION = Chapter(
    "The question, and its symbols",
    (
        "Somebody is about to train a language model on K domains. Which share should each have, *given the state of the "
        "data pool at hand*? A few hundred small runs were made; each used a mixture, drew from a pool, and has a score. "
        "They are read as what they are: observations, whose mixtures may have been chosen by looking at the pool.",
        Formula(
            r"\begin{array}{lll} T & \text{mixture} & T_k \ge 0,\ \sum_k T_k = 1 \\ X & \text{state of the pool} & "
            r"d\ \text{numbers} \\ Y & \text{outcome} & \text{higher is better} \\ \theta(x) & \text{what domains are "
            r"worth in state } x & K\ \text{numbers} \end{array}"
        ),
        Formula(r"Y = \theta(X)^{\top} \log(T + \varepsilon) + g(X) + \text{noise}"),
        "The logarithm says that returns diminish; g is the level of the pool, which no mixture changes.",
    ),
    f"{PAPER}, section 3",
    "A response of logs **and** shares, p being the anchor, so that narrow designs, where a straight line serves better, "
    "are not bent. The runs choose ε.\n\n"
    r"$\sum_k a_k \log\frac{T_k + \varepsilon}{p_k + \varepsilon} + b_k (T_k - p_k)$",
    "runs",
)
STATE = Chapter(
    "The pool's state, before it is mixed",
    (
        "Each domain's part of the pool is described by a few numbers: loss under a language model, its rare uncertain tokens, "
        "duplicates, style. With H the entropies in bits of a text's next-token distributions:",
        Formula(
            r"\text{HES} = \sum_{t:\, H_t \ge q_{99.5}} H_t \qquad \text{loss} = \frac1n \sum_t -\log_2 p(w_t)"
        ),
        "They are means over texts that no run trains on, so they are known before a mixture is chosen.",
    ),
    f"{PAPER}, section 3: high-entropy sum, normalised loss, writing style (QuRating, arXiv 2402.09739)",
    "Domain by domain, and before mixing. A mean over the *mixed* data is a consequence of the mixture: to condition on it "
    "takes away the very variation that effects are read from. A check warns where a table looks like that.",
    "proxy",
)
EFFECTS = Chapter(
    "Effects: what the state foretells is taken out, slopes follow each domain's own state",
    (
        "First, what the pool's state alone says of outcome and mixture is removed, each run by models that did not see its "
        "pool. What is left is compared:",
        Formula(
            r"\tilde Y = Y - \mathrm{E}[Y \mid X], \quad \tilde Z = Z - \mathrm{E}[Z \mid X], \quad Z = \log(T + \varepsilon)"
        ),
        Formula(
            r"\theta(x) = \arg\min_\theta \sum_i \alpha_i(x)\,\bigl(\tilde Y_i - \theta^{\top} \tilde Z_i\bigr)^2"
        ),
        "The recommended estimator lets the slope of domain k depend on that domain's own state, by a law that all domains "
        "share and a deviation of its own; how large each part may be is learned from the runs.",
        Formula(r"\theta_k(x) = \alpha_k + f(x_k) + f_k(x_k), \qquad f \sim N(0, v_1),\ f_k \sim N(0, v_2)"),
    ),
    f"{PAPER}, section 3; double machine learning: Chernozhukov et al. 2018; causal forest: Athey, Tibshirani and Wager 2019; "
    "variance components: Chung et al. 2013",
    "The paper's forest splits all slopes at once on all covariates; a few hundred runs are too few for that, and it is one "
    "choice among others here. Level and slopes are fitted together, which purges as the residuals do (Frisch, Waugh and "
    "Lovell). Both ablations, without state and without purging, are one switch away.",
    "effects",
)
GATE = Chapter(
    "The gate: do pools differ at all?",
    (
        "A model that may condition on the pool will. So runs left out are asked whether it should: what the pool adds to average "
        "effects is held against what two mixtures on one pool really differed by, where the pool's level cancels.",
        Formula(
            r"\Delta r = b\, \Delta d + \text{noise}, \qquad R = 1 - \frac{\sum (\Delta r - \Delta d)^2}{\sum (\Delta r)^2}"
        ),
        f"Only where b is above 0 beyond doubt (p at most {REAL:g}) and R is above 0 do recommendations depend on the pool. "
        "Elsewhere effects are averages, and the page says so.",
    ),
    "Calibration of heterogeneity as in grf's test_calibration (Athey, Tibshirani and Wager 2019); R-score after Nie and Wager 2021",
    "The paper has no such test. Without one, noise between pools is taken for worth.",
    "fit",
)
GAIN = Chapter(
    "The gain of a mixture that was chosen for it",
    (
        "The best of many estimates is too high. Halves of the pools measure by how much: what one half recommends, the other "
        "values. The part k that is left with half of the runs gives a factor on every promised gain:",
        Formula(
            r"\text{gain} = \sqrt{k}\;\widehat{\text{gain}}, \qquad k = \frac{\text{value by the other half}}{\text{value by the own half}}"
        ),
        "The factor's own error widens the interval.",
    ),
    "The winner's curse; cross-validated by halves of the pools",
    "The paper reports predicted gains as they come out. Ours are shrunken, and what is left of the curse on new pools is "
    "measured by the study.",
    "mixture",
)
REGION = Chapter(
    "The trust region, and the best mixture in it",
    (
        "A recommendation may move at most a part r of the data away from the anchor p, within floors and caps:",
        Formula(
            r"\max_T\ \sum_k \theta_k(x) \log(T_k + \varepsilon) \quad \text{s.t.}\quad \tfrac12 \textstyle\sum_k |T_k - p_k| \le r"
        ),
        "Without region the paper has two answers, one in closed form and one by search:",
        Formula(
            r"\text{A:}\ \ T_k = \frac{[\theta_k(x)]_+}{\sum_j [\theta_j(x)]_+} \qquad \text{S: mean of the best 100 of 100,000}"
        ),
    ),
    f"{PAPER}, section 3: CausalMix-A and CausalMix-S, under a trust region without a radius",
    "The radius is the user's main control, and a sentence: at most this share of the data moves. The best mixture is exact and "
    "takes milliseconds. At radius 0 it is the anchor; worthless domains are not pushed to zero without bound.",
    "mixture",
)
VERDICT = Chapter(
    "Verdicts: recommend, keep, or not enough evidence",
    (
        "**Recommend** where the gain's interval lies above 0, **keep the anchor** where no mixture of the region is expected to be "
        "worth it, else **not enough evidence**, with how many further runs would tell.",
        "Beside it stand the checks of the fit: overlap, placebo mixtures, other seeds, pools left out, how strong an unmeasured "
        "cause would have to be. A failed check blocks export until somebody says why.",
    ),
    "Placebo after Freedman and Lane 1983; robustness value after Cinelli and Hazlett 2020",
    "The paper gives a mixture in every case.",
    "fit",
)
LIMITS = Chapter(
    "What it cannot know",
    (
        "- A cause that moves both mixture and outcome and is in no covariate. The robustness value says how strong it must be.\n"
        "- A domain that no run used, but by the law that other domains follow in their state.\n"
        "- Pools and sizes far from the runs. Intervals widen there, and the page says that it extrapolates.\n"
        "- Domains that help each other: the response adds up domain by domain.\n"
        "- The true effects of your table. How often intervals hold can be measured in simulated worlds and on new runs only.",
    ),
    "docs/DECISIONS.md says what was tried and rejected",
    "Train what is recommended beside the anchor, in a few orders of text: that is the only proof.",
    "next",
)


def intervals() -> Chapter:
    """How wide intervals are, and how often such intervals held where the truth is known."""
    held = coverage_sentence(measured_coverage())
    return Chapter(
        "Intervals, and how often they held",
        (
            "An estimator's own interval takes its form as true. It is scaled by what a model without a form leaves open and by the "
            "distance between the two:",
            Formula(
                r"s^2 = \operatorname{mean}\ \frac{v_{\text{rich}} + (\hat\theta - \hat\theta_{\text{rich}})^2}{v_{\text{own}}}"
            ),
            "That model learns from the runs how large effects are. Where people chose the mixture by the pool, runs of different "
            "pools mislead about it; the more of the mixture the pool's state foretells, the more weight have the "
            "differences between runs on one pool:",
            Formula(r"s^2 = (1 - w)\, s^2_{\text{all}} + w\, s^2_{\text{within}},\qquad w = R_T\,(2 - R_T)"),
            Formula(r"R_T = 1 - \frac{\operatorname{Var}(T - \mathrm{E}[T \mid X])}{\operatorname{Var} T}"),
            held or "How often such intervals hold was not measured in this installation.",
        ),
        "Regularisation-induced confounding: Hahn et al. 2018; priors that do not see it: Linero 2023",
        "The paper gives no intervals. A forest's own ones are too narrow in simulated worlds, so every estimator's are scaled.",
        "effects",
    )


def chapters() -> tuple[Chapter, ...]:
    """All of them, in the order of the data's path."""
    return (QUESTION, STATE, EFFECTS, GATE, intervals(), GAIN, REGION, VERDICT, LIMITS)
