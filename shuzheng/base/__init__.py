"""What everything stands on: ids, jobs, files, ledger, directory, access, notices."""
