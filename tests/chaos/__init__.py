"""What SkyeIM promises while its parts are killed, stopped, cut off and filled up (protocol §3.1, §4, §7)."""
