"""The same marts on other engines."""
