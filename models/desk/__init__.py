"""What a desk runs under and keeps: programmes, the record of changes, files, uploads, exports."""
