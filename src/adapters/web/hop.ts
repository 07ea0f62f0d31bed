import { type ClientRequest, type IncomingMessage, request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import { TLSSocket } from 'node:tls';

/** One answer to one request; its body has not been read yet. */
export interface Hop {
  response: IncomingMessage;
  /** When the certificate that was shown ends; null for plain HTTP. */
  certificateUntil: string | null;
}

/** No answer, and why. */
export class NoAnswer extends Error {
  readonly why: 'unreachable' | 'certificate';

  constructor(why: NoAnswer['why'], said: string, cause: unknown) {
    super(said, { cause });
    this.why = why;
  }
}

/**
 * Asks for one address over a connection of its own, so that the certificate is the one shown now. `authorization`
 * is sent as it is. Rejects with {@link NoAnswer}, or with the reason of `signal`.
 */
export function hop(url: URL, authorization: string | null, signal: AbortSignal): Promise<Hop> {
  const options = {
    agent: false as const,
    signal,
    headers: {
      'user-agent': 'gonogo',
      accept: '*/*',
      'accept-encoding': 'identity',
      ...(authorization === null ? {} : { authorization }),
    },
  };
  return new Promise((resolve, reject) => {
    const asked = url.protocol === 'https:' ? overHttps(url, options) : overHttp(url, options);
    asked.on('response', (response) => {
      resolve({ response, certificateUntil: certificateUntil(response) });
    });
    asked.on('error', (error) => {
      reject(signal.aborted ? signal.reason : noAnswer(asked, error));
    });
    asked.end();
  });
}

function certificateUntil({ socket }: IncomingMessage): string | null {
  if (!(socket instanceof TLSSocket)) return null;
  const end = new Date(socket.getPeerCertificate().valid_to);
  return Number.isNaN(end.getTime()) ? null : end.toISOString();
}

/** What a broken connection means; a certificate that is not believed has left its mark on the socket. */
function noAnswer(asked: ClientRequest, error: Error): NoAnswer {
  const { socket } = asked;
  if (socket instanceof TLSSocket && socket.authorizationError)
    return new NoAnswer('certificate', error.message, error);
  const code = 'code' in error ? String(error.code) : '';
  return new NoAnswer('unreachable', `the connection failed${code ? ` (${code})` : ''}`, error);
}
