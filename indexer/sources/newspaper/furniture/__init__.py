"""What stands on a page beside its stories: masthead, guide to inner pages, captions of photos."""
