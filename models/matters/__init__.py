"""Whatever a ladder climbs: matters, reports owed and filed, problems, tasks, submissions."""
