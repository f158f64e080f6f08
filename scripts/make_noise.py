"""Makes the seeds with the noise of the open numbers: `uv run python scripts/make_noise.py`."""

from tiltaksstatistikk.aapne_tall.noise import main

if __name__ == "__main__":
    main()
