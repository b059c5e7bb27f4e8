"""Every piece of the interface in every state, for work on its look; loaded in debug mode only."""
