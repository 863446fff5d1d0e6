-- Who else has an e-mail address, in whatever letters it was typed.
create index app_user_by_lower_email on app_user (organisation_id, lower(email)) where deleted_at is null;
