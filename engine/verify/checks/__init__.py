"""What is checked, as rows of data. Knows expressions and numbers; must not know engines, nor what they answer."""
