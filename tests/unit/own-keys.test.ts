import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { countExpiring, ownWarnings } from '../../src/identity-providers/keys.pages.ts';
import type { OwnCertificate } from '../../src/sign-in/own-keys.ts';
import { KeyFault, readOwnKeys } from '../../src/sign-in/own-keys.ts';
import { keys, localProvider, logIn, makeKeyPair, nemlogIn, serviceProviderOptions } from '../support/saml.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'seb-keys-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const write = (name: string, text: string): string => {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
};

describe('our own keys', () => {
  const signing = [{ keyFile: write('s.key', keys.service.key), certFile: write('s.cert', keys.service.certificate) }];

  it('are read with their certificates, several of each kind', () => {
    const encryption = [keys.encryption, keys.olderEncryption].map(({ key, certificate }, index) => ({
      keyFile: write(`e${index}.key`, key),
      certFile: write(`e${index}.cert`, certificate),
    }));
    expect(readOwnKeys({ signing, encryption })).toEqual({
      signing: [keys.service],
      encryption: [keys.encryption, keys.olderEncryption],
    });
  });

  it('are refused at start when a certificate belongs to another key, or one cannot be read', () => {
    const wrong = [{ keyFile: write('w.key', keys.service.key), certFile: write('w.cert', keys.local.certificate) }];
    const none = [{ keyFile: write('n.key', 'hello'), certFile: write('n.cert', 'hello') }];
    expect(() => readOwnKeys({ signing: wrong, encryption: none })).toThrow(KeyFault);
    expect(() => readOwnKeys({ signing: wrong, encryption: none })).toThrow(/another key[^]*cannot be read/);
  });

  it('all decrypt, so that a provider may use either certificate during a change of keys', async () => {
    const changing = serviceProviderOptions({
      keys: { signing: [keys.service], encryption: [makeKeyPair('new'), keys.encryption] },
    });
    expect(await logIn({}, nemlogIn, changing)).toMatchObject({ outcome: 'accepted' });
  });
});

describe('a warning', () => {
  const day = 86_400_000;
  const now = new Date();
  const lasting = (use: OwnCertificate['use'], days: number, isFirst = true): OwnCertificate => ({
    use,
    isFirst,
    certificate: makeKeyPair('x', { from: -1, to: days }).certificate,
  });

  it('comes 60 days before a certificate of ours ends, and asks for the new one to be put first', () => {
    const fine = lasting('encryption', 400);
    expect(ownWarnings([lasting('signing', 61), fine], now)).toEqual([]);
    expect(ownWarnings([lasting('signing', 59), fine], now)).toEqual([
      expect.stringMatching(/underskrift udløber .* intet nyt/),
    ]);
    const announced = [lasting('signing', 20), lasting('signing', 700, false), fine];
    expect(ownWarnings(announced, now)).toEqual([expect.stringContaining('sæt det først')]);
    expect(ownWarnings(announced, new Date(now.getTime() - 50 * day))).toEqual([]);
  });

  it('counts providers whose last certificate ends', () => {
    const own = [lasting('signing', 400), lasting('encryption', 400)];
    const providers = [
      localProvider,
      { ...nemlogIn, certificates: [makeKeyPair('y', { from: 0, to: 300 }).certificate] },
    ];
    expect(countExpiring({ own, providers, now })).toEqual({ own: 0, providers: 1 });
  });
});
