"""The web application, assembled from settings when the server starts it."""

from starlette.applications import Starlette
from starlette.routing import Route

from config import settings as environment
from models.base import connect
from web import health


def create() -> Starlette:
    """The application, by the environment. Raises: config.errors.ConfigError."""
    settings = environment.read()
    app = Starlette(
        routes=[
            Route("/", health.page),
            Route("/healthz", health.healthz),
        ]
    )
    app.state.engine = connect(settings.database_url.get_secret_value())
    return app
