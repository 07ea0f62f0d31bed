import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { bits, der, integer, moment, octets, oid, sequence, set, utf8, yes } from './der.ts';

const ecdsaWithSha256 = () => sequence(oid('1.2.840.10045.4.3.2'));
const name = (common: string) => sequence(set(sequence(oid('2.5.4.3'), utf8(common))));
const pem = (bytes: Buffer) =>
  `-----BEGIN CERTIFICATE-----\n${bytes.toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;

interface Wish {
  subject: string;
  publicKey: KeyObject;
  notBefore: Date;
  notAfter: Date;
  extensions: Buffer[];
}

function certificate(issuer: string, issuerKey: KeyObject, wish: Wish): string {
  const body = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    ecdsaWithSha256(),
    name(issuer),
    sequence(moment(wish.notBefore), moment(wish.notAfter)),
    name(wish.subject),
    wish.publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...wish.extensions)),
  );
  return pem(sequence(body, ecdsaWithSha256(), bits(sign('sha256', body, issuerKey))));
}

const day = 86_400_000;

/**
 * A certificate authority of its own, made in memory and trusted by nobody unless told (`ca`), and the
 * certificates that it issues for loopback. It exists so that a certificate can be about to expire.
 */
export class Authority {
  /** The authority's own certificate, in PEM: what a client must trust, e.g. by NODE_EXTRA_CA_CERTS. */
  readonly ca: string;
  readonly #subject = 'gonogo sandbox authority';
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });

  constructor() {
    this.ca = certificate(this.#subject, this.#keys.privateKey, {
      subject: this.#subject,
      publicKey: this.#keys.publicKey,
      notBefore: new Date(Date.now() - day),
      notAfter: new Date(Date.now() + 3650 * day),
      // basicConstraints: critical, is an authority.
      extensions: [sequence(oid('2.5.29.19'), yes(), octets(sequence(yes())))],
    });
  }

  /** A certificate with its key, for localhost and 127.0.0.1, valid until the given moment. */
  issue(notAfter: Date): { key: string; cert: string } {
    const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const names = sequence(der(0x82, Buffer.from('localhost')), der(0x87, Buffer.from([127, 0, 0, 1])));
    const notBefore = new Date(Math.min(Date.now(), notAfter.getTime()) - 90 * day);
    const cert = certificate(this.#subject, this.#keys.privateKey, {
      subject: 'localhost',
      publicKey: keys.publicKey,
      notBefore,
      notAfter,
      extensions: [sequence(oid('2.5.29.17'), octets(names))],
    });
    return { key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), cert };
  }
}
