import type { Database } from '../db/client.ts';
import type { PendingLogin, PendingLogins } from './saml/pending-logins.ts';

type Row = {
  id: string;
  request_id: string;
  provider_id: string;
  portal: 'sebadmin' | 'sebanmod';
  return_to: string;
  replaces_session: string | null;
  force_authn: boolean;
  created_at: Date;
};

/** Logins under way and assertions already used, in PostgreSQL, so that every process knows them. */
export function pendingLoginsIn({ pool }: Database): PendingLogins {
  return {
    async save(login) {
      await pool.query(
        'insert into pending_login (id, request_id, provider_id, portal, return_to, replaces_session, force_authn, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8)',
        [
          login.id,
          login.requestId,
          login.providerId,
          login.portal,
          login.returnTo,
          login.replacesSession,
          login.forceAuthn,
          login.createdAt,
        ],
      );
    },
    async take(requestId) {
      const taken = await pool.query<Row>(
        "delete from pending_login where request_id = $1 and created_at > now() - interval '15 minutes' returning *",
        [requestId],
      );
      return taken.rows[0] === undefined ? null : pendingLogin(taken.rows[0]);
    },
    async rememberAssertion(providerId, assertionId, until) {
      const kept = await pool.query(
        'insert into used_assertion (provider_id, assertion_id, expires_at) values ($1, $2, $3) on conflict do nothing',
        [providerId, assertionId, until],
      );
      return kept.rowCount === 1;
    },
  };
}

function pendingLogin(row: Row): PendingLogin {
  return {
    id: row.id,
    requestId: row.request_id,
    providerId: row.provider_id,
    portal: row.portal,
    returnTo: row.return_to,
    replacesSession: row.replaces_session,
    forceAuthn: row.force_authn,
    createdAt: row.created_at,
  };
}
