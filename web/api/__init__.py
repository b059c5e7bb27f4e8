"""The JSON API: what may be asked, what is answered, and its OpenAPI description."""
