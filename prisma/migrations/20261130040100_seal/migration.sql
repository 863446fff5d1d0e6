-- Tamper evidence: a job numbers what was committed without gaps, chains it by hash, and closes each Danish day with a root
-- that is signed outside the database. Nothing here is written or locked by the changes themselves.

-- The n-th sealed event, with the hash of the one before it and its own content. No foreign key: it would lock the event.
create table audit_chain (
  seq bigint primary key check (seq > 0),
  event_id bigint not null unique,
  hash bytea not null check (octet_length(hash) = 32)
);

-- A day that is closed: what the chain was at its end, as it was signed and mailed.
create table audit_root (
  day date primary key,
  last_seq bigint not null,
  -- The highest number of an event in the chain then.
  last_event_id bigint not null,
  hash bytea not null check (octet_length(hash) = 32),
  statement text not null,
  signature bytea not null check (octet_length(signature) = 64),
  key_id text not null,
  public_key text not null,
  closed_at timestamptz(3) not null default clock_timestamp()
);

-- How far the sealer has come. Up to mark_id every number is sealed or was never committed; the pending number becomes the
-- mark once every transaction that could still use one up to it is over. A pass walks what lies above the mark, in portions.
create table audit_seal_state (
  is_only boolean primary key default true check (is_only),
  mark_id bigint not null default 0,
  mark_at timestamptz not null default '-infinity',
  pending_id bigint,
  pending_at timestamptz,
  pending_xid xid8,
  pass_id bigint,
  pass_is_final boolean not null default false
);
insert into audit_seal_state default values;

create trigger audit_chain_append_only before update or delete or truncate on audit_chain
  for each statement execute function refuse_change();
create trigger audit_root_append_only before update or delete or truncate on audit_root
  for each statement execute function refuse_change();

-- Everything that an event says, in one form that never changes: verification.queries.ts writes the same, on its own.
create function audit_content(e audit_event) returns text language sql stable
  return jsonb_build_array(e.id, (extract(epoch from e.at) * 1000000)::bigint, e.transaction_id::text, e.kind, e.organisation_id,
    e.organisation_name, e.actor_kind, e.actor_user_id, e.actor_name, e.actor_role, e.on_behalf, e.target_user_id, e.target_name,
    e.detail, e.request_id, e.network_address)::text;

create function audit_link_next(state bytea, start bytea, content text) returns bytea language sql immutable
  return sha256(coalesce(state, start) || convert_to(content, 'UTF8'));
create aggregate audit_link(bytea, text) (sfunc = audit_link_next, stype = bytea);

-- The first moment of the first day that is not closed yet; before the first root everything up to yesterday is one day.
create function audit_open_day() returns date language sql stable
  return coalesce((select max(day) + 1 from audit_root), danish_today() - 1);
create function danish_midnight(day date) returns timestamptz language sql stable
  return day::timestamp at time zone 'Europe/Copenhagen';

-- Seals at most `most` committed events of the open day, oldest number first, and tells how many; `is_closable` says that the
-- day is over and nothing of it can still come. What is numbered above the mark and claims to be older than the mark by more
-- than an hour, or than a closed day, was not written by a change of SEB: it stays unsealed, and the verification names it.
create function audit_seal(most int, out sealed int, out is_closable boolean)
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  state audit_seal_state;
  open_day date;
  day_end timestamptz;
  last_one audit_chain;
  up_to bigint;
