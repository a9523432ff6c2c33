"""How likely an account is to churn and to expand: fitted, calibrated, evaluated, explained."""
