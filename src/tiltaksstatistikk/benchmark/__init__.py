"""What the project's runs are measured against: a hand-written floor, an empty dbt project, and a loop in pandas."""
