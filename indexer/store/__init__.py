"""What is published and whether it is sound: generations, their ledger, checksums, backups,
exports.
"""
