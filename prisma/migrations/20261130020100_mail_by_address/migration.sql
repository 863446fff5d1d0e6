-- The mails to one address: whether one came through after another had come back.
create index mail_outbox_by_address on mail_outbox (lower(to_address), sent_at);
