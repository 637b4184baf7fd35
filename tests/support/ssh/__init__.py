"""OpenSSH on this machine: a server of the test's own, and clients. Knows sshd's words; must not know chainstep."""
