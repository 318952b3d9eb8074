"""Settings, environment variables, routes, WSGI, and the embedded database."""
