"""Who is here: leases of connections, online and offline, last seen."""
