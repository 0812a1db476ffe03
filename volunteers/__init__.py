"""Help asked for and given: teams, rotas, service orders, letters. Imports from branches and homes only."""
