"""What the portal gives to programs: `description` says it, `answering` holds to it, `/api/` and the tests read it."""
