-- Deleted users whose contact data are still there, by when they were deleted.
create index app_user_contact_data on app_user (deleted_at) where deleted_at is not null and email <> 'slettet@slettet.invalid';
