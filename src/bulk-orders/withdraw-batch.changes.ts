import type { Tx } from '../db/access.ts';
import { ensureCan } from '../permissions/can.ts';
import { partChosen } from '../role-assignments/selection.ts';
import { ensureWithinServices } from '../role-assignments/service-limit.queries.ts';
import { withdrawWhere } from '../role-assignments/withdrawal.changes.ts';
import { roleIdsIn, withdrawnPlacements } from '../role-assignments/withdrawal.queries.ts';
import type { Batch, BatchDone } from './batch.ts';
import { deletedAmong, joined } from './batch.ts';
import type { OrderTerms } from './bulk-order.ts';

/** Takes the roles away from the users that the actor may take them from now. */
export async function withdrawBatch(tx: Tx, batch: Batch, { keys }: OrderTerms['WITHDRAW']): Promise<BatchDone> {
  const { actor, onRecord, organisation, users } = batch;
  const as = ensureCan(actor, 'role.withdraw', { organisationId: organisation.id });
  await ensureWithinServices(tx, actor, 'role.withdraw', organisation.id, roleIdsIn(keys));
  const { receivers: holders, leftOut } = partChosen(actor, organisation, users, 'role.withdraw');
  const userIds = holders.map((user) => user.id);
  const { withdrawn } = await withdrawWhere(tx, withdrawnPlacements(userIds, keys), { onRecord, organisation, as });
  return {
    as,
    added: 0,
    alreadyThere: 0,
    withdrawn,
    leftOut: joined([...deletedAmong(batch), ...leftOut]),
    events: [],
    mails: [],
  };
}
