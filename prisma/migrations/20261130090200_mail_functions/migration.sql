-- The postman claims and marks each mail with one statement and one message each, not with transactions of four: of thousands of
-- mails in a run, what was said to the database cost more than the mail itself. Both see all organisations while they run.

-- Counts an attempt and gives the mail; nothing when it was sent or given up meanwhile.
create function claim_mail(of_id int) returns setof mail_outbox language plpgsql volatile set search_path = public, pg_temp as $$
declare
  wall text := coalesce(current_setting('seb.organisations', true), '');
begin
  perform set_config('seb.organisations', '*', true);
  return query update mail_outbox m set attempts = m.attempts + 1
    where m.id = of_id and m.sent_at is null and m.failed_at is null returning m.*;
  perform set_config('seb.organisations', wall, true);
end $$;

-- What a server takes is no longer refused; whether it arrives is told later, if at all.
create function mark_mail_sent(of_id int) returns void language plpgsql volatile set search_path = public, pg_temp as $$
declare
  wall text := coalesce(current_setting('seb.organisations', true), '');
begin
  perform set_config('seb.organisations', '*', true);
  update mail_outbox set sent_at = now(), last_error = null where id = of_id and sent_at is null;
  delete from undeliverable_address a using mail_outbox m
    where m.id = of_id and a.address = lower(m.to_address) and a.how = 'REFUSED';
  perform set_config('seb.organisations', wall, true);
end $$;

revoke all on function claim_mail(int), mark_mail_sent(int) from public;
grant execute on function claim_mail(int), mark_mail_sent(int) to seb_app;
