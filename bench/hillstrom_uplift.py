"""A real randomised trial: whom does the e-mail bring to the shop? Uplift of the first 30 % by each learner.

``../shared/data/hillstrom`` (MineThatData): two thirds got one of two e-mails, a third none. Each learns on
one half and is judged on the other, then the other way round; uplift in visits among the first 30 % of an
order stands beside that of the plain response model, with intervals over customers.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from standfast.learning.clusters import Figure
from standfast.learning.individual import Order, may_be_individual, outcome_model, t_learner, x_learner
from standfast.learning.modifiers import fit_modifiers, modifier_values
from standfast.learning.off_policy import Logged, aipw, ips
from standfast.learning.offset_logit import Normal, learn_logit
from standfast.learning.response_policy import LearningPolicy
from standfast.learning.uplift import paired_top, uplift_quality

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "hillstrom" / "emails.parquet"
SHARE, OUTCOME = 0.3, "visit"
MODIFIERS = ("womens", "mens", "recency", "newbie")
PLAIN = "plain response model"


def read_trial(arm: str | None = None) -> pd.DataFrame:
    """Give the trial with ``treated``; of one e-mail and none where an arm is named."""
    emails = pd.read_parquet(DATA)
    treated = emails["segment"] != "No E-Mail"
    kept = emails[~treated | (emails["segment"] == arm)] if arm else emails
    return kept.assign(treated=kept["segment"] != "No E-Mail").reset_index(drop=True)


def features_of(emails: pd.DataFrame) -> np.ndarray:
    """Give what was known of each customer before the trial."""
    codes = pd.get_dummies(emails[["zip_code", "channel"]], dtype=float)
    plain = emails[["recency", "history", "mens", "womens", "newbie"]].astype(float)
    return pd.concat([plain, codes], axis=1).to_numpy()


def orders_of(emails: pd.DataFrame, learned: np.ndarray) -> dict[str, np.ndarray]:
    """Give each learner's order of all customers, learned from those marked."""
    features, treated = features_of(emails), emails["treated"].to_numpy()
    outcome = emails[OUTCOME].to_numpy(dtype=float)
    x, t, y = features[learned], treated[learned], outcome[learned]
    plain = outcome_model(x[~t], y[~t])
    found: dict[str, Order] = {PLAIN: plain, "T-learner": t_learner(x, t, y), "X-learner": x_learner(x, t, y)}
    return {name: order(features) for name, order in found.items()} | {
        "offset logit, modifiers named beforehand": _by_modifiers(emails, learned, plain(features))
    }


def _by_modifiers(emails: pd.DataFrame, learned: np.ndarray, chance: np.ndarray) -> np.ndarray:
    """Give the effects of an offset logit: a pooled effect, and a few modifiers with a prior at none."""
    modifiers = fit_modifiers(emails[learned], MODIFIERS)
    x, t = modifier_values(emails, modifiers), emails["treated"].to_numpy(dtype=float)
    offset = np.log(chance / (1 - chance))
    design = np.column_stack([np.ones(len(t)), t, t[:, None] * x])
    prior = Normal(np.zeros(design.shape[1]), np.diag([0.2**2, 0.5**2, *[0.15**2] * x.shape[1]]))
    outcome = emails[OUTCOME].to_numpy(dtype=float)
    known = learn_logit(design[learned], offset[learned], outcome[learned], prior=prior)
    base = offset + known.mean[0]
    reached = base + known.mean[1] + x @ known.mean[2:]
    return 1 / (1 + np.exp(-reached)) - 1 / (1 + np.exp(-base))


def logged_of(emails: pd.DataFrame, judged: np.ndarray, chance: np.ndarray) -> Logged:
    """Give the rows judged, with what the plain model expects of either arm."""
    treated = emails["treated"].to_numpy()[judged]
    likely = float(emails["treated"].mean())
    return Logged(
        treated, np.where(treated, likely, 1 - likely), emails[OUTCOME].to_numpy(dtype=float)[judged],
        np.flatnonzero(judged), if_left=chance[judged], if_treated=chance[judged],
    )  # fmt: skip


def rows() -> Iterator[tuple[str, str, str]]:
    """Give name, figure and bound of each row of the table."""
    if not DATA.exists():
        yield "hillstrom_uplift: skipped", f"{DATA.parent} is missing", ""
        return
    for arm in (None, "Womens E-Mail", "Mens E-Mail"):
        yield from _rows(read_trial(arm), arm or "either e-mail")


def _rows(emails: pd.DataFrame, name: str) -> Iterator[tuple[str, str, str]]:
    parts = _halves(emails)
    for number, (learned, judged) in enumerate(parts, start=1):
        orders, half = orders_of(emails, learned), f"hillstrom, {name}, half {number}"
        logged = logged_of(emails, judged, orders[PLAIN])
        everyone, nobody = ips(logged, np.ones(len(logged))), ips(logged, np.zeros(len(logged)))
        doubly = aipw(logged, np.ones(len(logged))).value - aipw(logged, np.zeros(len(logged))).value
        told = f"{100 * (everyone.value - nobody.value):.2f} points by IPS, {100 * doubly:.2f} doubly robust"
        yield f"{half}: effect on visits", told, ""
        for learner, order in orders.items():
            yield (
                f"  uplift in its first 30 %: {learner}",
                _told(order[judged], orders[PLAIN][judged], logged),
                "",
            )
        verdict = may_be_individual(
            orders["X-learner"][judged], orders["offset logit, modifiers named beforehand"][judged], logged,
            n_learned=int(learned.sum()), policy=LearningPolicy(confidence=0.95),
        )  # fmt: skip
        yield "  X-learner against the modifiers", verdict.sentence, ""


def _halves(emails: pd.DataFrame) -> list[tuple[np.ndarray, np.ndarray]]:
    one = np.random.default_rng(0).random(len(emails)) < 0.5
    return [(one, ~one), (~one, one)]


def _told(order: np.ndarray, plain: np.ndarray, logged: Logged) -> str:
    quality = uplift_quality(order, logged, share=SHARE)
    ahead = paired_top(order, plain, logged, share=SHARE)
    return f"{_points(quality.top)}; {_points(ahead)} ahead; Qini {_points(quality.qini)}"


def _points(found: Figure) -> str:
    return f"{100 * found.value:+.2f} ({100 * found.low:+.2f} to {100 * found.high:+.2f})"


def main() -> None:
    """Print the table."""
    for name, figure, bound in rows():
        print(f"{name:<72} {figure:<62} {bound}", flush=True)


if __name__ == "__main__":
    main()
