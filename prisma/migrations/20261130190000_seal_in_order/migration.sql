-- A portion's events are taken in the order of their numbers, and no further than the portion. Where much is unsealed, the planner
-- would read all of it by time, write out each event and sort them, again for every portion.
alter function audit_seal(int) set enable_sort = off;
alter function audit_seal(int) set enable_bitmapscan = off;
