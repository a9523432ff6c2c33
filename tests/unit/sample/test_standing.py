import numpy as np

from standfast.sample.period import NEVER
from standfast.sample.standing import Standing


def test_contracts_in_force_are_imported_on_day_zero_and_others_wait(life):
    standing = Standing.of(life.roster)
    standing.import_the_present()
    before = life.roster.joined_month < 0
    assert np.array_equal(standing.active, before)
    assert (standing.begins[before, 0] == 0).all()
    assert (standing.begins[~before, 0] == NEVER).all()
    assert standing.log[0]["kind"].eq("import").all()


def test_an_account_that_comes_back_lives_a_second_time(life):
    standing = Standing.of(life.roster)
    standing.import_the_present()
    one = np.flatnonzero(standing.active)[:1]
    standing.leave(one, day=np.array([40]))
    assert not standing.active[one[0]]
    standing.returns_in[one] = 3
    standing.sign_this_month(np.full(life.roster.n_accounts, NEVER), np.full(life.roster.n_accounts, 95), 3)
    standing.leave(one, day=np.array([200]))
    assert standing.begins[one[0]].tolist() == [0, 95]
    assert standing.ends[one[0]].tolist() == [40, 200]
