"""What the tests share: servers as processes, raw socket clients, and a cast of people."""
