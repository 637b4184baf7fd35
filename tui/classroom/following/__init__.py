"""A follower's side: a session that shows a teacher's. Knows what is told; must not know how it comes about there."""
