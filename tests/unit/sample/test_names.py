import pytest

from standfast.sample.names import company_names


def test_odd_names_are_there_but_rare():
    names = company_names(2000, seed=1)
    assert any(name.startswith("=") for name in names)
    assert any('"' in name for name in names)
    assert any("," in name for name in names)
    assert any(not name.isascii() for name in names)
    assert sum(name[0].isalpha() and name.isascii() for name in names) > 0.9 * len(names)


@pytest.mark.parametrize("n_accounts", [1, 5])
def test_few_accounts_get_a_name_each(n_accounts):
    assert len(company_names(n_accounts, seed=1)) == n_accounts
