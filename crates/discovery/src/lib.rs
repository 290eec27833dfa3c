//! Provider metadata, well-known addresses, key sets and their refresh plan
