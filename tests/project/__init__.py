"""The project as those meet it who inherit it."""
