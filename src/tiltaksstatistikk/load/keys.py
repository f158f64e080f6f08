"""The secret that persons are pseudonymised with: handed to DuckDB without ever being part of any SQL text."""

import base64
import hashlib
import hmac
import os
import re
import unicodedata
from typing import Any

from tiltaksstatistikk.load.values import BASE64_HASH, DIGITS, LETTERS, NAV_IDENT, UNKEYED_HASH

# The key of the synthetic default extract. It protects nobody; real extracts need PSEUDONYM_NOKKEL.
SYNTHETIC_KEY = "syntetisk"
BLOCK_BYTES = 64
# What the derived keys are for.
OPEN_NUMBERS, SERIES = "aapne_tall", "aapne_tall/serie"


def padded_keys(key: str) -> tuple[bytes, bytes]:
    """Return the inner and the outer key of HMAC-SHA256 (RFC 2104)."""
    secret = key.encode()
    if len(secret) > BLOCK_BYTES:
        secret = hashlib.sha256(secret).digest()
    block = secret.ljust(BLOCK_BYTES, b"\0")
    return bytes(byte ^ 0x36 for byte in block), bytes(byte ^ 0x5C for byte in block)


def secret_key() -> str:
    """Return PSEUDONYM_NOKKEL; without it a public key for the project's own seeds, and none for a real extract."""
    return os.environ.get("PSEUDONYM_NOKKEL") or ("" if os.environ.get("UTTREKK_MAPPE") else SYNTHETIC_KEY)


def pseudonym(ident: str) -> str:
    """Return the pseudonym of an ident, as `values.pseudonym` does in SQL: HMAC-SHA256 of its SHA-256 (RFC 2104).

    Raises:
        ValueError: there is no key.
    """
    if not (key := secret_key()):
        raise ValueError("there is no key to pseudonymise with: set PSEUDONYM_NOKKEL")
    text = " ".join(unicodedata.normalize("NFC", ident).split())
    if re.fullmatch(UNKEYED_HASH, text):
        unkeyed = text.lower()
    elif re.fullmatch(BASE64_HASH, text):
        unkeyed = base64.b64decode(text).hex()
    else:
        text = text.upper() if re.fullmatch(NAV_IDENT, text) else text
        unkeyed = hashlib.sha256(text.encode()).hexdigest()
    return hmac.new(key.encode(), unkeyed.encode(), "sha256").hexdigest()


def derived_key(purpose: str) -> str:
    """Return a secret for one purpose, which tells nothing of the key that it is made with; empty without a key."""
    key = secret_key()
    return hmac.new(key.encode(), purpose.encode(), "sha256").hexdigest() if key else ""


def fingerprint(of_seeds: bool) -> str:
    """Return what tells one key from another and says nothing of it; a database remembers it."""
    return pseudonym("seeds" if of_seeds else "uttrekk")


def file_fingerprint() -> str:
    """Return the fingerprint that an extract with pseudonyms has in its file `uttrekk`, in letters alone."""
    return fingerprint(of_seeds=False).translate(str.maketrans(DIGITS, LETTERS))


def mark() -> str:
    """Return what a pseudonym in a file begins with. Nobody makes one for a key that they do not have."""
    return f"pseudonym:{file_fingerprint()[:8]}:"


def set_key(cursor: Any) -> None:
    """Set the variables of a cursor that `values.pseudonym` and `values.record_key` read.

    Without a key they stay null, and so does every pseudonym (specification 8).
    """
    if not (key := secret_key()):
        return
    inner, outer = padded_keys(key)
    cursor.execute("set variable hmac_indre = ?::blob", [inner])
    cursor.execute("set variable hmac_ytre = ?::blob", [outer])
    cursor.execute("set variable pseudonym_merke = ?", [mark()])
    inner, outer = padded_keys(derived_key(OPEN_NUMBERS))
    cursor.execute("set variable aapne_tall_indre = ?::blob", [inner])
    cursor.execute("set variable aapne_tall_ytre = ?::blob", [outer])
