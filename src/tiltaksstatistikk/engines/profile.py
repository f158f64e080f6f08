"""The project's own profile, so that what a target needs is said once."""

from __future__ import annotations

import os
from typing import Any

from dbt.adapters.factory import load_plugin
from dbt.config.profile import Profile, read_profile
from dbt.config.renderer import ProfileRenderer
from dbt_common.context import set_invocation_context

from tiltaksstatistikk.project import ROOT

NAME = "tiltaksstatistikk"


def settings_of(target: str) -> dict[str, Any]:
    """Return what profiles.yml says of a target."""
    # dbt's env_var() looks there.
    set_invocation_context(os.environ)
    _, found = Profile.render_profile(read_profile(str(ROOT))[NAME], NAME, target, ProfileRenderer({}))
    return dict(found)


def credentials_of(target: str) -> Any:
    """Return what dbt connects with to a target."""
    settings = settings_of(target)
    credentials = load_plugin(settings.pop("type"))
    return credentials.from_dict(credentials.translate_aliases(settings))
