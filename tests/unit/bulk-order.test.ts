import { expect, it } from 'vitest';
import { joined } from '../../src/bulk-orders/batch.ts';
import { asJob, batchSizeFor } from '../../src/bulk-orders/bulk-order.ts';
import { orderIdOf, orderJob } from '../../src/bulk-orders/order-job.ts';

it.each([
  [1, 500],
  [3, 500],
  [4, 375],
  [150, 10],
  [5000, 1],
  [0, 500],
])('takes portions of some 1,500 assignments: %i a user, %i users', (perUser, users) => {
  expect(batchSizeFor(perUser)).toBe(users);
});

it('says before the button what happens to more than the limit, and nothing below', () => {
  expect(asJob(500, 500)).toBeNull();
  expect(asJob(501, 500)).toContain('Flere end 500 tildelinger ad gangen');
});

it('tells each user once, with all reasons', () => {
  const missed = [
    { userId: 1, reason: 'A.' },
    { userId: 2, reason: 'B.' },
    { userId: 1, reason: 'C.' },
  ];
  expect(joined(missed)).toEqual([
    { userId: 1, reason: 'A. C.' },
    { userId: 2, reason: 'B.' },
  ]);
});

it('has one job an order', () => {
  expect(orderJob(7).singletonKey).toBe('7');
  expect(orderIdOf({ data: orderJob(7).data })).toBe(7);
  expect(() => orderIdOf({ data: {} })).toThrow(/orderId/);
});
