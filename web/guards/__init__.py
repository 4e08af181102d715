"""What guards every page: headers, limits, origin, bodies, connections, refusals."""
