"""
The service, put together: shelf, routes, errors, docs with local assets, guard.

    create_app(load_settings(runs=...)) -> FastAPI
"""

from __future__ import annotations

from importlib.metadata import version

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline

from api.http import errors, routes
from api.http.guard import Guard
from api.http.ranges import Ranges
from api.http.shelf import Shelf
from api.settings import Settings


def create_app(settings: Settings) -> FastAPI:
    """Return the app that shows the runs of `settings.runs` to the hosts of `settings.hosts`."""
    app: FastAPI = FastAPIOffline(
        title="markaz",
        summary="Runs: where service centres open, in what order, who is left out, with proof.",
        version=version("markaz"),
        redoc_url=None,
        static_url="/docs-assets",
        swagger_ui_parameters={"validatorUrl": None},
        redirect_slashes=False,
    )
    app.state.shelf = Shelf(settings.runs)
    app.include_router(routes.router)
    errors.install(app)
    app.add_middleware(Ranges)
    app.add_middleware(Guard, hosts=settings.hosts)  # added last, passed first
    return app
