"""The service: one app made by `api.http.app.create_app`."""
