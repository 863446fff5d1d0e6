import { expect, it } from 'vitest';
import { readPage } from '../../src/db/access.ts';
import { openDatabase } from '../../src/db/client.ts';
import { isRetryable, translateDatabaseError } from '../../src/db/errors.ts';
import { BadRequest, Conflict, NotFound, Unavailable } from '../../src/shared/errors.ts';

it.each([
  ['a model call of Prisma', { code: 'P2034', message: 'write conflict' }],
  ['a raw call', { code: 'P2010', meta: { driverAdapterError: { cause: { originalCode: '40001' } } } }],
  ['a deadlock in a raw call', { code: 'P2010', meta: { driverAdapterError: { cause: { originalCode: '40P01' } } } }],
  ['a COMMIT', { name: 'DriverAdapterError', cause: { kind: 'TransactionWriteConflict' } }],
  ['pg', { code: '40001', message: 'could not serialize' }],
])('knows a change to be tried again from %s', (_from, error) => {
  expect(isRetryable(error)).toBe(true);
  expect(translateDatabaseError(error)).toBeInstanceOf(Conflict);
});

it.each([
  ['a server that shuts down', { code: '57P01' }],
  ['a statement that took too long', { code: '57014' }],
  ['a lock that was not given', { code: '55P03' }],
  ['a refused connection', { code: 'ECONNREFUSED', message: 'connect ECONNREFUSED 127.0.0.1:1' }],
  ['connections refused on both of its addresses', Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' })],
  ['a pool without a free connection', new Error('timeout exceeded when trying to connect')],
  ['a connection that was cut', new Error('Connection terminated unexpectedly')],
  ['a query on it', new Error('Client has encountered a connection error and is not queryable')],
])('takes %s as unavailable for the moment', (_what, error) => {
  expect(translateDatabaseError(error)).toBeInstanceOf(Unavailable);
});

it.each([
  ['a NUL in a text', { code: '22021' }],
  [
    'a NUL in what is kept as JSON',
    { code: 'P2010', meta: { driverAdapterError: { cause: { originalCode: '22P05' } } } },
  ],
  ['a day that no calendar has', { code: '22008' }],
])('takes %s as what it is: nonsense that somebody sent', (_what, error) => {
  expect(translateDatabaseError(error)).toBeInstanceOf(BadRequest);
});

it.each([
  ['app_user_rid', /RID-nummeret bruges allerede/],
  ['role_assignment_once', /netop tildelt/],
  ['organisation_keeps_administrator', /mindst én aktiv organisationsadministrator/],
])('tells what %s refused in words', (constraint, words) => {
  expect(translateDatabaseError({ code: '23505', constraint })).toMatchObject({
    status: 409,
    message: expect.stringMatching(words),
  });
  const byMessage = {
    code: 'P2002',
    meta: { driverAdapterError: { cause: { originalMessage: `violates "${constraint}"` } } },
  };
  expect(translateDatabaseError(byMessage)).toMatchObject({ status: 409 });
});

it('leaves what it does not know as it is', () => {
  const error = new Error('a fault of ours');
  const known = new NotFound();
  expect([translateDatabaseError(error), translateDatabaseError(known), translateDatabaseError(null)]).toEqual([
    error,
    known,
    null,
  ]);
});

it('is unavailable where no server listens', async () => {
  const database = openDatabase('postgres://seb_app@localhost:1/seb', 1);
  await expect(readPage(database, 'all', async () => null)).rejects.toBeInstanceOf(Unavailable);
  await database.close();
});
