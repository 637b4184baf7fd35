"""What a session makes of the whole of its data, as pictures. Knows records alone; must not know how they are made or
drawn.
"""
