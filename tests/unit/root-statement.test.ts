import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { digestOfStatement, rootsIn, rootWithSignature, statementOf } from '../../src/audit-seal/root-statement.ts';
import { isSignedBy, loadSealKey, trustedKeysIn } from '../../src/audit-seal/seal-key.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'seb-seal-'));
afterAll(() => rmSync(folder, { recursive: true }));

const root = {
  day: '2026-11-29',
  lastSeq: 4711n,
  lastEventId: 4800n,
  events: 12n,
  hash: 'ab'.repeat(32),
  previous: null,
  keyId: 'abcdefghij-_klmn',
};

it('a root comes back out of a mail, however its lines were broken, with others around it', () => {
  const one = rootWithSignature(statementOf(root), Buffer.alloc(64, 1));
  const two = rootWithSignature(
    statementOf({ ...root, day: '2026-11-30', previous: digestOfStatement('x') }),
    Buffer.alloc(64, 2),
  );
  const mail = `Kære Birgitte\n\n29-11-2026 (12 hændelser): ${one.replace(/(.{60})/g, '$1\n> '.replace('> ', ''))}\n\n30-11-2026: ${two}\nHilsen`;
  const found = rootsIn(mail);
  expect(found.map(({ root: { day } }) => day)).toEqual(['2026-11-29', '2026-11-30']);
  expect(found[0]).toEqual({ root, statement: statementOf(root), signature: Buffer.alloc(64, 1) });
  expect(rootsIn('SEB-rod 1 dag=i går')).toEqual([]);
});

it('the key is made once, for its owner alone, and only where it may be made', () => {
  const file = path.join(folder, 'audit/seal.key.pem');
  expect(() => loadSealKey({ file, mayMake: false })).toThrow('ENOENT');
  const made = loadSealKey({ file, mayMake: true });
  expect(loadSealKey({ file, mayMake: false }).id).toBe(made.id);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const key = trustedKeysIn(made.publicKey).get(made.id);
  if (key === undefined) throw new Error('the key does not know itself');
  const statement = statementOf(root);
  expect(isSignedBy(key, statement, made.sign(statement))).toBe(true);
  expect(isSignedBy(key, `${statement} `, made.sign(statement))).toBe(false);
  const stranger = generateKeyPairSync('ed25519').privateKey;
  expect(isSignedBy(key, statement, sign(null, Buffer.from(statement), stranger))).toBe(false);
});

it('a key of another kind is refused', () => {
  const file = path.join(folder, 'rsa.pem');
  writeFileSync(
    file,
    generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
  );
  expect(() => loadSealKey({ file, mayMake: false })).toThrow('no Ed25519 key');
});