begin
  perform pg_advisory_xact_lock(hashtext('seb audit seal'));
  select * into strict state from audit_seal_state;
  open_day := audit_open_day();
  day_end := danish_midnight(open_day + 1);

  if state.pass_id is null then
    -- A database that was restored into a younger server begins to wait anew.
    if state.pending_xid > pg_snapshot_xmax(pg_current_snapshot()) then state.pending_xid := null; end if;
    state.pass_is_final := coalesce(pg_snapshot_xmin(pg_current_snapshot()) >= state.pending_xid, false);
    state.pass_id := state.mark_id;
  end if;

  select * into last_one from audit_chain order by seq desc limit 1;
  with found as (
    select e.id, audit_content(e) as content from audit_event e
    where e.id > state.pass_id and e.at < day_end
      and e.at >= greatest(state.mark_at - interval '1 hour', case when exists (select from audit_root) then danish_midnight(open_day) else '-infinity' end)
      and not exists (select from audit_chain c where c.event_id = e.id)
    order by e.id limit most),
  chained as (
    insert into audit_chain (seq, event_id, hash)
    select coalesce(last_one.seq, 0) + row_number() over one_by_one, id,
      audit_link(coalesce(last_one.hash, sha256('')), content) over one_by_one
    from found window one_by_one as (order by id rows unbounded preceding)
    returning event_id)
  select count(*), max(event_id) into sealed, up_to from chained;

  is_closable := sealed < most and state.pass_is_final and state.pending_at >= day_end;
  if sealed = most then
    state.pass_id := up_to;
  else
    state.pass_id := null;
    -- While a day waits for its root, events of the next lie unsealed: the mark waits too.
    if state.pass_is_final and clock_timestamp() < day_end then
      state.mark_id := state.pending_id;
      state.mark_at := state.pending_at;
      state.pending_id := null;
    end if;
    if state.pending_id is null then
      state.pending_id := coalesce((select last_value from pg_sequences where schemaname = 'public' and sequencename = 'audit_event_id_seq'), 0);
      state.pending_at := clock_timestamp();
      state.pending_xid := null;
    -- A number is drawn a moment before its transaction gets an id: by the next run it has one.
    elsif state.pending_xid is null and clock_timestamp() > state.pending_at + interval '200 milliseconds' then
      state.pending_xid := pg_snapshot_xmax(pg_current_snapshot());
    -- A day cannot be closed by a number that was drawn before its end.
    elsif state.pass_is_final and state.pending_at < day_end and clock_timestamp() >= day_end then
      state.pending_id := coalesce((select last_value from pg_sequences where schemaname = 'public' and sequencename = 'audit_event_id_seq'), 0);
      state.pending_at := clock_timestamp();
      state.pending_xid := null;
    end if;
  end if;
  update audit_seal_state set mark_id = state.mark_id, mark_at = state.mark_at, pending_id = state.pending_id, pending_at = state.pending_at,
    pending_xid = state.pending_xid, pass_id = state.pass_id, pass_is_final = state.pass_is_final;
end $$;

-- What the root of the open day would say now.
create function audit_day_to_close(out day date, out last_seq bigint, out last_event_id bigint, out hash bytea, out events bigint, out previous text)
  language sql stable security definer set search_path = public, pg_temp as $$
  select audit_open_day(), coalesce(c.seq, 0), coalesce((select max(event_id) from audit_chain), 0), coalesce(c.hash, sha256('')),
    coalesce(c.seq, 0) - coalesce(r.last_seq, 0), r.statement
  from (select) one left join (select * from audit_chain order by seq desc limit 1) c on true
    left join (select * from audit_root order by day desc limit 1) r on true
$$;

-- Keeps the signed root of the open day; the caller has just been told that it can be closed.
create function audit_close_day(of_day date, of_seq bigint, statement text, signature bytea, key_id text, public_key text) returns boolean
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  closing record;
begin
  perform pg_advisory_xact_lock(hashtext('seb audit seal'));
  select * into closing from audit_day_to_close();
  if closing.day <> of_day or closing.last_seq <> of_seq or clock_timestamp() < danish_midnight(of_day + 1) then return false; end if;
  insert into audit_root (day, last_seq, last_event_id, hash, statement, signature, key_id, public_key)
  values (of_day, closing.last_seq, closing.last_event_id, closing.hash, statement, signature, key_id, public_key);
  return true;
end $$;

-- A check of the whole log: ordered from a page or begun by itself, and what it found.
create table audit_verification (
  id int generated always as identity primary key,
  ordered_by_id int references app_user (id),
  ordered_by_name text not null,
  -- The root that was given along, kept outside SEB until then.
  outside_root text check (length(outside_root) <= 5000),
  created_at timestamptz(3) not null default now(),
  checked_events bigint not null default 0,
  ended_at timestamptz(3),
  -- What does not fit, the first first; empty: everything fits.
  faults jsonb
);

revoke execute on function audit_seal(int), audit_day_to_close(), audit_close_day(date, bigint, text, bytea, text, text) from public;
grant execute on function audit_seal(int), audit_day_to_close(), audit_close_day(date, bigint, text, bytea, text, text) to seb_app;
grant select on audit_chain, audit_root, audit_seal_state, audit_verification to seb_app;
grant insert (ordered_by_id, ordered_by_name, outside_root) on audit_verification to seb_app;
grant update (checked_events, ended_at, faults) on audit_verification to seb_app;
