"""Answers that are neither a page nor the API: feeds, citations, exports, the OpenSearch
description.
"""
