"""One reader a format of office files, mail and archives."""
