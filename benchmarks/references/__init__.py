"""What SkyeIM is measured against: a bare echo, and the plain design of a Channels chat."""
