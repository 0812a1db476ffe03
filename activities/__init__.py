"""What happens and who is coming: notices, activities, courses, sign-up. May import from every other app."""
