import { randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

// Node reads X.509 certificates but makes none, so the few DER structures of RFC 5280 that a
// self-signed certificate needs are put together here.
const SHA256_WITH_RSA = '2a864886f70d01010b';
const COMMON_NAME = '550403';
const BASIC_CONSTRAINTS = '551d13';
const KEY_USAGE = '551d0f';
const DIGITAL_SIGNATURE_AND_KEY_ENCIPHERMENT = Buffer.from([0x05, 0xa0]);

/** Makes a certificate (PEM) for an RSA key pair, signed by that key itself with RSA-SHA256. */
export function selfSignedCertificate(subject: {
  commonName: string;
  publicKey: KeyObject;
  privateKey: KeyObject;
  notBefore: Date;
  notAfter: Date;
}): string {
  const algorithm = sequence(objectId(SHA256_WITH_RSA), der(0x05));
  const name = sequence(der(0x31, sequence(objectId(COMMON_NAME), der(0x0c, Buffer.from(subject.commonName)))));
  const toBeSigned = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, serialNumber()),
    algorithm,
    name,
    sequence(generalizedTime(subject.notBefore), generalizedTime(subject.notAfter)),
    name,
    subject.publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions())),
  );
  const signature = sign('sha256', toBeSigned, subject.privateKey);
  return toPem(sequence(toBeSigned, algorithm, der(0x03, Buffer.from([0]), signature)));
}

function extensions(): Buffer[] {
  const critical = der(0x01, Buffer.from([0xff]));
  return [
    sequence(objectId(BASIC_CONSTRAINTS), critical, der(0x04, sequence())),
    sequence(objectId(KEY_USAGE), critical, der(0x04, der(0x03, DIGITAL_SIGNATURE_AND_KEY_ENCIPHERMENT))),
  ];
}

/** A positive number whose first byte is never zero, as DER wants integers. */
function serialNumber(): Buffer {
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  return serial;
}

function generalizedTime(time: Date): Buffer {
  return der(0x18, Buffer.from(`${time.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`));
}

function objectId(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'));
}

function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, ...parts);
}

function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag]), length(content.length), content]);
}

function length(size: number): Buffer {
  if (size < 0x80) return Buffer.from([size]);
  const bytes = Buffer.from(size.toString(16).padStart(size > 0xff ? 4 : 2, '0'), 'hex');
  return Buffer.concat([Buffer.from([0x80 | bytes.length]), bytes]);
}

function toPem(certificate: Buffer): string {
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
