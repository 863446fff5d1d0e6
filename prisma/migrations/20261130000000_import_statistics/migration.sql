-- Twenty thousand rows that were read a moment ago are unknown to the planner until it is told of them.
grant maintain on user_import_row to seb_app;
