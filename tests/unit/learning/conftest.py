"""What tests of learning share: rows that chance has drawn."""

import numpy as np
import pandas as pd
import pytest

from standfast.schema import ASSIGNMENT_COLUMNS


@pytest.fixture(scope="session")
def drawn():
    """A function that gives the rows of one cycle, in the columns of what chance assigned."""

    def made(n=400, *, seed=1, control_share=0.5, saves=0.0, **columns):
        """Rows of one cycle: every tenth account churns, fewer among those planned."""
        rng = np.random.default_rng(seed)
        control = rng.random(n) < control_share
        churned = rng.random(n) < np.where(control, 0.2, 0.2 - saves)
        rows = pd.DataFrame(
            {
                "experiment": "holdout", "cycle": pd.Timestamp("2026-01-01"),
                "account_id": [f"A{i}" for i in range(n)], "arm": np.where(control, "held_out", "planned"),
                "arm_probability": np.where(control, control_share, 1 - control_share), "stratum": "s",
                "churn_probability": 0.2, "upsell_probability": 0.1, "annual_revenue": 1_000.0,
                "upsell_value": 200.0, "n_in_person": 0, "n_call": 2, "n_email": 0, "n_digital": 0,
                "done_in_person": 0.0, "done_call": np.where(control, 0.0, 2.0), "done_email": 0.0,
                "done_digital": 0.0, "is_recorded": True, "is_matured": True, "churned": churned,
                "expanded": pd.array(np.where(churned, None, False), "boolean"),
                "revenue_after": np.where(churned, 0.0, 1_000.0),
            }
        )  # fmt: skip
        return rows[list(ASSIGNMENT_COLUMNS)].assign(**columns)

    return made
