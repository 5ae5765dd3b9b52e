"""How static files are named."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Hashed names once ``collectstatic`` has run; plain names before, so that tests need not run it."""

    def stored_name(self, name):
        return super().stored_name(name) if self.hashed_files else name
